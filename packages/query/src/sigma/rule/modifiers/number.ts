import { SigmaError } from '../../problem.ts'
import { plainTextOf } from '../sigma-string.ts'
import type { CompareOperator, SigmaNumber, SigmaValue, TimePart } from '../value.ts'
import { eachValue, type ItemState, type Modifier, mismatch } from './modifier.ts'

/** What a part of a time can be: first and last number. */
type NumberedPart = Exclude<TimePart, 'minute-of-day' | 'weekday' | 'date'>
const TIME_RANGES: Readonly<Record<NumberedPart, readonly [first: number, last: number]>> = {
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  week: [1, 53],
  month: [1, 12],
  year: [0, 9999],
}

/** `gt`, `gte`, `lt`, `lte`: of numbers, or of the part of a time that stands before. */
export function compare(operator: CompareOperator): Modifier {
  return eachValue((value, state, name): SigmaValue => {
    if (value.kind === 'time-part') return { ...value, operator }
    return { kind: 'comparison', operator, number: expectNumber(value, state, name) }
  })
}

/** `minute`, `hour`, `day`, `week`, `month`, `year` of a date. */
export function timePart(part: NumberedPart): Modifier {
  const [first, last] = TIME_RANGES[part]
  return eachValue((value, state, name): SigmaValue => {
    const operator = value.kind === 'comparison' ? value.operator : 'eq'
    const { value: number } = value.kind === 'comparison' ? value.number : expectNumber(value, state, name)
    if (!Number.isInteger(number) || number < first || number > last) {
      const reason = `the modifier "${name}" takes a whole number from ${first} to ${last}, found ${number}`
      throw new SigmaError('bad-rule', reason, state.place)
    }
    return { kind: 'time-part', part, operator, number }
  })
}

/** `exists`: true or false. */
export const exists: Modifier = eachValue((value, state, name): SigmaValue => {
  if (state.field === undefined)
    throw new SigmaError('bad-rule', `the modifier "${name}" needs a field`, state.place)
  if (value.kind !== 'boolean') throw mismatch(name, 'true or false', value, state)
  return { kind: 'exists', expected: value.value }
})

/** A number as it was written, of any size. */
export function readSigmaNumber(text: string): SigmaNumber | undefined {
  const trimmed = text.trim()
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed)) return undefined
  const value = Number(trimmed)
  if (!Number.isFinite(value)) return undefined
  if (/^[+-]?\d+$/.test(trimmed))
    return { kind: 'number', value, text: String(BigInt(trimmed.replace(/^\+/, ''))) }
  return { kind: 'number', value, text: String(value) }
}

function expectNumber(value: SigmaValue, state: ItemState, name: string): SigmaNumber {
  if (value.kind === 'number') return value
  const text = value.kind === 'string' ? plainTextOf(value.parts) : undefined
  const number = text === undefined ? undefined : readSigmaNumber(text)
  if (number) return number
  throw mismatch(name, 'a number', value, state)
}
