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
  ).toEqual({ map: { datetime: ['when'] }, constants: { timestamp_desc: 'thing seen' }, delimiter: ',' })
})

test('a header of several columns has them all; a default value counts only without columns', () => {
  expect(
    read([
      { target: 'message', source: ['host', 'what'], default_value: 'none' },
      { target: 'timestamp_desc', source: 'host', default_value: null },
      { target: 'datetime', source: [], default_value: '2024-01-01' },
    ]),
  ).toMatchObject({
    map: { message: ['host', 'what'], timestamp_desc: ['host'] },
    constants: { datetime: '2024-01-01' },
  })
})

test.each([
  [
    [{ target: 'datetime' }],
    'Error to create new column datetime. When create a new column, a default value',
  ],
  [[{ target: 'message', source: ['a', 7] }], 'message needs to be mapped to names of columns'],
  [[{ source: ['a'] }], 'Each entry needs a target'],
  [['x'], 'A list of objects was expected'],
  [{}, 'A list was expected'],
  [
    [
      { target: 'message', source: ['a'] },
      { target: 'datetime', source: ['a'] },
    ],
    '2 or more mandatory headers are mapped to the same existing CSV headers',
  ],
  [Array.from({ length: 101 }, (_, at) => ({ target: `t${at}`, source: [`s${at}`] })), 'MAX_MAPPED_HEADERS'],
  [[{ target: 'message', source: Array<string>(201).fill('a') }], 'MAX_MAPPED_COLUMNS'],
])('refuses %j', (mapping, problem) => {
  expect(() => read(mapping)).toThrow(`Headers mapping is wrong.\n`)
  expect(() => read(mapping)).toThrow(problem)
})

test('a column may be mapped by itself and joined with others', () => {
  const mapping = [
    { target: 'message', source: ['a', 'b'] },
    { target: 'timestamp_desc', source: ['a'] },
  ]
  expect(read(mapping).map).toEqual({ message: ['a', 'b'], timestamp_desc: ['a'] })
})

test('a delimiter is one character', () => {
  expect(() => read(null, ';;')).toThrow('delimiter')
})

test('an event filter for Plaso’s storage files goes with the reading', () => {
  expect(readReading(new Map([['plaso_event_filter', 'pid is 7']]))).toEqual({ plasoFilter: 'pid is 7' })
  expect(readReading(new Map([['plaso_event_filter', '']]))).toEqual({})
})
