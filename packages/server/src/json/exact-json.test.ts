import { expect, test } from 'vitest'
import { saysAll, writeObjectsAsTexts } from './exact-json.ts'

test.each([
  '{}',
  '[]',
  '{"a":1,"b":[{"a":-2.5},{"a":"1:2\\",\\"x\\":9007199254740993"}],"c":null,"d":true}',
  ' { "a" : { "a" : 0 } } ',
  '9007199254740991',
])('%s is said by its value', (text) => {
  expect(saysAll(text, JSON.parse(text))).toBe(true)
})

test.each([
  '{"n":9007199254740993}',
  '[1e400]',
  '{"n":1.0}',
  '{"n":-0}',
  '{"dup":1,"dup":2}',
  '[{"a":{"dup":1,"dup":1}}]',
])('%s is not', (text) => {
  expect(saysAll(text, JSON.parse(text))).toBe(false)
})

test('objects at a place are written as texts', () => {
  expect(writeObjectsAsTexts('[{"n":1.0}, "x"]', ['*'])).toBe('["{\\"n\\":1.0}","x"]')
  expect(writeObjectsAsTexts('{"k":"y","a":{"b":[{"n":1}]}}', ['a', 'b', '*'])).toBe(
    '{"k":"y","a":{"b":["{\\"n\\":1}"]}}',
  )
  expect(writeObjectsAsTexts('[{"json":{"n":1}},2]', ['*', 'json'])).toBe('[{"json":"{\\"n\\":1}"},2]')
  for (const text of ['{"b":1}', '[1]', '"x"']) expect(writeObjectsAsTexts(text, ['a', '*'])).toBe(text)
})
