import { FIRST_WORD, LENGTH, TOKEN_RECORD, type TokenTable } from './token-table.ts'

const INSERTION_SORT_BELOW = 12

/**
 * The tokens of a table in the order of their bytes.
 *
 * Quicksort on four bytes at a time (Bentley and Sedgewick 1997, "Fast algorithms for sorting and searching strings").
 *
 * @param tokens - Gets the token numbers; as long as there are tokens, or longer.
 * @param keys - Working memory of the same length.
 */
export function sortTokens(table: TokenTable, tokens: Uint32Array, keys: Uint32Array): void {
  for (let i = 0; i < table.count; i++) tokens[i] = i
  // Stretches that are equal in their first `depth` words, as (start, end, depth).
  const pending: number[] = [0, table.count, 0]
  while (pending.length > 0) {
    const depth = pending.pop()!
    const end = pending.pop()!
    const start = pending.pop()!
    for (let i = start; i < end; i++) keys[i] = keyAt(table, tokens[i]!, depth)
    sortByKeys(tokens, keys, start, end)
    for (let i = start; i < end; ) {
      let equalEnd = i + 1
      while (equalEnd < end && keys[equalEnd] === keys[i]) equalEnd++
      // A key whose last byte is the padding's zero is a token's end: such tokens are equal, so there is one.
      if (equalEnd - i > 1 && keys[i]! % 256 !== 0) pending.push(i, equalEnd, depth + 1)
      i = equalEnd
    }
  }
}

/** Word `depth` of a token, first byte highest; 0 behind its end. */
function keyAt(table: TokenTable, token: number, depth: number): number {
  const record = token * TOKEN_RECORD
  if (depth * 4 >= table.records[record + LENGTH]!) return 0
  const at = (table.records[record + FIRST_WORD]! + depth) * 4
  const bytes = table.bytes
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}

function sortByKeys(tokens: Uint32Array, keys: Uint32Array, start: number, end: number): void {
  while (end - start > INSERTION_SORT_BELOW) {
    const pivot = medianOfThree(keys[start]!, keys[(start + end) >>> 1]!, keys[end - 1]!)
    let low = start
    let high = end - 1
    while (low <= high) {
      while (keys[low]! < pivot) low++
      while (keys[high]! > pivot) high--
      if (low <= high) {
        swap(tokens, low, high)
        swap(keys, low, high)
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

function swap(array: Uint32Array, a: number, b: number): void {
  const kept = array[a]!
  array[a] = array[b]!
  array[b] = kept
}
