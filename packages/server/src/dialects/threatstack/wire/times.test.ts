import { expect, test } from 'vitest'
import { readFromUntil, readSpan } from './times.ts'

const DEFAULTS = { startMs: Date.UTC(2026, 0, 1), endMs: Date.UTC(2026, 0, 8) }

test.each([
  ['2017-05-01', '2017-05-01T00:00:00.000Z'],
  ['2017-05-01 08:00:00', '2017-05-01T08:00:00.000Z'],
  ['2017-05-01 08:00:00.000005', '2017-05-01T08:00:00.000Z'],
  ['2016-07-13T16:43:18+00:00', '2016-07-13T16:43:18.000Z'],
  ['2016-07-13T16:43:18 02:00', '2016-07-13T14:43:18.000Z'],
  ['2016-07-13T16:43:18-0100', '2016-07-13T17:43:18.000Z'],
  ['2016-07-13T16:43:18Z', '2016-07-13T16:43:18.000Z'],
  ['20160713T164318Z', '2016-07-13T16:43:18.000Z'],
  ['2019-01-01T10', '2019-01-01T10:00:00.000Z'],
  ['2019-01-01T10:30', '2019-01-01T10:30:00.000Z'],
])('%s is %s', (text, expected) => {
  expect(new Date(readFromUntil({ from: text }).fromMs!).toISOString()).toBe(expected)
})

test.each([
  'now',
  '2017',
  '2017-13-01',
  '2017-02-30',
  '2017-05-01T25:00:00',
  '1493596800',
  '2017-05-01T08:00:00+1',
])('%j is no time', (text) => {
  expect(() => readFromUntil({ from: text })).toThrow('from: a time such as')
})

test('a day as an end is all of it; what is left out is the default, and never before the start', () => {
  expect(readSpan({ start: '2017-05-01', end: '2017-05-31' }, DEFAULTS)).toEqual({
    startMs: Date.UTC(2017, 4, 1),
    endMs: Date.UTC(2017, 5, 1) - 1,
  })
  expect(readSpan({}, DEFAULTS)).toEqual(DEFAULTS)
  expect(readSpan({ start: '2027-01-01' }, DEFAULTS)).toEqual({
    startMs: Date.UTC(2027, 0, 1),
    endMs: Date.UTC(2027, 0, 1),
  })
  expect(readSpan({ end: '2017-05-01 00:00:00' }, DEFAULTS).startMs).toBe(Date.UTC(2017, 4, 1))
  expect(() => readSpan({ start: '2017-05-02', end: '2017-05-01' }, DEFAULTS)).toThrow(
    'ends before it begins',
  )
})

test('an empty end of a stretch is none', () => {
  expect(readFromUntil({ from: '', until: ' ' })).toEqual({ fromMs: undefined, untilMs: undefined })
})
