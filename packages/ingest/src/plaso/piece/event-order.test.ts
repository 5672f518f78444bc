import { expect, it } from 'vitest'
import { orderEvents } from './event-order.ts'

function keys(text: string): { hash: string; desc: string; n: number }[] {
  return text.split(' ').map((key, n) => ({ hash: key[0]!, desc: key.slice(1), n }))
}

it('orders events of one time by hash, then description, and leaves out equal neighbours', () => {
  const { kept, duplicates } = orderEvents(keys('c1 a2 b1 a1 c1 a2'))
  expect(kept.map(({ hash, desc }) => hash + desc)).toEqual(['a1', 'a2', 'b1', 'c1'])
  expect(duplicates).toBe(2)
})

it('keeps of equal events the one that Python’s heapq gives first', () => {
  // Taken from heapq of CPython with keys that compare by hash and description alone.
  expect(orderEvents(keys('b1 a1 a1 a1')).kept.map(({ n }) => n)).toEqual([1, 0])
  expect(orderEvents(keys('c1 b1 b1 a1 a1 b1')).kept.map(({ n }) => n)).toEqual([3, 2, 0])
  expect(orderEvents(keys('b1 b1 a1 c1 a1 b1 c1')).kept.map(({ n }) => n)).toEqual([2, 0, 3])
})
