import type { RejectReason } from '@timeskein/model'
import type { RowWriter } from '../batch/row-writer.ts'
import type { TextKernel } from '../batch/text-kernel.ts'
import { RecordRows } from '../json/record-rows.ts'
import type { StretchNote } from '../pipeline/stretch.ts'

/** One event's fields by name; undefined ones are left out. Times are ISO 8601 with all their digits. */
export type ArtefactRecord = Readonly<Record<string, unknown>>

/** What is at the end of an artefact's records without any time: Plaso shows these so, at the beginning of 1970. */
const WITHOUT_TIME: ArtefactRecord = {
  datetime: '1970-01-01T00:00:00.0000000Z',
  timestamp_desc: 'Not a time',
}

/** Takes what is found in an artefact: records to be kept, and what cannot be read with its place. */
export class ArtefactSink {
  readonly #writer: RowWriter
  readonly #rows: RecordRows
  readonly #timeFields: ReadonlySet<string>
  readonly #ofFile: ArtefactRecord
  #notes = new Map<string, { kind: string; at: number; count: number }>()

  /**
   * @param timeFields - Fields that are times: a record without any is shown all the same.
   * @param inside - Where the file stands in its collection: each record says so.
   */
  constructor(
    writer: RowWriter,
    kernel: TextKernel | undefined,
    timeFields: Iterable<string>,
    inside?: string,
  ) {
    this.#writer = writer
    this.#rows = new RecordRows(writer, kernel)
    this.#timeFields = new Set(timeFields)
    this.#ofFile = inside === undefined ? {} : { display_name: inside }
  }

  /** @param number - Of the record in the file, from 1. */
  keep(number: number, record: ArtefactRecord): void {
    let hasTime = false
    for (const field of this.#timeFields) if (record[field] !== undefined) hasTime = true
    this.#rows.write({ ...record, ...this.#ofFile, ...(hasTime ? {} : WITHOUT_TIME) }, number)
  }

  /** Keeps events of one record that differ in their time only: `heads` have that and what happened then. */
  keepEach(number: number, heads: readonly ArtefactRecord[], record: ArtefactRecord): void {
    this.#rows.writeShared(heads, { ...record, ...this.#ofFile }, number)
  }

  /**
   * Tells of what cannot be read.
   *
   * @param number - Of the record, 0 where it has none.
   * @param at - Where it stands in the file.
   * @param bytes - The record as it stands, where there is one.
   */
  reject(number: number, reason: RejectReason, detail: string, at: number, bytes?: Buffer): void {
    const raw = { offset: at, ...(bytes ? { size: bytes.length, bytes: bytes.toString('base64') } : {}) }
    const place = `offset ${at} (0x${at.toString(16)})`
    this.#writer.rejectRow(number, reason, `${place}: ${detail}`, JSON.stringify(raw))
  }

  /** Notes something that is worth knowing of what was kept. */
  note(kind: string, at: number): void {
    const note = this.#notes.get(kind)
    if (note) note.count++
    else this.#notes.set(kind, { kind, at, count: 1 })
  }

  /** What was noted since the last call. */
  takeNotes(): readonly StretchNote[] {
    const notes = [...this.#notes.values()]
    this.#notes = new Map()
    return notes
  }
}
