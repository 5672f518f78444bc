import { abort } from '../errors.ts'
import { whole } from '../request.ts'

/** Largest file that is put together from chunks, in bytes. */
export const MAX_FILE_BYTES: number = 256 * 1024 ** 3

/** Which stretch of a file a request brings. */
export interface ChunkPlace {
  /** 32 hex digits, the same for all chunks of a file. */
  readonly name: string
  readonly index: number
  readonly byteOffset: number
  readonly totalChunks: number
}

/** What must be known before the first byte of a chunk can go where it belongs. */
const FIELDS_OF_A_CHUNK = [
  'total_file_size',
  'chunk_index',
  'chunk_byte_offset',
  'chunk_total_chunks',
  'chunk_index_name',
] as const

/** Whether these fields, the first of a form, already say that its file is a chunk, and where it belongs. */
export function isPlaceKnown(fields: ReadonlyMap<string, string>): boolean {
  return FIELDS_OF_A_CHUNK.every((name) => fields.has(name))
}

/**
 * Reads what a file is said to have in all, in bytes.
 *
 * @throws {WireError} 400 when it is empty, 413 when it is too large.
 */
export function readTotalSize(fields: ReadonlyMap<string, string>): number {
  const totalBytes = whole(Object.fromEntries(fields), 'total_file_size') ?? 0
  if (totalBytes <= 0) abort(400, 'Unable to upload file. File is empty')
  if (totalBytes > MAX_FILE_BYTES) {
    abort(413, `Unable to upload file. It has ${totalBytes} bytes; at most ${MAX_FILE_BYTES} are taken`)
  }
  return totalBytes
}

/**
 * Reads where a chunk belongs; undefined for a whole file.
 *
 * @throws {WireError} 400 when the name is not 32 hex digits or a number is missing.
 */
export function readChunkPlace(fields: ReadonlyMap<string, string>): ChunkPlace | undefined {
  if (!fields.has('chunk_total_chunks') && !fields.has('chunk_index')) return undefined
  const numbers = Object.fromEntries(fields)
  const index = whole(numbers, 'chunk_index')
  const byteOffset = whole(numbers, 'chunk_byte_offset')
  const totalChunks = whole(numbers, 'chunk_total_chunks')
  const name = fields.get('chunk_index_name') || fields.get('index_name') || ''
  if (!/^[0-9a-f]{32}$/.test(name)) abort(400, 'Unable to upload file. Index name is not valid')
  if (index === undefined || byteOffset === undefined || totalChunks === undefined) {
    abort(400, 'Unable to upload file. A chunk needs chunk_index, chunk_byte_offset and chunk_total_chunks')
  }
  if (index < 0 || byteOffset < 0 || byteOffset > MAX_FILE_BYTES || totalChunks < 1 || index >= totalChunks) {
    abort(400, `Unable to upload file. Chunk ${index} of ${totalChunks} at byte ${byteOffset} cannot be`)
  }
  return { name, index, byteOffset, totalChunks }
}
