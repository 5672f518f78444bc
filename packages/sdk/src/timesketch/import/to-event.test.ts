import { expect, test } from 'vitest'
import { prepareRules, toEvent } from './to-event.ts'

test('what Timesketch needs is made, everything else stays as it was', () => {
  const dropped = new Set<string>()
  const row = { EventTime: '2020-01-01', User: 'bob', count: 3, tag: ['a'], _id: 'x', empty: null }
  expect(toEvent(row, {}, dropped)).toEqual({
    event: {
      EventTime: '2020-01-01',
      User: 'bob',
      count: 3,
      tag: ['a'],
      empty: null,
      datetime: '2020-01-01T00:00:00.000000+00:00',
      timestamp: 1577836800000000,
      message: '[EventTime] = 2020-01-01, [User] = bob, [count] = 3, [tag] = ["a"], [empty] = ',
      timestamp_desc: 'Time Logged',
    },
  })
  expect([...dropped]).toEqual(['_id'])
})

test('a whole event is left alone but for the spelling of its time', () => {
  const event = {
    datetime: '2020-01-01T00:00:00Z',
    timestamp: 1577836800000000,
    message: 'm',
    timestamp_desc: 'd',
  }
  expect(toEvent(event, {}, new Set())).toEqual({
    event: { ...event, datetime: '2020-01-01T00:00:00.000000+00:00' },
  })
})

test('a time in seconds becomes one in microseconds', () => {
  expect(toEvent({ timestamp: 1577836800, message: 'm' }, {}, new Set())).toMatchObject({
    event: { timestamp: 1577836800000000, datetime: '2020-01-01T00:00:00.000000+00:00' },
  })
})

test('rules say where message and time are', () => {
  const rules = { message: '{User} did {what}', timeField: 'When', timestampDesc: 'Seen', dataType: 'x:y' }
  expect(toEvent({ When: '2020-01-01', User: 'bob', what: 7 }, prepareRules(rules), new Set())).toMatchObject(
    {
      event: { message: 'bob did 7', timestamp_desc: 'Seen', data_type: 'x:y' },
    },
  )
})

test.each([
  [{ message: 'm' }, 'no time: datetime is empty'],
  [{ datetime: 'soon' }, 'no time: datetime is "soon"'],
  [{ LogTime: 'never' }, 'no time: LogTime is "never"'],
  [
    { datetime: '2024-02-30' },
    'no time: datetime is "2024-02-30": day 30 is not 1 to 29, as month 2 of 2024 has',
  ],
])('a row without a time says why it is no event: %s', (row, problem) => {
  expect(toEvent(row, {}, new Set())).toEqual({ problem })
})

test('a field called __proto__ is one like others', () => {
  const row = JSON.parse('{"datetime":"2020-01-01","message":"m","__proto__":{"evil":true}}')
  const shaped = toEvent(row, {}, new Set())
  expect(JSON.stringify(shaped)).toContain('"__proto__":{"evil":true}')
  expect('evil' in ('event' in shaped ? shaped.event : {})).toBe(false)
})
