import type { Aggregation, AggregationResult, Query } from '@timeskein/query'
import { beforeAll, describe, expect, it } from 'vitest'
import type { EventStore } from '../event-store.ts'
import { askFor, importRows, OTHER_INDEX, TEST_INDEX } from './ask-helpers.ts'

/** The part of the contract that counts and measures. */
export function describeAggregations(getStore: () => EventStore): void {
  describe('aggregations', () => {
    const all: Query = { kind: 'all' }
    const odd: Query = { kind: 'term', field: 'odd', value: true }
    const aggregate = async (
      aggregation: Aggregation,
      query: Query = all,
      scope = [{ index: TEST_INDEX }, { index: OTHER_INDEX }],
    ): Promise<AggregationResult> => {
      const result = await getStore().search(
        askFor(query, { size: 0, scope, aggregations: { it: aggregation } }),
      )
      return result.aggregations['it']!
    }
    const pairs = async (...given: Parameters<typeof aggregate>): Promise<unknown> => {
      const result = await aggregate(...given)
      return result.kind === 'buckets' ? result.buckets.map(({ key, count }) => [key, count]) : result
    }
    const terms = (field: string, changes: object = {}): Aggregation => ({
      kind: 'terms',
      field,
      size: 10,
      order: { by: '_count', direction: 'desc' },
      minCount: 1,
      ...changes,
    })
    const one = [{ index: TEST_INDEX }]

    beforeAll(async () => {
      const store = getStore()
      await store.dropIndex(TEST_INDEX)
      await store.dropIndex(OTHER_INDEX)
      const rows = Array.from({ length: 12 }, (_, n) => ({
        n,
        datetime: new Date(Date.UTC(2024, 0, 31, 20 + n)).toISOString(),
        user: `user${n % 3}`,
        pid: n % 4,
        share: n / 4,
        odd: n % 2 === 1,
        ...(n < 4 && { tag: ['all', n < 2 ? 'low' : 'high', 'all'] }),
        ...(n === 5 && { user: 'x'.repeat(300) }),
      }))
      const profile = { constants: { source: 'made' } }
      await importRows(store, { rows, batchRows: 5, profile })
      const other = [{ n: 100, datetime: '2024-03-31T00:30:00Z', user: 'user1', pid: '7', odd: true }]
      await importRows(store, { rows: other, index: OTHER_INDEX, timelineId: 2, profile })
    })

    it.each<[string, Aggregation, Query, unknown]>([
      [
        'values',
        terms('user'),
        all,
        [
          ['user1', 5],
          ['user0', 4],
          ['user2', 3],
        ],
      ],
      [
        'values of some events',
        terms('user.keyword'),
        odd,
        [
          ['user1', 3],
          ['user0', 2],
          ['user2', 1],
        ],
      ],
      [
        'numbers',
        terms('pid'),
        all,
        [
          [0, 3],
          [1, 3],
          [2, 3],
          [3, 3],
          ['7', 1],
        ],
      ],
      [
        'several values of an event',
        terms('tag'),
        all,
        [
          ['all', 4],
          ['high', 2],
          ['low', 2],
        ],
      ],
      [
        'booleans',
        terms('odd'),
        all,
        [
          ['true', 7],
          ['false', 6],
        ],
      ],
      [
        'indexes',
        terms('_index'),
        all,
        [
          [TEST_INDEX, 12],
          [OTHER_INDEX, 1],
        ],
      ],
      [
        'timelines, empty ones too',
        terms('__ts_timeline_id', { minCount: 0 }),
        { kind: 'term', field: 'n', value: 1 },
        [
          [1, 1],
          [2, 0],
        ],
      ],
      [
        'values of no event, when empty ones are wanted',
        terms('user', { minCount: 0 }),
        { kind: 'none' },
        [
          ['user0', 0],
          ['user1', 0],
          ['user2', 0],
        ],
      ],
      ['constants', terms('source'), odd, [['made', 7]]],
      [
        'by key',
        terms('user', { order: { by: '_key', direction: 'desc' }, size: 2 }),
        all,
        [
          ['user2', 3],
          ['user1', 5],
        ],
      ],
      ['from a list', terms('user', { include: ['user2', 'user9'] }), all, [['user2', 3]]],
      [
        'by expression',
        terms('user', { include: 'user[0-9]', exclude: '.*1' }),
        all,
        [
          ['user0', 4],
          ['user2', 3],
        ],
      ],
      ['nothing', terms('nobody'), all, []],
    ])('count %s', async (_, aggregation, query, expected) => {
      expect(await pairs(aggregation, query)).toEqual(expected)
    })

    it('say how many events lie beyond the buckets', async () => {
      expect(await aggregate(terms('user', { size: 1 }))).toMatchObject({ otherCount: 7 })
      expect(await aggregate(terms('user', { size: 1 }), all, one)).toMatchObject({ otherCount: 7 })
    })

    it.each<[string, Aggregation['kind'], string, number | null]>([
      ['smallest', 'min', 'pid', 0],
      ['largest', 'max', 'share', 2.75],
      ['sum', 'sum', 'n', 166],
      ['mean', 'avg', 'pid', 1.5],
      ['number of distinct values', 'cardinality', 'user', 3],
      ['number of values, equal texts of an event once', 'value_count', 'tag', 8],
      ['smallest of none', 'min', 'nobody', null],
      ['smallest time', 'min', 'datetime', Date.UTC(2024, 0, 31, 20)],
    ])('find the %s', async (_, kind, field, expected) => {
      expect(await aggregate({ kind, field } as Aggregation)).toEqual({ kind: 'metric', value: expected })
    })

    it('find all figures at once', async () => {
      expect(await aggregate({ kind: 'stats', field: 'share' }, odd)).toEqual({
        kind: 'stats',
        count: 6,
        min: 0.25,
        max: 2.75,
        sum: 9,
        avg: 1.5,
      })
    })

    it('cut time by the calendar', async () => {
      const month: Aggregation = {
        kind: 'date_histogram',
        field: 'datetime',
        interval: { calendar: 'month' },
        minCount: 0,
      }
      const [january, february, march] = [0, 1, 2].map((index) => Date.UTC(2024, index, 1))
      expect(await pairs(month)).toEqual([
        [january, 4],
        [february, 8],
        [march, 1],
      ])
      const inZone: Aggregation = { ...month, timeZone: 'Europe/Zurich', minCount: 1 }
      expect(await pairs(inZone)).toEqual([
        [Date.UTC(2023, 11, 31, 23), 3],
        [Date.UTC(2024, 0, 31, 23), 9],
        [Date.UTC(2024, 1, 29, 23), 1],
      ])
    })

    it('cut time into equal stretches, with the gaps', async () => {
      const hours: Aggregation = {
        kind: 'date_histogram',
        field: 'datetime',
        interval: { fixedMs: 7_200_000 },
        minCount: 0,
      }
      const start = Date.UTC(2024, 0, 31, 20)
      expect(await pairs(hours, odd, one)).toEqual(
        Array.from({ length: 6 }, (_, i) => [start + i * 7_200_000, 1]),
      )
      const few: Query = {
        kind: 'or',
        of: [
          { kind: 'term', field: 'n', value: 0 },
          { kind: 'term', field: 'n', value: 5 },
        ],
      }
      expect(await pairs(hours, few, one)).toEqual([
        [start, 1],
        [start + 7_200_000, 0],
        [start + 14_400_000, 1],
      ])
    })

    it('choose the interval as OpenSearch does', async () => {
      const auto = (buckets: number): Aggregation => ({
        kind: 'auto_date_histogram',
        field: 'datetime',
        buckets,
      })
      expect(await aggregate(auto(50), { kind: 'term', field: 'n', value: 3 })).toEqual({
        kind: 'buckets',
        buckets: [{ key: Date.UTC(2024, 0, 31, 23), count: 1 }],
        otherCount: 0,
        interval: '1s',
      })
      expect(await aggregate(auto(50), all, one)).toMatchObject({ interval: '30m' })
      const three = await aggregate(auto(5), all, one)
      expect(three).toMatchObject({ interval: '3h' })
      expect(await pairs(auto(5), all, one)).toEqual(
        [0, 3, 6, 9].map((hours) => [Date.UTC(2024, 0, 31, 20 + hours), 3]),
      )
      expect(await aggregate(auto(5), { kind: 'none' })).toEqual({
        kind: 'buckets',
        buckets: [],
        otherCount: 0,
        interval: '1s',
      })
    })

    it('cut numbers', async () => {
      const aggregation: Aggregation = { kind: 'histogram', field: 'share', interval: 0.5, minCount: 0 }
      expect(await pairs(aggregation)).toEqual([0, 0.5, 1, 1.5, 2, 2.5].map((key) => [key, 2]))
    })

    it('nest', async () => {
      const aggregation = terms('user', {
        size: 1,
        aggregations: { pids: terms('pid'), most: { kind: 'max', field: 'n' } },
      })
      expect(await aggregate(aggregation)).toMatchObject({
        buckets: [
          {
            key: 'user1',
            count: 5,
            aggregations: {
              pids: {
                buckets: [
                  { key: 0, count: 1 },
                  { key: 1, count: 1 },
                  { key: 2, count: 1 },
                  { key: 3, count: 1 },
                  { key: '7', count: 1 },
                ],
              },
              most: { value: 100 },
            },
          },
        ],
      })
      const filters: Aggregation = {
        kind: 'filters',
        filters: { odd, rest: { kind: 'not', of: odd } },
        aggregations: { users: terms('user') },
      }
      expect(await aggregate(filters)).toMatchObject({
        buckets: [
          {
            key: 'odd',
            count: 7,
            aggregations: {
              users: {
                buckets: [
                  { key: 'user1', count: 3 },
                  { key: 'user0', count: 2 },
                  { key: 'user2', count: 1 },
                ],
              },
            },
          },
          { key: 'rest', count: 6 },
        ],
      })
      expect(await aggregate({ kind: 'missing', field: 'tag' })).toMatchObject({ buckets: [{ count: 9 }] })
    })

    it('are refused before they are computed where buckets have too many within them', async () => {
      const filters = Object.fromEntries(Array.from({ length: 5001 }, (_, at) => [String(at), all]))
      const inner = { kind: 'value_count', field: 'n' } as const
      await expect(
        aggregate({ kind: 'filters', filters, aggregations: { a: inner, b: inner } }),
      ).rejects.toThrow(
        /at most 10000 aggregations within buckets, and buckets of filters and ranges, expected, found 15003/,
      )
    })

    it('tell whole numbers beyond 2^53 apart, and add what is in each', async () => {
      const index = 'd'.repeat(32)
      const rows = [
        '{"id":9007199254740992,"n":1}',
        '{"id":9007199254740993,"n":2}',
        '{"id":9007199254740993,"n":4}',
        '{"id":-9007199254740993,"n":8}',
        '{"id":9007199254740991,"n":16}',
        '{"id":1.33e17,"n":32}',
        '{"id":133000000000000000,"n":64}',
        '{"id":1e300,"n":128}',
      ]
      await importRows(getStore(), { rows, index })
      const scope = [{ index }]
      expect(await pairs(terms('id', { order: { by: '_key', direction: 'asc' } }), all, scope)).toEqual([
        ['-9007199254740993', 1],
        [9007199254740991, 1],
        ['9007199254740992', 1],
        ['9007199254740993', 2],
        ['133000000000000000', 2],
        [1e300, 1],
      ])
      const aggregations = { sum: { kind: 'sum', field: 'n' } as const }
      expect(await aggregate(terms('id', { size: 2, aggregations }), all, scope)).toMatchObject({
        buckets: [
          { key: '9007199254740993', count: 2, aggregations: { sum: { value: 6 } } },
          { key: '133000000000000000', count: 2, aggregations: { sum: { value: 96 } } },
        ],
        otherCount: 4,
      })
      await getStore().dropIndex(index)
    })

    it('count tags with what marks changed', async () => {
      const store = getStore()
      const mark = { sketchId: 1, userId: 1, atUs: 1n, scope: one }
      await store.mark({ ...mark, id: 'agg-1', kind: 'tag', value: 'all', target: { query: odd } })
      await store.mark({ ...mark, id: 'agg-2', kind: 'untag', value: 'low', target: { query: odd } })
      expect(await pairs(terms('tag'))).toEqual([
        ['all', 8],
        ['high', 2],
        ['low', 1],
      ])
    })
  })
}
