import { Buffer } from 'node:buffer'
import { MAX_MESSAGE_BYTES, MAX_MESSAGE_VALUE_BYTES } from '../limits.ts'
import type { JsonText } from './json-text.ts'

/** Members of System: what a message begins with, or does not repeat. */
const SYSTEM_NAME =
  /^(?:EventID|Version|Level|Task|Opcode|Keywords|EventRecordID|Channel|Computer|UserData_Name|source_name|message_identifier)$|^(?:EventID|Provider|TimeCreated|Correlation|Execution|Security)_/
/** Data without a name of their own, which a message lists without one. */
const UNNAMED = /^param\d+$/

const MEMBER_HEAD = Buffer.from(',"message":"')
const BACKSLASH = 0x5c
const QUOTE = 0x22

/** Whether a member says what the event is about, and belongs into its message. */
export function isMessageName(name: string): boolean {
  return name !== 'Data' && name !== 'Binary' && !SYSTEM_NAME.test(name)
}

/**
 * Makes a record's message of its own data, since no table of messages is at hand: `[4688 Provider] Name: value, …`.
 *
 * It notes where in the record's text the wanted members are while they are written, and puts the message behind them.
 */
export class MessageBuilder {
  /** Start of each member's name or -1, and start and end of its value, in the record's text. */
  #ranges: Int32Array<ArrayBuffer> = new Int32Array(96)
  #count = 0
  readonly #labels: Uint8Array[] = []
  #idStart = 0
  #idEnd = 0
  #providerStart = 0
  #providerEnd = 0

  start(): void {
    this.#count = 0
    this.#idEnd = 0
    this.#idStart = 0
    this.#providerEnd = 0
    this.#providerStart = 0
  }

  /** Notes where the value of EventID stands. */
  noteId(start: number, end: number): void {
    this.#idStart = start
    this.#idEnd = end
  }

  /** Notes where the value of Provider_Name stands. */
  noteProvider(start: number, end: number): void {
    this.#providerStart = start
    this.#providerEnd = end
  }

  /**
   * Notes a member of the event's data.
   *
   * @param label - What stands in front of its value, as `makeLabel` writes it.
   */
  noteMember(label: Uint8Array, start: number, end: number): void {
    const { length } = this.#labels
    if (this.#count * 2 + 1 >= this.#ranges.length) {
      const longer = new Int32Array(this.#ranges.length * 2)
      longer.set(this.#ranges)
      this.#ranges = longer
    }
    if (this.#count < length) this.#labels[this.#count] = label
    else this.#labels.push(label)
    this.#ranges[this.#count * 2] = start
    this.#ranges[this.#count * 2 + 1] = end
    this.#count++
  }

  /** Writes the member `message`. */
  write(text: JsonText): void {
    text.addBytes(MEMBER_HEAD)
    const { at } = text
    text.addPlain('[')
    this.#addValue(text, this.#idStart, this.#idEnd)
    text.addPlain(' ')
    this.#addValue(text, this.#providerStart, this.#providerEnd)
    text.addPlain(']')
    let separator = ' '
    for (let i = 0; i < this.#count; i++) {
      const start = this.#ranges[i * 2]!
      const end = this.#ranges[i * 2 + 1]!
      const isEmptyText = end === start + 2 && text.bytes[start] === QUOTE
      if (isEmptyText) continue
      if (text.at - at >= MAX_MESSAGE_BYTES) {
        text.addPlain(', ...')
        break
      }
      text.addPlain(separator)
      separator = ', '
      text.addBytes(this.#labels[i]!)
      this.#addValue(text, start, end)
    }
    text.addPlain('"')
  }

  /** Adds a value of the record's text, without quotes, cut where it is long. */
  #addValue(text: JsonText, start: number, end: number): void {
    const isText = text.bytes[start] === QUOTE && end > start
    const from = isText ? start + 1 : start
    const to = isText ? end - 1 : end
    if (to - from <= MAX_MESSAGE_VALUE_BYTES) {
      text.repeat(from, to)
      return
    }
    text.repeat(from, findCut(text.bytes, from, from + MAX_MESSAGE_VALUE_BYTES))
    text.addPlain('...')
  }
}

/** `Name: ` as it stands in a message: nothing for data without a name. */
export function makeLabel(name: string): Uint8Array {
  return UNNAMED.test(name) ? NO_LABEL : Buffer.from(`${JSON.stringify(name).slice(1, -1)}: `)
}

const NO_LABEL = new Uint8Array(0)

/** The last place before `end` that parts neither an escape nor a character. */
function findCut(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  for (;;) {
    const byte = bytes[at]!
    let next = at + 1
    if (byte === BACKSLASH) next = at + (bytes[at + 1] === 0x75 ? 6 : 2)
    else if (byte >= 0xc0) next = at + (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2)
    if (next > end) return at
    at = next
  }
}
