import { expect, test } from 'vitest'
import { path } from './path.ts'

test('values are encoded', () => {
  expect(path`/sketches/${3}/by/${'a/b?c'}`).toBe('/sketches/3/by/a%2Fb%3Fc')
})

test('a value that would name another path is refused', () => {
  expect(() => path`/users/${'..'}`).toThrow(RangeError)
  expect(() => path`/users/${''}`).toThrow(RangeError)
})
