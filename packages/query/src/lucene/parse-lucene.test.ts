import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_CLAUSES, MAX_NESTING_DEPTH, MAX_PHRASE_WORDS, MAX_QUERY_LENGTH } from '../limits.ts'
import { printQuery } from '../print.ts'
import type { Query } from '../query.ts'
import { isQueryError } from '../query-error.ts'
import { simplify } from '../simplify.ts'
import { parseLucene } from './parse-lucene.ts'

const match = (field: string | undefined, text: string, operator: 'and' | 'or' = 'and'): Query => ({
  kind: 'match',
  field,
  text,
  operator,
})
const and = (...of: Query[]): Query => ({ kind: 'and', of })
const or = (...of: Query[]): Query => ({ kind: 'or', of })
const not = (of: Query): Query => ({ kind: 'not', of })
const range = (field: string, ends: object): Query => ({ kind: 'range', field, ...ends })
const phrase = (field: string | undefined, text: string, slop = 0): Query => ({
  kind: 'phrase',
  field,
  text,
  slop,
})
const wildcard = (field: string | undefined, pattern: string, whole = false): Query => ({
  kind: 'wildcard',
  field,
  pattern,
  whole,
  caseInsensitive: !whole,
})
const fuzzy = (text: string, distance: 0 | 1 | 2 | 'auto'): Query => ({
  kind: 'fuzzy',
  field: undefined,
  text,
  distance,
  prefixLength: 0,
})
const [a, b, c] = ['a', 'b', 'c'].map((word) => match(undefined, word)) as [Query, Query, Query]
const exists = (field: string): Query => ({ kind: 'exists', field })

describe('what a query string asks', () => {
  it.each<[string, Query]>([
    ['', { kind: 'all' }],
    [' \t\n ', { kind: 'all' }],
    ['*', { kind: 'all' }],
    ['*:*', { kind: 'all' }],
    ['  a  ', a],
    ['foo-bar', match(undefined, 'foo-bar')],
    ['a b', match(undefined, 'a b')],
    ['f:(a b)', match('f', 'a b')],
    ['a b OR c', a],
    ['f:a', match('f', 'a')],
    ['f : a', match('f', 'a')],
    ['a.b.c:d', match('a.b.c', 'd')],
    ['a\\ b\\:c:d', match('a b:c', 'd')],
    ['\\u0066oo:b\\u0041r', match('foo', 'bAr')],
    ['f:a b', and(match('f', 'a'), b)],
    ['f:(a OR b)', or(match('f', 'a'), match('f', 'b'))],
    ['f:(a g:b)', and(match('f', 'a'), match('g', 'b'))],
    ['*:a', a],
    ['a&&b', match(undefined, 'a&&b')],
    ['a && b', and(a, b)],
    ['a || b', or(a, b)],
    ['NOT a', not(a)],
    ['!a', not(a)],
    ['-a', not(a)],
    ['a -b', and(a, not(b))],
    ['+a b', and(a, b)],
    ['a AND NOT b', and(a, not(b))],
    ['a - b', and(a, match(undefined, '-'), b)],
    ['and or not', match(undefined, 'and or not')],
    ['_exists_:f', exists('f')],
    ['_exists_:"a b"', exists('a b')],
    ['f:*', exists('f')],
    ['f:**', exists('f')],
    ['_id:x', { kind: 'ids', values: ['x'] }],
    ['_id:"x y"', { kind: 'ids', values: ['x y'] }],
    ['"a b"', phrase(undefined, 'a b')],
    ['f:"a \\"b\\" \\\\ c"', phrase('f', 'a "b" \\ c')],
    ['"a b"~3', phrase(undefined, 'a b', 3)],
    ['"a b"~2^4', phrase(undefined, 'a b', 2)],
    ['"a b"~', phrase(undefined, 'a b')],
    ['"a b"~1.5', phrase(undefined, 'a b', 1)],
    ['"a b"~-0.5', phrase(undefined, 'a b')],
    ['f:a*~1', wildcard('f', 'a*')],
    ['f:[1 TO 5]', range('f', { gte: '1', lte: '5' })],
    ['f:{1 TO 5}', range('f', { gt: '1', lt: '5' })],
    ['f:[1 TO 5}', range('f', { gte: '1', lt: '5' })],
    ['f:{1 TO *]', range('f', { gt: '1' })],
    ['f:[* TO 5]', range('f', { lte: '5' })],
    ['f:[* TO *]', exists('f')],
    ['f:["a b" TO "c]"]', range('f', { gte: 'a b', lte: 'c]' })],
    ['f:[2024-01-01T00:00:00 TO now-1d/d]^2', range('f', { gte: '2024-01-01T00:00:00', lte: 'now-1d/d' })],
    ['f:>5', range('f', { gt: '5' })],
    ['f:>=5', range('f', { gte: '5' })],
    ['f:<-5', range('f', { lt: '-5' })],
    ['f:<=2024-01-01', range('f', { lte: '2024-01-01' })],
    ['f:(>=1 AND <9)', and(range('f', { gte: '1' }), range('f', { lt: '9' }))],
    ['f:(>=1 <9)', and(range('f', { gte: '1' }), range('f', { lt: '9' }))],
    ['fo*', wildcard(undefined, 'fo*')],
    ['f:*o?', wildcard('f', '*o?')],
    ['f:fo\\**', wildcard('f', 'fo\\**')],
    ['f:a\\\\*', wildcard('f', 'a\\\\*')],
    ['f.keyword:C\\:\\\\*', wildcard('f.keyword', 'C:\\\\*', true)],
    ['f:/a.*[bc]\\/d/', { kind: 'regexp', field: 'f', pattern: 'a.*[bc]\\/d', caseInsensitive: true }],
    ['foo~', fuzzy('foo', 'auto')],
    ['foo~AUTO', fuzzy('foo', 'auto')],
    ['foo~1', fuzzy('foo', 1)],
    ['foo~0.8', fuzzy('foo', 0)],
    ['foo~9^2', fuzzy('foo', 2)],
    ['a^2', a],
    ['(a OR b)^1.5', or(a, b)],
    ['((a))', a],
    ['message:"---" AND a', a],
    ['message:"---"', { kind: 'none' }],
    ['a\u3000AND\u3000b', and(a, b)],
  ])('%j', (text, query) => {
    expect(simplify(parseLucene(text))).toEqual(simplify(query))
  })
})

describe("Lucene's classic AND and OR", () => {
  it.each<[string, 'and' | 'or', Query]>([
    ['a OR b AND c', 'and', and(b, c)],
    ['a AND b OR c', 'and', a],
    ['a OR b OR c', 'and', or(a, b, c)],
    ['a OR b c', 'and', c],
    ['-a OR b', 'and', and(b, not(a))],
    ['a OR NOT b', 'and', and(a, not(b))],
    ['a OR (NOT b)', 'and', or(a, not(b))],
    ['+a OR b', 'and', or(a, b)],
    ['NOT a NOT b', 'and', and(not(a), not(b))],
    ['a OR b AND c OR d', 'and', b],
    ['a b', 'or', match(undefined, 'a b', 'or')],
    ['a OR b AND c', 'or', and(match(undefined, 'b', 'or'), match(undefined, 'c', 'or'))],
    ['a AND b OR c', 'or', and(match(undefined, 'a', 'or'), match(undefined, 'b', 'or'))],
    ['a +(b)', 'or', match(undefined, 'b', 'or')],
    ['a -b', 'or', and(match(undefined, 'a', 'or'), not(match(undefined, 'b', 'or')))],
  ])('%j, default %s', (text, defaultOperator, query) => {
    expect(parseLucene(text, { defaultOperator })).toEqual(query)
  })
})

describe('options', () => {
  it('asks each default field', () => {
    expect(parseLucene('a b*', { defaultFields: ['f', 'g'] })).toEqual(
      and(or(match('f', 'a'), match('g', 'a')), or(wildcard('f', 'b*'), wildcard('g', 'b*'))),
    )
  })

  it('compares each default field', () => {
    expect(parseLucene('>5', { defaultFields: ['f', 'g'] })).toEqual(
      or(range('f', { gt: '5' }), range('g', { gt: '5' })),
    )
  })

  it('refuses patterns with an open beginning where that is wanted', () => {
    const options = { allowLeadingWildcard: false }
    expect(() => parseLucene('a f:*b', options)).toThrow(/column 5/)
    expect(() => parseLucene('?b', options)).toThrow(/not allowed/)
    expect(parseLucene('f:*', options)).toEqual({ kind: 'exists', field: 'f' })
    expect(parseLucene('f:b*', options)).toEqual(wildcard('f', 'b*'))
  })

  it('puts the zone on ranges', () => {
    const timeZone = '+02:00'
    expect(parseLucene('t:>2024', { timeZone })).toEqual(range('t', { gt: '2024', timeZone }))
  })

  it('asks for as many optional clauses as wanted', () => {
    const query = parseLucene('+d a* b* c*', {
      defaultOperator: 'or',
      minimumShouldMatch: (optional) => optional - 1,
    })
    expect(query).toMatchObject({ of: [{ kind: 'or', atLeast: 2 }, { text: 'd' }] })
  })
})

describe('what is refused, and where', () => {
  it.each<[string, number, RegExp]>([
    ['(', 2, /found the end of the query/],
    ['a AND', 6, /a term, a phrase, a range or "\(" was expected/],
    ['m OR', 5, /found the end/],
    ['AND a', 1, /found "AND"/],
    ['"abc', 1, /quote is opened here and never closed/],
    ['n:[1 TO', 8, /the upper end of the range was expected, found the end/],
    ['n:[1 5]', 6, /"TO" was expected, found "5"/],
    ['n:[1 TO 5', 10, /"\]" or "}" was expected/],
    ['[1 TO 5]', 1, /a range needs a field/],
    ['a AND >5', 7, /a comparison needs a field before it/],
    ['<script> alert', 1, /text that begins with "<" needs quotes/],
    ['!!!', 2, /found "!"/],
    ['a/b', 2, /regular expression is opened/],
    ['message:/[a/', 12, /in the regular expression, '\]' expected, found the end of the expression/],
    ['a AND m:/x{2000}/', 11, /at most 1000 repetitions expected, found 2000/],
    ['m:/(x{40}){40}/', 11, /with those inside multiplied, found 1600/],
    ['m:/x(~a)/', 5, /~ and & are not supported inside a larger sequence/],
    ['m:/a)/', 5, /the end of the expression expected, found '\)'/],
    ["m:/('ü😀[z-a])/", 13, /from a lower to a higher/],
    [`/${'('.repeat(300)}a${')'.repeat(300)}/`, 202, /at most 200 nested groups/],
    [`/a${'+'.repeat(300)}/`, 204, /at most 200 repetitions of repetitions/],
    [`/(${'a'.repeat(2000)}){1000}/`, 2, /at most 1000000 states expected/],
    ['a)', 2, /never opened/],
    ['(a', 3, /"\(" of column 1 is never closed/],
    ['()', 2, /found "\)"/],
    ['a:b:c', 4, /found ":"/],
    ['a:', 3, /found the end/],
    ['a]', 2, /never opened/],
    ['a^b', 3, /a number was expected, found "b"/],
    ['a^', 3, /found the end/],
    ['a~foo', 2, /number of edits/],
    ['~', 1, /found "~"/],
    ['a\\', 2, /escapes nothing/],
    ['ab\\u12', 3, /four hexadecimal digits/],
    ['"a"~-2', 4, /must not be negative/],
    ['"a"~x', 4, /a number of moves was expected, found "x"/],
    ['a AND "b c"~1x', 12, /a number of moves was expected, found "1x"/],
    ['"a"~AUTO', 4, /a number of moves/],
    ['"a"~Infinity', 4, /a number of moves/],
    ['f:a*~x', 5, /number of edits/],
    ['f:/a/~x', 6, /number of edits/],
    ['f:*~x', 4, /number of edits/],
    ['a~1x', 2, /number of edits/],
    ['a^-1', 3, /a number was expected, found "-"/],
    ['a^.5', 3, /a number was expected, found "\."/],
  ])('%j at column %i', (text, column, sentence) => {
    let error: unknown
    try {
      parseLucene(text)
    } catch (thrown) {
      error = thrown
    }
    expect(isQueryError(error)).toBe(true)
    expect(error).toMatchObject({ column, query: text, message: expect.stringMatching(sentence) })
  })
})

describe('limits', () => {
  it.each([
    ['depth', `${'('.repeat(MAX_NESTING_DEPTH + 2)}a`],
    ['clauses', 'a* '.repeat(MAX_CLAUSES + 1)],
    ['length', 'a'.repeat(MAX_QUERY_LENGTH + 1)],
  ])('%s', (_, text) => {
    expect(() => parseLucene(text)).toThrow(/more than|at most/)
  })

  it('words of a phrase, at its place', () => {
    const words = (count: number) => `"${'a-'.repeat(count)}"`
    expect(() => parseLucene(words(MAX_PHRASE_WORDS))).not.toThrow()
    for (const [text, column] of [
      [`b AND ${words(MAX_PHRASE_WORDS + 1)}`, 7],
      [`f:"${'日'.repeat(MAX_PHRASE_WORDS + 1)}"`, 3],
    ] as const) {
      let error: unknown
      try {
        parseLucene(text)
      } catch (thrown) {
        error = thrown
      }
      expect(error).toMatchObject({
        code: 'bad-query',
        column,
        message: expect.stringContaining('4096 words'),
      })
    }
    expect(() => parseLucene(`f.keyword:${words(MAX_PHRASE_WORDS + 1)}`)).not.toThrow()
  })

  it('reads the deepest groups', () => {
    const depth = MAX_NESTING_DEPTH
    const query = parseLucene(`${'-(a '.repeat(depth)}b${')'.repeat(depth)}`)
    expect(printQuery(simplify(query)).length).toBeGreaterThan(depth)
  })
})

const pieces = [
  'a',
  'foo-bar',
  'AND',
  'OR',
  'NOT',
  '&&',
  '||',
  '!',
  '+',
  '-',
  '(',
  ')',
  'f:',
  '"x y"',
  '~',
  '~1',
]
const oddPieces = [
  '^2',
  '[',
  '{',
  ' TO ',
  ']',
  '}',
  '*',
  '?',
  '/x/',
  '/',
  '\\',
  '\\u0041',
  '"',
  ' ',
  '>=',
  '\u0000',
  '\ud800',
]

describe('any text', () => {
  it('is read or refused with a QueryError whose column lies in it', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...pieces, ...oddPieces), { maxLength: 14 }).map((list) => list.join(' ')),
      fc.array(fc.constantFrom(...pieces, ...oddPieces), { maxLength: 14 }).map((list) => list.join('')),
    )
    fc.assert(
      fc.property(text, fc.constantFrom('and' as const, 'or' as const), (query, defaultOperator) => {
        try {
          parseLucene(query, { defaultOperator })
        } catch (error) {
          if (!isQueryError(error)) throw error
          expect(error.column).toBeLessThanOrEqual(query.length + 1)
          expect(error.column).toBeGreaterThan(0)
        }
      }),
      { numRuns: 3000 },
    )
  })

  it.each([
    '(',
    ')',
    '"',
    '/',
    '\\',
    '[',
    '{"',
    '["\\" TO ',
    '/\\',
    'a* ',
    '!a',
    '(a)',
    '~',
    'f:(',
    'a OR ',
    '*?',
    '\\u',
    '+ ',
    '"\\',
  ])('of 50,000 characters of %j ends', (piece) => {
    const text = piece.repeat(Math.ceil(50_000 / piece.length))
    try {
      simplify(parseLucene(text))
    } catch (error) {
      if (!isQueryError(error)) throw error
    }
  })

  it('means the same after printing and reading again', () => {
    const more = [
      'b',
      'f:(a b)',
      'f:(a OR g:(b',
      'g:x*',
      'g:/x y[\\/]\\\\.*/',
      'k.keyword:*\\:?',
      'x\\*\\-*',
      '\\u0041\\ b~',
      '_id:"x y"',
    ]
    const ranges = [
      '[1 TO 2]',
      'f:[1 TO 2]',
      'f:{* TO "a \\" b"]',
      't:[now-1d/d TO 2024-01-01||+1M/d}',
      't:>=2024-01-01T10',
    ]
    const text = fc.array(fc.constantFrom(...pieces, ...more, ...ranges), { maxLength: 9 })
    fc.assert(
      fc.property(text, (list) => {
        let query: Query
        try {
          query = simplify(parseLucene(list.join(' ')))
        } catch (error) {
          if (isQueryError(error)) return
          throw error
        }
        expect(simplify(parseLucene(printQuery(query)))).toEqual(query)
      }),
      { numRuns: 3000 },
    )
  })
})
