import type { Choices } from './random.ts'

/** Search bodies as Timesketch and its clients send them, and each clause and aggregation at least once. */
export const DSL_BODIES: readonly Readonly<Record<string, unknown>>[] = [
  { query: { match_all: {} } },
  { query: { match_none: {} } },
  { query: { bool: {} } },
  { query: { bool: { must: [], must_not: [], filter: [] } } },
  { query: { bool: { should: [{ match: { message: 'accepted' } }, { match: { message: 'failed' } }] } } },
  {
    query: {
      bool: {
        should: [
          { match: { message: 'accepted' } },
          { match: { message: 'failed' } },
          { match: { message: 'root' } },
        ],
        minimum_should_match: 2,
      },
    },
  },
  {
    query: {
      bool: {
        should: [
          { match: { message: 'accepted' } },
          { match: { message: 'failed' } },
          { match: { message: 'root' } },
        ],
        minimum_should_match: '-1',
      },
    },
  },
  {
    query: {
      bool: {
        should: [
          { match: { message: 'accepted' } },
          { match: { message: 'failed' } },
          { match: { message: 'root' } },
        ],
        minimum_should_match: '60%',
      },
    },
  },
  {
    query: { bool: { must: [{ match: { message: 'password' } }], should: [{ match: { message: 'root' } }] } },
  },
  {
    query: {
      bool: {
        filter: [{ term: { 'hostname.keyword': 'WS-01' } }],
        must_not: [{ exists: { field: 'flag' } }],
      },
    },
  },
  { query: { term: { message: 'accepted' } } },
  { query: { term: { message: 'Accepted' } } },
  { query: { term: { message: { value: 'Accepted', case_insensitive: true } } } },
  { query: { term: { 'username.keyword': 'Alice' } } },
  { query: { term: { status: 200 } } },
  { query: { term: { status: '200' } } },
  { query: { term: { flag: true } } },
  { query: { term: { flag: 'false' } } },
  { query: { terms: { 'data_type.keyword': ['syslog:line', 'fs:stat'] } } },
  { query: { terms: { status: [200, 404] } } },
  { query: { terms: { message: ['root', 'admin'] } } },
  { query: { match: { message: 'accepted password' } } },
  { query: { match: { message: { query: 'accepted password', operator: 'and' } } } },
  { query: { match: { message: { query: 'acepted', fuzziness: 'AUTO' } } } },
  { query: { match: { status: '404' } } },
  { query: { match_phrase: { message: 'accepted password' } } },
  { query: { match_phrase: { message: { query: 'password accepted', slop: 3 } } } },
  { query: { match_phrase: { 'hostname.keyword': 'srv files' } } },
  { query: { match_phrase: { hostname: 'srv files' } } },
  { query: { match_phrase_prefix: { message: 'accepted pass' } } },
  { query: { multi_match: { query: 'root', fields: ['message', 'username'] } } },
  { query: { query_string: { query: 'accepted password', default_operator: 'AND' } } },
  { query: { query_string: { query: 'accepted password' } } },
  { query: { query_string: { query: 'accepted', default_field: 'message' } } },
  { query: { query_string: { query: 'root', fields: ['message', 'username'] } } },
  { query: { range: { status: { gte: 200, lt: 404 } } } },
  { query: { range: { score: { gt: -1.5, lte: 2.25 } } } },
  { query: { range: { datetime: { gte: '2024-01-10', lte: '2024-01-20' } } } },
  { query: { range: { datetime: { gt: '2024-01-10', lt: '2024-01-20T12:30:00' } } } },
  { query: { range: { datetime: { gte: '2024-02-01||/M', lte: '2024-02-01||/M' } } } },
  { query: { range: { datetime: { gte: 1706745600000, lte: 1709251199999 } } } },
  { query: { range: { datetime: { gte: '2024-01-10T00:00:00', time_zone: '+02:00' } } } },
  { query: { range: { 'hostname.keyword': { gte: 'WS', lt: 'X' } } } },
  { query: { exists: { field: 'process.name' } } },
  { query: { exists: { field: 'labels' } } },
  { query: { wildcard: { message: { value: '*ccept*' } } } },
  { query: { wildcard: { 'hostname.keyword': { value: 'ws-*', case_insensitive: true } } } },
  { query: { wildcard: { 'hostname.keyword': 'WS-*' } } },
  { query: { prefix: { message: 'acc' } } },
  { query: { prefix: { 'hostname.keyword': { value: 'ws', case_insensitive: true } } } },
  { query: { regexp: { message: 'acc[a-z]+' } } },
  { query: { regexp: { 'hostname.keyword': 'WS-[0-9]{2}' } } },
  { query: { fuzzy: { message: { value: 'acepted' } } } },
  { query: { ids: { values: [] } } },
  { query: { constant_score: { filter: { term: { status: 500 } } } } },
  { query: { dis_max: { queries: [{ term: { message: 'root' } }, { term: { message: 'admin' } }] } } },
  {
    query: {
      bool: {
        must: [{ query_string: { query: 'root', default_operator: 'AND' } }],
        must_not: [],
        filter: [{ exists: { field: 'uid' } }],
      },
    },
  },
]

/** Aggregations whose buckets must be identical. */
export const AGGREGATIONS: readonly Readonly<Record<string, unknown>>[] = [
  { terms: { field: 'hostname.keyword', size: 10 } },
  { terms: { field: 'data_type.keyword', size: 2 } },
  { terms: { field: 'username.keyword', size: 20, order: { _key: 'asc' } } },
  { terms: { field: 'status', size: 20 } },
  { terms: { field: 'flag' } },
  { terms: { field: 'labels.keyword', size: 10 } },
  { terms: { field: 'ports', size: 10 } },
  { terms: { field: 'process.name.keyword', size: 10, min_doc_count: 3 } },
  { terms: { field: 'hostname.keyword', size: 3 }, aggs: { inner: { terms: { field: 'status', size: 5 } } } },
  { date_histogram: { field: 'datetime', calendar_interval: 'day' } },
  { date_histogram: { field: 'datetime', calendar_interval: 'week' } },
  { date_histogram: { field: 'datetime', calendar_interval: 'month' } },
  { date_histogram: { field: 'datetime', fixed_interval: '6h', min_doc_count: 1 } },
  { date_histogram: { field: 'datetime', calendar_interval: 'day', time_zone: '+03:00' } },
  { date_histogram: { field: 'datetime', calendar_interval: 'day', time_zone: 'America/New_York' } },
  { auto_date_histogram: { field: 'datetime', buckets: 50 } },
  { auto_date_histogram: { field: 'datetime', buckets: 10 } },
  { histogram: { field: 'bytes', interval: 10_000 } },
  { missing: { field: 'flag' } },
  { filters: { filters: { ok: { term: { status: 200 } }, bad: { range: { status: { gte: 400 } } } } } },
  { min: { field: 'bytes' } },
  { max: { field: 'score' } },
  { avg: { field: 'bytes' } },
  { sum: { field: 'bytes' } },
  { stats: { field: 'score' } },
  { extended_stats: { field: 'bytes' } },
  { range: { field: 'bytes', ranges: [{ from: 50_000 }, { to: 10_000 }, { from: 10_000, to: 50_000 }] } },
  {
    range: { field: 'score', ranges: [{ from: 0.5, to: 1e7, key: 'high' }] },
    aggs: { inner: { terms: { field: 'status', size: 5 } } },
  },
  {
    date_range: {
      field: 'datetime',
      ranges: [{ to: '2024-03-01' }, { from: '2024-03-01', to: '2024-06-01||/M' }],
    },
  },
  { global: {}, aggs: { inner: { terms: { field: 'status', size: 5 } } } },
  { value_count: { field: 'status' } },
  { cardinality: { field: 'hostname.keyword' } },
]

/** A generated bool query over leaves of several kinds. */
export function generateDslBody(choices: Choices): Readonly<Record<string, unknown>> {
  const clauses = (count: number): unknown[] =>
    Array.from({ length: choices.between(0, count) }, () => generateClause(choices))
  return {
    query: { bool: { must: clauses(2), should: clauses(3), must_not: clauses(1), filter: clauses(1) } },
  }
}

function generateClause(choices: Choices): unknown {
  switch (choices.between(0, 6)) {
    case 0:
      return { term: { 'hostname.keyword': choices.pick(['WS-01', 'WS-02', 'srv files']) } }
    case 1:
      return {
        match: {
          message: choices.pick(['accepted password', 'root', 'cmd.exe', 'foo-bar', 'user@host.example']),
        },
      }
    case 2:
      return { range: { bytes: { gte: choices.between(0, 50_000), lt: choices.between(30_000, 100_000) } } }
    case 3:
      return { exists: { field: choices.pick(['flag', 'labels', 'note', 'process.pid']) } }
    case 4:
      return {
        match_phrase: {
          message: choices.pick(['password for', 'session opened', 'cmd.exe 10.0.0.1', 'user root']),
        },
      }
    case 5:
      return {
        terms: { 'data_type.keyword': [choices.pick(['syslog:line', 'fs:stat']), 'windows:evtx:record'] },
      }
    default:
      return {
        query_string: {
          query: choices.pick(['acc*', 'status:>300', 'username:alice', '"root admin"~4']),
          default_operator: 'AND',
        },
      }
  }
}
