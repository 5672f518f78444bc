import { expect, test } from 'vitest'
import { readInstant } from './instant.ts'

test.each([
  ['2024-01-31T12:00:00', '2024-01-31T12:00:00Z'],
  ['2024-01-31T12:00:00.000678', '2024-01-31T12:00:00.000678Z'],
  ['2024-01-31 12:00:00.123456', '2024-01-31T12:00:00.123456Z'],
  ['Wed, 31 Jan 2024 12:00:00 GMT', '2024-01-31T12:00:00.000Z'],
  ['2024-01-31T12:00:00+01:00', '2024-01-31T11:00:00.000Z'],
  ['', undefined],
  ['yesterday', undefined],
])('%s', (text, instant) => {
  expect(readInstant({ at: text }, 'at')).toBe(instant)
})
