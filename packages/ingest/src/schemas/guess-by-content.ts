import { detectTimeFormat } from '../time/detect-time.ts'
import { isNumberFormat } from '../time/epoch-time.ts'
import { isPlausibleTime } from '../time/plausible-time.ts'
import { TimeReader } from '../time/time-reader.ts'
import { saysNothing } from '../time/unset-time.ts'
import { findClockBeside, isClockOnly } from './clock-beside.ts'
import { belongTogether } from './clock-words.ts'
import { isDateOnly } from './dates-only.ts'
import { findNamedZone, readFieldWords } from './field-words.ts'
import type { FieldSample, TimeSource } from './mapping.ts'

/** Names that mean the event's own time, best first; compared without case and separators. */
const TIME_NAMES = [
  ...[
    'datetime',
    'timestamp',
    'eventtime',
    'eventtimestamp',
    'timecreated',
    'systemtime',
    'timegenerated',
    'utctime',
  ],
  ...['time', 'date', 'ts', 'logtime', 'starttime', 'start', 'createdat', 'created', 'creationtime', 'when'],
]
const TIME_WORDS =
  /time|date|stamp|(^|[^a-z])(ts|when|at|on)$|creat|modif|access|publish|writ(e$|ten)|chang|delet|remov|install|expir|seen|utc|last_?(log(on|in)|run|set|use)/i
/** Numbers of something else, though a word of time stands in the name: `uSNChanged`, `access_count`, `LastRunId`. */
const OTHER_NUMBERS = /(?<![Aa]c)[Cc]ount|[Nn]umber|usn|uSN|USN|[Mm]ask|[Ss]ize|^id$|_id$|[a-z]I[dD]$/
/** Times of the way an event took, not of the event: taken only when nothing else is there. */
const LATER_WORDS =
  /receiv|ingest|expir|collect|download|birth|install|(?<!\p{L})(?:index|import(?!an)|valid(?!at)|end(?:s|ed)?(?!\p{L}))/u
const MESSAGE_NAMES = [
  ...[
    'message',
    'msg',
    'eventmessage',
    'logmessage',
    'description',
    'details',
    'summary',
    'event',
    'desc',
    'text',
  ],
  ...[
    'title',
    'log',
    'raw',
    'body',
    'operation',
    'activity',
    'action',
    'request',
    'command',
    'commandline',
    'url',
    'path',
    'name',
  ],
]
/** Share of a field's values that must be times: half of them. */
const ENOUGH = 0.5
/** The same where the name says that it is the time: rows with broken times are rejected one by one. */
const ENOUGH_BY_NAME = 0.1
const MIN_MESSAGE_LENGTH = 12

/**
 * Finds the fields that look like times by name and values, the likeliest first; a date and a clock time in two fields
 * are joined: where their names say that they belong together, or where `findClockBeside` finds the one beside the only
 * field of dates.
 *
 * @param taken - Fields that are something else already.
 */
export function guessTimeSources(
  fields: readonly FieldSample[],
  taken: ReadonlySet<string> = new Set(),
): TimeSource[] {
  const found: { readonly source: TimeSource; readonly score: number }[] = []
  const clocks = fields.filter((field) => !taken.has(field.name) && areMostly(field.values, isClockOnly))
  const dates = fields.filter(areDates)
  for (const field of fields) {
    if (taken.has(field.name)) continue
    const detection = detectTimeFormat(field.values, field.name)
    const nameScore = scoreTimeName(field.name)
    const enough = nameScore >= NAMED_TIME_SCORE ? ENOUGH_BY_NAME : ENOUGH
    if (detection === undefined || detection.share < enough) continue
    const isNumber = isNumberFormat(detection.format) || areMostly(field.values, isDigitsOnly)
    if (isNumber && !(isTimeName(field.name) && arePlausible(field.values))) continue
    const namedClock = areMostly(field.values, isDateOnly)
      ? clocks.find((candidate) => belongTogether(field.name, candidate.name))
      : undefined
    const isOnlyDate = dates.length === 1 && dates[0] === field
    const besideClock =
      namedClock === undefined && isOnlyDate && !isLater(field.name)
        ? findClockBeside(field, fields, clocks)
        : undefined
    const clock = namedClock ?? besideClock
    const names = clock ? [field.name, clock.name] : [field.name]
    const timeZone = findNamedZone(names)
    const source: TimeSource = {
      fields: names,
      description: names.join(' '),
      ...(clock ? {} : { format: detection.format }),
      ...(timeZone === undefined ? {} : { timeZone }),
    }
    const score = nameScore + detection.share + (isNumber ? 0 : 0.5) + (namedClock ? 3 : 0)
    found.push({ source, score })
  }
  return found.sort((a, b) => b.score - a.score).map(({ source }) => source)
}

/** Finds the field that reads like a message, by name, else by having the longest texts with words in them. */
export function guessMessageField(
  fields: readonly FieldSample[],
  times: readonly TimeSource[],
): string | undefined {
  const taken = new Set(times.flatMap((source) => source.fields))
  let best: { readonly name: string; readonly score: number } | undefined
  for (const field of fields) {
    if (taken.has(field.name)) continue
    const texts = field.values.filter((value): value is string => typeof value === 'string' && value !== '')
    if (texts.length === 0) continue
    const length = texts.reduce((sum, text) => sum + Math.min(text.length, 400), 0) / texts.length
    const spaced = texts.filter((text) => text.includes(' ')).length / texts.length
    const rank = MESSAGE_NAMES.indexOf(simplifyName(field.name))
    const nameScore = rank < 0 ? 0 : 1000 - rank * 10
    if (nameScore === 0 && (length < MIN_MESSAGE_LENGTH || spaced < 0.5)) continue
    const score = nameScore + length * spaced
    if (best === undefined || score > best.score) best = { name: field.name, score }
  }
  return best?.name
}

/** Scores from here on are those of `TIME_NAMES`. */
const NAMED_TIME_SCORE = 4.5

/** Whether a field's name says that its numbers are times. */
export function isTimeName(name: string): boolean {
  const last = lastName(name)
  if (OTHER_NUMBERS.test(last)) return false
  return TIME_NAMES.includes(simplifyName(last)) || TIME_WORDS.test(last)
}

function scoreTimeName(name: string): number {
  const last = lastName(name)
  const rank = TIME_NAMES.indexOf(simplifyName(last))
  let score = rank >= 0 ? 10 - rank / 4 : TIME_WORDS.test(last) ? 3 : 0
  if (isLater(name)) score -= 2
  return last === name ? score : score - 0.5
}

function isLater(name: string): boolean {
  const { words, asides } = readFieldWords(lastName(name))
  return LATER_WORDS.test([...words, ...asides].join(' '))
}

function lastName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

function simplifyName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** Whether no fewer than half of the numbers are. */
function arePlausible(values: readonly unknown[]): boolean {
  const reader = new TimeReader()
  const times = values.filter((value) => !saysNothing(value) && reader.read(value))
  return areMostly(times, (value) => reader.read(value) && isPlausibleTime(reader.seconds))
}

/** Whether a field is one of dates without a clock: what is no time, or a number of something else, is none. */
function areDates({ name, values }: FieldSample): boolean {
  if (!areMostly(values, isDateOnly)) return false
  if (areMostly(values, isDigitsOnly) && !isTimeName(name)) return false
  return (detectTimeFormat(values, name)?.share ?? 0) >= ENOUGH
}

/** Whether no fewer than half of the values that say anything are so. */
function areMostly(values: readonly unknown[], isSo: (value: unknown) => boolean): boolean {
  const speaking = values.filter((value) => !saysNothing(value))
  return speaking.length > 0 && speaking.filter(isSo).length >= ENOUGH * speaking.length
}

/** `20201021` is a date where the name says so, else a number. */
function isDigitsOnly(value: unknown): boolean {
  return typeof value !== 'string' || /^\d*$/.test(value)
}
