import { validateFileName } from 'yauzl'
import { ArchiveLimitError, MAX_ARCHIVE_ENTRIES, type UnpackingMeter } from './archive-limits.ts'
import type { ByteSource } from './byte-source.ts'
import { CheckedSource } from './checked-source.ts'
import { UnpackedSource } from './unpacked-source.ts'

/** One entry of a zip archive: its content, to be read before the next entry is asked for, or why it is not read. */
export type ZipEntry =
  | { readonly kind: 'file'; readonly name: string; readonly source: ByteSource }
  | { readonly kind: 'refused'; readonly name: string; readonly reason: string }

/** Stands for a name where it is not one entry that is not read. */
export const REST_OF_ARCHIVE = '(rest of the archive)'

/** Why an entry without a byte is not read: a log that somebody emptied is worth a word. */
export const EMPTY_ENTRY = 'it is empty'

const STORED = 0
/** Method of deflated entries (PKWARE APPNOTE 4.4.5). */
export const DEFLATED = 8
/** An empty content, deflated: one block without codes. */
const EMPTY_DEFLATED_BYTES = 2

/** Why an entry is not read; undefined when it is. */
export function findZipRefusal(isEncrypted: boolean, name: string, method: number): string | undefined {
  if (isEncrypted) return 'it is encrypted'
  const problem = validateFileName(name)
  if (problem) return `its name would lead out of the folder it is unpacked to (${problem})`
  if (method !== STORED && method !== DEFLATED) {
    return `it is packed by method ${method}; expected stored (0) or deflated (8)`
  }
  return undefined
}

/** Whether packed bytes hold nothing: by their number, since the size written beside them may be any. */
export function isEmptyContent(packedSize: number, method: number): boolean {
  return packedSize <= (method === DEFLATED ? EMPTY_DEFLATED_BYTES : 0)
}

/**
 * Yields the entry; when the next one is asked for, its unpacker is freed.
 *
 * @param checksum - CRC-32 of its content.
 */
export function* openZipEntry(
  name: string,
  packed: ByteSource,
  method: number,
  checksum: number,
  meter: UnpackingMeter,
): Generator<ZipEntry> {
  if (method !== DEFLATED) {
    yield { kind: 'file', name, source: new CheckedSource(packed, checksum) }
    return
  }
  const unpacked = new UnpackedSource(packed, 'deflate', meter)
  try {
    yield { kind: 'file', name, source: new CheckedSource(unpacked, checksum) }
  } finally {
    unpacked.close()
  }
}

/** The error for an archive of too many entries. */
export function makeEntryLimitError(path: string): ArchiveLimitError {
  const detail = `expected at most ${MAX_ARCHIVE_ENTRIES} entries, found more`
  return new ArchiveLimitError(path, 'MAX_ARCHIVE_ENTRIES', detail)
}
