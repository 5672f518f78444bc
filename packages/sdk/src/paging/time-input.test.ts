import { expect, test } from 'vitest'
import { readDuration, readTimeMs, toTimestamp } from './time-input.ts'

const NOW = Date.UTC(2024, 4, 6, 12)

test.each([
  [new Date(Date.UTC(2024, 0, 2, 3, 4, 5, 6)), '2024-01-02T03:04:05.006Z'],
  ['2024-05-06T11:41:46.716Z', '2024-05-06T11:41:46.716Z'],
  ['2024-05-06T11:41:46.716123Z', '2024-05-06T11:41:46.716123Z'],
  ['2024-05-06T11:41:46z', '2024-05-06T11:41:46.000Z'],
  ['2024-05-06T13:41:46,5+02:00', '2024-05-06T11:41:46.500Z'],
  ['2024-05-06 13:41:46+0200', '2024-05-06T11:41:46.000Z'],
  ['2024-05-06T11:41', '2024-05-06T11:41:00.000Z'],
  ['2024-05-06', '2024-05-06T00:00:00.000Z'],
  ['now', '2024-05-06T12:00:00.000Z'],
  ['90s', '2024-05-06T11:58:30.000Z'],
  ['-1d12h', '2024-05-05T00:00:00.000Z'],
  ['2w', '2024-04-22T12:00:00.000Z'],
  ['PT15M', '2024-05-06T11:45:00.000Z'],
  ['P1DT12H', '2024-05-05T00:00:00.000Z'],
  ['P1W', '2024-04-29T12:00:00.000Z'],
])('%s is a moment', (input, timestamp) => {
  expect(toTimestamp(input, NOW)).toBe(timestamp)
  expect(readTimeMs(input, NOW)).toBe(Date.parse(timestamp))
})

test.each([
  '',
  'soon',
  '5',
  '2024-02-30',
  '2024-13-01',
  '2024-05-06T25:00:00Z',
  'P1M',
  'P',
  'PT',
  new Date(Number.NaN),
])('%s is no moment', (input) => {
  expect(() => toTimestamp(input, NOW)).toThrow(RangeError)
})

test('durations are numbers of milliseconds or texts', () => {
  expect([readDuration(5), readDuration('250ms'), readDuration('1m 30s'), readDuration('PT0.5S')]).toEqual([
    5, 250, 90_000, 500,
  ])
  for (const bad of [-1, Number.NaN, Infinity, 'x', '2024-01-01'])
    expect(() => readDuration(bad)).toThrow(RangeError)
})
