import { explainEventTime, readEventTime, type TimeReading } from './event-time.ts'
import { type MessageFormat, parseMessageFormat, toText } from './message/message-format.ts'

/** A row before it is an event. */
export type ImportRow = Readonly<Record<string, unknown>>

/** How rows become events. */
export interface EventRules {
  /**
   * Text with `{field}` in it, as Python's `str.format` has it: `{code:d}`, `{score:.1f}`, `{user!r}`, `{{` for a brace. The first row must
   * have every field; a later one that has not is rejected. @default the row's `message`, else all its fields
   */
  readonly message?: string | undefined
  /** For rows without `timestamp_desc`. @default 'Time Logged' */
  readonly timestampDesc?: string | undefined
  /** The field with the time. @default `datetime`, else `timestamp`, else the first whose name has `time` in it and can be read */
  readonly timeField?: string | undefined
  /** Becomes the field `data_type` of rows without one. */
  readonly dataType?: string | undefined
}

/** `EventRules` that have been checked. */
export interface PreparedRules extends Omit<EventRules, 'message'> {
  readonly message?: MessageFormat | undefined
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

/** @throws {RangeError} For a message format that is none. */
export function prepareRules({ message, timestampDesc, timeField, dataType }: EventRules): PreparedRules {
  return {
    message: message === undefined ? undefined : parseMessageFormat(message),
    timestampDesc,
    timeField,
    dataType,
  }
}

/**
 * Makes an event of a row: time, message and the description of the time are what Timesketch needs; everything else is as it was.
 *
 * @param dropped - Takes the names of fields that a server keeps for itself.
 * @param columns - Fields that every row of the source has, be they empty.
 */
export function toEvent(
  row: ImportRow,
  rules: PreparedRules,
  dropped: Set<string>,
  columns?: readonly string[],
): Shaped {
  const message = rules.message?.fill(row, columns)
  if (message && 'problem' in message) return message
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
  if (message) event['message'] = message.text
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

function describe(row: ImportRow): string {
  return Object.entries(row)
    .filter(([name]) => !NOT_IN_MESSAGE.has(name) && !name.startsWith('_'))
    .map(([name, value]) => `[${name}] = ${toText(value)}`)
    .join(', ')
}
