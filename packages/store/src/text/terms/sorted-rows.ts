// Sets of rows as ascending arrays.

/** How much longer one sorted array must be for galloping in it to beat merging. */
const GALLOP_RATIO = 16

/** First position in `rows[from] … rows[to - 1]` whose row is not below `row`. */
export function lowerBound(rows: Uint32Array, row: number, from: number, to: number): number {
  while (from < to) {
    const middle = (from + to) >>> 1
    if (rows[middle]! < row) from = middle + 1
    else to = middle
  }
  return from
}

/** A membership test for `questions` rows that are asked in ascending order. */
export function memberTest(rows: Uint32Array, questions: number): (row: number) => boolean {
  const gallops = rows.length > questions * GALLOP_RATIO
  let at = 0
  return (row) => {
    if (gallops) {
      let step = 1
      let low = at
      while (at + step < rows.length && rows[at + step]! < row) {
        low = at + step
        step *= 2
      }
      at = lowerBound(rows, row, low, Math.min(rows.length, at + step + 1))
    } else {
      while (at < rows.length && rows[at]! < row) at++
    }
    return at < rows.length && rows[at] === row
  }
}

/** The rows of either array, each once. */
export function mergeSorted(a: Uint32Array, b: Uint32Array): Uint32Array {
  const merged = new Uint32Array(a.length + b.length)
  let length = 0
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    const left = a[i]!
    const right = b[j]!
    merged[length++] = Math.min(left, right)
    if (left <= right) i++
    if (right <= left) j++
  }
  while (i < a.length) merged[length++] = a[i++]!
  while (j < b.length) merged[length++] = b[j++]!
  return length === merged.length ? merged : merged.slice(0, length)
}

/** The same rows, each once; the array is used up. */
export function withoutRepeats(sorted: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  let length = 0
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[length++] = sorted[i]!
  }
  return length === sorted.length ? sorted : sorted.slice(0, length)
}
