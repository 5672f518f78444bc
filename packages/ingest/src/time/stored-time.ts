const TWO_TO_32 = 4_294_967_296
/** Whole microseconds up to which a double is exact: the years 1684 to 2255. */
const MAX_EXACT_SECONDS = 9_007_199_000

/**
 * Writes a time into a row of a `BigInt64Array` without making a bigint.
 *
 * @param words - `new Int32Array(timesUs.buffer, timesUs.byteOffset, timesUs.length * 2)`.
 * @param seconds - Since 1970, rounded down.
 * @param nanosOfSecond - 0 to 999,999,999 nanoseconds more.
 * @returns The 0 to 999 nanoseconds that go beside the microseconds.
 */
export function storeTime(words: Int32Array, row: number, seconds: number, nanosOfSecond: number): number {
  const micros = Math.floor(nanosOfSecond / 1000)
  if (seconds < MAX_EXACT_SECONDS && seconds > -MAX_EXACT_SECONDS) {
    const us = seconds * 1_000_000 + micros
    words[row * 2] = us | 0
    words[row * 2 + 1] = Math.floor(us / TWO_TO_32)
  } else {
    const us = BigInt(seconds) * 1_000_000n + BigInt(micros)
    words[row * 2] = Number(BigInt.asIntN(32, us))
    words[row * 2 + 1] = Number(us >> 32n)
  }
  return nanosOfSecond - micros * 1000
}
