/** A text that is not JSON: where, what would have been right, and what stands there. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError'
  /** Where in the row's text, in bytes from its first. */
  readonly offset: number
  readonly expected: string
  readonly found: string

  constructor(offset: number, expected: string, found: string) {
    super(`expected ${expected} at byte ${offset + 1} of the row, found ${found}`)
    this.offset = offset
    this.expected = expected
    this.found = found
  }
}

/** Names the byte at an offset for an error message: printable ASCII in quotes, others by number. */
export function describeByte(bytes: Uint8Array, at: number, end: number): string {
  if (at >= end) return 'the end of the row'
  const byte = bytes[at]!
  if (byte > 0x20 && byte < 0x7f) return JSON.stringify(String.fromCharCode(byte))
  if (byte === 0x20) return 'a space'
  return `byte 0x${byte.toString(16).padStart(2, '0')}`
}
