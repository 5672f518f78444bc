import type { RejectReason } from '@timeskein/model'
import type { Mapping, TimeSource } from '../schemas/mapping.ts'
import { isNumberFormat } from '../time/epoch-time.ts'
import { isPlausibleTime } from '../time/plausible-time.ts'
import { storeTime } from '../time/stored-time.ts'
import { TimeReader } from '../time/time-reader.ts'
import { saysNothing } from '../time/unset-time.ts'
import type { BatchBuilder, RowTime } from './batch-builder.ts'
import { findFirstEntry, listRowValues, type RowValue, readRowValue } from './row-values.ts'
import type { TimeNotes } from './time-notes.ts'

/** Why a row has no time. */
export interface TimeProblem {
  readonly reason: Extract<RejectReason, 'no-time' | 'bad-time'>
  readonly detail: string
}

/** What there is to say of one time of the row. */
export type TimeNote = Omit<TimeNotes, 'count' | 'firstLine'>

/** One time of a row with all that happened then. */
export interface RowMoment extends RowTime {
  readonly seconds: number
  readonly nanosOfSecond: number
  /** It is the row's own time, which a row that becomes one event has; what happened then the row may say itself. */
  isOwn: boolean
  /** What else happened then: never empty, unless it is the row's own time. */
  readonly descriptions: string[]
}

/** Times of one row that become events of their own; a row of many megabytes may hold as many times. */
export const MAX_ROW_TIMES = 100

/**
 * Finds the time of the row that is being written, in the columns its values went to.
 *
 * The first of the mapping's times that can be read counts. Times of a row that cannot be read are passed over while
 * another can, and told in `unread`; when none can, the row has `bad-time`, and `no-time` where no such field has a value.
 */
export class RowClock {
  readonly #sources: readonly ClockSource[]
  #notes: TimeNote[] = []
  #description = ''

  /** @param mapping - Its `times`, in order of preference, or its `allTimes` where one event per time is wanted. */
  constructor(mapping: Mapping, which: 'times' | 'allTimes' = 'times', referenceUs?: number) {
    const options = {
      ...(mapping.dayFirst === undefined ? {} : { dayFirst: mapping.dayFirst }),
      ...(referenceUs === undefined ? {} : { referenceUs }),
    }
    this.#sources = mapping[which].map((source) => {
      const timeZone = source.timeZone ?? mapping.timeZone
      const isUnitFixed = source.hasFixedUnit ?? false
      return {
        source,
        timeZone,
        reader: new TimeReader(source.format, { ...options, timeZone, isUnitFixed }),
        only: source.fields.length === 1 ? source.fields[0] : undefined,
      }
    })
  }

  /** What there is to say of the last row's values that were looked at. */
  get notes(): readonly TimeNote[] {
    return this.#notes
  }

  /** What happened at the time that `read` found last, as the mapping has it. */
  get description(): string {
    return this.#description
  }

  /** Why the last row had no time. */
  get problem(): TimeProblem {
    const first = this.#notes.find(({ kind }) => kind === 'unread')
    if (!first) return { reason: 'no-time', detail: this.#describeWanted() }
    return { reason: 'bad-time', detail: `${first.field}: ${first.detail}` }
  }

  /** The row's time, held by the reader until the next row; undefined where it has none, and then `problem` says why. */
  read(builder: BatchBuilder): TimeReader | undefined {
    if (this.#notes.length > 0) this.#notes = []
    for (const candidate of this.#sources) {
      if (!this.#readFrom(candidate, builder)) continue
      this.#description = candidate.source.description
      return candidate.reader
    }
    return undefined
  }

  /** Every time the row has, in the order of the mapping; equal ones are one. Empty where it has none, and then `problem` says why. */
  readAll(builder: BatchBuilder): readonly RowMoment[] {
    this.#notes = []
    const moments: RowMoment[] = []
    const found = new Set<string>()
    const own = this.#sources[0]?.source.description
    for (const candidate of this.#sources) {
      const { source, reader } = candidate
      const { description } = source
      if (source.isAlternative && found.has(description)) continue
      const zone = readZone(source, builder)
      const parts = source.fields.length > 1 ? readParts(source, builder) : undefined
      for (const value of parts ? joinParts(parts) : listRowValues(builder, source.fields[0]!)) {
        if (!reader.read(value, zone)) {
          if (source.tentative === undefined) this.#noteUnread(candidate)
          continue
        }
        if (!isCertain(source, reader)) continue
        this.#noteReading(candidate, parts)
        found.add(description)
        if (!addMoment(moments, reader, description, description === own))
          this.#notes.push({
            kind: 'unread',
            field: nameSource(source),
            detail: `the row has more than ${MAX_ROW_TIMES} times (MAX_ROW_TIMES)`,
          })
      }
    }
    return moments
  }

  #readFrom(candidate: ClockSource, builder: BatchBuilder): boolean {
    const { source, reader, only } = candidate
    const zone = readZone(source, builder)
    if (only !== undefined) {
      const column = builder.findStringColumn(only)
      const entry = column ? findFirstEntry(column.rows, column.count, builder.row) : -1
      if (column && entry >= 0) {
        const start = column.base + column.offsets[entry]!
        const end = column.base + column.offsets[entry + 1]!
        if (end > start)
          return reader.readBytes(column.bytes, start, end, zone)
            ? this.#noteReading(candidate)
            : this.#noteUnread(candidate)
      }
    }
    const parts = readParts(source, builder)
    const [value] = joinParts(parts)
    if (value === undefined) return false
    return reader.read(value, zone) ? this.#noteReading(candidate, parts) : this.#noteUnread(candidate)
  }

  #noteUnread({ source, reader }: ClockSource): false {
    this.#notes.push({ kind: 'unread', field: nameSource(source), detail: reader.explain() })
    return false
  }

  /** Notes what is worth knowing of a time that was read, from the values of its fields where they are several. */
  #noteReading({ source, reader, timeZone }: ClockSource, parts: readonly RowValue[] = []): true {
    const { unknownZone } = reader
    if (unknownZone !== undefined)
      this.#notes.push({
        kind: 'unknown-zone',
        field: source.zoneField!,
        subject: unknownZone,
        detail: `taken as ${timeZone}`,
      })
    if (reader.isInOtherUnit)
      this.#notes.push({
        kind: 'other-unit',
        field: nameSource(source),
        subject: reader.foundFormat,
        detail: `taken as ${reader.foundFormat} in a column of ${reader.format}`,
      })
    if (isLoneDate(source, parts))
      this.#notes.push({
        kind: 'no-clock',
        field: nameSource(source),
        detail: `found only ${JSON.stringify(String(parts[0]).slice(0, 40))}`,
      })
    return true
  }

  #describeWanted(): string {
    const names = this.#sources.map(({ source }) => source.fields.join(' with '))
    const shown = names.slice(0, 6).join(', ') + (names.length > 6 ? ' and others' : '')
    return `expected a time in ${shown}; found no value there`
  }
}

interface ClockSource {
  readonly source: TimeSource
  readonly timeZone: string
  readonly reader: TimeReader
  /** The field's name where there is only one. */
  readonly only: string | undefined
}

function nameSource({ fields }: TimeSource): string {
  return fields.join(' and ')
}

function readZone({ zoneField }: TimeSource, builder: BatchBuilder): string | undefined {
  const zone = zoneField === undefined ? undefined : readRowValue(builder, zoneField)
  return zone === undefined ? undefined : String(zone)
}

/** The first value of each field of a source that has one; of several fields only those that say anything: a dash is no clock. */
function readParts({ fields }: TimeSource, builder: BatchBuilder): readonly RowValue[] {
  const values = fields.map((field) => readRowValue(builder, field)).filter((value) => value !== undefined)
  return fields.length > 1 ? values.filter(isPart) : values
}

/** Dates and clocks begin with a digit, as no word for nothing does; `0` and `000000` are midnight where clocks have no colons. */
function isPart(value: RowValue): boolean {
  const text = String(value)
  const first = text.charCodeAt(0)
  return (first >= 0x30 && first <= 0x39 && text.length < 19) || !saysNothing(value)
}

/** What the fields of a source say together; nothing where they are empty. */
function joinParts(parts: readonly RowValue[]): readonly RowValue[] {
  return parts.length > 1 ? [parts.join(' ')] : parts
}

/** Whether of a date and a clock time in fields of their own only the date is there. */
function isLoneDate({ fields }: TimeSource, parts: readonly RowValue[]): boolean {
  return fields.length > 1 && parts.length === 1 && !String(parts[0]).includes(':')
}

/** Whether what was read in a field that nothing was known of is plainly a time. */
function isCertain({ tentative }: TimeSource, reader: TimeReader): boolean {
  if (tentative === undefined || !isNumberFormat(reader.foundFormat)) return true
  return tentative === 'text-or-number' && isPlausibleTime(reader.seconds)
}

/** False when the row has too many times. */
function addMoment(moments: RowMoment[], reader: TimeReader, description: string, isOwn: boolean): boolean {
  const { seconds, nanosOfSecond } = reader
  let moment = moments.find((other) => other.seconds === seconds && other.nanosOfSecond === nanosOfSecond)
  if (!moment) {
    if (moments.length === MAX_ROW_TIMES) return false
    moment = {
      seconds,
      nanosOfSecond,
      isOwn: false,
      descriptions: [],
      store: (words, row) => storeTime(words, row, seconds, nanosOfSecond),
    }
    moments.push(moment)
  }
  if (isOwn) moment.isOwn = true
  else if (!moment.descriptions.includes(description)) moment.descriptions.push(description)
  return true
}
