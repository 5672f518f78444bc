import { expect, test } from 'vitest'
import { readReading } from './headers-mapping.ts'

function read(mapping: unknown, delimiter = ',') {
  return readReading(
    new Map([
      ['headersMapping', JSON.stringify(mapping)],
      ['delimiter', delimiter],
    ]),
  )
}

test('columns and constants are told apart', () => {
  expect(
    read([
      { target: 'datetime', source: ['when'], default_value: null },
      { target: 'timestamp_desc', source: null, default_value: 'thing seen' },
    ]),
  ).toEqual({ map: { datetime: 'when' }, constants: { timestamp_desc: 'thing seen' }, delimiter: ',' })
})

test.each([
  [{ target: 'datetime' }],
  [{ target: 'message', source: ['a', 'b'] }],
  [{ source: ['a'] }],
  ['x'],
])('refuses %j', (entry) => {
  expect(() => read([entry])).toThrow('Headers mapping is wrong')
})

test('a delimiter is one character', () => {
  expect(() => read(null, ';;')).toThrow('delimiter')
})

test('an event filter for Plaso’s storage files goes with the reading', () => {
  expect(readReading(new Map([['plaso_event_filter', 'pid is 7']]))).toEqual({ plasoFilter: 'pid is 7' })
  expect(readReading(new Map([['plaso_event_filter', '']]))).toEqual({})
})
