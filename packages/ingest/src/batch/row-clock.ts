import type { RejectReason } from '@timeskein/model'
import type { Mapping, TimeSource } from '../schemas/mapping.ts'
import { TimeReader } from '../time/time-reader.ts'
import type { BatchBuilder } from './batch-builder.ts'
import { findFirstEntry, readRowValue } from './row-values.ts'

/** Why a row has no time. */
export interface TimeProblem {
  readonly reason: Extract<RejectReason, 'no-time' | 'bad-time'>
  readonly detail: string
}

/**
 * Finds the time of the row that is being written, in the columns its values went to.
 *
 * The first of the mapping's times that can be read counts. Times of a row that cannot be read are passed over while
 * another can; when none can, the row has `bad-time`, and `no-time` where no such field has a value.
 */
export class RowClock {
  readonly #sources: readonly ClockSource[]
  #problem: TimeProblem | undefined

  /** @param mapping - Its `times`, in order of preference, or its `allTimes` where one event per time is wanted. */
  constructor(mapping: Mapping, which: 'times' | 'allTimes' = 'times', referenceUs?: number) {
    const options = {
      timeZone: mapping.timeZone,
      ...(mapping.dayFirst === undefined ? {} : { dayFirst: mapping.dayFirst }),
      ...(referenceUs === undefined ? {} : { referenceUs }),
    }
    this.#sources = mapping[which].map((source) => ({
      source,
      reader: new TimeReader(source.format, options),
      only: source.fields.length === 1 ? source.fields[0] : undefined,
    }))
  }

  /** Why the last row had no time. */
  get problem(): TimeProblem {
    return this.#problem ?? { reason: 'no-time', detail: this.#describeWanted() }
  }

  /** The row's time, held by the reader until the next row; undefined where it has none, and then `problem` says why. */
  read(builder: BatchBuilder): TimeReader | undefined {
    this.#problem = undefined
    for (const candidate of this.#sources) {
      if (this.#readFrom(candidate, builder)) return candidate.reader
    }
    return undefined
  }

  /** Every time the row has, with what happened then; each reader holds its own time until the next row. */
  readAll(builder: BatchBuilder): { readonly time: TimeReader; readonly description: string }[] {
    this.#problem = undefined
    return this.#sources
      .filter((candidate) => this.#readFrom(candidate, builder))
      .map(({ reader, source }) => ({ time: reader, description: source.description }))
  }

  #readFrom(candidate: ClockSource, builder: BatchBuilder): boolean {
    const { source, reader, only } = candidate
    const zone = source.zoneField === undefined ? undefined : readRowValue(builder, source.zoneField)
    const zoneName = zone === undefined ? undefined : String(zone)
    if (only !== undefined) {
      const column = builder.findStringColumn(only)
      const entry = column ? findFirstEntry(column.rows, column.count, builder.row) : -1
      if (column && entry >= 0) {
        const start = column.base + column.offsets[entry]!
        const end = column.base + column.offsets[entry + 1]!
        if (end > start) {
          return reader.readBytes(column.bytes, start, end, zoneName) || this.#noteBad(candidate)
        }
      }
    }
    const values = source.fields
      .map((field) => readRowValue(builder, field))
      .filter((value) => value !== undefined)
    if (values.length === 0) return false
    const value = values.length === 1 ? values[0] : values.join(' ')
    return reader.read(value, zoneName) || this.#noteBad(candidate)
  }

  #noteBad({ source, reader }: ClockSource): false {
    this.#problem ??= { reason: 'bad-time', detail: `${source.fields.join(' and ')}: ${reader.explain()}` }
    return false
  }

  #describeWanted(): string {
    const names = this.#sources.map(({ source }) => source.fields.join(' with '))
    const shown = names.slice(0, 6).join(', ') + (names.length > 6 ? ' and others' : '')
    return `expected a time in ${shown}; found no value there`
  }
}

interface ClockSource {
  readonly source: TimeSource
  readonly reader: TimeReader
  /** The field's name where there is only one. */
  readonly only: string | undefined
}
