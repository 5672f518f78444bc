import { expect, test } from 'vitest'
import { parseExactJson, stringifyExactJson } from './exact-json.ts'

test('integers that a number would round become bigints, others stay numbers', () => {
  expect(
    parseExactJson(
      '{"big":9223372036854775807,"edge": 9007199254740993,"safe":9007199254740991,"list":[-12345678901234567890]}',
    ),
  ).toEqual({
    big: 9223372036854775807n,
    edge: 9007199254740993n,
    safe: 9007199254740991,
    list: [-12345678901234567890n],
  })
})

test('digits inside a text are text, and fractions are numbers', () => {
  const text = '{"a":"x:12345678901234567890,","b":12345678901234567890.5,"c":1e30,"d":1}'
  expect(parseExactJson(text)).toEqual(JSON.parse(text))
})

test('bigints are written with all their digits', () => {
  expect(stringifyExactJson({ big: 9223372036854775807n, list: [1n], text: '1n' })).toBe(
    '{"big":9223372036854775807,"list":[1],"text":"1n"}',
  )
})
