import { expect, it } from 'vitest'
import { escapeWildcard } from './lucene/escape.ts'
import { compileWildcard, splitWildcard } from './wildcard.ts'

it('patterns are read with their escapes', () => {
  expect(splitWildcard('a\\*b**?c\\')).toEqual([
    { kind: 'literal', text: 'a*b' },
    { kind: 'any' },
    { kind: 'one' },
    { kind: 'literal', text: 'c\\' },
  ])
  expect(splitWildcard(escapeWildcard('a*b?c\\'))).toEqual([{ kind: 'literal', text: 'a*b?c\\' }])
  expect(splitWildcard('')).toEqual([])
})

it.each<[string, string[], string[]]>([
  ['a*b*c', ['abc', 'axxbyyc'], ['axxbyy', 'bac', 'ac']],
  ['a?c', ['abc', 'a😀c'], ['ac', 'abbc']],
  ['*a?', ['ab', 'aab'], ['a', 'ba']],
  ['\\**', ['*', '*a'], ['a']],
  ['*', ['', 'a'], []],
  ['', [''], ['a']],
])('%j', (pattern, fitting, others) => {
  const { matches } = compileWildcard(pattern)
  expect(fitting.filter((text) => !matches(text))).toEqual([])
  expect(others.filter(matches)).toEqual([])
})
