import fc from 'fast-check'
import { expect, it } from 'vitest'
import { printQuery } from '../print.ts'
import { isQueryError } from '../query-error.ts'
import { parseSimpleQueryString } from './simple-query-string.ts'

it.each([
  ['a b', 'a OR b'],
  ['a + b | c', '(a AND b) OR c'],
  ['a | b + c', '(a OR b) AND c'],
  ['a + b + c', 'a AND b AND c'],
  ['-a', 'NOT a'],
  ['a + -(b | c)', 'a AND NOT (b OR c)'],
  ['"a b"~2 | c*', '"a b"~2 OR c*'],
  ['foo~1', 'foo~1'],
  ['a\\+b', 'a\\+b'],
  ['(a', 'a'],
  ['a)', 'a'],
  ['"a', 'a'],
  ['+', '(NOT *:*)'],
  ['', '(NOT *:*)'],
])('%j asks %s', (text, printed) => {
  expect(printQuery(parseSimpleQueryString(text, [undefined], 'or'))).toBe(printed)
})

it('any text is read, or refused for its size', () => {
  const text = fc.array(fc.constantFrom('a', '+', '|', '-', '(', ')', '"', '~', '*', '\\', ' ', '1'), {
    maxLength: 30,
  })
  fc.assert(
    fc.property(text, (list) => {
      printQuery(parseSimpleQueryString(list.join(''), ['f', 'g'], 'and'))
    }),
    { numRuns: 2000 },
  )
  for (const piece of ['"', '(a', 'a+b|', '\\', 'a" ', '-(']) {
    try {
      parseSimpleQueryString(piece.repeat(50_000), [undefined], 'or')
    } catch (error) {
      if (!isQueryError(error)) throw error
    }
  }
})
