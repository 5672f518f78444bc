import { expect, it } from 'vitest'
import { ByteCache } from './byte-cache.ts'

it('lets go of what was not asked for longest', () => {
  const cache = new ByteCache<string, number>(10)
  cache.set('a', 1, 4)
  cache.set('b', 2, 4)
  expect(cache.get('a')).toBe(1)
  cache.set('c', 3, 4)
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3])
})

it('never lets go of what was asked for between each of those that came later', () => {
  const cache = new ByteCache<number, number>(100)
  for (let key = 0; key < 1000; key++) {
    cache.set(key, key, 10)
    expect(cache.get(0)).toBe(0)
  }
  expect([990, 991, 992, 998, 999].map((key) => cache.get(key))).toEqual([undefined, 991, 992, 998, 999])
})

it('counts a value that is set again once, and keeps none larger than itself', () => {
  const cache = new ByteCache<string, number>(10)
  cache.set('a', 1, 8)
  cache.set('a', 2, 8)
  cache.set('huge', 3, 11)
  expect([cache.get('a'), cache.get('huge')]).toEqual([2, undefined])
})

it('forgets keys by a condition', () => {
  const cache = new ByteCache<string, number>(100)
  for (const key of ['x/1', 'y/1', 'x/2']) cache.set(key, 1, 1)
  cache.deleteWhere((key) => key.startsWith('x/'))
  expect(['x/1', 'y/1', 'x/2'].map((key) => cache.get(key))).toEqual([undefined, 1, undefined])
})
