import { stringifyExactJson } from '../../transport/exact-json.ts'
import { explainEventTime, readEventTime, type TimeReading } from './event-time.ts'

/** A row before it is an event. */
export type ImportRow = Readonly<Record<string, unknown>>

/** How rows become events. */
export interface EventRules {
  /** Text with `{field}` in it. @default the row's `message`, else all its fields */
  readonly message?: string | undefined
  /** For rows without `timestamp_desc`. @default 'Time Logged' */
  readonly timestampDesc?: string | undefined
  /** The field with the time. @default `datetime`, else `timestamp`, else the first whose name has `time` in it and can be read */
  readonly timeField?: string | undefined
  /** Becomes the field `data_type` of rows without one. */
  readonly dataType?: string | undefined
}

/** An event, or why a row cannot be one. */
export type Shaped = { readonly event: ImportRow } | { readonly problem: string }

/** Names that a server keeps for itself and would take away without a word. */
const RESERVED: ReadonlySet<string> = new Set([
  '_id',
  '_index',
  '_source',
  '_type',
  '__ts_timeline_id',
  'label',
  'selected',
  'timesketch_label',
])
const NOT_IN_MESSAGE: ReadonlySet<string> = new Set([
  'data_type',
  'datetime',
  'source',
  'source_long',
  'source_short',
  'time',
  'timestamp',
  'timestamp_desc',
])
const DEFAULT_TIMESTAMP_DESC = 'Time Logged'

/**
 * Makes an event of a row: time, message and the description of the time are what Timesketch needs; everything else is as it was.
 *
 * @param dropped - Takes the names of fields that a server keeps for itself.
 */
export function toEvent(row: ImportRow, rules: EventRules, dropped: Set<string>): Shaped {
  const found = findTime(row, rules.timeField)
  if ('problem' in found) return { problem: describeTimes(row, rules.timeField, found.problem) }
  const { time } = found
  const kept = Object.entries(row).filter(([name, value]) => {
    if (RESERVED.has(name)) dropped.add(name)
    return !RESERVED.has(name) && value !== undefined
  })
  // A field may be called __proto__: it is made, not assigned.
  const event: Record<string, unknown> = Object.fromEntries(kept)
  event['datetime'] = time.datetime
  // A time that its source gave in another unit would be read as microseconds.
  if (readEventTime(row['timestamp'])?.timestamp === time.timestamp || isEmpty(row['timestamp']))
    event['timestamp'] = time.timestamp
  if (rules.message !== undefined) event['message'] = fillIn(rules.message, row)
  else if (isEmpty(row['message'])) event['message'] = describe(row)
  if (isEmpty(row['timestamp_desc'])) event['timestamp_desc'] = rules.timestampDesc ?? DEFAULT_TIMESTAMP_DESC
  if (rules.dataType !== undefined && isEmpty(row['data_type'])) event['data_type'] = rules.dataType
  return { event }
}

function findTime(row: ImportRow, field: string | undefined): TimeReading {
  if (field !== undefined) return explainEventTime(row[field])
  for (const name of ['datetime', 'timestamp']) if (!isEmpty(row[name])) return explainEventTime(row[name])
  let first: TimeReading | undefined
  for (const name of timeNames(row)) {
    const found = explainEventTime(row[name])
    if ('time' in found) return found
    if (!isEmpty(row[name])) first ??= found
  }
  return first ?? { problem: '' }
}

function timeNames(row: ImportRow): string[] {
  return Object.keys(row).filter((name) => /time/i.test(name) && name !== 'timestamp_desc')
}

function describeTimes(row: ImportRow, field: string | undefined, why: string): string {
  const name = field ?? ['datetime', 'timestamp', ...timeNames(row)].find((one) => !isEmpty(row[one]))
  if (name === undefined || isEmpty(row[name])) return `no time: ${field ?? 'datetime'} is empty`
  const found = `no time: ${name} is ${JSON.stringify(toText(row[name]).slice(0, 80))}`
  return why === '' ? found : `${found}: ${why}`
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function fillIn(format: string, row: ImportRow): string {
  return format.replace(/\{([^{}]+)\}/g, (_text, name: string) => toText(row[name]))
}

function describe(row: ImportRow): string {
  return Object.entries(row)
    .filter(([name]) => !NOT_IN_MESSAGE.has(name) && !name.startsWith('_'))
    .map(([name, value]) => `[${name}] = ${toText(value)}`)
    .join(', ')
}

function toText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : stringifyExactJson(value)
}
