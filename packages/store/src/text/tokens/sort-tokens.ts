import { FIRST_RECORD, LENGTH, TEXT } from './kernel/word-layout.ts'
import { recordEnd, type TokenTable } from './token-table.ts'

const INSERTION_SORT_BELOW = 12
const KEY_BYTES = 6

/** How many beginnings of two bytes there are. */
const BEGINNINGS = 0x10000

/** Where the tokens with each beginning end; all zero between two calls. */
const ends = new Uint32Array(BEGINNINGS)

/**
 * The tokens of a table in the order of their bytes.
 *
 * A counting sort on the first two bytes, which leaves stretches that fit a cache, then quicksort on six bytes at a
 * time (Bentley and Sedgewick 1997, "Fast algorithms for sorting and searching strings").
 *
 * @param tokens - Gets the tokens' records; as long as there are tokens, or longer.
 * @param keys - Working memory of the same length.
 */
export function sortTokens(table: TokenTable, tokens: Uint32Array, keys: Float64Array): void {
  countBeginnings(table)
  turnCountsIntoStarts()
  placeByBeginnings(table, tokens, keys)
  // Stretches that are equal in their first `depth` keys, as (start, end, depth).
  const pending: number[] = []
  sortBeginnings(tokens, keys, pending)
  sortPending(table, tokens, keys, pending)
}

// Each of these loops is a function by itself: where several follow on each other, V8 compiles the first one before it has seen the
// others run, and all of it once more for each of them.

function countBeginnings({ bytes, words, end }: TokenTable): void {
  for (let token = FIRST_RECORD; token < end; token = recordEnd(words, token)) {
    const at = (token + TEXT) * 4
    ends[(bytes[at]! << 8) | bytes[at + 1]!]!++
  }
}

function turnCountsIntoStarts(): void {
  for (let beginning = 0, start = 0; beginning < BEGINNINGS; beginning++) {
    const count = ends[beginning]!
    if (count === 0) continue
    ends[beginning] = start
    start += count
  }
}

/** Fills in tokens and their first keys, ascending by the first two bytes; the starts of beginnings become their ends. */
function placeByBeginnings(table: TokenTable, tokens: Uint32Array, keys: Float64Array): void {
  const { words, end } = table
  for (let token = FIRST_RECORD; token < end; token = recordEnd(words, token)) {
    const key = keyAt(table, token, 0)
    const place = ends[Math.floor(key / 0x100000000)]!++
    tokens[place] = token
    keys[place] = key
  }
}

/** Sorts the tokens of each beginning by their first keys. */
function sortBeginnings(tokens: Uint32Array, keys: Float64Array, pending: number[]): void {
  for (let beginning = 0, start = 0; beginning < BEGINNINGS; beginning++) {
    const end = ends[beginning]!
    if (end === 0) continue
    ends[beginning] = 0
    if (end - start > 1) {
      sortByKeys(tokens, keys, start, end)
      listEqual(keys, start, end, 1, pending)
    }
    start = end
  }
}

/** Sorts what is equal so far by the keys that follow. */
function sortPending(table: TokenTable, tokens: Uint32Array, keys: Float64Array, pending: number[]): void {
  while (pending.length > 0) {
    const depth = pending.pop()!
    const end = pending.pop()!
    const start = pending.pop()!
    fillKeys(table, tokens, keys, { start, end, depth })
    sortByKeys(tokens, keys, start, end)
    listEqual(keys, start, end, depth + 1, pending)
  }
}

function fillKeys(
  table: TokenTable,
  tokens: Uint32Array,
  keys: Float64Array,
  { start, end, depth }: { readonly start: number; readonly end: number; readonly depth: number },
): void {
  for (let i = start; i < end; i++) keys[i] = keyAt(table, tokens[i]!, depth)
}

/** Notes the stretches of equal keys whose order the next keys decide. */
function listEqual(keys: Float64Array, start: number, end: number, depth: number, pending: number[]): void {
  for (let i = start; i < end; ) {
    let equalEnd = i + 1
    while (equalEnd < end && keys[equalEnd] === keys[i]) equalEnd++
    // A key whose last byte is zero goes beyond a token's end: such tokens are equal, so there is one.
    if (equalEnd - i > 1 && lowestByte(keys[i]!) !== 0) pending.push(i, equalEnd, depth)
    i = equalEnd
  }
}

/** The last of a key's bytes; a remainder of doubles takes as long as a hundred such steps. */
function lowestByte(key: number): number {
  return key - Math.floor(key / 256) * 256
}

/** Key `depth` of a token: six bytes, the first highest, zeros behind its end. A double holds 53 bits exactly. */
function keyAt(table: TokenTable, token: number, depth: number): number {
  const { bytes, words } = table
  const start = (token + TEXT) * 4
  const at = start + depth * KEY_BYTES
  const end = start + words[token + LENGTH]!
  if (at + KEY_BYTES <= end) {
    const high = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!
    return high * 0x1000000 + ((bytes[at + 3]! << 16) | (bytes[at + 4]! << 8) | bytes[at + 5]!)
  }
  let key = 0
  for (let i = at; i < at + KEY_BYTES; i++) key = key * 256 + (i < end ? bytes[i]! : 0)
  return key
}

function sortByKeys(tokens: Uint32Array, keys: Float64Array, start: number, end: number): void {
  while (end - start > INSERTION_SORT_BELOW) {
    const pivot = medianOfThree(keys[start]!, keys[(start + end) >>> 1]!, keys[end - 1]!)
    let low = start
    let high = end - 1
    while (low <= high) {
      while (keys[low]! < pivot) low++
      while (keys[high]! > pivot) high--
      if (low <= high) {
        const token = tokens[low]!
        tokens[low] = tokens[high]!
        tokens[high] = token
        const key = keys[low]!
        keys[low] = keys[high]!
        keys[high] = key
        low++
        high--
      }
    }
    // The smaller side by recursion, so that the depth stays logarithmic.
    if (high - start < end - low) {
      sortByKeys(tokens, keys, start, high + 1)
      start = low
    } else {
      sortByKeys(tokens, keys, low, end)
      end = high + 1
    }
  }
  for (let i = start + 1; i < end; i++) {
    const key = keys[i]!
    const token = tokens[i]!
    let at = i
    while (at > start && keys[at - 1]! > key) {
      keys[at] = keys[at - 1]!
      tokens[at] = tokens[at - 1]!
      at--
    }
    keys[at] = key
    tokens[at] = token
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}
