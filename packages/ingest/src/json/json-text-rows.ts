import { Buffer } from 'node:buffer'
import type { RowWriter } from '../batch/row-writer.ts'
import { ROW_BYTES, ROW_START, type TextKernel } from '../batch/text-kernel.ts'
import { JsonRowParser } from './json-row-parser.ts'

/** Room that the parser may look into behind a row. */
const PARSER_SLACK = 64
/** Bytes of UTF-8 for one unit of a string, at most. */
const MAX_UNIT_BYTES = 3
const OWN_MEMORY_BYTES = 1024 * 1024

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
   * Keeps one row, or rejects it for its time.
   *
   * @param json - A JSON object.
   */
  write(json: string, line: number): void {
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
