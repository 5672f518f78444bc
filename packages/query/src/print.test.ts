import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLucene } from './lucene/parse-lucene.ts'
import { printQuery } from './print.ts'
import type { Query } from './query.ts'
import { simplify } from './simplify.ts'

const SIGNS = ['+', '-', '!', '(', ')', ':', '^', '[', ']', '"', '{', '}', '~', '*', '?', '\\', '/', '&', '|']
const ODD = [
  '<',
  '>',
  '=',
  ' ',
  '\t',
  '\n',
  '\u3000',
  '\u00a0',
  '\0',
  'é',
  '😀',
  '\ud800',
  '.',
  '@',
  "'",
  '#',
]
const character = fc.constantFrom('a', 'B', '7', 'u', ...SIGNS, ...ODD)
const text = fc.oneof(
  fc.string({ unit: character, minLength: 1, maxLength: 8 }),
  fc.constantFrom(
    'AND',
    'OR',
    'NOT',
    'TO',
    '&&',
    '||',
    'a b',
    'a <5',
    'a  b',
    ' a',
    'u0041',
    '\\u0041',
    'a^2',
    'a~1',
  ),
)
/** An analysed field drops what has no word, and takes what begins with `<` or `>` for a comparison. */
const word = text.filter((some) => /[a7]/i.test(some) && !/^[<>]/.test(some))
const fieldName = fc.oneof(
  fc.constantFrom('f', 'a.b.c', 'x.*', 'hostname.keyword', 'AND', 'TO', 'user:name', 'a b'),
  text.filter((name) => name !== '*' && !name.startsWith('_')),
)
const field = fc.option(fieldName, { nil: undefined })
const end = fc.oneof(
  text,
  fc.constantFrom(
    '5',
    '-1.5e3',
    '2024-01-01T10:00:00+02:00',
    'now-1d/d',
    '2024-01-01||+1M/d',
    '*',
    'TO',
    'a*',
    '?',
  ),
)
const isWhole = (name: string | undefined): boolean => /\.(keyword|wildcard)$/.test(name ?? '')
/** Escapes as the parser leaves them: none but of signs that patterns have. */
const pattern = fc
  .array(
    fc.oneof(
      character.map((sign) => (/[*?\\]/.test(sign) ? `\\${sign}` : sign)),
      fc.constantFrom('*', '?'),
    ),
    {
      maxLength: 7,
    },
  )
  .map((parts) => parts.join(''))
  .filter((some) => /[*?]/.test(some.replaceAll(/\\./gsu, '')) && !/^\*+$/.test(some))
const expression = fc
  .array(
    fc.constantFrom(
      'a',
      '.',
      'b*',
      'c{1,3}',
      '[x-z/]',
      '\\/',
      '\\.',
      '(d|e)',
      ' ',
      ' AND ',
      '@',
      '<1-9>',
      ':',
    ),
    {
      maxLength: 6,
    },
  )
  .map((parts) => parts.join('').replaceAll('[x-z/]', '[x-z\\/]'))

const range = fc
  .record({
    field: fieldName,
    low: fc.option(end),
    high: fc.option(end),
    isOpen: fc.boolean(),
    isHalf: fc.boolean(),
  })
  .filter(({ low, high }) => low !== null || high !== null)
  .map(
    ({ field: name, low, high, isOpen, isHalf }): Query => ({
      kind: 'range',
      field: name,
      ...(low === null ? {} : { [isOpen ? 'gt' : 'gte']: low }),
      ...(high === null ? {} : { [isHalf ? 'lt' : 'lte']: high }),
    }),
  )
const leaf: fc.Arbitrary<Query> = fc.oneof(
  fc.record({ kind: fc.constant('match'), field, text: word, operator: fc.constant('and') }),
  fc.record({ kind: fc.constant('phrase'), field, text: word, slop: fc.constantFrom(0, 1, 12) }),
  range,
  fc
    .record({ kind: fc.constant('wildcard'), field, pattern })
    .map((query) => ({ ...query, whole: isWhole(query.field), caseInsensitive: !isWhole(query.field) })),
  fc
    .record({ kind: fc.constant('regexp'), field, pattern: expression })
    .map((query) => ({ ...query, caseInsensitive: !isWhole(query.field) })),
  fc.record({
    kind: fc.constant('fuzzy'),
    field,
    text,
    distance: fc.constantFrom(0, 1, 2, 'auto'),
    prefixLength: fc.constant(0),
  }),
  fc.record({ kind: fc.constant('exists'), field: fc.oneof(fieldName, fc.constant('')) }),
  fc.record({ kind: fc.constant('ids'), values: fc.uniqueArray(text, { minLength: 1, maxLength: 3 }) }),
  fc.constantFrom({ kind: 'all' }, { kind: 'none' }),
) as fc.Arbitrary<Query>
const tree = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({
      kind: fc.constantFrom('and', 'or'),
      of: fc.array(tie('query'), { maxLength: 3 }),
    }) as fc.Arbitrary<Query>,
    fc.record({ kind: fc.constant('not'), of: tie('query') }) as fc.Arbitrary<Query>,
  ),
})).query

describe('a tree that the query string can say', () => {
  it('is the same after printing and reading', () => {
    fc.assert(
      fc.property(tree, (query) => {
        const printed = printQuery(query)
        expect(simplify(parseLucene(printed)), printed).toEqual(simplify(query))
      }),
      { numRuns: 3000 },
    )
  })

  it.each<[string, Query]>([
    [
      'a range whose lower end closes with a backslash',
      { kind: 'range', field: 'f', gte: 'a\\', lt: 'b "c"' },
    ],
    ['a pattern with a line break', parseLucene('f:*a\\\nb')],
    ['an id like a comparison', { kind: 'ids', values: ['<5', 'x'] }],
    ['a text with a comparison in it', parseLucene('f:a\\ \\<5')],
  ])('%s', (_, query) => {
    expect(simplify(parseLucene(printQuery(query)))).toEqual(query)
  })

  it('an expression that ends with a backslash ends where it does', () => {
    const query = parseLucene('f:/a\\\\/')
    expect(parseLucene(printQuery({ kind: 'and', of: [query, parseLucene('g:/b/')] }))).toMatchObject({
      of: [{ field: 'f' }, { field: 'g' }],
    })
  })
})
