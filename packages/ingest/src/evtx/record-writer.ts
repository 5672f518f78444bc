import type { ChunkContext } from './binxml/chunk-context.ts'
import { ValueDecoder } from './binxml/decode-value.ts'
import { readU32 } from './bytes.ts'
import type { RecordPlace } from './chunk/walk-chunk.ts'
import { encodeName, JsonText } from './flat/json-text.ts'
import { MessageBuilder } from './flat/message.ts'
import { PlanRunner } from './flat/run-plan.ts'
import { writeFlat } from './flat/write-flat.ts'
import { MAX_CHUNK_TEXT_BYTES } from './limits.ts'
import { RecordError } from './record-error.ts'
import { resolveFragment } from './tree/resolve-fragment.ts'
import { toXml } from './tree/to-xml.ts'

/** How records are written. */
export interface RecordOptions {
  /** Keep each event's XML, as `xml_string`. @default false */
  readonly keepsXml?: boolean
}

/** Bytes of a record in front of its binary XML, and behind it. */
const RECORD_HEAD_BYTES = 24
const RECORD_TAIL_BYTES = 4

const WRITTEN_TIME = encodeName('written_time')
const RECOVERED = encodeName('recovered')
const XML_STRING = encodeName('xml_string')
const MODIFIED = encodeName('timestamp_desc')

/**
 * Writes the records of chunks as flat JSON objects, by plans where their templates allow it and by a tree where not; both ways
 * give the same members.
 *
 * Beside what `flattenEvtxEvent` names, a record has `message`, made of its own data, unless it brought one; `written_time`,
 * the time in the record's header, where that is another than SystemTime (of forwarded events: when they arrived) or there is
 * none; `recovered` when it was found outside of what the log still holds; and `xml_string` on request.
 */
export class RecordWriter {
  /** The last record's text. */
  readonly text: JsonText
  readonly #decoder = new ValueDecoder()
  readonly #message = new MessageBuilder()
  readonly #plans: PlanRunner
  readonly #keepsXml: boolean
  #chunkTextBytes = 0
  /** Records that plans wrote since the start, and those that went by a tree. */
  readonly counts: { planned: number; trees: number } = { planned: 0, trees: 0 }

  /** @param start - Where in the bytes each record's text begins; see `JsonText`. */
  constructor(bytes: Uint8Array<ArrayBuffer>, start: number, options: RecordOptions = {}) {
    this.text = new JsonText(bytes, start)
    this.#plans = new PlanRunner(this.#decoder, this.text, this.#message)
    this.#keepsXml = options.keepsXml ?? false
  }

  /** To be called for each chunk, after `chunk.start`. */
  startChunk(): void {
    this.#plans.startChunk()
    this.#chunkTextBytes = 0
  }

  /**
   * Writes a record.
   *
   * @throws {RecordError} When it cannot be read.
   */
  write(chunk: ChunkContext, { at, sizeBytes }: RecordPlace, isRecovered: boolean): void {
    const { text } = this
    if (this.#chunkTextBytes > MAX_CHUNK_TEXT_BYTES) {
      throw new RecordError(
        'over-limit',
        `expected at most ${MAX_CHUNK_TEXT_BYTES} bytes of JSON from one chunk (MAX_CHUNK_TEXT_BYTES), found more`,
      )
    }
    const start = at + RECORD_HEAD_BYTES
    const end = at + sizeBytes - RECORD_TAIL_BYTES
    const low = readU32(chunk.bytes, at + 16)
    const high = readU32(chunk.bytes, at + 20)
    chunk.budget.startRecord()
    text.open()
    this.#message.start()
    const isPlanned = !this.#keepsXml && this.#plans.write(chunk, start, end)
    if (isPlanned) this.#endPlanned(low, high)
    else this.#writeTree(chunk, start, end, low, high)
    if (isRecovered) {
      text.addBytes(RECOVERED)
      text.addPlain('true')
    }
    text.close()
    this.#chunkTextBytes += text.at - text.start
  }

  #endPlanned(low: number, high: number): void {
    const { clock } = this.#plans
    if (clock.low !== low || clock.high !== high)
      this.#addWrittenTime(this.#decoder.writeFileTime(low, high), clock.low !== 0 || clock.high !== 0)
    this.#message.write(this.text)
    this.counts.planned++
  }

  #writeTree(chunk: ChunkContext, start: number, end: number, low: number, high: number): void {
    const { text } = this
    text.open()
    this.#message.start()
    const nodes = resolveFragment(chunk, this.#decoder, start, end)
    const [node] = nodes
    if (nodes.length !== 1 || node?.kind !== 'element')
      throw new RecordError('bad-record', `expected one element in the record, found ${nodes.length} nodes`)
    const summary = writeFlat(node.element, text, this.#message)
    if (summary === undefined) {
      throw new RecordError(
        'bad-record',
        `expected an Event with a System in the record, found the element ${JSON.stringify(node.element.name.slice(0, 40))}`,
      )
    }
    const writtenTime = this.#decoder.writeFileTime(low, high)
    if (writtenTime !== summary.systemTime)
      this.#addWrittenTime(writtenTime, summary.systemTime !== undefined)
    if (!summary.hasMessage) this.#message.write(text)
    if (this.#keepsXml) {
      text.addBytes(XML_STRING)
      text.addText(toXml(node.element))
    }
    this.counts.trees++
  }

  #addWrittenTime(writtenTime: string, hasSystemTime: boolean): void {
    const { text } = this
    text.addBytes(WRITTEN_TIME)
    text.addText(writtenTime)
    if (hasSystemTime) return
    text.addBytes(MODIFIED)
    text.addText('Content Modification Time')
  }
}
