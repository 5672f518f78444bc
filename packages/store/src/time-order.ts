/**
 * Row numbers by ascending time, ties by row number; undefined when the rows stand in that order already.
 *
 * @param nanos - 0 to 999 nanoseconds to add to each time; undefined: all 0.
 */
export function orderByTime(
  timesUs: BigInt64Array,
  nanos: Uint16Array | undefined,
): Uint32Array<ArrayBuffer> | undefined {
  const times = halvesOf(timesUs)
  if (isOrdered(times, nanos)) return undefined
  const order = new Uint32Array(timesUs.length)
  for (let row = 0; row < order.length; row++) order[row] = row
  return order.sort((a, b) => compare(times, a, b) || (nanos ? nanos[a]! - nanos[b]! : 0) || a - b)
}

/** The least and the greatest of some times, of which there must be one. */
export function findSpan(timesUs: BigInt64Array): { first: bigint; last: bigint } {
  const times = halvesOf(timesUs)
  let first = 0
  let last = 0
  for (let row = 1; row < timesUs.length; row++) {
    if (compare(times, row, first) < 0) first = row
    else if (compare(times, row, last) > 0) last = row
  }
  return { first: timesUs[first]!, last: timesUs[last]! }
}

function isOrdered(times: Halves, nanos: Uint16Array | undefined): boolean {
  for (let row = 1; row < times.high.length / 2; row++) {
    const order = compare(times, row - 1, row)
    if (order > 0) return false
    if (nanos && order === 0 && nanos[row]! < nanos[row - 1]!) return false
  }
  return true
}

/** 64-bit numbers as 32-bit ones, low half first: each 64-bit one that is read makes an object. */
interface Halves {
  readonly low: Uint32Array
  readonly high: Int32Array
}

function halvesOf({ buffer, byteOffset, length }: BigInt64Array): Halves {
  return {
    low: new Uint32Array(buffer, byteOffset, length * 2),
    high: new Int32Array(buffer, byteOffset, length * 2),
  }
}

function compare({ low, high }: Halves, a: number, b: number): number {
  return high[a * 2 + 1]! - high[b * 2 + 1]! || low[a * 2]! - low[b * 2]!
}
