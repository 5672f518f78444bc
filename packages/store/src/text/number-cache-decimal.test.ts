import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NumberCache } from './number-cache.ts'
import { writeDecimal } from './number-cache-decimal.ts'

function written(value: number): string {
  const out = new Uint8Array(20).fill(0x78)
  return Buffer.from(out.subarray(3, 3 + writeDecimal(value, out, 3))).toString()
}

test('whole numbers are written as String writes them', () => {
  fc.assert(fc.property(fc.maxSafeInteger(), (value) => written(value) === String(value)))
  const edges = [0, -0, 9, 10, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 1e15, 1e15 - 1, Number.MAX_SAFE_INTEGER]
  for (const value of edges.flatMap((edge) => [edge, -edge])) expect(written(value)).toBe(String(value))
})

test('a number cache tells whole numbers of integer columns and real ones, and leaves the others', () => {
  const cache = new NumberCache()
  const integers = [0n, -1n, 2n ** 53n - 1n, 2n ** 53n, -(2n ** 53n) + 1n, -(2n ** 53n), 2n ** 63n - 1n]
  cache.start(BigInt64Array.from(integers))
  expect(integers.map((_, i) => cache.wholeNumber(i))).toEqual([
    ...[0, -1, Number.MAX_SAFE_INTEGER, undefined],
    ...[Number.MIN_SAFE_INTEGER, undefined, undefined],
  ])
  const reals = [0, -0, 0.5, -7, 1e21, Number.NaN, Number.POSITIVE_INFINITY]
  cache.start(Float64Array.from(reals))
  expect(reals.map((_, i) => cache.wholeNumber(i))).toEqual([
    ...[0, -0, undefined, -7],
    ...[undefined, undefined, undefined],
  ])
})
