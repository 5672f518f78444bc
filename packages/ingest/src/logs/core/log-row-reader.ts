import { type Buffer, isUtf8 } from 'node:buffer'
import type { RejectReason } from '@timeskein/model'
import type { RowWriter } from '../../batch/row-writer.ts'
import type { TextKernel } from '../../batch/text-kernel.ts'
import { countBadLines } from '../../encoding/detect-encoding.ts'
import { RecordRows } from '../../json/record-rows.ts'
import { describeLine, findLineTime } from '../lines/find-line-time.ts'
import { findLogFormat } from '../log-formats.ts'
import { LogClock } from './log-clock.ts'
import type {
  LogCarry,
  LogFields,
  LogFormat,
  LogLayout,
  LogNote,
  LogNoteKind,
  LogReader,
  LogSink,
  LogTime,
  UndatedFields,
} from './log-format.ts'
import { trimLine } from './log-sample.ts'

/**
 * Reads the lines of a log into a writer's rows: every line is an event or a part of one, or rejected with the reason.
 *
 * A line that the format does not know is taken as a plain line where a time stands in it, else added to the event above it.
 */
export class LogRowReader implements LogSink {
  readonly #writer: RowWriter
  readonly #layout: LogLayout
  readonly #format: LogFormat
  readonly #rows: RecordRows
  readonly #notes = new Map<LogNoteKind, LogNote>()
  #pending: LogFields | undefined
  #pendingLine = 0
  #joined: string[] = []

  /** @param kernel - Has room for one row's text; without one, the reader has memory of its own. */
  constructor(writer: RowWriter, layout: LogLayout, kernel: TextKernel | undefined) {
    this.#writer = writer
    this.#layout = layout
    this.#format = findLogFormat(layout.log)
    this.#rows = new RecordRows(writer, kernel)
  }

  /** What has come to notice since the last call. */
  takeNotes(): readonly LogNote[] {
    const notes = [...this.#notes.values()]
    this.#notes.clear()
    return notes
  }

  /**
   * Reads a stretch.
   *
   * @param startLine - Line number (1-based) of its first line.
   * @param carried - What the lines before it say of its own. @default what the layout says of the first line
   * @returns Lines with bytes that are no UTF-8.
   */
  read(stretch: Buffer, startLine: number, carried: LogCarry = this.#layout.carried): number {
    const bytes = this.#format.prepare?.(stretch) ?? stretch
    const badLines = isUtf8(bytes) ? 0 : countBadLines(bytes)
    const { timeZone, dateOrder, referenceUs } = this.#layout
    const clock = new LogClock({ timeZone, dateOrder, referenceUs, carried })
    const reader = this.#format.open({ sink: this, clock, carried, dayFirst: dateOrder === 'day-first' })
    const text = bytes.toString('utf8')
    let number = startLine
    for (let at = 0; at < text.length; number++) {
      const found = text.indexOf('\n', at)
      const end = found < 0 ? text.length : found
      this.#readLine(reader, clock, text.slice(at, end), number)
      at = end + 1
    }
    reader.end?.()
    this.#flush()
    return badLines
  }

  keep(fields: LogFields, line: number): void {
    this.#flush()
    this.#pending = fields
    this.#pendingLine = line
  }

  keepEach(times: readonly LogTime[], fields: UndatedFields, line: number): void {
    this.#flush()
    this.#rows.writeShared(times, fields, line)
  }

  reject(line: number, reason: RejectReason, detail: string, raw: string): void {
    this.#flush()
    this.#writer.rejectRow(line, reason, detail, raw)
  }

  note(kind: LogNoteKind, line: number): void {
    const known = this.#notes.get(kind)
    this.#notes.set(kind, { kind, at: known?.at ?? line, count: (known?.count ?? 0) + 1 })
  }

  #readLine(reader: LogReader, clock: LogClock, line: string, number: number): void {
    const trimmed = trimLine(line)
    if (trimmed === '') return
    if (this.#isRead(reader, trimmed, number)) return
    const time = findLineTime(trimmed, clock)
    if (time !== undefined) {
      this.note('plain', number)
      this.keep(describeLine(trimmed, time), number)
    } else if (this.#pending !== undefined && this.#format.joins !== false) {
      this.note('joined', number)
      this.#joined.push(trimmed)
    } else this.reject(number, 'no-time', this.#describeWanted(), trimmed)
  }

  #isRead(reader: LogReader, line: string, number: number): boolean {
    try {
      return reader.read(line, number)
    } catch (error) {
      // What regular expressions throw that run out of room, on lines of many megabytes that are made for it.
      if (!(error instanceof RangeError)) throw error
      const detail = `expected a line of ${this.#format.title}, found one of ${line.length} characters that is too deep (${error.message})`
      this.reject(number, 'over-limit', detail, line)
      return true
    }
  }

  #describeWanted(): string {
    const { title, joins } = this.#format
    return joins === false
      ? `expected a line as in ${title}, found one of another form and without a time`
      : 'expected a line with a time, or one that goes on with an event above; found one without either'
  }

  #flush(): void {
    const fields = this.#pending
    if (fields === undefined) return
    this.#pending = undefined
    this.#rows.write(this.#joined.length === 0 ? fields : this.#join(fields), this.#pendingLine)
  }

  #join(fields: LogFields): LogFields {
    const more = `\n${this.#joined.join('\n')}`
    this.#joined = []
    const body = fields['message_body']
    return {
      ...fields,
      message: fields.message + more,
      ...(typeof body === 'string' ? { message_body: body + more } : {}),
    }
  }
}
