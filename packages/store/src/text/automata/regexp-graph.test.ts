import { parseLuceneRegexp } from '@timeskein/query'
import fc from 'fast-check'
import { RE2JS } from 're2js'
import { describe, expect, it } from 'vitest'
import { LazyAutomaton, VERDICTS } from './lazy-automaton.ts'
import { drawRegexp } from './regexp-graph.ts'
import { writeRe2Pattern } from './regexp-test.ts'

const KELVIN = '\u212a'
const LONG_S = '\u017f'
const characters = fc.constantFrom('a', 'b', 'k', 'K', 's', '0', '_', 'é', KELVIN, LONG_S, '😀')
const ranges = fc.constantFrom('a-c', '0-9', 'A-L', 'r-z', '\\d', '\\W', '\\s', `é-${KELVIN}`, 'a-é')

/** Expressions of everything that is drawn. */
const { expressions } = fc.letrec<{ expressions: string }>((tie) => {
  const inner = tie('expressions')
  return {
    expressions: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      characters,
      fc.constantFrom('.', '@', '#', '()', '"ab"', '\\w'),
      fc
        .tuple(
          fc.constantFrom('[', '[^'),
          fc.array(fc.oneof(characters, ranges), { minLength: 1, maxLength: 3 }),
        )
        .map(([open, list]) => `${open}${list.join('')}]`),
      fc.array(inner, { minLength: 2, maxLength: 4 }).map((list) => list.join('')),
      fc.array(inner, { minLength: 2, maxLength: 3 }).map((list) => `(${list.join('|')})`),
      fc
        .tuple(inner, fc.constantFrom('*', '+', '?', '{2}', '{0}', '{1,3}', '{2,}', '{3,2}'))
        .map(([of, times]) => `(${of})${times}`),
    ),
  }
})

const tokens = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', 'k', 's', '0', '_'), maxLength: 6 }),
  fc.string({
    unit: fc.constantFrom('a', 'B', 'k', 'K', 's', 'S', ' ', '\n', 'é', KELVIN, LONG_S, '😀'),
    maxLength: 5,
  }),
)

describe('the graph of a regular expression', () => {
  it('accepts what RE2 matches, and is unsure beyond ASCII only', () => {
    fc.assert(
      fc.property(
        expressions,
        fc.array(tokens, { minLength: 8 }),
        fc.boolean(),
        (pattern, list, ignoreCase) => {
          const graph = drawRegexp(parseLuceneRegexp(pattern), ignoreCase)
          const re2 = RE2JS.compile(writeRe2Pattern(pattern)!, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0)
          const automaton = new LazyAutomaton(graph!)
          for (const text of list) {
            const verdict = automaton.testText(text)
            if (verdict === VERDICTS.unsure) expect(text).toMatch(/[^\0-\x7f]/)
            else expect(verdict === VERDICTS.accepted, text).toBe(re2.testExact(text))
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['k', `[${KELVIN}]`],
    ['K', KELVIN],
    ['s', `"${LONG_S}"`],
    ['S', `[é-${KELVIN}]`],
  ])('%s is %s when case is ignored', (letter, pattern) => {
    const automaton = new LazyAutomaton(drawRegexp(parseLuceneRegexp(pattern), true)!)
    expect(automaton.testText(letter)).toBe(VERDICTS.accepted)
    expect(new LazyAutomaton(drawRegexp(parseLuceneRegexp(pattern), false)!).testText(letter)).toBe(
      VERDICTS.dead,
    )
  })

  it.each([
    '~a',
    'a|b&c',
    '<1-9>',
    '(abcdef){1,900}',
    '(((abcde){9}){9}){9}',
    '((){9}abc){100}(x{2}y){500}z{999}',
  ])('%s is not drawn', (pattern) => {
    expect(drawRegexp(parseLuceneRegexp(pattern), false)).toBeUndefined()
  })

  it('has no more states than repetitions written out take', () => {
    expect(drawRegexp(parseLuceneRegexp('(a{900,2}){900,2}'), false)!.edges.length).toBeLessThan(10)
    expect(drawRegexp(parseLuceneRegexp('(ab?){2,50}'), false)!.edges.length).toBeLessThan(300)
  })
})
