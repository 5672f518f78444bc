import { detectTimeFormat } from '../time/detect-time.ts'
import { saysNothing } from '../time/unset-time.ts'
import type { FieldSample } from './mapping.ts'

/** Words that name the clock time of an event, in the languages that exports are often written in. */
const CLOCK_WORDS =
  /^(?:time|clock|begin|began|start|started|seen|uhr|uhrzeit|zeit|beginn|heure|d[eé]but|hora|inicio|ora|ore|inizio|tijd|tid|godzina|czas)$/
/** Words that may stand beside them: `Event Time` is one, `Talk Time` is a length. */
const PLAIN_WORDS = /^(?:event|log|local|utc|gmt|first|last|of|day|the|at|de|du|del|dell)$/
/** Words that name the date of an event. */
const DATE_WORDS =
  /^(?:date|day|when|datum|tag|jour|fecha|d[ií]a|data|giorno|dato|dag|dzie[nń]|begin|start|started|seen)$/
/** Dates of something else than the event. */
const OTHER_DATE_WORDS = /^(?:due|hire|hired|dob|geboren|naissance|nacimiento|nascita)$/
/** Of several clocks, the one that an event begins at. */
const FIRST_CLOCK_WORDS = /^(?:begin|began|start|started|beginn|d[eé]but|inicio|inizio|time)$/
/** Share of the rows whose date and clock must be a time together. */
const ENOUGH = 0.5
const NAMELESS = /^column_\d+$/

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
  const first = candidates.filter(({ name }) => splitWords(name).some((word) => FIRST_CLOCK_WORDS.test(word)))
  return first.length === 1 ? first[0] : undefined
}

function isEventDate(name: string): boolean {
  const words = splitWords(name)
  return (
    NAMELESS.test(name) ||
    (words.some((word) => DATE_WORDS.test(word)) && !words.some((word) => OTHER_DATE_WORDS.test(word)))
  )
}

function isEventClock(name: string): boolean {
  const words = splitWords(name)
  return (
    NAMELESS.test(name) ||
    (words.some((word) => CLOCK_WORDS.test(word)) &&
      words.every((word) => CLOCK_WORDS.test(word) || PLAIN_WORDS.test(word)))
  )
}

/** Whether all that a clock says is one, and makes times with its dates. */
function areTogetherTimes(date: FieldSample, clock: FieldSample): boolean {
  if (!clock.values.every((value) => saysNothing(value) || isClockOnly(value))) return false
  const joined = date.values.map((value, row) => `${value} ${clock.values[row] ?? ''}`)
  return (detectTimeFormat(joined)?.share ?? 0) >= ENOUGH
}

/** Whether a text is a clock time and nothing else. */
export function isClockOnly(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^([01]?\d|2[0-3]):[0-5]\d(:\d{2}([.,]\d+)?)?( ?[AaPp]\.?[Mm]\.?)?( ?Z|UTC)?$/.test(value)
  )
}

/** The words of a name's last part, in lower case: `Event.StartTime` is `start` and `time`. */
function splitWords(name: string): string[] {
  return name
    .slice(name.lastIndexOf('.') + 1)
    .replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

function takeWhile<T>(values: readonly T[], holds: (value: T) => boolean): readonly T[] {
  const end = values.findIndex((value) => !holds(value))
  return end < 0 ? values : values.slice(0, end)
}
