import { Buffer } from 'node:buffer'
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import type { Reject } from '@timeskein/model'
import { UnpackingMeter } from '../../containers/archive-limits.ts'
import { isDatabaseError } from '../../sqlite/database-error.ts'
import { measureDatabase } from '../../sqlite/table-guard.ts'
import { MAX_PIECE_BYTES, MAX_TIMESTAMP_EVENTS, PIECE_BYTES, PIECE_EVENTS } from '../limits.ts'
import { findNanoseconds } from '../piece/date-time.ts'
import { PieceBuilder } from '../piece/piece.ts'
import { readIdentifier } from './container-identifier.ts'
import { ContainerUnpacker } from './container-unpacker.ts'
import { countStored } from './count-stored.ts'
import { readEvents, type StoredEvent } from './read-events.ts'
import { StreamReader } from './read-streams.ts'
import { readTags } from './read-tags.ts'
import type { StorageSchema } from './storage-schema.ts'

/** What reading a storage file yields: pieces in the order of time, what is lost, and what else is worth knowing. */
export type StorageItem =
  | {
      readonly kind: 'piece'
      readonly bytes: Uint8Array<ArrayBuffer>
      /** Events that were read so far, this piece's among them. */
      readonly eventsDone: number
    }
  | { readonly kind: 'reject'; readonly reject: Reject }
  | { readonly kind: 'remark'; readonly remark: string }

const STREAM_LINK_NAME = 'event_data_stream'
/** Bytes that a link to a stream has at most: its name, and an identifier. */
const MAX_LINK_BYTES = 120
/** Bytes at the beginning of event data among which most have it. */
const USUAL_LINK_BYTES = 256
const STREAM_LINK = /event_data_stream(?:_row)?_identifier": ?(?:"([^"\\]{1,60})"|(\d{1,15}))/y

/** Reads the events of a storage file with all that they refer to. */
export function* readPieces(database: DatabaseSync, schema: StorageSchema): Generator<StorageItem> {
  const tags = readTags(database, schema)
  for (const problem of tags.problems) yield toReject(0, 'bad-record', problem, { table: 'event_tag' })
  const meter = new UnpackingMeter('the data of events')
  meter.addPacked(measureDatabase(database))
  const streams = new StreamReader(database, schema, meter)
  const packer = new Packer(database, schema, streams, meter)
  let done = 0
  /** Events that gaps tell of; Infinity where a gap has no end. */
  let told = 0
  let lastUs: bigint | undefined
  for (const item of readEvents(database, schema)) {
    if (item.kind === 'disorder') {
      const remark = `The table event is damaged (${item.problem}): its events were read as they stand, not sorted by time, and equal ones that do not follow one another were kept.`
      yield { kind: 'remark', remark }
      continue
    }
    if (item.kind === 'gap') {
      const { first, last, problem } = item.gap
      told += (last ?? Number.POSITIVE_INFINITY) - first + 1
      const range = last === first ? `event ${first}` : `events ${first} to ${last ?? 'the last'}`
      const detail = `${range} of the table event cannot be read: ${problem}`
      yield toReject(first, 'bad-record', detail, { table: 'event', first, last })
      continue
    }
    done++
    if (item.kind === 'unreadable') {
      const detail = `event ${item.id} of the table event cannot be read: ${item.problem}`
      yield toReject(item.id, 'bad-record', detail, { table: 'event', identifier: item.id })
      continue
    }
    const { event } = item
    if (event.us !== lastUs ? packer.isFull : packer.isOverfull) {
      yield { kind: 'piece', bytes: packer.take(), eventsDone: done - 1 }
    }
    lastUs = event.us
    packer.add(event, tags.byEvent.get(event.id))
  }
  if (!packer.isEmpty) yield { kind: 'piece', bytes: packer.take(), eventsDone: done }
  for (const [id, problem] of streams.problems) {
    const detail = `row ${id} of the table event_data_stream cannot be read, so that its events have no path: ${problem}`
    yield toReject(0, 'bad-record', detail, { table: 'event_data_stream', identifier: id })
  }
  yield* tellMissing(database, schema, done, told)
}

/** The storage counts what it stores (`sqlite_sequence`): fewer that were found are a loss, or were taken out by somebody. */
function* tellMissing(
  database: DatabaseSync,
  schema: StorageSchema,
  done: number,
  told: number,
): Generator<StorageItem> {
  if (!schema.tables.has('event')) {
    if (!hasEventData(database, schema)) {
      yield { kind: 'remark', remark: 'The storage file has no table of events: nothing was stored in it.' }
      return
    }
    const detail = 'expected a table event for what stands in the table event_data, found none'
    yield toReject(0, 'truncated', detail, { table: 'event' })
    return
  }
  const expected = countStored(database)
  if (done + told >= expected) return
  const detail = `expected ${expected} events, as many as were ever stored, found ${done}`
  yield toReject(0, 'truncated', detail, { table: 'event', expected, found: done })
}

/** Whether there is anything that events were about; also where that cannot be read. */
function hasEventData(database: DatabaseSync, { tables }: StorageSchema): boolean {
  if (!tables.has('event_data')) return false
  try {
    return database.prepare('SELECT 1 FROM event_data LIMIT 1').get() !== undefined
  } catch {
    return true
  }
}

function toReject(line: number, reason: Reject['reason'], detail: string, raw: object): StorageItem {
  return { kind: 'reject', reject: { line, reason, detail, raw: JSON.stringify(raw) } }
}

/** Gathers events with their data and streams until a piece is full. */
class Packer {
  readonly #data: StatementSync | undefined
  readonly #unpacker: ContainerUnpacker
  readonly #streams: StreamReader
  readonly #meter: UnpackingMeter
  #tableProblem = 'it is not there'
  #piece = new PieceBuilder()
  #texts: Buffer = Buffer.allocUnsafe(PIECE_BYTES)
  #textBytes = 0
  #streamBytes = 0
  #dataPlaces = new Map<number, number>()
  #streamPlaces = new Map<number, number>()

  constructor(database: DatabaseSync, schema: StorageSchema, streams: StreamReader, meter: UnpackingMeter) {
    this.#meter = meter
    this.#unpacker = new ContainerUnpacker(schema.isCompressed)
    this.#streams = streams
    if (!schema.tables.get('event_data')?.has('_data')) return
    try {
      this.#data = database.prepare('SELECT _data FROM event_data WHERE _identifier = ?')
      this.#data.setReturnArrays(true)
    } catch (error) {
      if (!isDatabaseError(error)) throw error
      this.#tableProblem = error.message
    }
  }

  get isEmpty(): boolean {
    return this.#piece.eventCount === 0
  }

  get isFull(): boolean {
    return this.#bytes >= PIECE_BYTES || this.#piece.eventCount >= PIECE_EVENTS
  }

  get #bytes(): number {
    return this.#textBytes + this.#streamBytes
  }

  get isOverfull(): boolean {
    return this.#bytes >= MAX_PIECE_BYTES || this.#piece.eventCount > MAX_TIMESTAMP_EVENTS
  }

  add({ id, dataId, us, desc, time }: StoredEvent, tags: readonly string[] | undefined): void {
    const whole = us === undefined ? null : Number(us)
    const isExact = whole === null || Number.isSafeInteger(whole)
    this.#piece.addEvent({
      id,
      data: dataId === undefined ? -1 : this.#placeData(dataId),
      us: isExact ? whole : String(us),
      nanos: us === undefined || time === undefined ? 0 : findNanoseconds(time, us),
      desc: desc ?? null,
      tags,
    })
  }

  take(): Uint8Array<ArrayBuffer> {
    const bytes = this.#piece.build(this.#texts.subarray(0, this.#textBytes))
    this.#piece = new PieceBuilder()
    this.#textBytes = 0
    this.#streamBytes = 0
    this.#dataPlaces = new Map()
    this.#streamPlaces = new Map()
    return bytes
  }

  /** Events that share data each get all of it: what they are given counts for each. */
  #placeData(id: number): number {
    const known = this.#dataPlaces.get(id)
    if (known !== undefined && this.#piece.isBad(known)) return known
    const start = this.#textBytes
    let stream = -1
    let problem: string | undefined
    try {
      this.#meter.addUnpacked(known === undefined ? 0 : this.#piece.sizeOf(known))
      if (known !== undefined) return known
      // A row of one value, see the constructor.
      const row = this.#data?.get(id) as unknown as readonly [SQLOutputValue] | undefined
      if (row === undefined) throw new Error(this.#tableProblem)
      const [packed] = row
      const text = this.#unpacker.unpack(packed)
      const packedSize = typeof packed === 'string' || packed instanceof Uint8Array ? packed.length : 0
      this.#meter.addUnpacked(Math.max(text.length, packedSize))
      stream = this.#placeStream(text)
      this.#keepText(text)
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error)
    }
    const place = this.#piece.addData({ id, start, end: this.#textBytes, stream, problem })
    this.#dataPlaces.set(id, place)
    return place
  }

  #keepText(text: Buffer): void {
    const end = this.#textBytes + text.length
    if (end > this.#texts.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, this.#texts.length * 2))
      this.#texts.copy(larger, 0, 0, this.#textBytes)
      this.#texts = larger
    }
    this.#texts.set(text, this.#textBytes)
    this.#textBytes = end
  }

  #placeStream(text: Buffer): number {
    const id = readLink(text)
    if (id === undefined) return -1
    const known = this.#streamPlaces.get(id)
    if (known !== undefined) return known
    const stream = this.#streams.find(id)
    for (const value of Object.values(stream ?? {})) this.#streamBytes += value.length
    const place = stream === undefined ? -1 : this.#piece.addStream(stream)
    this.#streamPlaces.set(id, place)
    return place
  }
}

/** The number of the stream that event data name. */
function readLink(text: Buffer): number | undefined {
  let part = text.toString('latin1', 0, USUAL_LINK_BYTES + MAX_LINK_BYTES)
  let at = part.indexOf(STREAM_LINK_NAME)
  if (at < 0 || at > USUAL_LINK_BYTES) {
    const place = text.indexOf(STREAM_LINK_NAME)
    if (place < 0) return undefined
    part = text.toString('latin1', place, place + MAX_LINK_BYTES)
    at = 0
  }
  STREAM_LINK.lastIndex = at
  const found = STREAM_LINK.exec(part)
  return readIdentifier(found?.[1] ?? (found ? Number(found[2]) : undefined))
}
