import { expect, it } from 'vitest'
import { findSpan, orderByTime } from './time-order.ts'

it.each<[string, bigint[], number[] | undefined, number[] | undefined]>([
  ['no rows', [], undefined, undefined],
  ['rows in order', [-5n, 0n, 0n, 7n], undefined, undefined],
  ['rows out of order, ties by row', [7n, 0n, 7n, -5n], undefined, [3, 1, 0, 2]],
  ['nanoseconds within a microsecond', [1n, 1n, 1n], [2, 1, 2], [1, 0, 2]],
  ['nanoseconds in order', [1n, 1n, 2n], [1, 2, 0], undefined],
  [
    'times further apart than a double holds',
    [2n ** 62n + 1n, 2n ** 62n, -(2n ** 62n)],
    undefined,
    [2, 1, 0],
  ],
])('orders %s', (_, times, nanos, order) => {
  const found = orderByTime(BigInt64Array.from(times), nanos && Uint16Array.from(nanos))
  expect(found && [...found]).toEqual(order)
})

it('finds the first and last of times in any order', () => {
  expect(findSpan(BigInt64Array.of(3n, -9n, 12n, 4n))).toEqual({ first: -9n, last: 12n })
})
