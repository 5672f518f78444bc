import { describe, expect, it } from 'vitest'
import { parseSearchBody } from './parse-search-body.ts'

describe('a search body', () => {
  it('may be empty', () => {
    expect(parseSearchBody({})).toEqual({
      query: { kind: 'all' },
      size: undefined,
      from: 0,
      sort: [],
      source: { includes: [], excludes: [] },
      postFilter: undefined,
      trackTotalHits: undefined,
      searchAfter: undefined,
      aggregations: undefined,
      ignored: [],
    })
  })

  it('says what to return', () => {
    const body = parseSearchBody({
      query: { match_all: {} },
      size: '5',
      from: 10,
      sort: [{ datetime: 'desc' }, { n: { order: 'asc', missing: '_first' } }, '_score', 'm:desc'],
      _source: { includes: ['a.*'], exclude: 'b' },
      post_filter: { exists: { field: 'f' } },
      track_total_hits: true,
      search_after: [1, 'x', null],
      timeout: '1s',
    })
    expect(body).toMatchObject({
      size: 5,
      from: 10,
      sort: [
        { field: 'datetime', order: 'desc', missing: 'last' },
        { field: 'n', order: 'asc', missing: 'first' },
        { field: '_score', order: 'desc' },
        { field: 'm', order: 'desc' },
      ],
      source: { includes: ['a.*'], excludes: ['b'] },
      postFilter: { kind: 'exists', field: 'f' },
      trackTotalHits: true,
      searchAfter: [1, 'x', null],
      ignored: ['timeout'],
    })
    expect(parseSearchBody({ _source: false }).source).toBe(false)
  })

  it.each<[object, RegExp]>([
    [{ querry: {} }, /body\.querry: nothing of this name/],
    [{ size: -1 }, /body\.size: a whole number/],
    [{ sort: { a: 'up' } }, /"asc" or "desc"/],
    [{ aggs: { x: { foo: {} } } }, /aggs\.x\.foo: the aggregation "foo" is not known; known are terms/],
    [{ aggs: { x: {} } }, /one kind of aggregation/],
    [{ aggs: { x: { date_histogram: { field: 'd' } } } }, /one of calendar_interval/],
    [{ aggs: { x: { date_histogram: { field: 'd', calendar_interval: '2d' } } } }, /found "2d"/],
    [{ aggs: { x: { max: { field: 'd' }, aggs: { y: { min: { field: 'd' } } } } } }, /no buckets/],
    [{ aggs: { x: { terms: { field: 'd', order: { y: 'asc' } } } } }, /_count/],
  ])('%j is refused', (body, sentence) => {
    expect(() => parseSearchBody(body)).toThrow(sentence)
  })
})

describe('aggregations', () => {
  it.each<[object, object]>([
    [
      { terms: { field: 'f' } },
      { kind: 'terms', field: 'f', size: 10, order: { by: '_count', direction: 'desc' }, minCount: 1 },
    ],
    [
      {
        terms: {
          field: 'f',
          size: 3,
          order: [{ _key: 'asc' }],
          min_doc_count: 0,
          include: 'a.*',
          exclude: ['b'],
        },
      },
      { size: 3, order: { by: '_key', direction: 'asc' }, minCount: 0, include: 'a.*', exclude: ['b'] },
    ],
    [
      { date_histogram: { field: 'd', calendar_interval: '1M' } },
      { interval: { calendar: 'month' }, minCount: 0 },
    ],
    [{ date_histogram: { field: 'd', fixed_interval: '12h' } }, { interval: { fixedMs: 43_200_000 } }],
    [
      { date_histogram: { field: 'd', interval: 'day', time_zone: '+01:00' } },
      { interval: { calendar: 'day' }, timeZone: '+01:00' },
    ],
    [{ date_histogram: { field: 'd', interval: '90m' } }, { interval: { fixedMs: 5_400_000 } }],
    [{ auto_date_histogram: { field: 'd', buckets: 50 } }, { kind: 'auto_date_histogram', buckets: 50 }],
    [{ histogram: { field: 'n', interval: 2.5 } }, { kind: 'histogram', interval: 2.5, minCount: 0 }],
    [{ cardinality: { field: 'f' } }, { kind: 'cardinality', field: 'f' }],
    [{ stats: { field: 'f' } }, { kind: 'stats' }],
    [{ missing: { field: 'f' } }, { kind: 'missing' }],
    [
      { filter: { term: { f: 1 } }, aggs: { x: { max: { field: 'n' } } } },
      {
        kind: 'filters',
        single: true,
        filters: { filter: { kind: 'term' } },
        aggregations: { x: { kind: 'max' } },
      },
    ],
    [
      { filters: { filters: { a: { match_all: {} } } } },
      { kind: 'filters', filters: { a: { kind: 'all' } } },
    ],
    [
      { filters: { filters: [{ match_all: {} }], other_bucket: true } },
      { anonymous: true, filters: { 0: { kind: 'all' }, 1: { kind: 'not' } } },
    ],
  ])('%j', (aggregation, wanted) => {
    expect(parseSearchBody({ aggregations: { x: aggregation } }).aggregations?.['x']).toMatchObject(wanted)
  })

  it.each<[object, RegExp]>([
    [{ terms: { field: 'f', order: [{ _count: 'desc' }, { _key: 'desc' }] } }, /one order was expected/],
    [
      { date_histogram: { field: 'd', interval: 'day', order: { _key: 'desc' } } },
      /\{"_key":"asc"\} was expected/,
    ],
    [{ histogram: { field: 'n', interval: 1, order: { _count: 'asc' } } }, /\{"_key":"asc"\} was expected/],
    [{ auto_date_histogram: { field: 'd', time_zone: 'Europe/Zurich' } }, /UTC was expected/],
  ])('%j would answer another question, and is refused', (aggregation, sentence) => {
    expect(() => parseSearchBody({ aggs: { x: aggregation } })).toThrow(sentence)
  })

  it('are refused where they are too many, on whatever level', () => {
    const some = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, { max: { field: 'n' } }]))
    const within = { terms: { field: 'f' }, aggs: some(600) }
    expect(() => parseSearchBody({ aggs: some(1025) })).toThrow(
      'aggs: at most 1024 aggregations were expected, found 1025',
    )
    expect(() => parseSearchBody({ aggs: { x: within, y: within } })).toThrow('found 1202')
    expect(Object.keys(parseSearchBody({ aggs: some(1024) }).aggregations!)).toHaveLength(1024)
  })

  it('keep hostile names', () => {
    const { aggregations } = parseSearchBody({ aggs: JSON.parse('{"__proto__": {"max": {"field": "n"}}}') })
    expect(Object.keys(aggregations!)).toEqual(['__proto__'])
  })
})
