import { expect, test } from 'vitest'
import { datePartOf, isInDatePart, readDatePart } from './date-part.ts'

const PARTS = ['year', 'month', 'day', 'hour', 'minute', 'week'] as const

test('parts of a date are those that are written', () => {
  const partsOf = (text: string): unknown[] => PARTS.map((part) => readDatePart(text, part))
  expect(partsOf('2024-01-31T22:15:00+02:00')).toEqual([2024, 1, 31, 22, 15, 5])
  expect(partsOf('2021/01/03')).toEqual([2021, 1, 3, undefined, undefined, 53])
  expect(partsOf('noon')).toEqual(PARTS.map(() => undefined))
})

test('weeks are those of ISO 8601', () => {
  const weeks = ['2020-12-31', '2021-01-04', '2023-01-01', '2024-12-30'].map((text) =>
    readDatePart(text, 'week'),
  )
  expect(weeks).toEqual([53, 1, 52, 1])
})

test('of a time they are those of UTC', () => {
  const timeMs = Date.UTC(2024, 11, 30, 23, 59)
  expect(PARTS.map((part) => datePartOf(timeMs, part))).toEqual([2024, 12, 30, 23, 59, 1])
})

test('ends of a range are in it or not, as they say', () => {
  const asked = { kind: 'date-part', field: 'f', part: 'hour', gte: 8, lt: 18 } as const
  expect([7, 8, 17, 18].map((hour) => isInDatePart(asked, hour))).toEqual([false, true, true, false])
})
