import { describe, expect, test } from 'vitest'
import { parseLuceneRegexp, type RegexpNode } from '../../../lucene/regexp.ts'
import { compileRegexp } from './compile-regexp.ts'

const NO_FLAGS = { i: false, m: false, s: false }

/** The compiled expression in JavaScript's syntax. */
function toJs(node: RegexpNode): string {
  const write = (code: number): string => `\\u{${code.toString(16)}}`
  switch (node.kind) {
    case 'union':
      return `(?:${node.of.map(toJs).join('|')})`
    case 'sequence':
      return node.of.map(toJs).join('')
    case 'repeat':
      return `(?:${toJs(node.of)}){${node.least},${node.most ?? ''}}`
    case 'literal':
      return Array.from(node.text, (character) => write(character.codePointAt(0)!)).join('')
    case 'class':
      if (node.ranges.length === 0) return '[^]'
      return `[${node.isNegated ? '^' : ''}${node.ranges.map(([a, b]) => `${write(a)}-${write(b)}`).join('')}]`
    default:
      throw new Error(node.kind)
  }
}

function matches(source: string, text: string, flags = NO_FLAGS): boolean {
  const compiled = compileRegexp(source, flags)
  if (!compiled) return false
  const js = toJs(parseLuceneRegexp(compiled.pattern))
  return new RegExp(`^(?:${js})$`, compiled.caseInsensitive ? 'iu' : 'u').test(text)
}

describe('regular expressions of rules', () => {
  test.each<[string, string, boolean]>([
    ['b+', 'abbc', true],
    ['^b', 'ab', false],
    ['b$', 'ab\n', true],
    ['b$', 'ab\n\n', false],
    ['b\\z', 'ab\n', false],
    ['a.c', 'a\nc', false],
    ['(^|/)\\.x', 'a/.x', true],
    ['(^|/)\\.x', 'a.x', false],
    ['\\bcat\\b', 'a cat.', true],
    ['\\bcat\\b', 'concat', false],
    ['\\Bat', 'cat', true],
    ['(?:1(?:\\.|\\b)){2}', '1.1', true],
    ['(?:1(?:\\.|\\b)){2}', '11', false],
    ['(?i)AB(?-i)c', 'xabc', true],
    ['(?i)AB(?-i)c', 'xabC', false],
    ['(?i:a)b', 'Ab', true],
    ['(?i)[^a]', 'A', false],
    ['[^\\d\\s]', '1 ', false],
    ['[]a]', ']', true],
    ['[a\\-z]', '-', true],
    ['[[:digit:]x-]+$', '1-x', true],
    ['\\x41\\x{42}\\u0043', 'ABC', true],
    ['\\Qa.b\\E+', 'a.bb', true],
    ['a{,2}b{2}', 'bb', true],
    ['x{a', 'x{a', true],
    ['a??b', 'b', true],
    ['(?P<n>a)(?<m>b)(?#no)', 'ab', true],
    ['', 'anything', true],
    ['(?:|x)y', 'y', true],
    ['a^b', 'a^b', false],
  ])('/%s/ in %j: %s', (source, text, expected) => {
    expect(matches(source, text)).toBe(expected)
  })

  test('flags', () => {
    expect(matches('^b$', 'a\nb\nc', { ...NO_FLAGS, m: true })).toBe(true)
    expect(matches('a.c', 'a\nc', { ...NO_FLAGS, s: true })).toBe(true)
    expect(matches('ÄB', 'xäb', { ...NO_FLAGS, i: true })).toBe(true)
  })

  test.each([
    ['(a)\\1', 'a back reference'],
    ['(?=a)', 'looking ahead'],
    ['(?<!a)b', 'looking behind'],
    ['a++', 'a possessive repetition'],
    ['(?>a)', 'an atomic group'],
    ['\\p{L}', 'a property of Unicode'],
    ['(?x)a', 'the flag "x"'],
    ['(\\ba)*', 'within a repetition'],
    ['(a{1000}){1000}', 'too large'],
    ['(^|a)(^|b)(^|c)(^|d)(^|e)(^|f)(^|g)(^|h)(^|i)', 'more than 256 alternatives'],
  ])('/%s/ is said to be unsupported: %s', (source, reason) => {
    expect(() => compileRegexp(source, NO_FLAGS)).toThrow(reason)
  })

  test.each([
    ['(a', '")" expected, found the end'],
    ['a)', 'the end expected, found ")"'],
    ['[a', '"]" expected'],
    ['*a', 'something to repeat expected'],
    ['a{3,2}', 'from a lower to a higher'],
    ['[z-a]', 'from a lower to a higher'],
    ['a**', 'one repetition expected'],
  ])('/%s/ is a mistake: %s', (source, reason) => {
    expect(() => compileRegexp(source, NO_FLAGS)).toThrow(reason)
  })

  test('one made to explode is compiled to a small one', () => {
    const compiled = compileRegexp('^(a+)+$', NO_FLAGS)!
    expect(compiled.pattern.length).toBeLessThan(40)
  })

  test('expressions made at random match what JavaScript matches', () => {
    let state = 5
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    const pieces = [
      'a',
      'b',
      '.',
      ' ',
      '\\b',
      '\\B',
      '^',
      'a*',
      'b?',
      '(?:a|\\b)',
      '(?:^|b)',
      '[^a]',
      '\\w',
      '\\W+',
      '(?:ab|)',
    ]
    const letters = ['a', 'b', ' ', '\n', 'A', '_', '.']
    for (let round = 0; round < 1500; round++) {
      const source = Array.from({ length: 1 + random(5) }, () => pieces[random(pieces.length)]).join('')
      const text = Array.from({ length: random(6) }, () => letters[random(letters.length)]).join('')
      expect({ source, text, matches: matches(source, text) }).toEqual({
        source,
        text,
        matches: new RegExp(source, 'u').test(text),
      })
    }
  })
})
