import { randomUUID } from 'node:crypto'
import { appendFile, type FileHandle, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CHUNKS_ENDING, STALE_CHUNKS_MS, STRETCHES_ENDING } from '../../../import/recover-uploads.ts'
import { abort } from '../errors.ts'
import { whole } from '../request.ts'
import type { UploadedPart } from './read-upload.ts'

/** Largest file that is put together from chunks, in bytes. */
export const MAX_FILE_BYTES: number = 256 * 1024 ** 3

/** What is copied at once. */
const COPY_BYTES = 1024 ** 2

/** Which stretch of a file a request brings. */
export interface ChunkPlace {
  /** 32 hex digits, the same for all chunks of a file. */
  readonly name: string
  readonly index: number
  readonly byteOffset: number
  readonly totalChunks: number
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

/**
 * Writes a chunk where it belongs and makes it durable. The chunk's own file is removed.
 *
 * @param target - The file that grows; made with the first chunk that comes.
 * @param totalBytes - What the whole file is said to have.
 * @returns Its size in bytes.
 * @throws {WireError} 400 when the chunk ends behind the whole file, or comes before the first one; with the last chunk, when
 *   others are missing: they may still be sent, and the last one again after them.
 */
export async function writeChunk(
  target: string,
  place: ChunkPlace,
  part: UploadedPart,
  totalBytes: number,
): Promise<number> {
  const stretches = nameStretches(target)
  let sizeBytes: number
  try {
    if (place.byteOffset + part.sizeBytes > totalBytes) {
      abort(
        400,
        `Unable to upload file. Chunk ${place.index} ends at byte ${place.byteOffset + part.sizeBytes} of a file of ${totalBytes}`,
      )
    }
    // Chunk 0 begins anew: an upload that is tried again must not keep the end of a longer one, nor take what came of it for there.
    if (place.index === 0) await rm(stretches, { force: true })
    const isBeginning = place.index === 0 && place.byteOffset === 0
    if (isBeginning) await rename(part.path, target)
    const file = await open(target, place.index === 0 && !isBeginning ? 'w+' : 'r+', 0o600)
    try {
      if (!isBeginning) await copyInto(file, place.byteOffset, part.path)
      await file.sync()
      sizeBytes = (await file.stat()).size
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      abort(400, `Unable to upload file. Chunk ${place.index} came before the first one`)
    }
    throw error
  } finally {
    await rm(part.path, { force: true })
  }
  await appendFile(stretches, `${place.byteOffset} ${place.byteOffset + part.sizeBytes}\n`, { mode: 0o600 })
  // A file of another size has an answer of its own, Timesketch's.
  if (place.index + 1 === place.totalChunks && sizeBytes === totalBytes)
    await requireWhole(stretches, totalBytes)
  return sizeBytes
}

/** Writes a whole file into another one, from a byte of that on. */
async function copyInto(target: FileHandle, byteOffset: number, path: string): Promise<void> {
  const source = await open(path, 'r')
  try {
    const block = Buffer.allocUnsafe(COPY_BYTES)
    let at = byteOffset
    for (;;) {
      const { bytesRead } = await source.read(block, 0, block.length, at - byteOffset)
      if (bytesRead === 0) return
      for (let done = 0; done < bytesRead; ) {
        const { bytesWritten } = await target.write(block, done, bytesRead - done, at)
        done += bytesWritten
        at += bytesWritten
      }
    }
  } finally {
    await source.close()
  }
}

function nameStretches(target: string): string {
  return `${target.slice(0, -CHUNKS_ENDING.length)}${STRETCHES_ENDING}`
}

async function requireWhole(stretches: string, totalBytes: number): Promise<void> {
  const missing = findGap(readStretches(await readFile(stretches, 'utf8')), totalBytes)
  if (!missing) return
  abort(
    400,
    `Unable to save file correctly, it is incomplete: the last chunk has come, but not bytes ${missing.start} to ${missing.end - 1} of ${totalBytes}. Upload the missing chunks, then the last one again`,
  )
}

interface Stretch {
  readonly start: number
  /** The byte after its last one. */
  readonly end: number
}

function readStretches(text: string): Stretch[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').map(Number))
    .map(([start = 0, end = 0]) => ({ start, end }))
}

/** The first stretch of a file that none of these covers. */
function findGap(stretches: readonly Stretch[], totalBytes: number): Stretch | undefined {
  let covered = 0
  for (const { start, end } of stretches.toSorted((a, b) => a.start - b.start)) {
    if (start > covered) return { start: covered, end: start }
    covered = Math.max(covered, end)
  }
  return covered < totalBytes ? { start: covered, end: totalBytes } : undefined
}

/**
 * Takes a file that is complete away from the chunks: another upload under the same name must not write into it.
 *
 * @returns Its new path.
 */
export async function finishChunks(target: string): Promise<string> {
  const path = join(dirname(target), `${randomUUID()}.file`)
  await rename(target, path)
  await rm(nameStretches(target), { force: true })
  return path
}

/** Removes files that were begun and left. */
export async function removeStaleChunks(folder: string, nowMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(CHUNKS_ENDING)) continue
    const path = join(folder, name)
    const info = await stat(path).catch(() => undefined)
    if (info && nowMs - info.mtimeMs > STALE_CHUNKS_MS) await rm(path, { force: true })
  }
}
