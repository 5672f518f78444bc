import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compileWildcard } from '../../../../text/terms/vocabulary-match.ts'
import { compilePatternSet } from './pattern-set.ts'

const characters = fc.constantFrom('a', 'b', 'c', 'é', '😀', '\\', '*')
const patterns = fc.array(
  fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀', '*', '?', '\\'), maxLength: 6 }),
  {
    maxLength: 12,
  },
)

it('accepts what one of the patterns does', () => {
  fc.assert(
    fc.property(patterns, fc.array(fc.string({ unit: characters, maxLength: 8 })), (some, texts) => {
      const set = compilePatternSet(some)
      const tests = some.map((pattern) => compileWildcard(pattern).matches)
      for (const text of texts) {
        expect(set.accepts(text), text).toBe(tests.some((matches) => matches(text)))
      }
    }),
    { numRuns: 500 },
  )
})

it('holds no more states for thousands of patterns than their characters', () => {
  const { accepts, automaton } = compilePatternSet(Array.from({ length: 5000 }, (_, n) => `*x${n}y*`))
  for (let n = 0; n < 5000; n++) expect(accepts(`a x${n}y b`), String(n)).toBe(true)
  expect(accepts('x5000y')).toBe(false)
  expect(automaton.restarts).toBe(0)
})
