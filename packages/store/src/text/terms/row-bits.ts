// Sets of rows as bitmaps: words of 32 bits, the lowest bit of the first word for row 0.

/** Words that hold a bit for each row below a bound. */
export function wordCount(universe: number): number {
  return Math.ceil(universe / 32)
}

/** Puts a row into a bitmap. */
export function setBit(words: Uint32Array, row: number): void {
  words[row >>> 5]! |= 1 << (row & 31)
}

/** Puts the rows from `start` up to `end` (exclusive) into a bitmap; at least one. */
export function setBits(words: Uint32Array, start: number, end: number): void {
  const firstWord = start >>> 5
  const lastWord = (end - 1) >>> 5
  const firstMask = -1 << (start & 31)
  const lastMask = -1 >>> (31 - ((end - 1) & 31))
  if (firstWord === lastWord) {
    words[firstWord]! |= firstMask & lastMask
    return
  }
  words[firstWord]! |= firstMask
  words.fill(0xffffffff, firstWord + 1, lastWord)
  words[lastWord]! |= lastMask
}

/** How many bits are set from the word `start` up to the word `end` (exclusive). */
export function countBits(words: Uint32Array, start = 0, end: number = words.length): number {
  let count = 0
  for (let i = start; i < end; i++) {
    const bits = words[i]!
    if (bits !== 0) count += countOnes(bits)
  }
  return count
}

/** How many bits of a bitmap are set in another one of the same length too, or, with a mask of ones, are not. */
export function countJoined(a: Uint32Array, b: Uint32Array, mask: 0 | -1): number {
  let count = 0
  for (let i = 0; i < a.length; i++) {
    const bits = a[i]! & (b[i]! ^ mask)
    if (bits !== 0) count += countOnes(bits)
  }
  return count
}

/** The same bits as rows, ascending, of which there are `count`. */
export function listJoined(a: Uint32Array, b: Uint32Array, mask: 0 | -1, count: number): Uint32Array {
  const rows = new Uint32Array(count)
  let at = 0
  for (let w = 0; at < count; w++) {
    for (let bits = a[w]! & (b[w]! ^ mask); bits !== 0; bits &= bits - 1)
      rows[at++] = w * 32 + 31 - Math.clz32(bits & -bits)
  }
  return rows
}

/** Bits that are set in a word of 32. */
export function countOnes(word: number): number {
  let bits = word
  bits -= (bits >>> 1) & 0x55555555
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** The rows of a bitmap, ascending, of which there are `count`. */
export function listBits(words: Uint32Array, count: number): Uint32Array {
  const rows = new Uint32Array(count)
  let at = 0
  for (let w = 0; w < words.length; w++) {
    for (let bits = words[w]!; bits !== 0; bits &= bits - 1) {
      rows[at++] = w * 32 + 31 - Math.clz32(bits & -bits)
    }
  }
  return rows
}
