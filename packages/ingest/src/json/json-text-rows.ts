import { Buffer } from 'node:buffer'
import type { RowWriter } from '../batch/row-writer.ts'
import { ROW_BYTES, ROW_START, type TextKernel } from '../batch/text-kernel.ts'
import { JsonRowParser } from './json-row-parser.ts'

/** Room that the parser may look into behind a row. */
const PARSER_SLACK = 64
/** Bytes of UTF-8 for one unit of a string, at most. */
const MAX_UNIT_BYTES = 3
const OWN_MEMORY_BYTES = 1024 * 1024
/** Room in front of what rows share. */
const HEAD_ROOM = 1024

/** Writes rows that readers make as JSON texts of their own. */
export class JsonTextRows {
  readonly #writer: RowWriter
  readonly #memory: Buffer
  readonly #start: number
  readonly #room: number
  #parser: JsonRowParser

  /** @param kernel - Has room for one row's text; without one, there is memory of our own. */
  constructor(writer: RowWriter, kernel: TextKernel | undefined) {
    this.#writer = writer
    this.#parser = new JsonRowParser(writer.builder)
    const bytes = kernel?.bytes ?? new Uint8Array(OWN_MEMORY_BYTES)
    this.#memory = Buffer.from(bytes.buffer)
    this.#start = kernel ? ROW_START : 0
    this.#room = (kernel ? ROW_BYTES : OWN_MEMORY_BYTES) - PARSER_SLACK
  }

  /**
   * Keeps rows that differ in their first members only, as `write` does each: only the first is read from its text.
   *
   * @param first - Names of those members.
   * @param heads - Their values in each row: texts of ASCII, without anything that JSON escapes, together some hundred bytes at most.
   * @param rest - All that follows in each row: `,"c":1}`.
   */
  writeShared(
    first: ReadonlySet<string>,
    heads: readonly (readonly string[])[],
    rest: string,
    line: number,
  ): void {
    if (HEAD_ROOM + rest.length * MAX_UNIT_BYTES > this.#room) {
      for (const head of heads) this.write(`{${joinHead(first, head)}${rest}`, line)
      return
    }
    const bytes = this.#memory
    const restAt = this.#start + HEAD_ROOM
    const end = restAt + bytes.write(rest, restAt, 'utf8')
    let isWritten = false
    for (const values of heads) {
      const head = `{${joinHead(first, values)}`
      const start = restAt - head.length
      bytes.write(head, start, 'latin1')
      isWritten = this.#makeRoom() ? false : isWritten
      const { builder } = this.#writer
      const { row } = builder
      if (isWritten) {
        let i = 0
        for (const name of first) builder.stringColumn(name).appendText(row, values[i++]!)
        builder.repeatRow(first)
      } else this.#parser.parseObject(bytes, start, end)
      this.#writer.keepRow(
        line,
        bytes,
        start,
        end,
        () => this.#parser.parseObject(bytes, start, end),
        () => head + rest,
      )
      isWritten = builder.row === row + 1
    }
  }

  /** True when a batch was closed. */
  #makeRoom(): boolean {
    const { row } = this.#writer.builder
    if (this.#writer.makeRoom() || this.#parser.isCrowded)
      this.#parser = new JsonRowParser(this.#writer.builder)
    return this.#writer.builder.row !== row
  }

  /**
   * Keeps one row, or rejects it for its time.
   *
   * @param json - A JSON object.
   */
  write(json: string, line: number): void {
    this.#makeRoom()
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

/** Members whose values are texts without anything that JSON escapes. */
function joinHead(names: ReadonlySet<string>, values: readonly string[]): string {
  let head = ''
  let i = 0
  for (const name of names) head += `${i === 0 ? '' : ','}"${name}":"${values[i++]}"`
  return head
}
