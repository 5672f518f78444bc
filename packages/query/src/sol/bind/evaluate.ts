import { partsOf, type SolExpression } from '../expression.ts'
import { isOfKind, type SolValue } from '../value.ts'

/** Letters of a text that is put together before any row is read, at most: a few names may double it again and again. */
const MAX_TEXT_LENGTH = 65_536

/**
 * What an expression is whose parts are all constants; undefined where that takes a row, or a function that only rows are asked
 * with.
 *
 * @param nowMs - What `now()` is, in milliseconds since 1970.
 */
export function evaluate(expression: SolExpression, nowMs: number): SolValue | undefined {
  const values: SolValue[] = []
  for (const part of partsOf(expression)) {
    if (part.kind !== 'constant') return undefined
    values.push(part.value)
  }
  switch (expression.kind) {
    case 'constant':
      return expression.value
    case 'list':
      return values
    case 'dict':
      return { kind: 'dict', members: new Map(expression.names.map((name, at) => [name, values[at]!])) }
    case 'arithmetic':
      return calculateSol(expression.operator, values[0]!, values[1]!)
    case 'at':
      return memberOfSol(values[0]!, values[1]!)
    case 'call':
      return call(expression.name, values, nowMs)
    default:
      return undefined
  }
}

/**
 * Numbers, texts put together, and times with timespans; what has no meaning, and a division by zero, is null.
 *
 * @returns Undefined for a text that would be too long.
 */
export function calculateSol(
  operator: '+' | '-' | '*' | '/',
  left: SolValue,
  right: SolValue,
): SolValue | undefined {
  if (typeof left === 'number' && typeof right === 'number') return calculateNumber(operator, left, right)
  if (typeof left === 'string' && typeof right === 'string' && operator === '+') {
    return left.length + right.length > MAX_TEXT_LENGTH ? undefined : left + right
  }
  if (isOfKind(left, 'timespan') && typeof right === 'number' && (operator === '*' || operator === '/')) {
    const ms = calculateNumber(operator, left.ms, right)
    return ms === null ? null : { kind: 'timespan', ms }
  }
  if (operator !== '+' && operator !== '-') return null
  if (isOfKind(left, 'time') || isOfKind(left, 'timespan')) {
    if (isOfKind(right, 'timespan')) {
      return { kind: left.kind, ms: operator === '+' ? left.ms + right.ms : left.ms - right.ms }
    }
    if (left.kind === 'time' && isOfKind(right, 'time') && operator === '-') {
      return { kind: 'timespan', ms: left.ms - right.ms }
    }
  }
  return null
}

function calculateNumber(operator: '+' | '-' | '*' | '/', left: number, right: number): number | null {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return right === 0 ? null : left / right
  }
}

/** A member by its name, or an element of a list by its place from 0; null where there is none. */
export function memberOfSol(of: SolValue, key: SolValue): SolValue {
  if (isOfKind(of, 'dict')) return of.members.get(String(key)) ?? null
  return (Array.isArray(of) && typeof key === 'number' ? (of as readonly SolValue[])[key] : null) ?? null
}

function call(name: string, [first]: readonly SolValue[], nowMs: number): SolValue | undefined {
  switch (name) {
    case 'now':
      if (first === undefined) return { kind: 'time', ms: nowMs }
      return isOfKind(first, 'timespan') ? { kind: 'time', ms: nowMs + first.ms } : null
    case 'ago':
      return first !== undefined && isOfKind(first, 'timespan')
        ? { kind: 'time', ms: nowMs - first.ms }
        : null
    case 'tolower':
      return typeof first === 'string' ? first.toLowerCase() : undefined
    case 'toupper':
      return typeof first === 'string' ? first.toUpperCase() : undefined
    default:
      return undefined
  }
}
