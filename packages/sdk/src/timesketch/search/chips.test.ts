import { expect, test } from 'vitest'
import {
  commented,
  dateInterval,
  dateRange,
  deactivate,
  exclude,
  readDateInterval,
  readDateRange,
  starred,
  term,
} from './chips.ts'

test('a range takes days whole and drops the zone', () => {
  expect(dateRange('2013-09-20', '2013-09-21').value).toBe('2013-09-20T00:00:00,2013-09-21T23:59:59')
  expect(dateRange('2013-09-20T22:20:47Z', new Date('2013-09-20T22:59:47Z')).value).toBe(
    '2013-09-20T22:20:47,2013-09-20T22:59:47',
  )
  expect(readDateRange(dateRange('2013-09-20', '2013-09-21'))).toEqual({
    start: '2013-09-20T00:00:00',
    end: '2013-09-21T23:59:59',
  })
})

test('an interval says how long before and after', () => {
  const chip = dateInterval('2013-09-20T22:39:47', { before: 10, after: 5, unit: 'h' })
  expect(chip).toEqual({
    type: 'datetime_interval',
    field: '',
    value: '2013-09-20T22:39:47 -10h +5h',
    operator: 'must',
    active: true,
  })
  expect(readDateInterval(chip)).toEqual({ date: '2013-09-20T22:39:47', before: 10, after: 5, unit: 'h' })
  expect(readDateInterval(starred())).toBeUndefined()
})

test('stars and comments are labels, terms can be excluded and put aside', () => {
  expect([starred().value, commented().value]).toEqual(['__ts_star', '__ts_comment'])
  expect(deactivate(exclude(term('data_type', 'a')))).toMatchObject({ operator: 'must_not', active: false })
})

test.each([
  () => dateRange('yesterday', '2024-01-01'),
  () => dateRange('2024-01-02', '2024-01-01'),
  () => dateRange(new Date('x'), '2024-01-01'),
  () => dateInterval('2024-01-01', { before: -1 }),
])('what is no time is refused: %s', (make) => {
  expect(make).toThrow(RangeError)
})
