import { Buffer } from 'node:buffer'
import type { RowWriter } from '../batch/row-writer.ts'
import { COPY_SLACK, type TextKernel } from '../batch/text-kernel.ts'
import { JsonRowParser } from './json-row-parser.ts'
import { JsonTextRows } from './json-text-rows.ts'
import { MemberWriter, type UsedColumn } from './member-writer.ts'

const COMMA = 0x2c
const COMMA_SIZE = 1
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
/** Room in front of what rows share. */
const HEAD_ROOM = 4096

/** An event's fields by name; undefined ones are left out. */
export type RowRecord = Readonly<Record<string, unknown>>

/** Writes rows that readers make as records of values. The rows are those that `JsonTextRows` makes of the records' JSON. */
export class RecordRows {
  readonly #writer: RowWriter
  readonly #kernel: TextKernel | undefined
  readonly #members: MemberWriter
  /** The bytes of that. */
  readonly #buffer: Buffer
  /** For records that are no flat ones. */
  #texts: JsonTextRows
  #builder: RowWriter['builder']
  /** Made when a row is read again from its text, for a further event of it. */
  #parser: JsonRowParser | undefined
  #rowStart = 0
  #rowEnd = 0
  readonly #writeAgain = (): void => {
    if (this.#parser === undefined || this.#parser.isCrowded) this.#parser = new JsonRowParser(this.#builder)
    this.#parser.parseObject(this.#buffer, this.#rowStart, this.#rowEnd)
  }
  readonly #getRaw = (): string => this.#buffer.toString('utf8', this.#rowStart, this.#rowEnd)

  /** @param kernel - Has room for one row's text; without one, there is memory of our own. */
  constructor(writer: RowWriter, kernel: TextKernel | undefined) {
    this.#writer = writer
    this.#kernel = kernel
    this.#builder = writer.builder
    this.#members = new MemberWriter(writer.builder, kernel)
    this.#buffer = Buffer.from(this.#members.bytes.buffer)
    this.#texts = new JsonTextRows(writer, kernel)
  }

  /** Keeps one row, or rejects it for its time. */
  write(record: RowRecord, line: number): void {
    this.#makeRoom()
    const { start } = this.#members
    const end = this.#members.write(record, start)
    if (end < 0) this.#writeText(record, line)
    else this.#keep(start, Math.max(end, start + COMMA_SIZE), line)
  }

  /**
   * Keeps rows that differ in their first members only, as `write` does each: what they share is written once, and repeated.
   *
   * @param heads - The first members of each row. They have the same names, but for undefined ones.
   * @param rest - The others.
   */
  writeShared(heads: readonly RowRecord[], rest: RowRecord, line: number): void {
    const members = this.#members
    const { start, bytes } = members
    const used: UsedColumn[] = []
    const restAt = start + HEAD_ROOM
    let restEnd = -1
    let isWritten = false
    for (const head of heads) {
      if (this.#makeRoom()) isWritten = false
      const { row } = this.#builder
      const headEnd = members.write(head, start)
      if (headEnd >= 0 && headEnd + COPY_SLACK <= restAt) {
        if (isWritten) for (const column of used) column.repeat(row)
        else {
          used.length = 0
          restEnd = members.writeMore(rest, restAt, used)
        }
      } else restEnd = -1
      if (restEnd < 0) {
        this.#writeText({ ...head, ...rest }, line)
        isWritten = false
        continue
      }
      const rowStart = restAt - (headEnd - start)
      bytes.copyWithin(rowStart, start, headEnd)
      // A row before whose head was empty began with its brace here.
      bytes[restAt] = COMMA
      isWritten = this.#keep(rowStart, Math.max(restEnd, rowStart + COMMA_SIZE), line)
    }
  }

  /**
   * @param end - Where the text of the members ends, whose first comma stands at `start`.
   * @returns As of `RowWriter.keepRow`.
   */
  #keep(start: number, end: number, line: number): boolean {
    const { bytes } = this.#members
    bytes[start] = OPEN_BRACE
    bytes[end] = CLOSE_BRACE
    this.#rowStart = start
    this.#rowEnd = end + 1
    return this.#writer.keepRow(line, bytes, start, end + 1, this.#writeAgain, this.#getRaw)
  }

  #writeText(record: RowRecord, line: number): void {
    this.#builder.dropRow()
    this.#texts.write(JSON.stringify(record), line)
  }

  /** True when a batch was closed. */
  #makeRoom(): boolean {
    const builder = this.#builder
    const { row } = builder
    this.#writer.makeRoom()
    const isOther = builder !== this.#writer.builder
    if (isOther) {
      this.#builder = this.#writer.builder
      this.#texts = new JsonTextRows(this.#writer, this.#kernel)
      this.#parser = undefined
    }
    this.#members.enter(this.#builder)
    return isOther || this.#builder.row !== row
  }
}
