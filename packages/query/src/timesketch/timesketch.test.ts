import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isQueryError } from '../query-error.ts'
import { buildTimesketchBody } from './build-body.ts'
import { buildTimesketchQuery, restrictToTimelines } from './build-query.ts'
import { readDateInterval } from './date-interval.ts'
import type { Chip } from './filter.ts'
import { parseWildcardQuery } from './parse-wildcard.ts'

const user: Chip = { type: 'term', field: 'user', value: 'user1', operator: 'must', active: true }
const status: Chip = { type: 'term', field: 'status', value: 202, operator: 'must_not', active: true }
const february: Chip = { type: 'datetime_range', field: '', value: '2024-02-01T00:00:00,2024-02-20T23:59:59' }

const manyLabels = (count: number): Chip[] =>
  Array.from({ length: count }, (_, number) => ({ type: 'label', field: '', value: `l${number}` }))

describe('the body', () => {
  it('tells labels and times once where chips are many, so that it does not grow with the square', () => {
    const must = (chips: readonly Chip[]): unknown[] =>
      (buildTimesketchBody({ filter: { chips }, sketchId: 1 })['query'] as { bool: { must: unknown[] } }).bool
        .must
    expect(must(manyLabels(32))).toHaveLength(64)
    const [labels, times, ...others] = must(manyLabels(1024)) as { bool: Record<string, unknown[]> }[]
    expect(labels?.bool['must']).toHaveLength(1024)
    expect(times?.bool['should']).toEqual([])
    expect(others).toEqual([])
    const { query } = buildTimesketchQuery({ filter: { chips: manyLabels(33) }, sketchId: 1 })
    expect(query).toMatchObject({ kind: 'and', of: manyLabels(33).map(({ value }) => ({ name: value })) })
  })

  it('is the one a real server showed for a query with three chips', () => {
    const times = {
      bool: {
        minimum_should_match: 1,
        should: [{ range: { datetime: { gte: '2024-02-01T00:00:00', lte: '2024-02-20T23:59:59' } } }],
      },
    }
    const labels = { bool: { must: [] } }
    const filter = {
      from: 0,
      terminate_after: 40,
      size: 40,
      indices: ['_all'],
      order: 'asc',
      chips: [user, status, february],
    }
    expect(buildTimesketchBody({ queryString: 'failed', filter, sketchId: 10 })).toEqual({
      query: {
        bool: {
          filter: [],
          must: [
            { query_string: { default_operator: 'AND', query: 'failed' } },
            { match_phrase: { 'user.keyword': { query: 'user1' } } },
            labels,
            times,
            labels,
            times,
            labels,
            times,
          ],
          must_not: [{ match_phrase: { status: { query: '202' } } }],
        },
      },
      size: 40,
      sort: { datetime: 'asc' },
    })
  })

  it('asks an exact question for a value of special characters only', () => {
    const must = (queryString: string) =>
      (buildTimesketchBody({ queryString, sketchId: 1 })['query'] as { bool: { must: unknown[] } }).bool.must
    expect(must('message:(')).toEqual([{ term: { 'message.keyword': '(' } }])
    expect(must('f:')).toEqual([{ term: { 'f.keyword': '' } }])
    expect(must('f:a')).toEqual([{ query_string: { query: 'f:a', default_operator: 'AND' } }])
    expect(must('*:*')).toEqual([{ query_string: { query: '*:*', default_operator: 'AND' } }])
  })

  it('names events by id', () => {
    const filter = { events: [{ event_id: 'a', index: 'i' }] }
    expect(buildTimesketchBody({ queryString: 'x', filter, sketchId: 1 })).toEqual({
      query: { ids: { values: ['a'] } },
    })
  })

  it('is the DSL with page and sort, if there is one', () => {
    const dsl = '{"query": {"match_all": {}}, "size": 3}'
    expect(
      buildTimesketchBody({ queryString: 'x', dsl, filter: { size: 7, order: 'desc' }, sketchId: 1 }),
    ).toEqual({
      query: { match_all: {} },
      size: 7,
      sort: { datetime: 'desc' },
    })
  })
})

describe('the query', () => {
  it('joins query string, chips and labels', () => {
    const star: Chip = { type: 'label', value: '__ts_star' }
    const off: Chip = { ...user, active: false }
    const filter = { chips: [user, status, february, star, off], order: 'desc', size: 5, from: 10 }
    expect(buildTimesketchQuery({ queryString: 'a', filter, sketchId: 4 })).toMatchObject({
      size: 5,
      from: 10,
      order: 'desc',
      query: {
        kind: 'and',
        of: [
          { kind: 'match', text: 'a' },
          { kind: 'phrase', field: 'user.keyword', text: 'user1' },
          { kind: 'range', gte: '2024-02-01T00:00:00', lte: '2024-02-20T23:59:59' },
          { kind: 'label', name: '__ts_star', sketchId: 4 },
          { kind: 'not', of: { kind: 'phrase', field: 'status', text: '202' } },
        ],
      },
    })
  })

  it('is everything when nothing is asked', () => {
    expect(buildTimesketchQuery({ queryString: '', sketchId: 1 }).query).toEqual({ kind: 'all' })
    const label = { type: 'term', field: 'f', value: 'x', operator: 'should' }
    expect(buildTimesketchQuery({ filter: { chips: [label] }, sketchId: 1 }).query).toEqual({ kind: 'all' })
  })

  it('names the events and their indices', () => {
    const { query, events } = buildTimesketchQuery({
      filter: { events: [{ event_id: 'a', index: 'i' }] },
      sketchId: 1,
    })
    expect(query).toEqual({ kind: 'ids', values: ['a'] })
    expect(events).toEqual([{ id: 'a', index: 'i' }])
  })

  it('reads wildcard mode', () => {
    const { query } = buildTimesketchQuery({
      queryString: 'message:*evil*',
      filter: { chips: [user] },
      sketchId: 1,
      wildcardFields: ['message'],
    })
    expect(query).toMatchObject({
      of: [
        { kind: 'wildcard', field: 'message', pattern: '*evil*', whole: true, caseInsensitive: true },
        { kind: 'phrase', field: 'user.keyword' },
      ],
    })
  })

  it('keeps to timelines and to events without one', () => {
    expect(restrictToTimelines({ kind: 'all' }, [1])).toEqual({
      kind: 'or',
      of: [
        { kind: 'term', field: '__ts_timeline_id', value: 1 },
        { kind: 'not', of: { kind: 'exists', field: '__ts_timeline_id' } },
      ],
    })
    expect(restrictToTimelines({ kind: 'all' }, [])).toEqual({ kind: 'all' })
  })

  it.each<[object, RegExp]>([
    [{ dsl: '{' }, /JSON text/],
    [{ dsl: [1] }, /JSON object/],
    [{ filter: { chips: [{ type: 'datetime_range', value: 'x' }] } }, /two dates/],
    [{ filter: { chips: [{ type: 'term', value: 'x', operator: 'must' }] } }, /a field was expected/],
    [{ filter: { chips: [{ type: 'term', field: 'user', value: 'x' }] } }, /an operator was expected/],
    [{ filter: { chips: [{ type: 'term', field: 'user', operator: 'must' }] } }, /a value was expected/],
    [{ filter: { chips: [{ type: 'label', operator: 'must' }] } }, /a value was expected/],
    [{ filter: { chips: 5 } }, /must be a list/],
    [{ filter: { chips: [null] } }, /must be a list/],
    [{ filter: { chips: manyLabels(1025) } }, /at most 1024 active chips were expected, found 1025/],
    [{ filter: { chips: [{ type: 'datetime_interval', value: 'yesterday -1d +1d' }] } }, /time interval/],
  ])('%j is refused', (request, sentence) => {
    expect(() => buildTimesketchQuery({ sketchId: 1, ...request })).toThrow(sentence)
  })
})

describe('a time interval', () => {
  it.each([
    ['2024-02-10T09:00:00 -1d +1d', '2024-02-09T09:00:00', '2024-02-11T09:00:00'],
    ['2024-02-10 09:00:00 -5m +10m', '2024-02-10T08:55:00', '2024-02-10T09:10:00'],
    ['2024-02-10T09:00:00.5 -30s +30s', '2024-02-10T08:59:30', '2024-02-10T09:00:30'],
    ['2024-02-10 -1h +1h', '2024-02-09T23:00:00', '2024-02-10T01:00:00'],
  ])('%s', (text, start, end) => {
    expect(readDateInterval(text)).toEqual({ start, end })
  })
})

describe('wildcard mode', () => {
  const term = (field: string | undefined, pattern: string) => ({
    kind: 'wildcard',
    field,
    pattern,
    whole: true,
    caseInsensitive: true,
  })
  it.each<[string, object]>([
    ['evil', term(undefined, 'evil')],
    ['a:*x*', term('a', '*x*')],
    ['a:"x y"', term('a', 'x y')],
    ['"x y"', term(undefined, 'x y')],
    ['a:x b:y', { kind: 'and', of: [term('a', 'x'), term('b', 'y')] }],
    ['x OR y AND z', { kind: 'or', of: [term(undefined, 'x'), { kind: 'and' }] }],
    ['NOT x AND y', { kind: 'and', of: [{ kind: 'not', of: term(undefined, 'x') }, term(undefined, 'y')] }],
    ['x NOT (y OR z)', { kind: 'and', of: [term(undefined, 'x'), { kind: 'not', of: { kind: 'or' } }] }],
    ['_id:q', { kind: 'ids', values: ['q'] }],
  ])('%s', (text, query) => {
    expect(parseWildcardQuery(text, ['a', 'b'])).toMatchObject(query)
  })

  it.each([
    ['(a', 'Mismatched parentheses in query.'],
    ['a)', 'Mismatched parentheses in query.'],
    ['NOT', 'Invalid query: NOT operator missing operand.'],
    ['a AND', 'Invalid query: AND operator missing operands.'],
    ['OR', 'Invalid query: OR operator missing operands.'],
    ['()', 'Invalid query: unbalanced operands and operators.'],
    ['zz:x', "Field 'zz' does not support wildcard search."],
  ])('%s is refused with Timesketch’s sentence', (text, sentence) => {
    expect(() => parseWildcardQuery(text, ['a'])).toThrow(sentence)
  })

  it('needs fields', () => {
    expect(() => parseWildcardQuery('a', [])).toThrow(/do not support wildcard search mode/)
  })

  it('reads or refuses any text', () => {
    const text = fc.array(fc.constantFrom('a', 'AND', 'OR', 'NOT', '(', ')', '"', 'a:', ' ', ':'), {
      maxLength: 14,
    })
    const read = (source: string) => {
      try {
        parseWildcardQuery(source, ['a'])
      } catch (error) {
        if (!isQueryError(error)) throw error
      }
    }
    fc.assert(
      fc.property(text, (list) => read(list.join(' '))),
      { numRuns: 2000 },
    )
    for (const piece of ['"', '(', 'NOT ', 'a OR ', 'a AND b OR ', 'a"']) read(piece.repeat(20_000))
  })
})
