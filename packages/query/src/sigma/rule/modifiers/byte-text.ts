/** Where a text that begins with 0, 1 or 2 bytes of something else has its first sure character in Base64. */
const STARTS = [0, 2, 3] as const
/** How many characters at the end hang on what follows, by the length modulo 3. */
const UNSURE_ENDS = [0, 3, 2] as const

/** A text as the bytes of UTF-16, one character for each, without a byte order mark. */
export function encodeUtf16(text: string, order: 'le' | 'be'): string {
  let bytes = ''
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    const [low, high] = [String.fromCharCode(unit & 0xff), String.fromCharCode(unit >> 8)]
    bytes += order === 'le' ? low + high : high + low
  }
  return bytes
}

/** Bytes, one character for each, in Base64 (RFC 4648, section 4). */
export function encodeBase64(bytes: string): string {
  return btoa(bytes)
}

/** What of some bytes is there in Base64 whatever stands before and behind them, for their three positions. */
export function listBase64Offsets(bytes: string): readonly string[] {
  return STARTS.map((start, offset) => {
    const text = encodeBase64(`${' '.repeat(offset)}${bytes}`)
    return text.slice(start, text.length - UNSURE_ENDS[(bytes.length + offset) % 3]!)
  })
}
