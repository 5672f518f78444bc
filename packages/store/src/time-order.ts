/**
 * Row numbers by ascending time, ties by row number; undefined when the rows stand in that order already.
 *
 * @param nanos - 0 to 999 nanoseconds to add to each time; undefined: all 0.
 */
export function orderByTime(
  timesUs: BigInt64Array,
  nanos: Uint16Array | undefined,
): Uint32Array<ArrayBuffer> | undefined {
  if (isOrdered(timesUs, nanos)) return undefined
  const order = new Uint32Array(timesUs.length)
  for (let row = 0; row < order.length; row++) order[row] = row
  const { first, last } = findSpan(timesUs)
  if (last - first <= BigInt(Number.MAX_SAFE_INTEGER)) {
    const distances = Float64Array.from(timesUs, (time) => Number(time - first))
    return order.sort((a, b) => distances[a]! - distances[b]! || (nanos ? nanos[a]! - nanos[b]! : 0) || a - b)
  }
  return order.sort((a, b) => {
    const x = timesUs[a]!
    const y = timesUs[b]!
    if (x !== y) return x < y ? -1 : 1
    return (nanos ? nanos[a]! - nanos[b]! : 0) || a - b
  })
}

/** The least and the greatest of some times, of which there must be one. */
export function findSpan(timesUs: BigInt64Array): { first: bigint; last: bigint } {
  let first = timesUs[0]!
  let last = first
  for (const time of timesUs) {
    if (time < first) first = time
    else if (time > last) last = time
  }
  return { first, last }
}

function isOrdered(timesUs: BigInt64Array, nanos: Uint16Array | undefined): boolean {
  for (let row = 1; row < timesUs.length; row++) {
    const before = timesUs[row - 1]!
    const time = timesUs[row]!
    if (time < before) return false
    if (nanos && time === before && nanos[row]! < nanos[row - 1]!) return false
  }
  return true
}
