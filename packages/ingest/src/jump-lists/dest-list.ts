import type { Buffer } from 'node:buffer'
import type { FileTimeFields } from '../artefacts/file-time-field.ts'
import { readGuid } from '../artefacts/guid.ts'
import { readNarrowText, readWideText } from '../artefacts/wide-text.ts'

/*
 * The stream "DestList" (libyal, "Jump list format": dtformats): version at 0, number of entries at 4, entries from 32 on. An entry: two
 * identifiers of the file at 8 and 24 and those that it had first at 40 and 56, computer at 72, number at 88, FILETIME of its last use
 * at 100, pinned at 108; then the characters of its path and the path, at 112 in version 1, at 128 with four bytes behind it since.
 */
const HEADER_BYTES = 32
const V1_PATH_AT = 112
const PATH_AT = 128
const TRAILER_BYTES = 4

/** One file or place in a jump list. */
export interface DestListEntry {
  /** In the stream. */
  readonly at: number
  /** Name of the stream with its shortcut, in hexadecimal digits. */
  readonly number: number
  readonly path: string
  readonly host: string
  readonly usedAt: string | undefined
  /** Below zero when it is not pinned. */
  readonly pinStatus: number
  readonly droidVolume: string
  readonly droidFile: string
  readonly birthVolume: string
  readonly birthFile: string
}

/** Reads the list; where it is cut off, the second value says so. */
export function readDestList(
  list: Buffer,
  times: FileTimeFields,
): { readonly entries: readonly DestListEntry[]; readonly problem: string | undefined } {
  const entries: DestListEntry[] = []
  if (list.length < HEADER_BYTES) return { entries, problem: 'the list ends in its header' }
  const version = list.readUInt32LE(0)
  const count = list.readUInt32LE(4)
  const pathAt = version === 1 ? V1_PATH_AT : PATH_AT
  let at = HEADER_BYTES
  while (entries.length < count) {
    const end =
      at + pathAt + 2 <= list.length ? at + pathAt + 2 + list.readUInt16LE(at + pathAt) * 2 : Number.NaN
    if (!(end <= list.length)) {
      return {
        entries,
        problem: `expected ${count} entries, found the end of the list after ${entries.length}`,
      }
    }
    entries.push({
      at,
      number: list.readUInt32LE(at + 88),
      path: readWideText(list, at + pathAt + 2, end),
      host: readNarrowText(list, at + 72, at + 88),
      usedAt: times.read(list, at + 100),
      pinStatus: list.readInt32LE(at + 108),
      droidVolume: readGuid(list, at + 8),
      droidFile: readGuid(list, at + 24),
      birthVolume: readGuid(list, at + 40),
      birthFile: readGuid(list, at + 56),
    })
    at = end + (version === 1 ? 0 : TRAILER_BYTES)
  }
  return { entries, problem: undefined }
}
