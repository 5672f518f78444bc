import type { Query } from '../query.ts'
import {
  readMatch,
  readMatchBoolPrefix,
  readMatchPhrase,
  readMatchPhrasePrefix,
  readMultiMatch,
  readQueryString,
  readSimpleQueryString,
} from './full-text.ts'
import {
  allOf,
  anyOf,
  checkKeys,
  type DslContext,
  descend,
  fail,
  own,
  readBoolean,
  readObject,
  readSingle,
} from './json.ts'
import { readNested } from './label.ts'
import { readMinimumShouldMatch } from './minimum-should-match.ts'
import {
  readExists,
  readFuzzy,
  readIds,
  readPrefix,
  readRange,
  readRegexp,
  readTerm,
  readTerms,
  readWildcard,
} from './term-level.ts'

/**
 * Reads one query of the OpenSearch 2.19 query DSL, such as `{term: {user: 'x'}}`. Boosts and scoring have no effect.
 *
 * @param value - Parsed JSON.
 * @param path - Where it stands, for errors. @default 'query'
 * @throws {QueryError} With the JSON path and the names known there.
 */
export function parseDslQuery(value: unknown, path = 'query'): Query {
  return parse(value, path, { depth: 0, budget: { clauses: 0 }, parse })
}

type ReadClause = (body: unknown, path: string, context: DslContext) => Query

const CLAUSES: ReadonlyMap<string, ReadClause> = new Map<string, ReadClause>([
  ['bool', readBool],
  [
    'boosting',
    (body, path, context) => readInner(body, path, 'positive', ['negative', 'negative_boost'], context),
  ],
  ['constant_score', (body, path, context) => readInner(body, path, 'filter', [], context)],
  ['dis_max', readDisMax],
  ['exists', readExists],
  ['function_score', (body, path, context) => readInner(body, path, 'query', FUNCTION_SCORE_KEYS, context)],
  ['fuzzy', readFuzzy],
  ['ids', readIds],
  ['match', readMatch],
  ['match_all', () => ({ kind: 'all' })],
  ['match_bool_prefix', readMatchBoolPrefix],
  ['match_none', () => ({ kind: 'none' })],
  ['match_phrase', readMatchPhrase],
  ['match_phrase_prefix', readMatchPhrasePrefix],
  ['multi_match', readMultiMatch],
  ['nested', readNested],
  ['prefix', readPrefix],
  ['query_string', readQueryString],
  ['range', readRange],
  ['regexp', readRegexp],
  ['simple_query_string', readSimpleQueryString],
  ['term', readTerm],
  ['terms', readTerms],
  ['wildcard', readWildcard],
])

const FUNCTION_SCORE_KEYS = [
  'functions',
  'score_mode',
  'boost_mode',
  'max_boost',
  'script_score',
  'random_score',
  'weight',
]

function parse(value: unknown, path: string, context: DslContext): Query {
  const clause = readSingle(value, path, 'query clause')
  const read = CLAUSES.get(clause.key)
  if (read === undefined) {
    const known = [...CLAUSES.keys()].join(', ')
    fail(clause.path, `the query clause "${clause.key.slice(0, 60)}" is not known; known are ${known}`)
  }
  return read(clause.value, clause.path, descend(context, clause.path))
}

const BOOL_KEYS = [
  'must',
  'filter',
  'should',
  'must_not',
  'minimum_should_match',
  'adjust_pure_negative',
  'boost',
  '_name',
]

function readBool(body: unknown, path: string, context: DslContext): Query {
  const bool = readObject(body, path)
  checkKeys(bool, BOOL_KEYS, path)
  const required = [...readList(bool, 'must', path, context), ...readList(bool, 'filter', path, context)]
  const optional = readList(bool, 'should', path, context)
  const prohibited = readList(bool, 'must_not', path, context)
  if (required.length + optional.length + prohibited.length === 0) return { kind: 'all' }
  const parts = [...required]
  const spec = own(bool, 'minimum_should_match')
  const asked = readMinimumShouldMatch(spec, optional.length, `${path}.minimum_should_match`) ?? 0
  const wanted = Math.max(asked, required.length === 0 && optional.length > 0 ? 1 : 0)
  if (wanted > 0) parts.push(wanted > 1 ? { kind: 'or', of: optional, atLeast: wanted } : anyOf(optional))
  const adjust = readBoolean(own(bool, 'adjust_pure_negative'), `${path}.adjust_pure_negative`) ?? true
  if (parts.length === 0 && !adjust && prohibited.length > 0) return { kind: 'none' }
  for (const of of prohibited) parts.push({ kind: 'not', of })
  return parts.length === 0 ? { kind: 'all' } : allOf(parts)
}

/** A list of queries, or one query without the list. */
function readList(bool: object, key: string, path: string, context: DslContext): Query[] {
  const value = own(bool as Record<string, unknown>, key)
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) return [context.parse(value, `${path}.${key}`, context)]
  return value.map((one, index) => context.parse(one, `${path}.${key}[${index}]`, context))
}

function readDisMax(body: unknown, path: string, context: DslContext): Query {
  const object = readObject(body, path)
  checkKeys(object, ['queries', 'tie_breaker', 'boost', '_name'], path)
  const queries = readList(object, 'queries', path, context)
  if (queries.length === 0) return fail(`${path}.queries`, 'one query at least was expected')
  return anyOf(queries)
}

function readInner(
  body: unknown,
  path: string,
  key: string,
  others: readonly string[],
  context: DslContext,
): Query {
  const object = readObject(body, path)
  checkKeys(object, [key, ...others, 'boost', '_name'], path)
  const inner = own(object, key)
  if (inner === undefined && key === 'query') return { kind: 'all' }
  return context.parse(inner, `${path}.${key}`, context)
}
