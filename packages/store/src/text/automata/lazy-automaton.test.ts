import { parseLuceneRegexp } from '@timeskein/query'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileRegexp } from '../terms/vocabulary-match.ts'
import { LazyAutomaton, MAX_AUTOMATON_STATES, MAX_MEMBERS_MADE, VERDICTS } from './lazy-automaton.ts'
import { drawRegexp } from './regexp-graph.ts'

function compile(pattern: string, ignoreCase = false): LazyAutomaton {
  return new LazyAutomaton(drawRegexp(parseLuceneRegexp(pattern), ignoreCase)!)
}

/** What is said of a token as it stands in a dictionary. */
function testBytes(automaton: LazyAutomaton, token: string): number {
  return automaton.testToken(Buffer.concat([Buffer.from(`x${token}`), Buffer.of(0xff)]), 1)
}

const patterns = fc.constantFrom(
  'a',
  'ab*',
  '.*b',
  'a.c',
  '[^a]+',
  'é',
  'aé|b',
  '[a-é]{2}',
  '#',
  '()',
  'a@|b{2,3}',
  '..?',
  'ba{0}c',
  'b(a#|c)',
)
const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '😀', '\u007f', '\u0000'), maxLength: 5 })

describe('a lazy automaton', () => {
  it.each([
    ['ab', 'ab', 'accepted'],
    ['ab', 'a', 'rejected'],
    ['ab', 'ac', 'dead'],
    ['a[bé]', 'aé', 'unsure'],
    ['ab', 'aé', 'dead'],
    ['ab', 'bé', 'dead'],
    ['a.*', 'abcé', 'unsure'],
    ['', '', 'accepted'],
    ['[^a]', 'a', 'dead'],
    ['b#', 'b', 'rejected'],
  ] as const)('/%s/ says of %j: %s', (pattern, token, verdict) => {
    expect(compile(pattern).testText(token)).toBe(VERDICTS[verdict])
    expect(testBytes(compile(pattern), token)).toBe(VERDICTS[verdict])
  })

  it('stops behind the byte that settles it', () => {
    const automaton = compile('ab.*')
    const bytes = Buffer.concat([Buffer.from('xaczz'), Buffer.of(0xff), Buffer.from('ab'), Buffer.of(0xff)])
    automaton.testToken(bytes, 1)
    expect(automaton.stoppedAt).toBe(3)
    automaton.testToken(bytes, 6)
    expect(automaton.stoppedAt).toBe(9)
  })

  it('says the same of a text and of its bytes', () => {
    fc.assert(
      fc.property(patterns, fc.array(texts), (pattern, list) => {
        const automaton = compile(pattern)
        for (const text of list) expect(testBytes(automaton, text)).toBe(automaton.testText(text))
      }),
      { numRuns: 500 },
    )
  })

  it('never says that nothing is between two tokens where something is', () => {
    fc.assert(
      fc.property(patterns, fc.array(texts, { minLength: 3, maxLength: 3 }), (pattern, list) => {
        const [low, between, high] = list
          .map((text) => Buffer.from(text))
          .toSorted((a, b) => a.compare(b)) as [Buffer, Buffer, Buffer]
        fc.pre(between.compare(high) < 0)
        const automaton = compile(pattern)
        fc.pre(testBytes(automaton, between.toString()) >= VERDICTS.accepted)
        const both = Buffer.concat([low, high])
        expect(automaton.mayAcceptBetween(both, 0, low.length, low.length, both.length)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['[a-c]x', 'd', 'e', false],
    ['[a-c]x', 'bz', 'ca', false],
    ['[a-c]x', 'bz', 'cx', false],
    ['[a-c]x', 'bz', 'cy', true],
    ['[a-c]x', 'bx', 'ca', true],
    ['[a-c]x', 'bx0', 'ca', false],
    ['[b-c]x', 'az', 'b', false],
    ['[a-c]x', 'b', 'by', true],
    ['[a-c]x', 'b', 'bx', false],
    ['[a-c]', 'b', 'b0', true],
    ['é.*', 'a', 'z', false],
    ['é.*', 'z', '漢', true],
    ['[a-c]x', 'd', '', false],
    ['[a-c]x', 'b', '', true],
    ['[a-c]x', 'cx0', '', false],
    ['[a-c]é', 'cx0', '', true],
  ] as const)('/%s/ from %j to %j: %s', (pattern, low, high, expected) => {
    const both = Buffer.from(low + high)
    const middle = Buffer.byteLength(low)
    expect(compile(pattern).mayAcceptBetween(both, 0, middle, middle, both.length)).toBe(expected)
  })

  it('makes few states for expressions that say the same in many ways', () => {
    const automaton = compile('((a*)*|(a|aa)+)*b')
    expect(automaton.testText('a'.repeat(5000))).toBe(VERDICTS.rejected)
    expect(automaton.testText(`${'a'.repeat(5000)}b`)).toBe(VERDICTS.accepted)
    expect(automaton.stateCount).toBeLessThan(10)
  })

  it('gives up on expressions whose states are large and many, which then are matched all the same', () => {
    const pattern = '.*[ab].{900}'
    const automaton = compile(pattern)
    const { matches } = compileRegexp(pattern)
    const text = drawText('abc', 8000)
    expect(automaton.testText(text)).toBe(VERDICTS.unsure)
    expect(automaton.membersMade).toBeLessThan(MAX_MEMBERS_MADE + 1000)
    expect(matches(`${text}a${'c'.repeat(900)}`)).toBe(true)
    expect(matches(`${text}c${'c'.repeat(900)}`)).toBe(false)
  })

  it('holds no more states than it may, and goes on rightly when it has thrown them away', () => {
    const [pattern, plain] = ['.*a.{12}', /^.*a.{12}$/s]
    const automaton = compile(pattern)
    const all = drawText('ab', 40_000)
    for (let at = 0; at < all.length; at += 40) {
      const text = all.slice(at, at + 40)
      expect(automaton.testText(text)).toBe(plain.test(text) ? VERDICTS.accepted : VERDICTS.rejected)
      expect(automaton.stateCount).toBeLessThanOrEqual(MAX_AUTOMATON_STATES)
    }
    expect(automaton.restarts).toBeGreaterThan(0)
  })
})

/** Letters in an order without rule, the same each time. */
function drawText(letters: string, length: number): string {
  let seed = 1
  let text = ''
  while (text.length < length) {
    seed = (seed * 1103515245 + 12345) % 2147483648
    text += letters[Math.floor((seed / 2147483648) * letters.length)]
  }
  return text
}
