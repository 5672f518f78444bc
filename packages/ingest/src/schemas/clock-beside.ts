import { detectTimeFormat } from '../time/detect-time.ts'
import { saysNothing } from '../time/unset-time.ts'
import { findFirstClock, isEventClock, isEventDate } from './clock-words.ts'
import type { FieldSample } from './mapping.ts'

/** Share of the rows whose date and clock must be a time together. */
const ENOUGH = 0.5

/**
 * The clock time that belongs to a field of dates: of the fields of clock times right beside it, those whose names say that
 * they are the event's, or that have none. Of several the one that is called a beginning or a time; else none.
 *
 * @param clocks - Fields that hold clock times mostly; one counts only where it holds nothing else.
 */
export function findClockBeside(
  date: FieldSample,
  fields: readonly FieldSample[],
  clocks: readonly FieldSample[],
): FieldSample | undefined {
  if (!isEventDate(date.name)) return undefined
  const at = fields.indexOf(date)
  const behind = takeWhile(fields.slice(at + 1), (field) => clocks.includes(field))
  const before = takeWhile(fields.slice(0, at).reverse(), (field) => clocks.includes(field))
  const candidates = [...behind, ...before].filter(
    (field) => isEventClock(field.name) && areTogetherTimes(date, field),
  )
  if (candidates.length <= 1) return candidates[0]
  const first = findFirstClock(candidates.map(({ name }) => name))
  return candidates.find(({ name }) => name === first)
}

/** Whether all that a clock says is one, and makes times with its dates. */
function areTogetherTimes(date: FieldSample, clock: FieldSample): boolean {
  if (!clock.values.every((value) => saysNothing(value) || isClockOnly(value))) return false
  const joined = date.values.map((value, row) => `${value} ${clock.values[row] ?? ''}`)
  return (detectTimeFormat(joined)?.share ?? 0) >= ENOUGH
}

/** Whether a text is a clock time and nothing else; Windows' own logs put a colon in front of milliseconds. */
export function isClockOnly(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^([01]?\d|2[0-3]):[0-5]\d(:\d{2}([.,]\d+|:\d{3})?)?( ?[AaPp]\.?[Mm]\.?)?( ?Z|UTC)?$/.test(value)
  )
}

function takeWhile<T>(values: readonly T[], holds: (value: T) => boolean): readonly T[] {
  const end = values.findIndex((value) => !holds(value))
  return end < 0 ? values : values.slice(0, end)
}
