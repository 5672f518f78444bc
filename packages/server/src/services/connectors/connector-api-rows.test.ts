import { expect, test } from 'vitest'
import { readPullStart } from './connector-api-rows.ts'

const NOW = Date.UTC(2026, 0, 31)

test('a pull begins at seconds since 1970 where ten digits are typed', () => {
  expect(readPullStart('1767225600', NOW)).toEqual({ since: '2026-01-01T00:00:00.000Z' })
})

test.each(['2026-02-01', 'now+1d', '1790000000', 'soon'])('a pull does not begin at %s', (text) => {
  expect(() => readPullStart(text, NOW)).toThrow(/2024-01-31, or now-30d, that is not in the future; found/)
})

test('a pull may begin now', () => {
  expect(readPullStart('now', NOW)).toEqual({ since: '2026-01-31T00:00:00.000Z' })
})
