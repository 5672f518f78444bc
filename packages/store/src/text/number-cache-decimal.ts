/**
 * Writes a whole number as `String` does, in ASCII.
 *
 * @param value - A safe integer; negative zero is written as zero.
 * @param out - Needs 17 bytes from `at` on.
 * @returns Bytes written.
 */
export function writeDecimal(value: number, out: Uint8Array, at: number): number {
  let end = at
  if (value < 0) out[end++] = MINUS
  let rest = Math.abs(value)
  const digits = countDigits(rest)
  end += digits
  let to = end
  // Integers of 32 bits are divided several times faster than doubles.
  while (rest > 0x7fffffff) {
    const tenth = Math.floor(rest / 10)
    out[--to] = ZERO + (rest - tenth * 10)
    rest = tenth
  }
  let small = rest | 0
  do {
    const tenth = (small / 10) | 0
    out[--to] = ZERO + (small - tenth * 10)
    small = tenth
  } while (small > 0)
  return end - at
}

const MINUS = 0x2d
const ZERO = 0x30

function countDigits(value: number): number {
  let digits = 1
  for (let limit = 10; value >= limit; limit *= 10) digits++
  return digits
}
