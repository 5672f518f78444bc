import { Buffer } from 'node:buffer'
import { formatIsoTime, joinMembers, listMembers } from '@timeskein/model/events'
import type { Mapping } from '../schemas/mapping.ts'
import type { BatchBuilder } from './batch-builder.ts'
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

/** A top-level field of a row, and what it is to say instead. */
export type RowChange = readonly [field: string, value: string | bigint]

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
  const hadDescription = clearValues(builder, FIELD)
  for (const [field] of changes) clearValues(builder, field)
  const all: readonly RowChange[] = [[FIELD, description], ...changes]
  for (const [field, value] of all) appendValue(builder, field, value)
  const text = Buffer.from(source.buffer, source.byteOffset + start, end - start)
  // The name stands there without a value where that is null.
  if (changes.length === 0 && !hadDescription && text.indexOf(QUOTED_FIELD) < 0) {
    const member = Buffer.from(`{${JSON.stringify(FIELD)}:${JSON.stringify(description)},`)
    return Buffer.concat([member, text.subarray(1)])
  }
  const members = listMembers(text.toString('utf8'))
  for (const [field, value] of all)
    setMember(members, field, typeof value === 'bigint' ? String(value) : JSON.stringify(value))
  return Buffer.from(joinMembers(members))
}

/** Gives a member another value where it stands first, or adds it; others of its name are gone. */
function setMember(members: [name: string, value: string][], name: string, value: string): void {
  const first = members.findIndex(([known]) => known === name)
  if (first < 0) {
    members.push([name, value])
    return
  }
  members[first]![1] = value
  for (let at = members.length - 1; at > first; at--) if (members[at]![0] === name) members.splice(at, 1)
}

/** Takes back the values that a field has in the row; false when it had none. */
function clearValues(builder: BatchBuilder, field: string): boolean {
  let wasThere = false
  for (const column of [
    builder.findStringColumn(field),
    builder.findIntegerColumn(field),
    builder.findRealColumn(field),
    builder.findBooleanColumn(field),
  ]) {
    if (!column || column.count === 0 || column.rows[column.count - 1] !== builder.row) continue
    column.truncate(builder.row)
    wasThere = true
  }
  return wasThere
}

function appendValue(builder: BatchBuilder, field: string, value: string | bigint): void {
  if (typeof value === 'string') builder.stringColumn(field).appendText(builder.row, value)
  else {
    const high = Number(BigInt.asUintN(32, value >> 32n))
    builder.integerColumn(field).append(builder.row, Number(BigInt.asUintN(32, value)), high)
  }
}
