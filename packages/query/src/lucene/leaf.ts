import type { Query } from '../query.ts'
import { escapeWildcard } from './escape.ts'

/** What a leaf of a query string needs to know of the question around it. */
export interface LeafContext {
  readonly defaultOperator: 'and' | 'or'
  /** Fields that a leaf without one asks; undefined means every field. */
  readonly defaultFields: readonly string[] | undefined
}

/** Makes a leaf for one field. Undefined stands for a text that no analysed field could hold a word of. */
type MakeLeaf = (field: string | undefined) => Query | undefined

/** A word, or several that stand in one run (`foo bar`): one analysed text, whose words must stand in the same field. */
export function wordLeaf(field: string | undefined, text: string, context: LeafContext): Query | undefined {
  if (field === '_exists_') return { kind: 'exists', field: text }
  return overFields(field, context, (name) => {
    const range = name === undefined ? undefined : comparisonLeaf(name, text)
    if (range !== undefined) return range
    if (name === '_id') return { kind: 'ids', values: [text] }
    if (isWordless(name, text)) return undefined
    return { kind: 'match', field: name, text, operator: context.defaultOperator }
  })
}

/** A quoted text. */
export function phraseLeaf(
  field: string | undefined,
  text: string,
  slop: number,
  context: LeafContext,
): Query | undefined {
  if (field === '_exists_') return { kind: 'exists', field: text }
  return overFields(field, context, (name) => {
    if (name === '_id') return { kind: 'ids', values: [text] }
    if (isWordless(name, text)) return undefined
    return { kind: 'phrase', field: name, text, slop }
  })
}

/**
 * A pattern as written (escapes in place; those that are not needed are left out); `*` alone asks whether there is a value. On
 * words it is held in any case, as the field's analyser would have it; on whole values case counts.
 */
export function wildcardLeaf(
  field: string | undefined,
  pattern: string,
  context: LeafContext,
): Query | undefined {
  const isAny = /^\*+$/.test(pattern)
  if (isAny && field === undefined && context.defaultFields === undefined) return { kind: 'all' }
  return overFields(field, context, (name) => {
    if (isAny) return name === undefined ? { kind: 'all' } : { kind: 'exists', field: name }
    const whole = isWholeField(name)
    const plain = pattern.replaceAll(/\\([^*?\\])|\\./gsu, (written, sign?: string) => sign ?? written)
    return { kind: 'wildcard', field: name, pattern: plain, whole, caseInsensitive: !whole }
  })
}

/** The beginning of a word, escapes resolved. */
export function prefixLeaf(
  field: string | undefined,
  prefix: string,
  context: LeafContext,
): Query | undefined {
  return wildcardLeaf(field, `${escapeWildcard(prefix)}*`, context)
}

/** A regular expression as written between its slashes; case as for patterns. */
export function regexpLeaf(
  field: string | undefined,
  pattern: string,
  context: LeafContext,
): Query | undefined {
  return overFields(field, context, (name) => ({
    kind: 'regexp',
    field: name,
    pattern,
    caseInsensitive: !isWholeField(name),
  }))
}

/** A word and those near it. */
export function fuzzyLeaf(
  field: string | undefined,
  text: string,
  distance: 0 | 1 | 2 | 'auto',
  context: LeafContext,
): Query | undefined {
  return overFields(field, context, (name) => ({
    kind: 'fuzzy',
    field: name,
    text,
    distance,
    prefixLength: 0,
  }))
}

/** True for a sub-field that holds whole values. */
export function isWholeField(field: string | undefined): boolean {
  return field !== undefined && /\.(keyword|wildcard)$/.test(field)
}

/** `field:>5` and its kin; undefined for any other text. */
function comparisonLeaf(field: string, text: string): Query | undefined {
  const found = /^([<>])(=?)(.+)$/su.exec(text)
  if (found === null) return undefined
  const [, sign, equal, rest] = found
  const isOnlyEqual = text.length === 2
  const value = isOnlyEqual ? text.slice(1) : rest!
  const inclusive = equal === '=' && !isOnlyEqual
  if (sign === '>')
    return inclusive ? { kind: 'range', field, gte: value } : { kind: 'range', field, gt: value }
  return inclusive ? { kind: 'range', field, lte: value } : { kind: 'range', field, lt: value }
}

/** `*` means every field, as no field does; default fields are tried one by one. */
function overFields(field: string | undefined, context: LeafContext, make: MakeLeaf): Query | undefined {
  if (field === '*') return make(undefined)
  if (field !== undefined || context.defaultFields === undefined) return make(field)
  const parts = context.defaultFields.map((name) => make(name)).filter((part) => part !== undefined)
  return parts.length <= 1 ? parts[0] : { kind: 'or', of: parts }
}

/**
 * True for a text of punctuation only, asked of an analysed field: the standard analyser leaves nothing of it, and OpenSearch
 * then drops the clause. Whole-value fields hold such values, and "every field" includes those.
 */
export function isWordless(field: string | undefined, text: string): boolean {
  if (field === undefined || field.startsWith('_') || isWholeField(field)) return false
  return !/[\p{Alphabetic}\p{Nd}\p{Emoji_Presentation}]/u.test(text)
}
