import type { Expression, FieldAsk } from '../compile/expression.ts'
import { SigmaError } from '../problem.ts'
import { hasWildcards, plainTextOf } from '../rule/sigma-string.ts'
import type { SigmaRegexp, SigmaString } from '../rule/value.ts'

/**
 * Writes what a rule asks as an OpenSearch query string, as pySigma's OpenSearch backend (2.0) and so Timesketch write it. On analysed
 * fields it finds what such query strings find; the question to our store is `CompiledRule.query`.
 *
 * @throws {SigmaError} `unsupported` for what a query string cannot say: field references, case, parts of dates.
 */
export function printQueryString(expression: Expression): string {
  switch (expression.kind) {
    case 'and':
      return expression.of.map(printGrouped).join(' AND ')
    case 'or':
      return printOr(expression)
    case 'not':
      return printNot(expression.of)
    case 'ask':
      return printAsk(expression)
  }
}

function printGrouped(part: Expression): string {
  const text = printQueryString(part)
  // OpenSearch reads "a OR NOT b" as "a, and not b".
  if (part.kind === 'ask') return text.startsWith('NOT ') ? `(${text})` : text
  const isOneClause =
    part.kind === 'not'
      ? part.of.kind === 'ask' && part.of.value.kind === 'null'
      : part.kind === 'or' && part.isOneValue && printValues(part.of) !== undefined
  return isOneClause ? text : `(${text})`
}

function printOr(expression: Expression & { readonly kind: 'or' }): string {
  const { of, atLeast } = expression
  if (atLeast === 1) return printValues(of) ?? of.map(printGrouped).join(' OR ')
  return combine(of, atLeast)
    .map((parts) => printGrouped({ kind: 'and', of: parts }))
    .join(' OR ')
}

/** Most combinations that "2 of x*" is written out to. */
const MAX_COMBINATIONS = 1000

function combine(parts: readonly Expression[], count: number): readonly (readonly Expression[])[] {
  let made: (readonly Expression[])[] = [[]]
  const all: (readonly Expression[])[] = []
  for (const [at, part] of parts.entries()) {
    const left = parts.length - at - 1
    made = made.flatMap((chosen) => {
      const withPart = [...chosen, part]
      if (withPart.length === count) all.push(withPart)
      const next = withPart.length < count ? [withPart] : []
      return chosen.length + left >= count ? [...next, chosen] : next
    })
    if (all.length + made.length > MAX_COMBINATIONS)
      throw new SigmaError(
        'unsupported',
        `a query string of at most ${MAX_COMBINATIONS} combinations expected`,
      )
  }
  return all
}

function printNot(of: Expression): string {
  if (of.kind === 'ask' && of.value.kind === 'null') return `_exists_:${escapeField(of)}`
  return of.kind === 'ask' ? `NOT ${printAsk(of)}` : `NOT ${printGrouped(of)}`
}

/** Texts and numbers of one field in one pair of brackets. */
function printValues(parts: readonly Expression[]): string | undefined {
  const [first] = parts
  if (first?.kind !== 'ask' || first.field === undefined) return undefined
  const values: string[] = []
  for (const part of parts) {
    if (part.kind !== 'ask' || part.field !== first.field) return undefined
    if (part.value.kind === 'number') values.push(part.value.text)
    else if (part.value.kind === 'string') values.push(printString(part.value, part))
    else return undefined
  }
  return `${escapeField(first)}:(${values.join(' OR ')})`
}

function printAsk(ask: FieldAsk): string {
  const { field, value } = ask
  switch (value.kind) {
    case 'string':
      return field === undefined
        ? `*${escapeString(value, '', ask)}*`
        : `${escapeField(ask)}:${printString(value, ask)}`
    case 'number':
      return field === undefined ? value.text : `${escapeField(ask)}:${value.text}`
    case 'boolean':
      return field === undefined ? String(value.value) : `${escapeField(ask)}:${value.value}`
    case 'null':
      return `NOT _exists_:${escapeField(ask)}`
    case 'exists':
      return `${value.expected ? '' : 'NOT '}_exists_:${escapeField(ask)}`
    case 'regexp':
      return `${field === undefined ? '' : `${escapeField(ask)}:`}/${printRegexp(value, ask)}/`
    case 'network': {
      const [address = '', length = String(value.bytes.length * 8)] = value.text.split('/')
      return `${field ?? '*'}:${address.replaceAll(':', '\\:')}\\/${length}`
    }
    case 'comparison': {
      const sign = { gt: '>', gte: '>=', lt: '<', lte: '<=' }[value.operator]
      return `${escapeField(ask)}:${sign}${value.number.text}`
    }
    case 'query-expression':
      return value.expression.replaceAll('{field}', () => escapeField(ask)).replaceAll('{id}', () => value.id)
    case 'field-reference':
      throw unsupported('compare two fields', ask)
    case 'time-part':
      throw unsupported('ask for a part of a date', ask)
  }
}

/** Texts with blanks and without wildcards are phrases. */
function printString(value: SigmaString, ask: FieldAsk): string {
  if (value.cased) throw unsupported('mind case', ask)
  if (value.parts.length === 0) return '""'
  const plain = hasWildcards(value.parts) ? undefined : plainTextOf(value.parts)
  if (plain?.includes(' ')) return `"${escapeString(value, ' ', ask)}"`
  return escapeString(value, '', ask)
}

const ESCAPED = /[+\-=&|!(){}[\]<>^"~*?:\\/ ]/g

/** @param kept - A character that needs no escape here. */
function escapeString(value: SigmaString, kept: string, ask: FieldAsk): string {
  return value.parts
    .map((part) => {
      if (part.kind === 'run') return '*'
      if (part.kind === 'one') return '?'
      if (part.kind === 'placeholder')
        throw unsupported(`say what the placeholder %${part.name}% stands for`, ask)
      return part.text.replaceAll(ESCAPED, (sign) => (sign === kept ? sign : `\\${sign}`))
    })
    .join('')
}

function printRegexp({ parts, flags }: SigmaRegexp, ask: FieldAsk): string {
  const source = plainTextOf(parts)
  if (source === undefined) throw unsupported('say what a placeholder stands for', ask)
  const names = (['i', 'm', 's'] as const).filter((flag) => flags[flag]).join('')
  return (names === '' ? '' : `(?${names})`) + source.replaceAll('/', '\\/')
}

function escapeField({ field }: FieldAsk): string {
  return (field ?? '*').replaceAll(/[\s*]/g, '\\$&')
}

function unsupported(what: string, { place }: FieldAsk): SigmaError {
  return new SigmaError('unsupported', `a query string cannot ${what}`, place)
}
