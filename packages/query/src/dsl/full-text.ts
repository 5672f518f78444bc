import { escapeWildcard } from '../lucene/escape.ts'
import { isWholeField, isWordless } from '../lucene/leaf.ts'
import { type LuceneOptions, parseLucene } from '../lucene/parse-lucene.ts'
import { findTooManyWords } from '../phrase-words.ts'
import type { Query } from '../query.ts'
import {
  allOf,
  anyOf,
  checkKeys,
  countClauses,
  type DslContext,
  describe,
  fail,
  isObject,
  type JsonObject,
  own,
  readBoolean,
  readField,
  readFields,
  readInteger,
  readObject,
  readOperator,
  readText,
} from './json.ts'
import { readMinimumShouldMatch } from './minimum-should-match.ts'
import { parseSimpleQueryString } from './simple-query-string.ts'
import { checkDate, readFuzziness, readTimeZone } from './term-level.ts'

/** Options that change ranking, cost or the analyser only; read and without effect here. */
const WITHOUT_EFFECT = [
  'analyzer',
  'auto_generate_synonyms_phrase_query',
  'boost',
  'cutoff_frequency',
  'fuzzy_rewrite',
  'fuzzy_transpositions',
  'lenient',
  'max_expansions',
  'rewrite',
  'tie_breaker',
  'zero_terms_query',
  '_name',
]
const MATCH_KEYS = [
  'query',
  'operator',
  'fuzziness',
  'minimum_should_match',
  'prefix_length',
  ...WITHOUT_EFFECT,
]

/** `match`: `{field: text}` or `{field: {query, operator, fuzziness, minimum_should_match}}`. */
export function readMatch(body: unknown, path: string, context: DslContext): Query {
  const { field, value, path: at } = readField(body, path)
  return makeMatch([field], readOptions(value, at, MATCH_KEYS), at, context)
}

/** `match_phrase`: `{field: text}` or `{field: {query, slop}}`. */
export function readMatchPhrase(body: unknown, path: string): Query {
  const { field, value, path: at } = readField(body, path)
  return makePhrase(field, readOptions(value, at, ['query', 'slop', ...WITHOUT_EFFECT]), at, false)
}

/** `match_phrase_prefix`, in the same forms. */
export function readMatchPhrasePrefix(body: unknown, path: string): Query {
  const { field, value, path: at } = readField(body, path)
  return makePhrase(field, readOptions(value, at, ['query', 'slop', ...WITHOUT_EFFECT]), at, true)
}

/** `match_bool_prefix`: the last word may be a beginning. */
export function readMatchBoolPrefix(body: unknown, path: string, context: DslContext): Query {
  const { field, value, path: at } = readField(body, path)
  return makeBoolPrefix(field, readOptions(value, at, MATCH_KEYS), at, context)
}

const MULTI_MATCH_TYPES = [
  'best_fields',
  'most_fields',
  'cross_fields',
  'phrase',
  'phrase_prefix',
  'bool_prefix',
]

/** `multi_match`: one text over several fields, by its `type`. */
export function readMultiMatch(body: unknown, path: string, context: DslContext): Query {
  const object = readObject(body, path)
  checkKeys(object, [...MATCH_KEYS, 'fields', 'type', 'slop'], path)
  const fields = readFields(own(object, 'fields') ?? [], `${path}.fields`)
  countClauses(context, fields.length, `${path}.fields`)
  const type = own(object, 'type') ?? 'best_fields'
  switch (type) {
    case 'best_fields':
    case 'most_fields':
      return makeMatch(fields, object, path, context)
    case 'cross_fields':
      return makeCrossFields(fields, object, path, context)
    case 'phrase':
    case 'phrase_prefix':
      return anyOf(fields.map((field) => makePhrase(field, object, path, type === 'phrase_prefix')))
    case 'bool_prefix':
      return anyOf(fields.map((field) => makeBoolPrefix(field, object, path, context)))
    default:
      return fail(
        `${path}.type`,
        `one of ${MULTI_MATCH_TYPES.join(', ')} was expected, found ${describe(type)}`,
      )
  }
}

const QUERY_STRING_KEYS = [
  'query',
  'fields',
  'default_field',
  'default_operator',
  'minimum_should_match',
  'phrase_slop',
  'time_zone',
  'type',
  'allow_leading_wildcard',
  'analyze_wildcard',
  'enable_position_increments',
  'escape',
  'fuzziness',
  'fuzzy_max_expansions',
  'fuzzy_prefix_length',
  'max_determinized_states',
  'quote_analyzer',
  'quote_field_suffix',
  ...WITHOUT_EFFECT,
]

/** `query_string`: the Lucene language. A blank query finds nothing here, as in OpenSearch. */
export function readQueryString(body: unknown, path: string): Query {
  const object = readObject(body, path)
  checkKeys(object, QUERY_STRING_KEYS, path)
  const type = own(object, 'type') ?? 'best_fields'
  if (type !== 'best_fields' && type !== 'most_fields') {
    fail(`${path}.type`, `best_fields or most_fields was expected, found ${describe(type)}`)
  }
  const text = readText(own(object, 'query'), `${path}.query`)
  if (text.trim() === '') return { kind: 'none' }
  const fields = readFields(own(object, 'fields') ?? own(object, 'default_field') ?? [], `${path}.fields`)
  const names = fields.filter((field) => field !== undefined)
  const timeZone = readTimeZone(own(object, 'time_zone'), `${path}.time_zone`)
  const minimum = own(object, 'minimum_should_match')
  const options: LuceneOptions = {
    defaultOperator: readOperator(own(object, 'default_operator'), `${path}.default_operator`, 'or'),
    phraseSlop: readInteger(own(object, 'phrase_slop'), `${path}.phrase_slop`, 0) ?? 0,
    ...(minimum === undefined || minimum === null
      ? {}
      : {
          minimumShouldMatch: (optional) =>
            readMinimumShouldMatch(minimum, optional, `${path}.minimum_should_match`) ?? 0,
        }),
    ...(names.length === 0 ? {} : { defaultFields: names }),
    allowLeadingWildcard:
      readBoolean(own(object, 'allow_leading_wildcard'), `${path}.allow_leading_wildcard`) ?? true,
    ...(timeZone === undefined ? {} : { timeZone }),
  }
  return parseLucene(text, options)
}

/** `simple_query_string`: the forgiving language, which never refuses a text. */
export function readSimpleQueryString(body: unknown, path: string): Query {
  const object = readObject(body, path)
  const known = ['query', 'fields', 'default_operator', 'flags', 'minimum_should_match', 'analyze_wildcard']
  checkKeys(
    object,
    [...known, 'fuzzy_max_expansions', 'fuzzy_prefix_length', 'quote_field_suffix', ...WITHOUT_EFFECT],
    path,
  )
  const text = readText(own(object, 'query'), `${path}.query`)
  const fields = readFields(own(object, 'fields') ?? [], `${path}.fields`)
  const operator = readOperator(own(object, 'default_operator'), `${path}.default_operator`, 'or')
  return parseSimpleQueryString(text, fields, operator)
}

function makeMatch(
  fields: readonly (string | undefined)[],
  object: JsonObject,
  path: string,
  context: DslContext,
): Query {
  const text = readText(own(object, 'query'), `${path}.query`)
  const operator = readOperator(own(object, 'operator'), `${path}.operator`, 'or')
  return anyOf(fields.map((field) => makeFieldMatch(field, text, operator, object, path, context)))
}

function makeFieldMatch(
  field: string | undefined,
  text: string,
  operator: 'and' | 'or',
  object: JsonObject,
  path: string,
  context: DslContext,
): Query {
  if (field === '_id') return { kind: 'ids', values: [text] }
  if (own(object, 'lenient') !== true) checkDate(field, text, path)
  const fuzziness = own(object, 'fuzziness')
  const minimum = own(object, 'minimum_should_match')
  const isPlain =
    (fuzziness ?? undefined) === undefined && ((minimum ?? undefined) === undefined || operator === 'and')
  if (own(object, 'zero_terms_query') === 'all' && isWordless(field, text)) return { kind: 'all' }
  const words = isWholeField(field) ? [text] : splitWords(text)
  if (isPlain || words.length === 0) return { kind: 'match', field, text, operator }
  countClauses(context, words.length, path)
  const parts = words.map((word) => makeWord(field, word, operator, fuzziness, object, path))
  const wanted = readMinimumShouldMatch(minimum, parts.length, `${path}.minimum_should_match`) ?? 1
  if (operator === 'and') return allOf(parts)
  return wanted > 1 ? { kind: 'or', of: parts, atLeast: wanted } : anyOf(parts)
}

/** Words as the analyser parts them, nearly: those of scripts without blanks stay together. */
function splitWords(text: string): string[] {
  return text.split(/[^\p{L}\p{N}\p{M}\p{Emoji_Presentation}_.,:;'’·]+/u).filter((word) => word !== '')
}

function makeWord(
  field: string | undefined,
  word: string,
  operator: 'and' | 'or',
  fuzziness: unknown,
  object: JsonObject,
  path: string,
): Query {
  if (fuzziness === undefined || fuzziness === null) return { kind: 'match', field, text: word, operator }
  const prefixLength = readInteger(own(object, 'prefix_length'), `${path}.prefix_length`, 0) ?? 0
  return {
    kind: 'fuzzy',
    field,
    text: word,
    distance: readFuzziness(fuzziness, word, `${path}.fuzziness`),
    prefixLength,
  }
}

/** Every word (or one of them) in any of the fields. */
function makeCrossFields(
  fields: readonly (string | undefined)[],
  object: JsonObject,
  path: string,
  context: DslContext,
): Query {
  const operator = readOperator(own(object, 'operator'), `${path}.operator`, 'or')
  const text = readText(own(object, 'query'), `${path}.query`)
  const words = splitWords(text)
  countClauses(context, words.length * fields.length, path)
  const parts = words.map((word) =>
    anyOf(fields.map((field): Query => ({ kind: 'match', field, text: word, operator }))),
  )
  if (parts.length === 0) return { kind: 'none' }
  if (operator === 'and') return allOf(parts)
  const minimum = own(object, 'minimum_should_match')
  const wanted = readMinimumShouldMatch(minimum, parts.length, `${path}.minimum_should_match`) ?? 1
  return wanted > 1 ? { kind: 'or', of: parts, atLeast: wanted } : anyOf(parts)
}

function makePhrase(field: string | undefined, object: JsonObject, path: string, prefix: boolean): Query {
  const text = readText(own(object, 'query'), `${path}.query`)
  if (field === '_id') return { kind: 'ids', values: [text] }
  const tooMany = findTooManyWords(field, text)
  if (tooMany !== undefined) fail(`${path}.query`, tooMany)
  const slop = readInteger(own(object, 'slop'), `${path}.slop`, 0) ?? 0
  return { kind: 'phrase', field, text, slop, ...(prefix ? { prefix } : {}) }
}

function makeBoolPrefix(
  field: string | undefined,
  object: JsonObject,
  path: string,
  context: DslContext,
): Query {
  const text = readText(own(object, 'query'), `${path}.query`)
  const operator = readOperator(own(object, 'operator'), `${path}.operator`, 'or')
  const words = isWholeField(field) ? [text] : splitWords(text)
  const last = words.pop()
  if (last === undefined) return { kind: 'none' }
  countClauses(context, words.length, path)
  const parts: Query[] = words.map((word) => ({ kind: 'match', field, text: word, operator }))
  parts.push({
    kind: 'wildcard',
    field,
    pattern: `${escapeWildcard(last)}*`,
    whole: isWholeField(field),
    caseInsensitive: !isWholeField(field),
  })
  return operator === 'and' ? allOf(parts) : anyOf(parts)
}

function readOptions(value: unknown, path: string, known: readonly string[]): JsonObject {
  if (!isObject(value)) return { query: value }
  checkKeys(value, known, path)
  return value
}
