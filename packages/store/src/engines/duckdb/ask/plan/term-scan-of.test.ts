import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TermPacker } from '../../../../text/terms/packed-terms.ts'
import { scanTokens } from '../../../../text/testing/scan-tokens.ts'
import type { Matcher } from '../match/matcher.ts'
import { compileMatcher } from '../match/test-value.ts'
import { termScanOf } from './term-scan-of.ts'

const letters = fc.constantFrom('a', 'b', 'k', 's', '0', 'é')
const words = fc
  .uniqueArray(fc.string({ unit: letters, minLength: 1, maxLength: 7 }), { minLength: 100, maxLength: 300 })
  .map((list) => list.toSorted((a, b) => Buffer.from(a).compare(Buffer.from(b))))
const join = (list: readonly string[]): string => list.join('')

const matchers: fc.Arbitrary<Matcher> = fc.oneof(
  fc.record({
    kind: fc.constant('fuzzy' as const),
    text: fc.string({ unit: letters, maxLength: 8 }),
    distance: fc.constantFrom(0 as const, 1 as const, 2 as const),
    prefixLength: fc.nat(3),
  }),
  fc.record({
    kind: fc.constant('pattern' as const),
    pattern: fc.array(fc.oneof(letters, fc.constantFrom('*', '?', 'A', 'S')), { maxLength: 7 }).map(join),
    ignoreCase: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('patterns' as const),
    patterns: fc.array(
      fc.array(fc.oneof(letters, fc.constantFrom('*', '?', 'A')), { maxLength: 5 }).map(join),
      { maxLength: 9 },
    ),
    ignoreCase: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('regexp' as const),
    pattern: fc
      .array(
        fc.oneof(
          letters,
          fc.constantFrom('.*', '.', '[a-k]', '[^b]', '(a|bs)', 'b?', 's+', '(ab){1,2}', 'K', 'ſ'),
        ),
        { maxLength: 6 },
      )
      .map(join),
    ignoreCase: fc.boolean(),
  }),
)

function pack(list: readonly string[]): Buffer {
  const packer = new TermPacker()
  for (const token of list) {
    const bytes = Buffer.from(token)
    packer.addToken(bytes, 0, bytes.length)
    packer.addPostings(0, Uint8Array.of(1, 0), 0, 2)
  }
  return Buffer.from(packer.finish())
}

describe('the scan of a matcher', () => {
  it('finds the words that the matcher accepts', () => {
    fc.assert(
      fc.property(words, fc.array(matchers, { minLength: 20, maxLength: 20 }), (list, some) => {
        const packed = pack(list)
        for (const matcher of some) {
          const accepts = compileMatcher(matcher)
          expect(scanTokens(packed, termScanOf(matcher)), JSON.stringify(matcher)).toEqual(
            list.filter(accepts),
          )
        }
      }),
      { numRuns: 60 },
    )
  })

  it.each([
    { kind: 'regexp', pattern: '[a-c]{3}[0-9]', ignoreCase: false },
    { kind: 'pattern', pattern: 'a?b*', ignoreCase: false },
    { kind: 'fuzzy', text: 'accepted', distance: 2, prefixLength: 0 },
  ] as const)('takes an automaton to words of ASCII: $kind', (matcher) => {
    expect(termScanOf(matcher).automaton).toBeDefined()
  })
})
