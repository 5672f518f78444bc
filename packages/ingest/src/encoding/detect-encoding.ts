import { type Buffer, isUtf8 } from 'node:buffer'

/** Encodings that inputs can have; windows-1252 only where it is declared. */
export const TEXT_ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const

/** One of `TEXT_ENCODINGS`. */
export type TextEncoding = (typeof TEXT_ENCODINGS)[number]

/** An encoding was asked for that is not known. */
export class UnknownEncodingError extends Error {
  override readonly name = 'UnknownEncodingError'
  readonly code = 'unknown-encoding'

  constructor(label: string) {
    super(
      `expected one of the encodings ${TEXT_ENCODINGS.join(', ')}; found ${JSON.stringify(label.slice(0, 40))}`,
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
  let name: string
  try {
    name = new TextDecoder(label).encoding
  } catch {
    throw new UnknownEncodingError(label)
  }
  const found = TEXT_ENCODINGS.find((encoding) => encoding === name)
  if (!found) throw new UnknownEncodingError(label)
  return found
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
