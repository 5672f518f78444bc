import { expect, it } from 'vitest'
import { MAX_JSON_DEPTH, parseJson } from './read-json.ts'

it('reads JSON up to a depth and refuses deeper', () => {
  const nest = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
  expect(JSON.stringify(parseJson(nest(MAX_JSON_DEPTH)))).toBe(nest(MAX_JSON_DEPTH))
  for (const text of [nest(MAX_JSON_DEPTH + 1), nest(200_000), '{"a":'.repeat(200_000)])
    expect(() => parseJson(text)).toThrow(expect.objectContaining({ code: 'json-too-deep', kind: 'invalid' }))
})

it('counts no brackets in strings, and those beside one another once', () => {
  const brackets = '['.repeat(500)
  const value = { a: brackets, b: `\\"${brackets}\\`, c: Array.from({ length: 500 }, () => [{}]) }
  expect(parseJson(JSON.stringify(value))).toEqual(value)
})

it('leaves what is not JSON to the parser', () => {
  for (const text of ['', '"', '"\\', ']]]]', '[1', '{"a"}'])
    expect(() => parseJson(text)).toThrow(SyntaxError)
})
