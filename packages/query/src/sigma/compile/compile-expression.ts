import { escapeWildcard } from '../../lucene/escape.ts'
import type { DatePart, Query } from '../../query.ts'
import { SigmaError } from '../problem.ts'
import { hasWildcards, listPlaceholders, openEnds, plainTextOf } from '../rule/sigma-string.ts'
import type { SigmaRegexp, SigmaString, SigmaTimePart, StringPart } from '../rule/value.ts'
import { compileNetwork } from './compile-network.ts'
import type { Expression, FieldAsk } from './expression.ts'
import { compileRegexp } from './regexp/compile-regexp.ts'

/** A question with what was found out while it was made. */
export interface CompiledExpression {
  readonly query: Query
  /** Placeholders that nothing was put in place of: `query` says nothing of use where there are any. */
  readonly placeholders: readonly string[]
}

/**
 * Compiles what a rule asks to a question whose hits are Sigma's: texts are held against whole values in any case, numbers against
 * numbers and texts written like them, and a field that is not there answers nothing but `null` and `exists: false`.
 *
 * @throws {SigmaError} `unsupported` for what cannot be asked, with the place of the field.
 */
export function compileExpression(expression: Expression): CompiledExpression {
  const placeholders = new Set<string>()
  const query = compileNode(expression, placeholders)
  return { query, placeholders: [...placeholders] }
}

function compileNode(expression: Expression, placeholders: Set<string>): Query {
  switch (expression.kind) {
    case 'and':
      return { kind: 'and', of: expression.of.map((part) => compileNode(part, placeholders)) }
    case 'or': {
      const of = expression.of.map((part) => compileNode(part, placeholders))
      return expression.atLeast === 1 ? { kind: 'or', of } : { kind: 'or', of, atLeast: expression.atLeast }
    }
    case 'not':
      return { kind: 'not', of: compileNode(expression.of, placeholders) }
    case 'ask':
      try {
        return compileAsk(expression, placeholders)
      } catch (error) {
        if (!(error instanceof SigmaError) || error.place) throw error
        const name = expression.field ?? 'a keyword'
        throw new SigmaError(error.code, `${name}: ${error.message}`, expression.place, { cause: error })
      }
  }
}

function compileAsk({ field, value }: FieldAsk, placeholders: Set<string>): Query {
  switch (value.kind) {
    case 'string':
      return compileString(field, value, placeholders)
    case 'number':
      return compileText(field, value.text)
    case 'boolean':
      return compileText(field, String(value.value))
    case 'null':
      return { kind: 'not', of: { kind: 'exists', field: expectField(field) } }
    case 'exists': {
      const exists: Query = { kind: 'exists', field: expectField(field) }
      return value.expected ? exists : { kind: 'not', of: exists }
    }
    case 'regexp':
      return compileRegexpValue(field, value, placeholders)
    case 'network':
      return { kind: 'regexp', field, pattern: compileNetwork(value), caseInsensitive: true, anyType: true }
    case 'comparison':
      return {
        kind: 'range',
        field: expectField(field),
        [value.operator]: value.number.text,
        anyType: true,
      }
    case 'field-reference': {
      const { how, cased } = value
      return {
        kind: 'fields',
        field: expectField(field),
        other: value.field,
        how,
        caseInsensitive: !cased,
      }
    }
    case 'time-part':
      return compileTimePart(expectField(field), value)
    case 'query-expression':
      throw new SigmaError(
        'unsupported',
        `a piece of another query language (${JSON.stringify(value.expression)}) cannot be asked here`,
      )
  }
}

function compileString(field: string | undefined, value: SigmaString, placeholders: Set<string>): Query {
  const unset = listPlaceholders(value.parts)
  if (unset.length > 0) {
    for (const name of unset) placeholders.add(name)
    return { kind: 'none' }
  }
  if (value.binary && value.parts.some((part) => part.kind === 'text' && /[^\x00-\x7f]/.test(part.text)))
    throw new SigmaError(
      'unsupported',
      'UTF-16 of letters beyond ASCII is no text that could be found; base64 expected behind it',
    )
  const whole = field === undefined ? openEnds(value, true, true) : value
  const { parts } = whole
  if (parts.length > 0 && parts.every((part) => part.kind === 'run'))
    return field === undefined ? { kind: 'all' } : { kind: 'exists', field }
  const pattern = writePattern(parts)
  const query: Query = {
    kind: 'wildcard',
    field,
    pattern,
    whole: true,
    caseInsensitive: !value.cased,
    anyType: true,
  }
  return query
}

/** A number or truth value as it is written; as a keyword, a number is looked for among numbers too. */
function compileText(field: string | undefined, text: string): Query {
  const pattern = escapeWildcard(text)
  if (field !== undefined)
    return { kind: 'wildcard', field, pattern, whole: true, caseInsensitive: true, anyType: true }
  const inTexts: Query = {
    kind: 'wildcard',
    field,
    pattern: `*${pattern}*`,
    whole: true,
    caseInsensitive: true,
    anyType: true,
  }
  return { kind: 'or', of: [inTexts, { kind: 'match', field, text, operator: 'and' }] }
}

function writePattern(parts: readonly StringPart[]): string {
  return parts
    .map((part) => (part.kind === 'text' ? escapeWildcard(part.text) : part.kind === 'run' ? '*' : '?'))
    .join('')
}

function compileRegexpValue(field: string | undefined, value: SigmaRegexp, placeholders: Set<string>): Query {
  const unset = listPlaceholders(value.parts)
  if (unset.length > 0) {
    for (const name of unset) placeholders.add(name)
    return { kind: 'none' }
  }
  const source = plainTextOf(value.parts)
  if (source === undefined || hasWildcards(value.parts))
    throw new SigmaError('unsupported', 'a regular expression of plain text expected')
  const compiled = compileRegexp(source, value.flags)
  if (compiled === undefined) return { kind: 'none' }
  return { kind: 'regexp', field, ...compiled, anyType: true }
}

function compileTimePart(
  field: string,
  { part, operator, number, before, timeZone }: SigmaTimePart,
): DatePart {
  const ends = operator === 'eq' ? { gte: number, lte: number } : { [operator]: number }
  return {
    kind: 'date-part',
    field,
    part,
    ...(timeZone === undefined ? {} : { timeZone }),
    ...ends,
    ...(before === undefined ? {} : { lt: before }),
  }
}

function expectField(field: string | undefined): string {
  if (field === undefined)
    throw new SigmaError(
      'bad-rule',
      'a field expected: keywords can be texts, numbers and regular expressions',
    )
  return field
}
