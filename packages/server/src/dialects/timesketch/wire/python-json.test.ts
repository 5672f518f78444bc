import { expect, test } from 'vitest'
import { pythonJson } from './python-json.ts'

test('writes what json.dumps writes', () => {
  expect(pythonJson({ a: [1, 2.5, null, true], b: { c: 'x' } })).toBe(
    '{"a": [1, 2.5, null, true], "b": {"c": "x"}}',
  )
})

test('escapes everything beyond ASCII, surrogates one by one', () => {
  expect(pythonJson('ü 😀 \u007f')).toBe('"\\u00fc \\ud83d\\ude00 \\u007f"')
  expect(JSON.parse(pythonJson('\ud800'))).toBe('\ud800')
})

test('leaves out undefined members and keeps hostile names', () => {
  expect(pythonJson({ a: undefined, ...JSON.parse('{"__proto__": 1}') })).toBe('{"__proto__": 1}')
})
