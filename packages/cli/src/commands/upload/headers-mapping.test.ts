import { expect, test } from 'vitest'
import { makeHeadersMapping, requireColumns } from './headers-mapping.ts'

test('columns, several of them, and constants are what the form has for them', () => {
  expect(makeHeadersMapping('time=When,message=host+what,timestamp_desc==Seen', ['When', 'host'])).toEqual([
    { target: 'datetime', source: ['When'] },
    { target: 'message', source: ['host', 'what'] },
    { target: 'timestamp_desc', source: null, default_value: 'Seen' },
  ])
})

test('a column of that very name goes first', () => {
  expect(makeHeadersMapping('message=a+b,timestamp_desc==c', ['a+b', '=c'])).toEqual([
    { target: 'message', source: ['a+b'] },
    { target: 'timestamp_desc', source: ['=c'] },
  ])
})

test('what is no map is refused, and a file without columns', () => {
  expect(() => makeHeadersMapping('nonsense', [])).toThrow('--map takes pairs such as')
  expect(() => requireColumns('case.plaso')).toThrow('--map is for CSV and JSON lines')
  requireColumns('rows.csv')
})
