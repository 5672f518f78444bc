import { expect, test } from 'vitest'
import { EarlierUses } from './earlier-uses.ts'

const STARTED_AT = 1_700_000_000

test('what was signed before the start is not taken of keys that were in use just before', () => {
  const earlier = new EarlierUses(STARTED_AT, 60)
  const inUse = { key: 'a', lastUsedAtMs: (STARTED_AT - 100) * 1000 }
  expect(earlier.mayHaveTaken(inUse, STARTED_AT - 1)).toBe(true)
  expect(earlier.mayHaveTaken(inUse, STARTED_AT)).toBe(false)
})

test('other keys may have clocks that are behind, also when this process has used them since', () => {
  const earlier = new EarlierUses(STARTED_AT, 60)
  expect(earlier.mayHaveTaken({ key: 'new', lastUsedAtMs: undefined }, STARTED_AT - 30)).toBe(false)
  expect(earlier.mayHaveTaken({ key: 'new', lastUsedAtMs: (STARTED_AT + 5) * 1000 }, STARTED_AT - 30)).toBe(
    false,
  )
  const old = { key: 'old', lastUsedAtMs: (STARTED_AT - 181) * 1000 }
  expect(earlier.mayHaveTaken(old, STARTED_AT - 30)).toBe(false)
})
