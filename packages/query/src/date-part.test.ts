import { expect, test } from 'vitest'
import { DatePartReader, isInDatePart, isTimeZone } from './date-part.ts'
import type { DatePart } from './query.ts'

const readDatePart = (text: string, part: DatePart['part'], timeZone?: string): number | undefined =>
  new DatePartReader({ part, ...(timeZone === undefined ? {} : { timeZone }) }).ofText(text)

const PARTS = ['year', 'month', 'day', 'hour', 'minute', 'week'] as const

test('parts of a date are those that are written', () => {
  const partsOf = (text: string): unknown[] => PARTS.map((part) => readDatePart(text, part))
  expect(partsOf('2024-01-31T22:15:00+02:00')).toEqual([2024, 1, 31, 22, 15, 5])
  expect(partsOf('2021/01/03')).toEqual([2021, 1, 3, undefined, undefined, 53])
  expect(partsOf('noon')).toEqual(PARTS.map(() => undefined))
})

test('nothing is reckoned of dates that no calendar has, and of the first years', () => {
  const partsOf = (text: string): unknown[] =>
    (['year', 'month', 'day', 'hour', 'minute', 'minute-of-day', 'date'] as const).map((part) =>
      readDatePart(text, part),
    )
  expect(partsOf('2024-13-40T24:60:00Z')).toEqual([2024, 13, 40, 24, 60, 1500, 1340])
  expect(partsOf('2024-02-31')).toEqual([2024, 2, 31, undefined, undefined, undefined, 231])
  expect(partsOf('0099-12-31')).toEqual([99, 12, 31, undefined, undefined, undefined, 1231])
  expect(readDatePart('0001-01-01T00:00:00Z', 'year')).toBe(1)
  expect([readDatePart('0001-01-01', 'weekday'), readDatePart('0001-01-01', 'week')]).toEqual([1, 1])
  expect(readDatePart('0050-06-01T12:00:00Z', 'year', 'Asia/Kolkata')).toBe(50)
  expect(readDatePart('0050-06-01T12:00:00Z', 'hour', 'Etc/GMT-1')).toBe(13)
  expect(readDatePart('0000-06-01T12:00:00Z', 'year', 'Etc/GMT-1')).toBe(0)
  expect(readDatePart('0000-01-01T12:00:00Z', 'weekday', 'Etc/GMT-1')).toBe(
    readDatePart('0000-01-01', 'weekday'),
  )
})

test('weeks are those of ISO 8601', () => {
  const weeks = ['2020-12-31', '2021-01-04', '2023-01-01', '2024-12-30'].map((text) =>
    readDatePart(text, 'week'),
  )
  expect(weeks).toEqual([53, 1, 52, 1])
})

test('of a time they are those of UTC', () => {
  const timeMs = Date.UTC(2024, 11, 30, 23, 59)
  expect(PARTS.map((part) => new DatePartReader({ part }).ofTime(timeMs))).toEqual([2024, 12, 30, 23, 59, 1])
})

test('ends of a range are in it or not, as they say', () => {
  const asked = { kind: 'date-part', field: 'f', part: 'hour', gte: 8, lt: 18 } as const
  expect([7, 8, 17, 18].map((hour) => isInDatePart(asked, hour))).toEqual([false, true, true, false])
})

test('minutes of a day, weekdays and dates', () => {
  const partsOf = (text: string, timeZone?: string): unknown[] =>
    (['minute-of-day', 'weekday', 'date'] as const).map((part) => readDatePart(text, part, timeZone))
  expect(partsOf('2024-12-29T22:15:00Z')).toEqual([1335, 7, 1229])
  expect(partsOf('2024-12-29')).toEqual([undefined, 7, 1229])
})

test('by the clocks of a zone, in winter and summer', () => {
  const hours = (text: string): unknown => readDatePart(text, 'hour', 'Europe/Paris')
  expect(['2024-01-01T12:00:00Z', '2024-07-01T12:00:00Z', '2024-07-01T12:00:00-05:00'].map(hours)).toEqual([
    13, 14, 19,
  ])
  const date = new DatePartReader({ part: 'date', timeZone: 'Europe/Paris' })
  expect(date.ofTime(Date.UTC(2024, 11, 31, 23, 30))).toBe(101)
  expect([isTimeZone('Europe/Paris'), isTimeZone('Mars/Base')]).toEqual([true, false])
})

test('a zone that nobody knows is refused', () => {
  expect(() => new DatePartReader({ part: 'hour', timeZone: 'Mars/Base' })).toThrow(RangeError)
})
