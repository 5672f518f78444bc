import { isQueryError } from '@timeskein/query'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileFuzzy, compileRegexp, compileWildcard, type TokenMatcher } from './vocabulary-match.ts'

function matched(matcher: TokenMatcher, tokens: readonly string[]): string[] {
  return tokens.filter((token) => matcher.matches(token))
}

/** A matcher's promises about its range hold for every token that it matches. */
function expectPromisesKept(matcher: TokenMatcher, token: string): void {
  if (!matcher.matches(token)) return
  expect(token.startsWith(matcher.prefix)).toBe(true)
  if (matcher.isExact !== undefined) expect(token).toBe(matcher.isExact)
}

const letters = fc.string({ unit: fc.constantFrom('a', 'b', '😀', '\\', '*', '?'), maxLength: 8 })

describe('wildcards', () => {
  const files = ['cmd.exe', 'cmd', 'powershell.exe', 'shell', 'a*b', 'naïve', '']

  test.each([
    ['*', files],
    ['cmd*', ['cmd.exe', 'cmd']],
    ['*.exe', ['cmd.exe', 'powershell.exe']],
    ['*shell*', ['powershell.exe', 'shell']],
    ['cmd', ['cmd']],
    ['c*e', ['cmd.exe']],
    ['p*sh*ex*', ['powershell.exe']],
    ['c?d', ['cmd']],
    ['?*l', ['shell']],
    ['na?ve', ['naïve']],
    ['a\\*b', ['a*b']],
    ['', ['']],
  ])('%j', (pattern, wanted) => {
    expect(matched(compileWildcard(pattern), files)).toEqual(wanted)
  })

  test('agree with a plain reading of the pattern', () => {
    const agrees = (pattern: string, text: string, options: string) => {
      const source = pattern.replace(/\\(.)|\*|\?|[^*?]/gsu, (piece, escaped: string | undefined) => {
        if (piece === '*') return '.*'
        if (piece === '?') return '.'
        return `\\u{${(escaped ?? piece).codePointAt(0)!.toString(16)}}`
      })
      const matcher = compileWildcard(pattern, { caseInsensitive: options === 'i' })
      expect(matcher.matches(text)).toBe(new RegExp(`^(?:${source})$`, `su${options}`).test(text))
      expectPromisesKept(matcher, text)
    }
    fc.assert(
      fc.property(letters, letters, fc.constantFrom('', 'i'), (pattern, text, options) => {
        agrees(pattern, text, options)
        agrees(`*${pattern}*`, text, options)
      }),
      { numRuns: 1000 },
    )
  })

  test('take no time for many stars', () => {
    const matcher = compileWildcard(`${'*a'.repeat(60)}*?b`)
    expect(matcher.matches('a'.repeat(5000))).toBe(false)
  })

  test('can leave case aside', () => {
    expect(
      compileWildcard('*\\\\System32\\\\*', { caseInsensitive: true }).matches('C:\\WINDOWS\\system32\\x'),
    ).toBe(true)
    expect(compileWildcard('10.A*', { caseInsensitive: true }).prefix).toBe('10.')
  })
})

describe('Lucene regular expressions', () => {
  const TEXTS = [
    '',
    'a',
    'b',
    'ab',
    'abc',
    'aa',
    'aaa',
    'a.c',
    '1',
    '5',
    '05',
    '20',
    '21',
    '001',
    '12',
    '^a',
    'a$',
  ]

  // As Lucene 9.12.3 accepted them, RegExp.ALL.
  test.each([
    ['a.c', ['abc', 'a.c']],
    ['ab?', ['a', 'ab']],
    ['\\d+', ['1', '5', '05', '20', '21', '001', '12']],
    ['a&b', []],
    ['.*b.*&a.*', ['ab', 'abc']],
    ['~(a.*|.|\\d+)', ['', '^a']],
    ['~a|a', TEXTS],
    ['@', TEXTS],
    ['#', []],
    ['a#|b', ['b']],
    ['<1-20>', ['1', '5', '05', '20', '001', '12']],
    ['<01-20>', ['05', '20', '12']],
    ['<20-5>', ['5', '05', '20', '12']],
    ['"a.c"', ['a.c']],
    ['a{2}', ['aa']],
    ['a{2,}', ['aa', 'aaa']],
    ['a{0}', ['']],
    ['^a', ['^a']],
    ['a$', ['a$']],
    ['()', ['']],
    ['[a-c]+', ['a', 'b', 'ab', 'abc', 'aa', 'aaa']],
    ['[^a]', ['b', '1', '5']],
    ['[^a\\d]', ['b']],
    ['ab&.b|1', ['ab', '1']],
    ['', ['']],
    ['*a', []],
  ])('%s', (pattern, wanted) => {
    expect(matched(compileRegexp(pattern), TEXTS)).toEqual(wanted)
  })

  test.each(['a{,2}', '[a', '\\n', 'a\\', 'a&', '~', '[z-a]', '(a', 'a)', '"a', '<a-b>', '<1'])(
    'refuses %s with a reason',
    (pattern) => {
      expect(() => compileRegexp(pattern)).toThrow(/regular expression .* expected/)
    },
  )

  test('says which operators it cannot answer where', () => {
    for (const pattern of ['a~b', '(a&b)+', 'x(~a)']) {
      expect(() => compileRegexp(pattern)).toThrow(/~ and & are not supported inside/)
    }
    try {
      compileRegexp('a{2000}')
      expect.unreachable()
    } catch (error) {
      expect(isQueryError(error)).toBe(true)
      expect(String(error)).toMatch(/at most 1000 repetitions expected, found 2000/)
    }
  })

  test('tell the beginning of every match', () => {
    expect(compileRegexp('cmd\\.exe')).toMatchObject({ prefix: 'cmd.exe', isExact: 'cmd.exe' })
    expect(compileRegexp('win(32|64)').prefix).toBe('win')
    expect(compileRegexp('abx|aby').prefix).toBe('ab')
    expect(compileRegexp('(ab)+c').prefix).toBe('ab')
    expect(compileRegexp('10\\.x', { caseInsensitive: true }).prefix).toBe('10.')
    expect(compileRegexp('10\\.x', { caseInsensitive: true }).matches('10.X')).toBe(true)
  })

  test('match numbers of an interval', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), fc.nat(6000), (a, b, number) => {
        const isIn = number >= Math.min(a, b) && number <= Math.max(a, b)
        expect(compileRegexp(`<${a}-${b}>`).matches(String(number).padStart(String(a).length, '0'))).toBe(
          isIn,
        )
      }),
    )
  })

  test('never take more than linear time', () => {
    expect(compileRegexp('(a|a)*(a|aa)+b').matches('a'.repeat(20_000))).toBe(false)
  })

  test('never fail in another way than by a query error', () => {
    const pieces = fc.constantFrom(...'ab.?+*|{}()[]^-"~&@#<>\\1,', '{2,3}', '<1-9>', '(a', '[^b]')
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), letters, (list, text) => {
        try {
          expectPromisesKept(compileRegexp(list.join('')), text)
        } catch (error) {
          expect(isQueryError(error)).toBe(true)
        }
      }),
      { numRuns: 1000 },
    )
    expect(() => compileRegexp('('.repeat(100_000))).toThrow(/nested groups/)
  })
})

describe('fuzzy terms', () => {
  const WORDS = [
    'a',
    'b',
    'ab',
    'ba',
    'abc',
    'abcd',
    'abdc',
    'acb',
    'abcde',
    'bacd',
    'badc',
    'cab',
    '',
    'a😀',
    'ca',
  ]

  // As Lucene 9.12.3 found them, FuzzyQuery with transpositions.
  test.each([
    ['ab', 1, 0, ['a', 'b', 'ab', 'ba', 'abc', 'acb', 'cab', 'a😀']],
    ['abcd', 1, 0, ['abc', 'abcd', 'abdc', 'abcde', 'bacd']],
    ['abcd', 1, 1, ['abc', 'abcd', 'abdc', 'abcde']],
    ['abcd', 2, 0, ['ab', 'abc', 'abcd', 'abdc', 'acb', 'abcde', 'bacd', 'badc']],
    ['ca', 2, 0, ['a', 'b', 'ab', 'ba', 'acb', 'cab', '', 'a😀', 'ca']],
    ['ca', 2, 1, ['cab', 'ca']],
    ['ab', 'auto', 0, ['ab']],
    ['abc', 'auto', 0, ['ab', 'abc', 'abcd', 'abdc', 'acb']],
  ] as const)('%s within %s edits, %i equal at the beginning', (term, distance, prefixLength, wanted) => {
    expect(matched(compileFuzzy(term, distance, prefixLength), WORDS)).toEqual(wanted)
  })

  test('agree with the plain distance', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '😀'), maxLength: 7 })
    fc.assert(
      fc.property(words, words, fc.constantFrom(1, 2), (term, token, edits) => {
        const matcher = compileFuzzy(term, edits as 1 | 2)
        expect(matcher.matches(token)).toBe(plainDistance(Array.from(term), Array.from(token)) <= edits)
      }),
      { numRuns: 2000 },
    )
  })
})

function plainDistance(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return a.length + b.length
  const [restA, restB] = [a.slice(1), b.slice(1)]
  if (a[0] === b[0]) return plainDistance(restA, restB)
  const edits = [plainDistance(restA, b), plainDistance(a, restB), plainDistance(restA, restB)]
  if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0]) {
    edits.push(plainDistance(a.slice(2), b.slice(2)))
  }
  return 1 + Math.min(...edits)
}
