import { Buffer, isUtf8 } from 'node:buffer'
import type { RejectReason } from '@timeskein/model'
import type { RowWriter } from '../../batch/row-writer.ts'
import { ROW_BYTES, ROW_START, type TextKernel } from '../../batch/text-kernel.ts'
import { countBadLines } from '../../encoding/detect-encoding.ts'
import { JsonRowParser } from '../../json/json-row-parser.ts'
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
} from './log-format.ts'
import { trimLine } from './log-sample.ts'

/** Room that the parser may look into behind a row. */
const PARSER_SLACK = 64
/** Bytes of UTF-8 for one unit of a string, at most. */
const MAX_UNIT_BYTES = 3
const OWN_MEMORY_BYTES = 1024 * 1024

/**
 * Reads the lines of a log into a writer's rows: every line is an event or a part of one, or rejected with the reason.
 *
 * A line that the format does not know is taken as a plain line where a time stands in it, else added to the event above it.
 */
export class LogRowReader implements LogSink {
  readonly #writer: RowWriter
  readonly #layout: LogLayout
  readonly #format: LogFormat
  readonly #memory: Buffer
  readonly #start: number
  readonly #room: number
  #parser: JsonRowParser
  readonly #notes = new Map<LogNoteKind, LogNote>()
  #pending: LogFields | undefined
  #pendingLine = 0
  #joined: string[] = []

  /** @param kernel - Has room for one row's text; without one, the reader has memory of its own. */
  constructor(writer: RowWriter, layout: LogLayout, kernel: TextKernel | undefined) {
    this.#writer = writer
    this.#layout = layout
    this.#format = findLogFormat(layout.log)
    this.#parser = new JsonRowParser(writer.builder)
    const bytes = kernel?.bytes ?? new Uint8Array(OWN_MEMORY_BYTES)
    this.#memory = Buffer.from(bytes.buffer)
    this.#start = kernel ? ROW_START : 0
    this.#room = (kernel ? ROW_BYTES : OWN_MEMORY_BYTES) - PARSER_SLACK
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
    const { timeZone, dayFirst, referenceUs } = this.#layout
    const clock = new LogClock({ timeZone, dayFirst, referenceUs, carried })
    const reader = this.#format.open({ sink: this, clock, carried, dayFirst })
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
    if (trimmed === '') {
      if (line.charCodeAt(0) === 0) this.note('nuls', number)
      return
    }
    if (reader.read(trimmed, number)) return
    const time = findLineTime(trimmed, clock)
    if (time !== undefined) {
      this.note('plain', number)
      this.keep(describeLine(trimmed, time), number)
    } else if (this.#pending !== undefined && this.#format.joins !== false) {
      this.note('joined', number)
      this.#joined.push(trimmed)
    } else this.reject(number, 'no-time', this.#describeWanted(), trimmed)
  }

  #describeWanted(): string {
    const { title, joins } = this.#format
    const rest = joins === false ? '' : ', or one that goes on with the line above'
    return `expected a line of ${title}${rest}; found one without a time`
  }

  #flush(): void {
    const fields = this.#pending
    if (fields === undefined) return
    this.#pending = undefined
    let json: string
    if (this.#joined.length === 0) json = JSON.stringify(fields)
    else {
      const more = `\n${this.#joined.join('\n')}`
      this.#joined = []
      const body = fields['message_body']
      json = JSON.stringify({
        ...fields,
        message: fields.message + more,
        ...(typeof body === 'string' ? { message_body: body + more } : {}),
      })
    }
    this.#write(json, this.#pendingLine)
  }

  #write(json: string, line: number): void {
    if (this.#writer.makeRoom() || this.#parser.isCrowded)
      this.#parser = new JsonRowParser(this.#writer.builder)
    let bytes = this.#memory
    let start = this.#start
    let end: number
    if (json.length * MAX_UNIT_BYTES <= this.#room) end = start + bytes.write(json, start, 'utf8')
    else {
      bytes = Buffer.from(json)
      start = 0
      end = bytes.length
    }
    this.#parser.parseObject(bytes, start, end)
    this.#writer.keepRow(
      line,
      bytes,
      start,
      end,
      () => this.#parser.parseObject(bytes, start, end),
      () => json,
    )
  }
}
