import type { SolCompare, SolTextTest, SolValue } from '@timeskein/query/sol'
import { listElements, readMoment } from './row.ts'

/** Compares two values as SOL does: of a list one element is enough, a number and a text are compared by the number. */
export function compareValues(
  operator: SolCompare['operator'],
  left: SolValue,
  right: SolValue,
  ignoreCase: boolean,
): boolean {
  if (operator === '!=') return !compareValues('==', left, right, ignoreCase)
  if (left === null || right === null) return operator === '==' && left === right
  const others = listElements(right)
  return listElements(left).some((one) => others.some((other) => holds(operator, one, other, ignoreCase)))
}

/** Where a text stands in another; of a list one element is enough. */
export function testTexts(
  how: SolTextTest['how'],
  left: SolValue,
  right: SolValue,
  ignoreCase: boolean,
): boolean {
  if (left === null || right === null) return false
  const fold = (value: SolValue): string => (ignoreCase ? String(value).toLowerCase() : String(value))
  const others = listElements(right).filter(isPlain).map(fold)
  return listElements(left)
    .filter(isPlain)
    .some((one) => {
      const text = fold(one)
      if (how === 'contains') return others.some((other) => text.includes(other))
      if (how === 'startswith') return others.some((other) => text.startsWith(other))
      return others.some((other) => text.endsWith(other))
    })
}

/** Which of two values comes first: numbers by value, times by time, other texts by their characters; null comes last in both directions. */
export function orderValues(left: SolValue, right: SolValue): number {
  const order = relate(left, right, false)
  if (order !== undefined) return order
  const [one, other] = [JSON.stringify(left), JSON.stringify(right)]
  return one < other ? -1 : one > other ? 1 : 0
}

function holds(
  operator: SolCompare['operator'],
  left: SolValue,
  right: SolValue,
  ignoreCase: boolean,
): boolean {
  const order = relate(left, right, ignoreCase)
  if (order === undefined) return false
  switch (operator) {
    case '==':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    default:
      return operator satisfies never
  }
}

/** Below, at or above 0; undefined for values that have no order. */
function relate(left: SolValue, right: SolValue, ignoreCase: boolean): number | undefined {
  const numbers = [readNumber(left), readNumber(right)] as const
  if (
    (typeof left === 'number' || typeof right === 'number') &&
    numbers[0] !== undefined &&
    numbers[1] !== undefined
  )
    return numbers[0] - numbers[1]
  const moments = [readMoment(left), readMoment(right)] as const
  if (moments[0] !== undefined && moments[1] !== undefined) return moments[0] - moments[1]
  if (isTimespan(left) && isTimespan(right)) return left.ms - right.ms
  if (!isPlain(left) || !isPlain(right) || typeof left === 'number' || typeof right === 'number')
    return undefined
  const anyCase = ignoreCase || typeof left === 'boolean' || typeof right === 'boolean'
  const fold = (value: SolValue): string => (anyCase ? String(value).toLowerCase() : String(value))
  const [one, other] = [fold(left), fold(right)]
  return one < other ? -1 : one > other ? 1 : 0
}

function isTimespan(value: SolValue): value is { readonly kind: 'timespan'; readonly ms: number } {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'timespan'
}

function isPlain(value: SolValue): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** A number, or a text that is written as one; undefined for others. */
export function readNumber(value: SolValue): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(value))
    return undefined
  return Number(value)
}
