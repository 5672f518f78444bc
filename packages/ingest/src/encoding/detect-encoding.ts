import { type Buffer, isUtf8 } from 'node:buffer'

/**
 * An encoding by its name in WHATWG's standard: `utf-8`, `utf-16le`, `utf-16be`, which are found out; `windows-1251`, `shift_jis` and
 * all others of that standard where they are declared.
 */
export type TextEncoding = string

/** An encoding was asked for that is not known. */
export class UnknownEncodingError extends Error {
  override readonly name = 'UnknownEncodingError'
  readonly code = 'unknown-encoding'

  constructor(label: string) {
    super(
      `expected the name of an encoding, such as utf-8, utf-16le, windows-1252, windows-1251, shift_jis, gbk; found ${JSON.stringify(label.slice(0, 40))}`,
    )
  }
}

/** What the first bytes of a text say of its encoding. */
export interface DetectedEncoding {
  readonly encoding: TextEncoding
  /** Bytes of the byte order mark in front of the text. */
  readonly markBytes: number
}

/**
 * Tells the encoding by a byte order mark, else by the NULs that UTF-16 has at every second place of ASCII text, else
 * UTF-8.
 *
 * @param declared - A name the user gave (WHATWG labels are understood); a byte order mark is still taken off.
 * @throws {UnknownEncodingError}
 */
export function detectEncoding(sample: Uint8Array, declared?: string): DetectedEncoding {
  const marked = readMark(sample)
  if (declared !== undefined) {
    const encoding = resolveEncoding(declared)
    return { encoding, markBytes: marked?.encoding === encoding ? marked.markBytes : 0 }
  }
  return marked ?? { encoding: guessByNuls(sample), markBytes: 0 }
}

/**
 * The encoding that a name means.
 *
 * @throws {UnknownEncodingError}
 */
function resolveEncoding(label: string): TextEncoding {
  try {
    return new TextDecoder(label).encoding
  } catch {
    throw new UnknownEncodingError(label)
  }
}

/** How many lines of a text are no valid UTF-8. */
export function countBadLines(bytes: Buffer): number {
  let bad = 0
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(0x0a, at)
    const end = found < 0 ? bytes.length : found
    if (!isUtf8(bytes.subarray(at, end))) bad++
    at = end + 1
  }
  return bad
}

function readMark(sample: Uint8Array): DetectedEncoding | undefined {
  const [first, second, third] = sample
  if (first === 0xef && second === 0xbb && third === 0xbf) return { encoding: 'utf-8', markBytes: 3 }
  if (first === 0xff && second === 0xfe) return { encoding: 'utf-16le', markBytes: 2 }
  if (first === 0xfe && second === 0xff) return { encoding: 'utf-16be', markBytes: 2 }
  return undefined
}

const GUESSED_BYTES = 4096
const ENOUGH_NULS = 0.4

function guessByNuls(sample: Uint8Array): TextEncoding {
  const end = Math.min(sample.length, GUESSED_BYTES) & ~1
  if (end < 8) return 'utf-8'
  let even = 0
  let odd = 0
  for (let at = 0; at < end; at += 2) {
    if (sample[at] === 0) even++
    if (sample[at + 1] === 0) odd++
  }
  const pairs = end / 2
  if (odd > pairs * ENOUGH_NULS && even < pairs * 0.05) return 'utf-16le'
  if (even > pairs * ENOUGH_NULS && odd < pairs * 0.05) return 'utf-16be'
  return 'utf-8'
}
