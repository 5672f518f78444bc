import { Buffer } from 'node:buffer'
import { formatIsoTime } from '@timeskein/model/events'
import type { Mapping } from '../schemas/mapping.ts'
import type { BatchBuilder } from './batch-builder.ts'
import { changeColumns, changeText, type RowChange } from './row-changes.ts'
import type { RowMoment } from './row-clock.ts'
import { type RowValue, readRowValue } from './row-values.ts'

/** What an event's text and columns call the description of its time. */
const FIELD = 'timestamp_desc'
const QUOTED_FIELD = Buffer.from(JSON.stringify(FIELD))

/** What the row that is being written says itself of its time, by its own field or by the mapping. */
export function readDescription(builder: BatchBuilder, mapping: Mapping): string | undefined {
  return readOwnDescription(builder, mapping) ?? mapping.profile.constants[FIELD]
}

/**
 * What a row is to say of a time that is not the mapping's first.
 *
 * @param description - What happened at the time that dates the row.
 * @returns Undefined where the row speaks for itself, where whoever imports has said what to say, or where it is the same.
 */
export function findOtherDescription(
  builder: BatchBuilder,
  mapping: Mapping,
  description: string,
): string | undefined {
  const usual = mapping.times[0]?.description
  if (description === usual || mapping.profile.constants[FIELD] !== usual) return undefined
  return readOwnDescription(builder, mapping) === undefined ? description : undefined
}

function readOwnDescription(builder: BatchBuilder, { profile }: Mapping): string | undefined {
  const { aliases } = profile
  const alias = Object.hasOwn(aliases, FIELD) ? aliases[FIELD] : undefined
  const value =
    readRowValue(builder, FIELD) ?? (alias === undefined ? undefined : readRowValue(builder, alias))
  return value === undefined ? undefined : String(value)
}

/** The names under which Timesketch's events have their time: ISO 8601, and microseconds since 1970. */
const TIME_FIELDS = ['datetime', 'timestamp']

/**
 * What the row that is being written is to say where it becomes an event of another of its times: `datetime` and `timestamp` of
 * Timesketch's events are the event's time. The event of the row's own time keeps what they said.
 *
 * @param own - The row's own time; without it nothing changes.
 */
export function listTimeChanges(
  builder: BatchBuilder,
  { allTimes }: Mapping,
  own: RowMoment | undefined,
  moment: RowMoment,
): readonly RowChange[] {
  const [field, ...others] = allTimes[0]?.fields ?? []
  if (!own || field === undefined || others.length > 0 || !TIME_FIELDS.includes(field)) return []
  const changes: RowChange[] = []
  const us = toMicros(moment)
  if (typeof readRowValue(builder, 'datetime') === 'string')
    changes.push(['datetime', formatIsoTime(us, moment.nanosOfSecond % 1000)])
  const timestamp = readRowValue(builder, 'timestamp')
  if (timestamp !== undefined && isMicros(timestamp))
    changes.push(['timestamp', typeof timestamp === 'string' ? String(us) : us])
  return changes
}

/** Whether a number is one of microseconds by its size, as Timesketch has it; in another unit it is no field of Timesketch's. */
function isMicros(value: RowValue): boolean {
  const size = Math.abs(Number(value))
  return size >= 1e14 && size < 1e17
}

function toMicros({ seconds, nanosOfSecond }: RowMoment): bigint {
  return BigInt(seconds) * 1_000_000n + BigInt(Math.floor(nanosOfSecond / 1000))
}

/**
 * Gives the row that is being written another description, and other values, in its columns.
 *
 * @param source - Holds the row's JSON text from `start` to `end` (exclusive).
 * @returns The row's JSON text with them.
 */
export function changeRow(
  builder: BatchBuilder,
  description: string,
  changes: readonly RowChange[],
  source: Uint8Array,
  start: number,
  end: number,
): Uint8Array {
  const all: readonly RowChange[] = [[FIELD, description], ...changes]
  const hadValues = changeColumns(builder, all)
  const text = Buffer.from(source.buffer, source.byteOffset + start, end - start)
  // The name stands there without a value where that is null.
  if (changes.length === 0 && !hadValues && text.indexOf(QUOTED_FIELD) < 0) {
    const member = Buffer.from(`{${JSON.stringify(FIELD)}:${JSON.stringify(description)},`)
    return Buffer.concat([member, text.subarray(1)])
  }
  return changeText(text.toString('utf8'), all)
}
