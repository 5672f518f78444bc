import { isWholeField } from '../lucene/leaf.ts'
import type { DatePart, FieldComparison, Fuzzy, Match, Phrase, Query, Range, Wildcard } from '../query.ts'
import { LABEL_PATH } from './label.ts'

/** A query of the OpenSearch DSL, as JSON. */
export type DslQuery = Readonly<Record<string, unknown>>

/**
 * Writes a tree in the OpenSearch 2.19 query DSL. A leaf without a field becomes a question to every field (`*`, lenient); a
 * whole-value pattern goes to the `.wildcard` sub-field that Timesketch's mapping gives every text.
 */
export function toDsl(query: Query): DslQuery {
  switch (query.kind) {
    case 'all':
      return { match_all: {} }
    case 'none':
      return { match_none: {} }
    case 'and': {
      if (query.of.length === 0) return { match_all: {} }
      const must = query.of.filter((part) => part.kind !== 'not').map(toDsl)
      const mustNot = query.of.flatMap((part) => (part.kind === 'not' ? [toDsl(part.of)] : []))
      return {
        bool: { ...(must.length > 0 ? { must } : {}), ...(mustNot.length > 0 ? { must_not: mustNot } : {}) },
      }
    }
    case 'or': {
      const wanted = query.atLeast ?? 1
      if (wanted <= 0) return { match_all: {} }
      if (query.of.length < wanted) return { match_none: {} }
      return { bool: { should: query.of.map(toDsl), minimum_should_match: wanted } }
    }
    case 'not':
      return { bool: { must_not: [toDsl(query.of)] } }
    case 'match':
      return writeMatch(query)
    case 'phrase':
      return writePhrase(query)
    case 'term':
      return {
        term: {
          [query.field]: { value: query.value, ...(query.caseInsensitive ? { case_insensitive: true } : {}) },
        },
      }
    case 'range':
      return writeRange(query)
    case 'wildcard':
      return writeWildcard(query)
    case 'regexp': {
      const { pattern, caseInsensitive } = query
      const field = query.anyType && query.field !== undefined ? wholeFieldOf(query.field) : query.field
      if (field === undefined) return overAll(`/${pattern.replaceAll(/\\.|\//gsu, escapeSlash)}/`)
      return {
        regexp: { [field]: { value: pattern, ...(caseInsensitive ? { case_insensitive: true } : {}) } },
      }
    }
    case 'fuzzy':
      return writeFuzzy(query)
    case 'exists':
      return { exists: { field: query.field } }
    case 'ids':
      return { ids: { values: [...query.values] } }
    case 'label': {
      const must: DslQuery[] = [{ term: { [`${LABEL_PATH}.name.keyword`]: query.name } }]
      if (query.sketchId !== undefined) must.push({ term: { [`${LABEL_PATH}.sketch_id`]: query.sketchId } })
      return { nested: { path: LABEL_PATH, query: { bool: { must } } } }
    }
    case 'fields':
      return writeFieldComparison(query)
    case 'date-part':
      return writeDatePart(query)
    default:
      return query satisfies never
  }
}

function writeMatch({ field, text, operator }: Match): DslQuery {
  if (field === undefined) return { multi_match: { query: text, fields: ['*'], operator, lenient: true } }
  return { match: { [field]: { query: text, operator } } }
}

function writePhrase({ field, text, slop, prefix }: Phrase): DslQuery {
  const options = { query: text, ...(slop > 0 ? { slop } : {}) }
  if (field === undefined) {
    return {
      multi_match: { ...options, fields: ['*'], type: prefix ? 'phrase_prefix' : 'phrase', lenient: true },
    }
  }
  return { [prefix ? 'match_phrase_prefix' : 'match_phrase']: { [field]: options } }
}

function writeRange({ kind: _, field, timeZone, anyType: __, ...ends }: Range): DslQuery {
  return { range: { [field]: { ...ends, ...(timeZone === undefined ? {} : { time_zone: timeZone }) } } }
}

function writeWildcard({ field, pattern, whole, caseInsensitive, anyType }: Wildcard): DslQuery {
  if (field === undefined) return overAll(escapePattern(pattern), whole ? ['*.wildcard'] : undefined)
  const name = whole ? wholeFieldOf(field) : field
  const asText: DslQuery = {
    wildcard: { [name]: { value: pattern, ...(caseInsensitive ? { case_insensitive: true } : {}) } },
  }
  if (!anyType || !VALUE.test(pattern)) return asText
  return { bool: { should: [asText, { term: { [field]: { value: pattern } } }], minimum_should_match: 1 } }
}

/** What a field of numbers or truth values can be equal to. */
const VALUE = /^(?:-?\d+(?:\.\d+)?|true|false)$/

function wholeFieldOf(field: string): string {
  return isWholeField(field) ? field : `${field}.wildcard`
}

/** Fields are compared by a script: OpenSearch has no clause for it. */
function writeFieldComparison({ field, other, how, caseInsensitive }: FieldComparison): DslQuery {
  const fold = caseInsensitive ? '.toLowerCase()' : ''
  const test = { equal: 'equals', startswith: 'startsWith', endswith: 'endsWith', contains: 'contains' }[how]
  const source = `for (a in doc[params.field]) for (b in doc[params.other]) if (a.toString()${fold}.${test}(b.toString()${fold})) return true; return false;`
  const params = { field: `${field}.keyword`, other: `${other}.keyword` }
  return { script: { script: { lang: 'painless', source, params } } }
}

const PAINLESS_PARTS: Readonly<Record<DatePart['part'], string>> = {
  minute: 'd.getMinute()',
  hour: 'd.getHour()',
  day: 'd.getDayOfMonth()',
  week: 'd.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR)',
  month: 'd.getMonthValue()',
  year: 'd.getYear()',
  'minute-of-day': 'd.getHour() * 60 + d.getMinute()',
  weekday: 'd.getDayOfWeekEnum().getValue()',
  date: 'd.getMonthValue() * 100 + d.getDayOfMonth()',
}

function writeDatePart({ field, part, timeZone, gte, gt, lte, lt }: DatePart): DslQuery {
  const tests = (
    [
      ['>=', gte],
      ['>', gt],
      ['<=', lte],
      ['<', lt],
    ] as const
  ).flatMap(([sign, number]) => (number === undefined ? [] : [`p ${sign} ${Number(number)}`]))
  const own = timeZone === undefined ? 'e' : 'e.withZoneSameInstant(ZoneId.of(params.zone))'
  const source = `for (e in doc[params.field]) { def d = ${own}; def p = ${PAINLESS_PARTS[part]}; if (${tests.join(' && ') || 'true'}) return true; } return false;`
  return {
    script: { script: { lang: 'painless', source, params: { field, ...(timeZone && { zone: timeZone }) } } },
  }
}

function writeFuzzy({ field, text, distance, prefixLength }: Fuzzy): DslQuery {
  const fuzziness = distance === 'auto' ? 'AUTO' : distance
  const start = prefixLength > 0 ? { prefix_length: prefixLength } : {}
  if (field === undefined) {
    return { multi_match: { query: text, fields: ['*'], fuzziness, ...start, lenient: true } }
  }
  return { fuzzy: { [field]: { value: text, fuzziness, ...start } } }
}

function overAll(query: string, fields?: readonly string[]): DslQuery {
  return { query_string: { query, ...(fields === undefined ? {} : { fields }), lenient: true } }
}

/** Escapes what ends a term of the query string language, but neither wildcards nor escapes. */
function escapePattern(pattern: string): string {
  return pattern.replaceAll(/\\.|[+\-!():^[\]"{}~/&|\s]/gsu, (part) =>
    part.startsWith('\\') ? part : `\\${part}`,
  )
}

function escapeSlash(part: string): string {
  return part === '/' ? '\\/' : part
}
