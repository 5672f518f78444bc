import type { EventBatch, Reject, RejectReason } from '@timeskein/model'
import type { Mapping } from '../schemas/mapping.ts'
import { BatchBuilder, type BatchBuilderOptions } from './batch-builder.ts'
import { MAX_REJECT_TEXT } from './limits.ts'
import { mayRewriteRows, rewriteRow } from './rewrite-row.ts'
import { RowClock } from './row-clock.ts'
import { changeRow, findOtherDescription, listTimeChanges, readDescription } from './row-description.ts'
import { type TimeNotes, TimeTally } from './time-notes.ts'

/** What became of the rows of one stretch. `read` is the sum of the events made and the rows rejected. */
export interface RowHarvest {
  readonly batches: readonly EventBatch[]
  readonly rejects: readonly Reject[]
  readonly read: number
  /** What there is to say of the times of rows kept. */
  readonly timeNotes: readonly TimeNotes[]
}

/** How rows become events. */
export interface RowWriterOptions extends BatchBuilderOptions {
  /** `all`: one event per time of a row. @default first */
  readonly times?: 'first' | 'all'
  /** Microseconds since 1970 for times without a year. @default the present time */
  readonly referenceUs?: number
}

/**
 * Decides about each row once its values stand in the builder: dated rows go into the batch, others become rejects.
 *
 * Used for many stretches of one input: the columns keep their room and the parsers their memory of names.
 */
export class RowWriter {
  readonly #options: RowWriterOptions
  readonly #mapping: Mapping
  readonly #clock: RowClock
  readonly #isEveryTime: boolean
  readonly #mayRewrite: boolean
  #builder: BatchBuilder
  #batches: EventBatch[] = []
  #rejects: Reject[] = []
  #kept = 0
  readonly #timeNotes = new TimeTally()

  constructor(mapping: Mapping, options: RowWriterOptions = {}) {
    this.#options = options
    this.#mapping = mapping
    this.#isEveryTime = options.times === 'all'
    this.#mayRewrite = mayRewriteRows(mapping)
    this.#clock = new RowClock(mapping, this.#isEveryTime ? 'allTimes' : 'times', options.referenceUs)
    this.#builder = new BatchBuilder(options)
  }

  /** Where the row's values are written before `keepRow`. Another object after `makeRoom` returned true. */
  get builder(): BatchBuilder {
    return this.#builder
  }

  /**
   * To be called before each row.
   *
   * @returns True when the builder has been replaced: what points into its columns must be made anew.
   */
  makeRoom(): boolean {
    if (!this.#builder.isFull) return false
    this.#closeBatch()
    if (!this.#builder.isCrowded) return false
    this.#builder = new BatchBuilder(this.#options)
    return true
  }

  /**
   * Dates the row and keeps it, or rejects it.
   *
   * @param source - Its JSON text from `start` to `end` (exclusive).
   * @param writeValues - Writes the row's values again, for a further event of the same row.
   * @param getRaw - The row as it stood in the input, for a reject.
   * @returns Whether the row before the one at hand is now this one with its values as they were written.
   */
  keepRow(
    line: number,
    source: Uint8Array,
    start: number,
    end: number,
    writeValues: () => void,
    getRaw: () => string,
  ): boolean {
    const rewritten = this.#mayRewrite && rewriteRow(this.#builder, this.#mapping, source, start, end)
    if (rewritten) {
      const rewriteValues = (): void => {
        writeValues()
        rewriteRow(this.#builder, this.#mapping, source, start, end)
      }
      this.#keepRow(line, rewritten, 0, rewritten.length, rewriteValues, getRaw)
      return false
    }
    return this.#keepRow(line, source, start, end, writeValues, getRaw)
  }

  #keepRow(
    line: number,
    source: Uint8Array,
    start: number,
    end: number,
    writeValues: () => void,
    getRaw: () => string,
  ): boolean {
    if (this.#isEveryTime) {
      this.#keepEveryTime(line, source, start, end, writeValues, getRaw)
      return false
    }
    const time = this.#clock.read(this.#builder)
    if (time === undefined) {
      this.#rejectUndated(line, getRaw)
      return false
    }
    this.#noteTimes(line)
    const description = findOtherDescription(this.#builder, this.#mapping, this.#clock.description)
    if (description === undefined) this.#builder.commitRow(time, line, source, start, end)
    else {
      const text = changeRow(this.#builder, description, [], source, start, end)
      this.#builder.commitRow(time, line, text, 0, text.length)
    }
    this.#kept++
    return description === undefined
  }

  /** Forgets the values written for the row and notes why. */
  rejectRow(line: number, reason: RejectReason, detail: string, raw: string): void {
    this.#builder.dropRow()
    this.#rejects.push({ line, reason, detail, raw: raw.slice(0, MAX_REJECT_TEXT) })
  }

  /** Hands out everything since the last call. */
  harvest(): RowHarvest {
    this.#closeBatch()
    this.#builder.returnSource()
    const harvest = {
      batches: this.#batches,
      rejects: this.#rejects,
      read: this.#kept + this.#rejects.length,
      timeNotes: this.#timeNotes.take(),
    }
    this.#batches = []
    this.#rejects = []
    this.#kept = 0
    return harvest
  }

  #closeBatch(): void {
    if (this.#builder.row > 0) this.#batches.push(this.#builder.build())
  }

  #rejectUndated(line: number, getRaw: () => string): void {
    const { reason, detail } = this.#clock.problem
    this.rejectRow(line, reason, detail, getRaw())
  }

  /**
   * One event per time. The row's own time makes the event that it would be by itself; all others say in `timestamp_desc`, in
   * their columns and in their source, what happened then, and so does that one where more happened at the same time.
   */
  #keepEveryTime(
    line: number,
    source: Uint8Array,
    start: number,
    end: number,
    writeValues: () => void,
    getRaw: () => string,
  ): void {
    const moments = this.#clock.readAll(this.#builder)
    if (moments.length === 0) {
      this.#rejectUndated(line, getRaw)
      return
    }
    this.#noteTimes(line)
    const own = readDescription(this.#builder, this.#mapping)
    const ownMoment = moments.find(({ isOwn }) => isOwn)
    moments.forEach((moment, i) => {
      if (i > 0) {
        // The events of one row of many megabytes do not fit into one batch.
        if (this.#builder.isFull) this.#closeBatch()
        writeValues()
      }
      const parts = moment.isOwn && own !== undefined ? [own, ...moment.descriptions] : moment.descriptions
      const description = [...new Set(parts)].join('; ')
      if (moment.isOwn && (description === '' || description === own)) {
        this.#builder.commitRow(moment, line, source, start, end)
      } else {
        const changes = moment.isOwn ? [] : listTimeChanges(this.#builder, this.#mapping, ownMoment, moment)
        const text = changeRow(this.#builder, description, changes, source, start, end)
        this.#builder.commitRow(moment, line, text, 0, text.length)
      }
      this.#kept++
    })
  }

  #noteTimes(line: number): void {
    const { notes } = this.#clock
    for (const note of notes) this.#timeNotes.add({ ...note, firstLine: line, count: 1 })
  }
}
