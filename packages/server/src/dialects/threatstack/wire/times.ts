import { invalid } from '../../../errors/domain-error.ts'

const DAY_MS = 86_400_000
const TIME =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[Tt ]+(\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?(Z|z|[+\- ]\d{2}:?\d{2})?)?$/

/** A moment, and how long the stretch is that its text names: a day where it is one. */
interface Moment {
  readonly ms: number
  readonly isDay: boolean
}

/**
 * A stretch of time of version 1: both ends belong to it, and a day alone as its end is the whole day.
 *
 * @throws {DomainError} `invalid` (`bad-time`, `bad-time-range`).
 */
export function readSpan(
  { start, end }: { readonly start?: string | undefined; readonly end?: string | undefined },
  defaults: { readonly startMs: number; readonly endMs: number },
): { readonly startMs: number; readonly endMs: number } {
  const first = isEmpty(start) ? undefined : readMoment('start', start)
  const last = isEmpty(end) ? undefined : readMoment('end', end)
  const startMs = first?.ms ?? Math.min(defaults.startMs, last?.ms ?? Number.POSITIVE_INFINITY)
  const endMs =
    last === undefined ? Math.max(defaults.endMs, startMs) : last.isDay ? last.ms + DAY_MS - 1 : last.ms
  if (endMs < startMs)
    throw invalid('bad-time-range', `The range ends before it begins: start ${start}, end ${end}.`)
  return { startMs, endMs }
}

/**
 * A stretch of time of version 2: `until` does not belong to it.
 *
 * @throws {DomainError} as `readSpan`.
 */
export function readFromUntil({
  from,
  until,
}: {
  readonly from?: string | undefined
  readonly until?: string | undefined
}): { readonly fromMs: number | undefined; readonly untilMs: number | undefined } {
  const fromMs = isEmpty(from) ? undefined : readMoment('from', from).ms
  const untilMs = isEmpty(until) ? undefined : readMoment('until', until).ms
  if (fromMs !== undefined && untilMs !== undefined && untilMs < fromMs)
    throw invalid('bad-time-range', `The range ends before it begins: from ${from}, until ${until}.`)
  return { fromMs, untilMs }
}

/** A parameter without a value is as none: scripts send what they have not set. */
function isEmpty(text: string | undefined): text is undefined {
  return text === undefined || text.trim() === ''
}

/** In UTC where it names no zone. A zone whose plus sign came as a blank, as URLs read it, is taken for what it was. */
function readMoment(name: string, text: string): Moment {
  const match = TIME.exec(text.trim())
  const [, year, month, day, hour, minute = '00', second = '00', fraction = '', zone = 'Z'] = match ?? []
  const date = `${year}-${month}-${day}`
  const offset = zone.toUpperCase() === 'Z' ? 'Z' : toOffset(zone.replace(' ', '+'))
  const ms = Date.parse(
    `${date}T${hour ?? '00'}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`,
  )
  // Date.parse takes the 31st of a short month for the 1st of the next one.
  const isRight = !Number.isNaN(ms) && new Date(`${date}T00:00:00Z`).toISOString().startsWith(date)
  if (!match || !isRight)
    throw invalid(
      'bad-time',
      `${name}: a time such as 2017-05-01, 2017-05-01 08:00:00 or 2017-05-01T08:00:00Z was expected, found ${JSON.stringify(text.slice(0, 64))}.`,
    )
  return { ms, isDay: hour === undefined }
}

function toOffset(zone: string): string {
  return zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`
}
