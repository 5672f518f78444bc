/** First and last code point. */
export type CodePointRange = readonly [first: number, last: number]

export const MAX_CODE_POINT = 0x10ffff
/** `0` to `9`. */
export const DIGITS: readonly CodePointRange[] = [[0x30, 0x39]]
/** Digits, letters of ASCII and `_`. */
export const WORD: readonly CodePointRange[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]

/** All other code points. Takes and gives ranges in order. */
export function invertRanges(ranges: readonly CodePointRange[]): readonly CodePointRange[] {
  const inverted: CodePointRange[] = []
  let next = 0
  for (const [first, last] of ranges) {
    if (first > next) inverted.push([next, first - 1])
    next = last + 1
  }
  if (next <= MAX_CODE_POINT) inverted.push([next, MAX_CODE_POINT])
  return inverted
}
