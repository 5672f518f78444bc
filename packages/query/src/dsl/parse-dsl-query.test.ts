import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_CLAUSES, MAX_PHRASE_WORDS } from '../limits.ts'
import { parseLucene } from '../lucene/parse-lucene.ts'
import { printQuery } from '../print.ts'
import { isQueryError } from '../query-error.ts'
import { simplify } from '../simplify.ts'
import { parseDslQuery } from './parse-dsl-query.ts'
import { toDsl } from './to-dsl.ts'

const term = (field: string, value: unknown) => ({ kind: 'term', field, value })
const t = (value: string) => ({ term: { f: value } })

describe('clauses', () => {
  it.each<[object, object]>([
    [{ match_all: {} }, { kind: 'all' }],
    [{ match_none: {} }, { kind: 'none' }],
    [{ term: { f: 1 } }, term('f', 1)],
    [
      { term: { f: { value: 'X', case_insensitive: true, boost: 2 } } },
      { ...term('f', 'X'), caseInsensitive: true },
    ],
    [{ term: { _id: 'x' } }, { kind: 'ids', values: ['x'] }],
    [{ terms: { f: ['a', 2, true] } }, { kind: 'or', of: [term('f', 'a'), term('f', 2), term('f', true)] }],
    [{ terms: { f: [] } }, { kind: 'none' }],
    [{ ids: { values: ['a', 'b'] } }, { kind: 'ids', values: ['a', 'b'] }],
    [{ exists: { field: 'f' } }, { kind: 'exists', field: 'f' }],
    [{ match: { f: 'a b' } }, { kind: 'match', field: 'f', text: 'a b', operator: 'or' }],
    [
      { match: { f: { query: 'a b', operator: 'AND' } } },
      { kind: 'match', field: 'f', text: 'a b', operator: 'and' },
    ],
    [{ match: { f: { query: 'abc', fuzziness: 'AUTO' } } }, { kind: 'fuzzy', text: 'abc', distance: 'auto' }],
    [{ match: { f: { query: 'a b c', minimum_should_match: '67%' } } }, { kind: 'or', atLeast: 2 }],
    [
      { match_phrase: { f: { query: 'a b', slop: 2 } } },
      { kind: 'phrase', field: 'f', text: 'a b', slop: 2 },
    ],
    [{ match_phrase_prefix: { f: 'a b' } }, { kind: 'phrase', prefix: true }],
    [
      { multi_match: { query: 'a b', fields: ['f^2', 'g'], operator: 'and' } },
      {
        kind: 'or',
        of: [
          { field: 'f', text: 'a b' },
          { field: 'g', text: 'a b' },
        ],
      },
    ],
    [
      { multi_match: { query: 'a b', fields: ['f', 'g'], type: 'cross_fields', operator: 'and' } },
      { kind: 'and', of: [{ kind: 'or', of: [{ text: 'a' }, { text: 'a' }] }, { kind: 'or' }] },
    ],
    [{ multi_match: { query: 'a', type: 'phrase' } }, { kind: 'phrase', field: undefined }],
    [{ query_string: { query: 'a AND f:b' } }, { kind: 'and', of: [{ field: undefined }, { field: 'f' }] }],
    [
      { query_string: { query: 'a b', default_operator: 'AND', default_field: 'f' } },
      { field: 'f', operator: 'and' },
    ],
    [
      { query_string: { query: 'a b c +d', default_field: 'f', minimum_should_match: 2 } },
      {
        kind: 'and',
        of: [{ kind: 'or', of: [{ text: 'a' }, { text: 'b' }, { text: 'c' }], atLeast: 2 }, { text: 'd' }],
      },
    ],
    [{ query_string: { query: ' ' } }, { kind: 'none' }],
    [
      { simple_query_string: { query: '"a b" -c' } },
      { kind: 'or', of: [{ kind: 'phrase' }, { kind: 'not' }] },
    ],
    [{ range: { f: { gte: 1, lt: '5' } } }, { kind: 'range', field: 'f', gte: 1, lt: '5' }],
    [{ range: { f: { from: 1, to: 5, include_upper: false } } }, { kind: 'range', gte: 1, lt: 5 }],
    [
      { range: { f: { gte: 'now-1d', time_zone: '+01:00' } } },
      { kind: 'range', gte: 'now-1d', timeZone: '+01:00' },
    ],
    [
      { range: { f: { gte: 2024, format: 'epoch_millis' } } },
      { kind: 'range', gte: '1970-01-01T00:00:02.024Z' },
    ],
    [
      { range: { f: { lte: '31/12/2024', format: 'dd/MM/yyyy||yyyy' } } },
      { kind: 'range', lte: '2024-12-31' },
    ],
    [{ range: { f: { gte: false, lte: true } } }, { kind: 'range', field: 'f', gte: 'false', lte: 'true' }],
    [{ match: { f: { query: '---', zero_terms_query: 'all' } } }, { kind: 'all' }],
    [
      { match_bool_prefix: { f: 'a b@c' } },
      { kind: 'or', of: [{ text: 'a' }, { text: 'b' }, { pattern: 'c*' }] },
    ],
    [{ match: { datetime: { query: 'soon', lenient: true } } }, { kind: 'match', text: 'soon' }],
    [{ range: { f: {} } }, { kind: 'exists', field: 'f' }],
    [{ wildcard: { f: 'a*' } }, { kind: 'wildcard', pattern: 'a*', whole: false, caseInsensitive: false }],
    [
      { wildcard: { 'f.wildcard': { value: '*a*', case_insensitive: true } } },
      { kind: 'wildcard', field: 'f.wildcard', pattern: '*a*', whole: true, caseInsensitive: true },
    ],
    [{ prefix: { f: { value: 'a*' } } }, { kind: 'wildcard', pattern: 'a\\**' }],
    [{ regexp: { f: { value: 'a.*', case_insensitive: true } } }, { kind: 'regexp', caseInsensitive: true }],
    [
      { fuzzy: { f: { value: 'abc', fuzziness: 1, prefix_length: 2 } } },
      { kind: 'fuzzy', distance: 1, prefixLength: 2 },
    ],
    [{ fuzzy: { f: { value: 'abc', fuzziness: 'AUTO:2,4' } } }, { kind: 'fuzzy', distance: 1 }],
    [{ constant_score: { filter: t('a') } }, term('f', 'a')],
    [{ dis_max: { queries: [t('a'), t('b')] } }, { kind: 'or', of: [term('f', 'a'), term('f', 'b')] }],
    [{ function_score: { query: t('a'), functions: [] } }, term('f', 'a')],
  ])('%j', (body, query) => {
    expect(parseDslQuery(body)).toMatchObject(query)
  })
})

describe('bool', () => {
  const [a, b, c] = [term('f', 'a'), term('f', 'b'), term('f', 'c')]
  it.each<[object, object]>([
    [{}, { kind: 'all' }],
    [{ must: [], filter: [], must_not: [] }, { kind: 'all' }],
    [{ should: [], minimum_should_match: 1 }, { kind: 'all' }],
    [{ must: t('a') }, a],
    [
      { must: [t('a')], filter: [t('b')] },
      { kind: 'and', of: [a, b] },
    ],
    [{ must: [t('a')], should: [t('b')] }, a],
    [
      { must: [t('a')], should: [t('b')], minimum_should_match: 1 },
      { kind: 'and', of: [a, b] },
    ],
    [{ should: [t('a'), t('b')] }, { kind: 'or', of: [a, b] }],
    [
      { should: [t('a'), t('b'), t('c')], minimum_should_match: -1 },
      { kind: 'or', of: [a, b, c], atLeast: 2 },
    ],
    [
      { should: [t('a'), t('b'), t('c')], minimum_should_match: '2<-25% 9<-3' },
      { kind: 'or', atLeast: 3 },
    ],
    [
      { should: [t('a'), t('b')], minimum_should_match: '3<90%' },
      { kind: 'or', atLeast: 2 },
    ],
    [{ must_not: [t('a')] }, { kind: 'not', of: a }],
    [{ must_not: [t('a')], adjust_pure_negative: false }, { kind: 'none' }],
    [
      { should: [t('a')], must_not: [t('b')] },
      { kind: 'and', of: [a, { kind: 'not', of: b }] },
    ],
  ])('%j', (bool, query) => {
    expect(parseDslQuery({ bool })).toEqual(
      query.constructor === Object ? expect.objectContaining(query) : query,
    )
  })
})

describe('labels', () => {
  const name = { term: { 'timesketch_label.name.keyword': '__ts_star' } }
  const sketch = { term: { 'timesketch_label.sketch_id': 3 } }
  const nested = (query: object) => ({ nested: { path: 'timesketch_label', query } })
  it('are nested questions', () => {
    const label = { kind: 'label', name: '__ts_star', sketchId: 3 }
    expect(parseDslQuery(nested({ bool: { must: [name, sketch] } }))).toEqual(label)
    expect(parseDslQuery(nested({ bool: { filter: [sketch], must: name } }))).toEqual(label)
    expect(parseDslQuery(nested(name))).toEqual({ ...label, sketchId: undefined })
  })

  it('on another path are refused', () => {
    expect(() => parseDslQuery({ nested: { path: 'x', query: name } })).toThrow(/query\.nested\.path/)
  })
})

describe('what is refused', () => {
  it.each<[unknown, RegExp]>([
    [{ foo: {} }, /at query\.foo: the query clause "foo" is not known; known are bool, boosting/],
    [{ bool: { must: [{ bool: { filter: { bar: 1 } } }] } }, /query\.bool\.must\[0\]\.bool\.filter\.bar/],
    [
      { bool: { musst: [] } },
      /query\.bool\.musst: nothing of this name is known here; known are must, filter/,
    ],
    [{}, /one query clause was expected, found 0/],
    [{ term: { a: 1 }, match: { b: 2 } }, /found 2 \(term, match\)/],
    [null, /an object was expected, found null/],
    ['x', /an object was expected, found "x"/],
    [{ term: { f: null } }, /found null/],
    [{ range: { f: { gte: [] } } }, /query\.range\.f\.gte/],
    [{ range: { f: { gte: 'x', format: 'yyyy' } } }, /a date of the form "yyyy" was expected, found "x"/],
    [{ range: { datetime: { gte: '2024-02-30' } } }, /query\.range\.datetime\.gte: a date such as/],
    [{ range: { datetime: { gte: '2024', time_zone: 'Nowhere/Else' } } }, /time_zone: an offset or a zone/],
    [
      { query_string: { query: 'x', time_zone: 'Mars/Olympus' } },
      /query_string\.time_zone: an offset or a zone such as Europe\/Berlin was expected, found "Mars\/Olympus"/,
    ],
    [{ regexp: { f: '[a' } }, /query\.regexp\.f: in the regular expression at column 3, '\]' expected/],
    [{ query_string: { query: 'f:/[a/' } }, /column 6: in the regular expression/],
    [{ term: { datetime: 'soon' } }, /a date such as .* found "soon"/],
    [{ match: { datetime: 'soon' } }, /a date such as/],
    [{ dis_max: { queries: [] } }, /one query at least/],
    [{ query_string: { query: '*a', allow_leading_wildcard: false } }, /not allowed here/],
    [{ query_string: { query: '(' } }, /column 2/],
    [JSON.parse('{"__proto__": {"x": 1}}'), /"__proto__" is not known/],
    [JSON.parse('{"constructor": {}}'), /"constructor" is not known/],
    [{ terms: { f: Array.from({ length: MAX_CLAUSES + 1 }, () => 1) } }, /more than/],
    [
      { match_phrase: { f: 'a '.repeat(MAX_PHRASE_WORDS + 1) } },
      /match_phrase\.f\S*: a phrase has more than 4096 words/,
    ],
    [
      { simple_query_string: { query: `"${'a '.repeat(MAX_PHRASE_WORDS + 1)}"` } },
      /a phrase has more than 4096 words/,
    ],
  ])('%#', (body, sentence) => {
    expect(() => parseDslQuery(body)).toThrow(sentence)
  })

  it('is nested too deep', () => {
    let body: object = t('a')
    for (let depth = 0; depth < 100_000; depth++) body = { bool: { must: body } }
    expect(() => parseDslQuery(body)).toThrow(/nested more than/)
  })
})

it('any JSON is read or refused with a QueryError', () => {
  const names = [
    'bool',
    'must',
    'should',
    'term',
    'range',
    'match',
    'f',
    'query',
    'query_string',
    'terms',
    'value',
    'nested',
  ]
  const json = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom('a', 1, null, true, '__proto__'),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names), tie('node'), { maxKeys: 3 }),
    ),
  })).node
  fc.assert(
    fc.property(json, (body) => {
      try {
        printQuery(simplify(parseDslQuery(body)))
      } catch (error) {
        if (!isQueryError(error)) throw error
      }
    }),
    { numRuns: 3000 },
  )
})

describe('writing', () => {
  it.each([
    'f:a AND NOT g:"b c"~2',
    'f:(a OR b*) AND _exists_:h',
    'f:/a.*/ OR f:a~1',
    'n:[1 TO 5} AND n:>3',
    '_id:x OR NOT f:a',
  ])('and reading again gives the same: %s', (text) => {
    const query = simplify(parseLucene(text))
    expect(simplify(parseDslQuery(toDsl(query)))).toEqual(query)
  })

  it('asks every field where none was named', () => {
    expect(toDsl(parseLucene('a b'))).toEqual({
      multi_match: { query: 'a b', fields: ['*'], operator: 'and', lenient: true },
    })
    expect(toDsl(parseLucene('a\\ b*'))).toEqual({ query_string: { query: 'a\\ b*', lenient: true } })
  })

  it('sends whole-value patterns to the wildcard sub-field', () => {
    const pattern = { kind: 'wildcard', pattern: '*x*', whole: true, caseInsensitive: true } as const
    expect(toDsl({ ...pattern, field: 'f' })).toEqual({
      wildcard: { 'f.wildcard': { value: '*x*', case_insensitive: true } },
    })
  })

  it('keeps labels', () => {
    const label = { kind: 'label', name: 'x', sketchId: 2 } as const
    expect(parseDslQuery(toDsl(label))).toEqual(label)
  })
})
