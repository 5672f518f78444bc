import { expect, test } from 'vitest'
import { readWrittenDate } from './date-string.ts'

// A Monday.
const NOW = Date.parse('2026-11-23T16:30:00Z')

function read(text: string): string {
  const date = readWrittenDate(text, NOW)
  return date.ok ? new Date(Number(date.us / 1000n)).toISOString().replace('.000Z', 'Z') : 'none'
}

test.each([
  ['2024', '2024-01-01T00:00:00Z'],
  ['1999', '1999-01-01T00:00:00Z'],
  ['99', '1999-01-01T00:00:00Z'],
  ['32', '2032-01-01T00:00:00Z'],
  ['9999', '9999-01-01T00:00:00Z'],
  ['15', '2026-11-15T00:00:00Z'],
  ['12:30', '2026-11-23T12:30:00Z'],
  ['T12:30:15.5', '2026-11-23T12:30:15.500Z'],
  ['12:30+02:00', '2026-11-23T10:30:00Z'],
  ['3pm', '2026-11-23T15:00:00Z'],
  ['10 PM', '2026-11-23T22:00:00Z'],
  ['Friday', '2026-11-27T00:00:00Z'],
  ['mon', '2026-11-23T00:00:00Z'],
  ['March', '2026-03-01T00:00:00Z'],
  ['Mar 2024', '2024-03-01T00:00:00Z'],
  ['2024 March', '2024-03-01T00:00:00Z'],
  ['2024/03', '2024-03-01T00:00:00Z'],
  ['March 3', '2026-03-03T00:00:00Z'],
  ['3 March', '2026-03-03T00:00:00Z'],
  ['1st of March 2024', '2024-03-01T00:00:00Z'],
  ['240301', '2001-03-24T00:00:00Z'],
  ['010203', '2003-01-02T00:00:00Z'],
  ['991231', '1999-12-31T00:00:00Z'],
  ['20240301', '2024-03-01T00:00:00Z'],
  ['202403011230', '2024-03-01T12:30:00Z'],
  ['2024-03-01T10:00:00+01:00', '2024-03-01T09:00:00Z'],
  // No text of dateutil's: seconds, milliseconds and microseconds since 1970 stay readable.
  ['1600000000', '2020-09-13T12:26:40Z'],
  ['1600000000000', '2020-09-13T12:26:40Z'],
])('%j is %s', (text, expected) => {
  expect(read(text)).toBe(expected)
})

test.each(['0', '31', '202403', '12345', '2024060', '-5', '1.5', '25:00', 'today', 'x', '30 Feb'])(
  '%j is no date',
  (text) => {
    expect(read(text)).toBe('none')
  },
)

test('an event says the whole date where a part was typed, else what was typed', () => {
  expect(readWrittenDate('12:30', NOW)).toMatchObject({ text: '2026-11-23T12:30:00+00:00' })
  expect(readWrittenDate('1 Mar 2024 10:00', NOW)).toMatchObject({ text: '1 Mar 2024 10:00' })
})
