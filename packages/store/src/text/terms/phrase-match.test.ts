import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tokenizeText } from '../tokens/standard-tokenizer.ts'
import { matchesPhrase } from './phrase-match.ts'

function phrase(text: string, words: string, slop = 0, prefix = false): boolean {
  return matchesPhrase(text, tokenizeText(words), slop, prefix)
}

describe('phrases', () => {
  // As Lucene 9.12.3 answered, PhraseQuery over one text.
  test.each([
    ['a b c', 'a b', 0, true],
    ['a b c', 'a c', 0, false],
    ['a b c', 'a c', 1, true],
    ['b a', 'a b', 1, false],
    ['b a', 'a b', 2, true],
    ['c b a', 'a b c', 3, false],
    ['c b a', 'a b c', 4, true],
    ['a', 'a a', 4, false],
    ['a b a', 'a a', 1, true],
    ['a b', 'a b a', 2, false],
  ] as const)('%j holds "%s" within %i moves: %s', (text, words, slop, wanted) => {
    expect(phrase(text, words, slop)).toBe(wanted)
  })

  test('are held against words, not characters', () => {
    expect(phrase('An account was successfully logged on.', 'Logged ON')).toBe(true)
    expect(phrase('C:\\Windows\\System32\\cmd.exe', 'windows\\system32')).toBe(true)
    expect(phrase('C:\\Windows\\System32', 'windows system')).toBe(false)
  })

  test('may end in the beginning of a word', () => {
    expect(phrase('C:\\Windows\\System32', 'windows sys', 0, true)).toBe(true)
    expect(phrase('foo', 'foo fo', 3, true)).toBe(false)
    expect(phrase('foo food', 'foo foo', 0, true)).toBe(true)
    expect(phrase('logged', 'log', 0, true)).toBe(true)
  })

  test('of no word are everywhere', () => {
    expect(phrase('anything', '...')).toBe(true)
  })

  test('find the moves that a search through all placings finds', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 4 })
    const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 8 })
    fc.assert(
      fc.property(texts, words, fc.nat(4), (text, list, slop) => {
        expect(matchesPhrase(text.join(' '), list, slop, false)).toBe(leastMoves(text, list) <= slop)
      }),
      { numRuns: 1000 },
    )
  })
})

/** Least moves over every way to give each word of the phrase a place of its own. */
function leastMoves(
  text: readonly string[],
  words: readonly string[],
  placed: readonly number[] = [],
): number {
  if (placed.length === words.length) {
    const shifts = placed.map((position, place) => position - place)
    return Math.max(...shifts) - Math.min(...shifts)
  }
  let least = Number.POSITIVE_INFINITY
  for (const [position, token] of text.entries()) {
    if (token !== words[placed.length] || placed.includes(position)) continue
    least = Math.min(least, leastMoves(text, words, [...placed, position]))
  }
  return least
}
