import { expect, test } from 'vitest'
import { readLogFormats } from './read-log-formats.ts'

test('formats are read as Timesketch’s importer has them, lists as texts with commas', () => {
  const text = `# mine
proxy:
  message: 'Visit of {url}'
  timestamp_desc: Visited
  datetime: When
  separator: '|'
  columns_subset: [When, url]
other:
  data_type: 'syslog:line'
`
  expect(readLogFormats('f.yaml', text)).toEqual({
    proxy: {
      message: 'Visit of {url}',
      timestamp_desc: 'Visited',
      datetime: 'When',
      separator: '|',
      columns_subset: 'When,url',
    },
    other: { data_type: 'syslog:line' },
  })
  expect(readLogFormats('f.yaml', '')).toEqual({})
})

test.each([
  ['a: [1', 'line '],
  ['- a', 'a map of names to formats'],
  ['a: 1', 'a: a map of message'],
  ['a: {mesage: x}', '"mesage" is none of message'],
  ['a: {message: 1}', 'a.message: a text was expected'],
])('%j is refused with what stands there', (text, sentence) => {
  expect(() => readLogFormats('f.yaml', text)).toThrow(sentence)
  expect(() => readLogFormats('f.yaml', text)).toThrow('f.yaml')
})
