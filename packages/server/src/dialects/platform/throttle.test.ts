import { expect, test } from 'vitest'
import { Throttle } from './throttle.ts'

const LIMIT = { requests: 2, windowMs: 1000 }

test('a caller gets so many requests in a window, and as many in the next', () => {
  let now = 5000
  const throttle = new Throttle(() => now)
  expect(throttle.take('a', LIMIT)).toMatchObject({ isAllowed: true, remaining: 1, resetMs: 1000 })
  now += 400
  expect(throttle.take('a', LIMIT)).toMatchObject({ isAllowed: true, remaining: 0, resetMs: 600 })
  expect(throttle.take('a', LIMIT)).toMatchObject({ isAllowed: false, remaining: 0, resetMs: 600 })
  expect(throttle.take('b', LIMIT)).toMatchObject({ isAllowed: true, remaining: 1 })
  now += 600
  expect(throttle.take('a', LIMIT)).toMatchObject({ isAllowed: true, remaining: 1, resetMs: 1000 })
})

test('a clock that was set back locks nobody out', () => {
  let now = 5000
  const throttle = new Throttle(() => now)
  throttle.take('a', LIMIT)
  throttle.take('a', LIMIT)
  now = 1000
  expect(throttle.take('a', LIMIT).isAllowed).toBe(true)
})

test('a request that is taken back leaves room for another', () => {
  const throttle = new Throttle(() => 0)
  const take = (): boolean => throttle.take('a', LIMIT).isAllowed
  expect([take(), take(), take()]).toEqual([true, true, false])
  throttle.giveBack('a')
  throttle.giveBack('b')
  expect([take(), take()]).toEqual([true, false])
})
