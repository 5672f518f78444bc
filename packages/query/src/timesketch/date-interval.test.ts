import { expect, it } from 'vitest'
import { readDateInterval } from './date-interval.ts'

it.each([
  ['2024-02-10T09:00:00.9995 -5m +5m', '2024-02-10T08:55:00', '2024-02-10T09:05:00'],
  ['1969-12-31T23:59:59.9995 -0s +1s', '1969-12-31T23:59:59', '1970-01-01T00:00:00'],
])('%s: whole seconds are cut towards the past', (text, start, end) => {
  expect(readDateInterval(text)).toEqual({ start, end })
})
