import { expect, test } from 'vitest'
import { isWithin } from './is-within.ts'

const ALL = [
  { index: 'a', timelineIds: [1, 2] },
  { index: 'b', timelineIds: [3] },
]

test.each([
  [[], true],
  [[{ index: 'a', timelineIds: [2] }], true],
  [[...ALL].reverse(), true],
  [[{ index: 'a', timelineIds: [2, 3] }], false],
  [[{ index: 'c', timelineIds: [1] }], false],
  [[{ index: 'a' }], false],
])('%j is within the whole: %s', (scope, is) => {
  expect(isWithin(scope, ALL)).toBe(is)
})
