import { Buffer } from 'node:buffer'
import { MAX_REJECT_TEXT, MAX_ROW_BYTES } from '../batch/limits.ts'
import type { RowWriter } from '../batch/row-writer.ts'
import { JsonRowParser } from './json-row-parser.ts'
import { describeByte, JsonSyntaxError } from './json-syntax-error.ts'

/** Changes a record before anything else is done with it; undefined leaves it as it is. */
export type RecordTransform = (record: unknown) => Readonly<Record<string, unknown>> | undefined

/** A range of this length or less is first taken for one object whole: of more, many rows may follow in it. */
const MAX_TRIED_BYTES = 65_536

/**
 * Reads JSON objects as rows: parses them into the writer's columns and has them kept, or rejects them.
 *
 * With a transform, a row's text is the changed record's; without one, it is the very bytes of the input.
 */
export class JsonRowReader {
  readonly #writer: RowWriter
  readonly #transform: RecordTransform | undefined
  #parser: JsonRowParser
  /** Where a range ends of which a try has shown that it holds more than one object. */
  #manyEnd = -1

  constructor(writer: RowWriter, transform?: RecordTransform) {
    this.#writer = writer
    this.#transform = transform
    this.#parser = new JsonRowParser(writer.builder)
  }

  /**
   * Reads one row.
   *
   * @param bytes - Valid UTF-8; the row's text begins at `start`, without space before it, and ends before `end`.
   * @param isOpenEnd - The input ends at `end`: a row that is not complete there is `truncated`.
   * @returns Where the next row may begin: behind the object, or `end` when the rest was rejected.
   */
  readRow(bytes: Buffer, start: number, end: number, line: number, isOpenEnd: boolean): number {
    if (this.#writer.makeRoom() || this.#parser.isCrowded)
      this.#parser = new JsonRowParser(this.#writer.builder)
    try {
      if (this.#transform) return this.#readTransformed(bytes, start, end, line, this.#transform)
      const after = this.#parser.parseObject(bytes, start, end)
      this.#writer.keepRow(
        line,
        bytes,
        start,
        after,
        () => this.#parser.parseObject(bytes, start, end),
        () => bytes.toString('utf8', start, Math.min(after, start + MAX_REJECT_TEXT)),
      )
      return after
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error
      this.#reject(error, bytes, start, end, line, isOpenEnd)
      return end
    }
  }

  /** As `readRow`, for a range that must hold one object and nothing else. */
  readWholeRow(bytes: Buffer, start: number, end: number, line: number, isOpenEnd: boolean): void {
    const after = this.readRow(bytes, start, end, line, isOpenEnd)
    if (after >= end) return
    const found = describeByte(bytes, after, end)
    this.#writer.rejectRow(
      line,
      'bad-json',
      `expected the end of the object at byte ${after - start + 1} of the row, found ${found}`,
      bytes.toString('utf8', after, Math.min(end, after + MAX_REJECT_TEXT)),
    )
  }

  /** Rejects a row longer than `MAX_ROW_BYTES`, of which `bytes` has at least the beginning. */
  rejectTooLarge(bytes: Buffer, start: number, end: number, line: number): void {
    this.#writer.rejectRow(
      line,
      'row-too-large',
      `expected at most ${MAX_ROW_BYTES} bytes (MAX_ROW_BYTES), found more`,
      bytes.toString('utf8', start, Math.min(end, start + MAX_REJECT_TEXT)),
    )
  }

  #readTransformed(
    bytes: Buffer,
    start: number,
    end: number,
    line: number,
    transform: RecordTransform,
  ): number {
    // Tried again for each object, a range of many would be read as often as it has objects.
    if (end !== this.#manyEnd && end - start <= MAX_TRIED_BYTES) {
      const whole = parseWhole(bytes, start, end)
      if (whole) {
        this.#keepTransformed(whole, bytes, start, end, line, transform)
        return end
      }
      this.#manyEnd = end
    }
    const after = this.#parser.parseObject(bytes, start, end)
    this.#writer.builder.dropRow()
    // The parser has just accepted it as a JSON object.
    const record = JSON.parse(bytes.toString('utf8', start, after)) as Record<string, unknown>
    this.#keepTransformed(record, bytes, start, after, line, transform)
    return after
  }

  /** @param end - Nothing but space follows the object before it. */
  #keepTransformed(
    record: Record<string, unknown>,
    bytes: Buffer,
    start: number,
    end: number,
    line: number,
    transform: RecordTransform,
  ): void {
    const getRaw = (): string => bytes.toString('utf8', start, Math.min(end, start + MAX_REJECT_TEXT))
    const changed = this.#change(record, transform, line, getRaw)
    if (changed === 'rejected') return
    const text = changed ?? Buffer.from(bytes.subarray(start, end))
    const length = this.#parser.parseObject(text, 0, text.length)
    this.#writer.keepRow(line, text, 0, length, () => this.#parser.parseObject(text, 0, length), getRaw)
  }

  /** The changed record's text; undefined where it stays as it is. */
  #change(
    record: Record<string, unknown>,
    transform: RecordTransform,
    line: number,
    getRaw: () => string,
  ): Buffer | 'rejected' | undefined {
    try {
      const changed = transform(record)
      return changed && Buffer.from(JSON.stringify(changed))
    } catch (error) {
      // What a walk through a record throws that runs out of room, over one nested some thousand deep.
      if (!(error instanceof RangeError && /call stack/.test(error.message))) throw error
      const detail = `expected a record that can be made an event, found one that is nested too deep (${error.message})`
      this.#writer.rejectRow(line, 'over-limit', detail, getRaw())
      return 'rejected'
    }
  }

  #reject(
    error: JsonSyntaxError,
    bytes: Buffer,
    start: number,
    end: number,
    line: number,
    isOpenEnd: boolean,
  ): void {
    const raw = bytes.toString('utf8', start, Math.min(end, start + MAX_REJECT_TEXT))
    const kind = error.offset === 0 ? nameOtherValue(bytes, start, end) : undefined
    if (kind !== undefined) {
      this.#writer.rejectRow(line, 'not-an-object', `expected a JSON object, found ${kind}`, raw)
    } else if (isOpenEnd && start + error.offset >= end) {
      this.#writer.rejectRow(line, 'truncated', `the input ends inside a JSON object: ${error.message}`, raw)
    } else this.#writer.rejectRow(line, 'bad-json', error.message, raw)
  }
}

/** The object that a range holds; undefined where it holds anything else, or more. */
function parseWhole(bytes: Buffer, start: number, end: number): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8', start, end))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}

/** What a row is that is JSON but no object. */
function nameOtherValue(bytes: Buffer, start: number, end: number): string | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8', start, end))
    if (Array.isArray(value)) return 'an array'
    return value === null ? 'null' : `a ${typeof value}`
  } catch {
    // Not JSON at all: the caller's own message says so.
    return undefined
  }
}
