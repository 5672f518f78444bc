import { expect, test } from 'vitest'
import { readTypedMoment } from './typed-moment.ts'

const NOW = Date.UTC(2026, 0, 31)

test('ten digits are seconds, more are milliseconds', () => {
  expect(readTypedMoment('1767225600', NOW)).toBe(Date.UTC(2026, 0, 1))
  expect(readTypedMoment('1767225600000', NOW)).toBe(Date.UTC(2026, 0, 1))
})

test('dates and what is reckoned from now are read, anything else is none', () => {
  expect(readTypedMoment('2026-01-01', NOW)).toBe(Date.UTC(2026, 0, 1))
  expect(readTypedMoment('now-30d', NOW)).toBe(Date.UTC(2026, 0, 1))
  expect(readTypedMoment('yesterday', NOW)).toBeUndefined()
})
