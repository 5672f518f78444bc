import type { Expression, FieldAsk } from '../compile/expression.ts'
import { SigmaError } from '../problem.ts'
import { hasWildcards, plainTextOf } from '../rule/sigma-string.ts'
import type { SigmaString, SigmaTimePart, StringPart } from '../rule/value.ts'

/**
 * Writes what a rule asks as SQL (DuckDB's) over a table `events` with a column for each field: to look at, and to carry to
 * databases. Missing fields are NULL, so that a negation is written `IS NOT TRUE`.
 *
 * @throws {SigmaError} `unsupported` for placeholders without values.
 */
export function printSql(expression: Expression): string {
  return `SELECT * FROM events WHERE ${printCondition(expression)}`
}

function printCondition(expression: Expression): string {
  switch (expression.kind) {
    case 'and':
      return expression.of.map(printGrouped).join(' AND ')
    case 'or': {
      const parts = expression.of.map(printGrouped)
      if (expression.atLeast === 1) return parts.join(' OR ')
      return `${parts.map((part) => `CASE WHEN ${part} THEN 1 ELSE 0 END`).join(' + ')} >= ${expression.atLeast}`
    }
    case 'not':
      return `(${printCondition(expression.of)}) IS NOT TRUE`
    case 'ask':
      return printAsk(expression)
  }
}

function printGrouped(part: Expression): string {
  return part.kind === 'and' || part.kind === 'or' ? `(${printCondition(part)})` : printCondition(part)
}

function printAsk({ field, value, place }: FieldAsk): string {
  const column = field === undefined ? 'CAST(events AS VARCHAR)' : quoteName(field)
  switch (value.kind) {
    case 'string':
      return field === undefined
        ? printLike(column, openParts(value), place)
        : printString(column, value, place)
    case 'number':
      return field === undefined ? `${column} LIKE ${quote(`%${value.text}%`)}` : `${column} = ${value.text}`
    case 'boolean':
      return field === undefined
        ? `${column} LIKE ${quote(`%${value.value}%`)}`
        : `${column} = ${value.value}`
    case 'null':
      return `${column} IS NULL`
    case 'exists':
      return `${column} IS ${value.expected ? 'NOT ' : ''}NULL`
    case 'regexp': {
      const source = plainTextOf(value.parts)
      if (source === undefined) throw unset(place)
      const flags = (['i', 'm', 's'] as const).filter((flag) => value.flags[flag]).join('')
      return `regexp_matches(${column}, ${quote(source)}${flags === '' ? '' : `, ${quote(flags)}`})`
    }
    case 'network':
      return `CAST(${column} AS INET) <<= CAST(${quote(value.text)} AS INET)`
    case 'comparison': {
      const sign = { gt: '>', gte: '>=', lt: '<', lte: '<=' }[value.operator]
      return `${column} ${sign} ${value.number.text}`
    }
    case 'field-reference':
      return printFields(column, quoteName(value.field), value.how, value.cased)
    case 'time-part': {
      const sign = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' }[value.operator]
      const part = writeTimePart(value, column)
      const test = `${part} ${sign} ${value.number}`
      return value.before === undefined ? test : `(${test} AND ${part} < ${value.before})`
    }
    case 'query-expression':
      throw new SigmaError('unsupported', 'SQL cannot hold a piece of another query language', place)
  }
}

/** The part of a time as DuckDB takes it out. */
function writeTimePart({ part, timeZone }: SigmaTimePart, column: string): string {
  const time =
    timeZone === undefined
      ? `CAST(${column} AS TIMESTAMP)`
      : `(CAST(${column} AS TIMESTAMPTZ) AT TIME ZONE ${quote(timeZone)})`
  const of = (name: string): string => `date_part('${name}', ${time})`
  switch (part) {
    case 'minute-of-day':
      return `(${of('hour')} * 60 + ${of('minute')})`
    case 'weekday':
      return of('isodow')
    case 'date':
      return `(${of('month')} * 100 + ${of('day')})`
    default:
      return of(part)
  }
}

function printString(column: string, value: SigmaString, place: FieldAsk['place']): string {
  if (hasWildcards(value.parts)) return printLike(column, value, place)
  const text = plainTextOf(value.parts)
  if (text === undefined) throw unset(place)
  return value.cased ? `${column} = ${quote(text)}` : `lower(${column}) = ${quote(text.toLowerCase())}`
}

function printLike(column: string, { parts, cased }: SigmaString, place: FieldAsk['place']): string {
  const pattern = parts
    .map((part) => {
      if (part.kind === 'run') return '%'
      if (part.kind === 'one') return '_'
      if (part.kind === 'placeholder') throw unset(place)
      return (cased ? part.text : part.text.toLowerCase()).replaceAll(/[%_!]/g, '!$&')
    })
    .join('')
  const ending = pattern.includes('!') ? " ESCAPE '!'" : ''
  return `${cased ? column : `lower(${column})`} LIKE ${quote(pattern)}${ending}`
}

function openParts(value: SigmaString): SigmaString {
  const run: StringPart = { kind: 'run' }
  return { ...value, parts: [run, ...value.parts, run] }
}

function printFields(column: string, other: string, how: string, cased: boolean): string {
  const [a, b] = cased ? [column, other] : [`lower(${column})`, `lower(${other})`]
  if (how === 'equal') return `${a} = ${b}`
  const name = { startswith: 'starts_with', endswith: 'ends_with', contains: 'contains' }[how]
  return `${name}(${a}, ${b})`
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function unset(place: FieldAsk['place']): SigmaError {
  return new SigmaError('unsupported', 'a value for each placeholder expected', place)
}
