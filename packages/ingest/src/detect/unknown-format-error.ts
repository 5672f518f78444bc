import { nameCompanion, nameUnreadFormat } from './magic-numbers.ts'

/** A file is none of the formats that are read. */
export class UnknownFormatError extends Error {
  override readonly name = 'UnknownFormatError'
  readonly code = 'unknown-format'
  readonly path: string
  readonly found: string
  /** It is one that would be read, or may be: damage, or a packing that is not undone, keeps it from that. */
  readonly isDamaged: boolean

  /**
   * @param found - What the file is or begins with: see `describeContent`.
   * @param isDamaged - @default false
   */
  constructor(path: string, found: string, isDamaged = false) {
    super(
      `cannot read ${path}: expected evidence of a kind that can be read (event logs, logs with times, CSV, JSON, databases), plain or in a container; found ${found}`,
    )
    this.path = path
    this.found = found
    this.isDamaged = isDamaged
  }
}

/** Whether an error is an `UnknownFormatError`, of this copy of the package or another. */
export function isUnknownFormatError(error: unknown): error is UnknownFormatError {
  return error instanceof Error && error.name === 'UnknownFormatError'
}

const SHOWN_BYTES = 32

/** Says what a content is, or what it begins with, in printable characters. */
export function describeContent(head: Uint8Array): string {
  if (head.length === 0) return 'an empty file'
  const companion = nameCompanion(head)
  if (companion !== undefined) return companion
  const name = nameUnreadFormat(head)
  if (name !== undefined) return `${name}, which this version does not read`
  const shown = [...head.subarray(0, SHOWN_BYTES)]
    .map((byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
    )
    .join('')
  return `something that begins with "${shown}${head.length > SHOWN_BYTES ? '…' : ''}"`
}
