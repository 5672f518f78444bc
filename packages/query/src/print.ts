import { escapeLucene } from './lucene/escape.ts'
import { isWholeField } from './lucene/leaf.ts'
import type { FieldComparison, Query, Range } from './query.ts'

/**
 * A tree as one readable line, for people: the query string language where it has a way to say it, `=` for exact values,
 * `label(…)`, `at least N of (…)` and `~word~` where it has none. What the language can say reads back as an equal question.
 *
 * @example printQuery({ kind: 'not', of: { kind: 'exists', field: 'tag' } }) // 'NOT _exists_:tag'
 */
export function printQuery(query: Query): string {
  return print(query, false)
}

function print(query: Query, inside: boolean): string {
  switch (query.kind) {
    case 'all':
      return '*:*'
    case 'none':
      return '(NOT *:*)'
    case 'and': {
      if (query.of.length === 0) return '*:*'
      return group(query.of.map((part) => print(part, true)).join(' AND '), inside)
    }
    case 'or': {
      if (query.of.length === 0) return '(NOT *:*)'
      const parts = query.of.map((part) =>
        part.kind === 'not' ? `(${print(part, false)})` : print(part, true),
      )
      if (query.atLeast !== undefined && query.atLeast !== 1) {
        return `at least ${query.atLeast} of (${parts.join(', ')})`
      }
      return group(parts.join(' OR '), inside)
    }
    case 'not':
      return `NOT ${query.of.kind === 'not' ? `(${print(query.of, false)})` : print(query.of, true)}`
    case 'match': {
      const words = query.text.split(' ')
      // A comparison within a group would stand for itself.
      const isGroup = words.length > 1 && words.every((word) => /^[^<>]/.test(word))
      const text = isGroup
        ? `(${words.map(escapeLucene).join(query.operator === 'and' ? ' ' : ' | ')})`
        : escapeLucene(query.text)
      return prefix(query.field) + (query.text === '' ? '""' : text)
    }
    case 'phrase': {
      const slop = query.slop > 0 ? `~${query.slop}` : ''
      return `${prefix(query.field)}${quote(query.text)}${query.prefix ? '*' : ''}${slop}`
    }
    case 'term': {
      const value = typeof query.value === 'string' ? quote(query.value) : String(query.value)
      return `${escapeLucene(query.field)}=${value}${query.caseInsensitive ? ' (any case)' : ''}`
    }
    case 'range':
      return printRange(query)
    case 'wildcard': {
      const notes = [query.whole && !isWholeField(query.field) ? 'whole value' : '', noteCase(query)].filter(
        (note) => note,
      )
      return (
        prefix(query.field) +
        escapePattern(query.pattern) +
        (notes.length > 0 ? ` (${notes.join(', ')})` : '')
      )
    }
    case 'regexp':
      return `${prefix(query.field)}/${closeRegexp(query.pattern)}/${noteCase(query) && ` (${noteCase(query)})`}`
    case 'fuzzy': {
      const start = query.prefixLength > 0 ? ` (first ${query.prefixLength} equal)` : ''
      const distance = query.distance === 'auto' ? '' : query.distance
      return `${prefix(query.field)}${escapeLucene(query.text)}~${distance}${start}`
    }
    case 'exists':
      return `_exists_:${query.field === '' ? '""' : escapeLucene(query.field)}`
    case 'ids':
      return `_id:(${query.values.map((id) => (/^\w+$/.test(id) ? escapeLucene(id) : quote(id))).join(' OR ')})`
    case 'label':
      return `label(${quote(query.name)}${query.sketchId === undefined ? '' : `, sketch ${query.sketchId}`})`
    case 'fields': {
      const note = query.caseInsensitive ? ' (any case)' : ''
      return `${escapeLucene(query.field)} ${COMPARED[query.how]} ${escapeLucene(query.other)}${note}`
    }
    case 'date-part': {
      const { part, kind: _, timeZone, field, ...ends } = query
      return `${part}${timeZone === undefined ? '' : ` in ${timeZone}`}(${printRange({ kind: 'range', field, ...ends })})`
    }
    default:
      return query satisfies never
  }
}

/** How two fields are compared, in signs and words. */
const COMPARED: Readonly<Record<FieldComparison['how'], string>> = {
  equal: '=',
  startswith: 'begins with',
  endswith: 'ends with',
  contains: 'contains',
}

/** Patterns ignore case on words and mind it on whole values; only the other way round is said. */
function noteCase({
  field,
  caseInsensitive,
}: {
  field: string | undefined
  caseInsensitive: boolean
}): string {
  if (isWholeField(field)) return caseInsensitive ? 'any case' : ''
  return caseInsensitive ? '' : 'exact case'
}

function group(text: string, inside: boolean): string {
  return inside ? `(${text})` : text
}

function printRange(query: Range): string {
  const lower = query.gte ?? query.gt
  const upper = query.lte ?? query.lt
  const open = query.gt !== undefined && query.gte === undefined ? '{' : '['
  const close = query.lt !== undefined && query.lte === undefined ? '}' : ']'
  const zone = query.timeZone === undefined ? '' : ` (${query.timeZone})`
  return `${escapeLucene(query.field)}:${open}${printEnd(lower)} TO ${printEnd(upper)}${close}${zone}`
}

function printEnd(end: string | number | undefined): string {
  if (end === undefined) return '*'
  const text = String(end)
  if (text !== '' && text !== '*' && text !== 'TO' && !/[\s\]}"\\]/.test(text)) return text
  // A quote after a backslash may be taken for one inside.
  return `"${text.replaceAll('\\', '\\u005c').replaceAll('"', '\\u0022')}"`
}

function prefix(field: string | undefined): string {
  return field === undefined ? '' : `${escapeLucene(field)}:`
}

function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, (char) => `\\${char}`)}"`
}

/** Escapes what would end the pattern, but neither its wildcards nor its own escapes. */
function escapePattern(pattern: string): string {
  return pattern.replaceAll(/\\.|\\$|[+\-!():^[\]"{}~/&|<>=\s]/gsu, (part) =>
    part.length > 1 && part.startsWith('\\') ? part : `\\${part}`,
  )
}

/** A slash after a backslash may be taken for one inside. */
function closeRegexp(pattern: string): string {
  const escaped = pattern.replaceAll(/\\.|\//gsu, (part) => (part === '/' ? '\\/' : part))
  return escaped.endsWith('\\') ? `(${escaped})` : escaped
}
