import { Buffer } from 'node:buffer'

/** An event of a piece. */
export interface PieceEvent {
  /** `_identifier` in the table `event`. */
  readonly id: number
  /** Place of its data in the piece; -1 where the storage file has none. */
  readonly data: number
  /** Microseconds since 1970, signed 64 bits; as digits where a number does not hold them; null where the column is empty. */
  readonly us: number | string | null
  /** Nanoseconds to be added to those: 0, unless the stored time is finer. At most 500, and at least -500. */
  readonly nanos: number
  readonly desc: string | null
  readonly tags?: readonly string[] | undefined
}

/** Data of one event or several. */
export interface PieceData {
  /** `_identifier` in the table `event_data`. */
  readonly id: number
  /** Where its JSON text stands in the piece's bytes; `end` is exclusive. */
  readonly start: number
  readonly end: number
  /** Place of its stream in the piece; -1 where it has none. */
  readonly stream: number
  /** Why it cannot be read; then it has no text. */
  readonly problem?: string | undefined
}

/** The file that event data come from: columns of `event_data_stream` that are set. */
export type PieceStream = Readonly<Record<string, string>>

/** What of a piece is no list of numbers, as JSON. */
interface PieceRest {
  readonly descs: readonly (string | null)[]
  /** Times that no number holds, by the place of their event. */
  readonly times: readonly (readonly [event: number, us: string | null])[]
  /** Of the events that have some, by their place. */
  readonly tags: readonly (readonly [event: number, tags: readonly string[]])[]
  readonly problems: readonly (readonly [data: number, problem: string])[]
  readonly streams: readonly PieceStream[]
}

/** Sizes of a piece: bytes of texts, events, data. */
const HEAD_BYTES = 16
/** Lists of 8-byte numbers of each event (`id`, `us`) and of 4-byte ones (`data`, `nanos`, place among `descs`); so of data. */
const EVENT_WIDE = 2
const EVENT_NARROW = 3
const DATA_WIDE = 1
const DATA_NARROW = 3

/**
 * Gathers a piece of a storage file: events in the order of their time, with all that they refer to. They are kept as lists of
 * numbers: as objects, of which there are thousands, they keep the collector busier than the work.
 */
export class PieceBuilder {
  readonly #ids: number[] = []
  readonly #us: number[] = []
  readonly #data: number[] = []
  readonly #nanos: number[] = []
  readonly #descs: number[] = []
  readonly #descPlaces = new Map<string | null, number>()
  readonly #times: [number, string | null][] = []
  readonly #tags: [number, readonly string[]][] = []
  readonly #dataIds: number[] = []
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  readonly #dataStreams: number[] = []
  readonly #problems = new Map<number, string>()
  readonly #streams: PieceStream[] = []

  get eventCount(): number {
    return this.#ids.length
  }

  addEvent({ id, data, us, nanos, desc, tags }: PieceEvent): void {
    const place = this.#ids.push(id) - 1
    let descPlace = this.#descPlaces.get(desc)
    if (descPlace === undefined) {
      descPlace = this.#descPlaces.size
      this.#descPlaces.set(desc, descPlace)
    }
    this.#us.push(typeof us === 'number' ? us : Number.NaN)
    this.#data.push(data)
    this.#nanos.push(nanos)
    this.#descs.push(descPlace)
    if (typeof us !== 'number') this.#times.push([place, us])
    if (tags !== undefined) this.#tags.push([place, tags])
  }

  /** @returns Its place. */
  addData({ id, start, end, stream, problem }: PieceData): number {
    const place = this.#dataIds.push(id) - 1
    this.#starts.push(start)
    this.#ends.push(end)
    this.#dataStreams.push(stream)
    if (problem !== undefined) this.#problems.set(place, problem)
    return place
  }

  /** Bytes of the text of data that were added. */
  sizeOf(data: number): number {
    return this.#ends[data]! - this.#starts[data]!
  }

  /** Whether data that were added cannot be read. */
  isBad(data: number): boolean {
    return this.#problems.has(data)
  }

  /** @returns Its place. */
  addStream(stream: PieceStream): number {
    return this.#streams.push(stream) - 1
  }

  /**
   * The piece as bytes: sizes, lists of numbers, texts, the rest as JSON. The whole of its `ArrayBuffer` is its own.
   *
   * @param texts - JSON texts of the event data, at the places that they name.
   */
  build(texts: Uint8Array): Uint8Array<ArrayBuffer> {
    const rest: PieceRest = {
      descs: [...this.#descPlaces.keys()],
      times: this.#times,
      tags: this.#tags,
      problems: [...this.#problems],
      streams: this.#streams,
    }
    const json = Buffer.from(JSON.stringify(rest))
    const [events, data] = [this.#ids.length, this.#dataIds.length]
    const bytes = new Uint8Array(measureLists(events, data) + texts.length + json.length)
    new Uint32Array(bytes.buffer, 0, 3).set([texts.length, events, data])
    let at = HEAD_BYTES
    for (const list of [this.#ids, this.#us, this.#dataIds]) {
      new Float64Array(bytes.buffer, at, list.length).set(list)
      at += list.length * 8
    }
    const narrow = [this.#data, this.#nanos, this.#descs, this.#starts, this.#ends, this.#dataStreams]
    for (const list of narrow) {
      new Int32Array(bytes.buffer, at, list.length).set(list)
      at += list.length * 4
    }
    bytes.set(texts, at)
    bytes.set(json, at + texts.length)
    return bytes
  }
}

function measureLists(events: number, data: number): number {
  return HEAD_BYTES + events * (EVENT_WIDE * 8 + EVENT_NARROW * 4) + data * (DATA_WIDE * 8 + DATA_NARROW * 4)
}

/** What `PieceBuilder` has built; events and data are made of it when they are asked for. */
export class Piece {
  readonly eventCount: number
  readonly dataCount: number
  readonly streams: readonly PieceStream[]
  /** JSON texts of the event data, at the places that they name. */
  readonly texts: Buffer
  readonly #rest: PieceRest
  readonly #ids: Float64Array
  readonly #us: Float64Array
  readonly #data: Int32Array
  readonly #nanos: Int32Array
  readonly #descs: Int32Array
  readonly #times: ReadonlyMap<number, string | null>
  readonly #tags: ReadonlyMap<number, readonly string[]>
  readonly #dataIds: Float64Array
  readonly #starts: Int32Array
  readonly #ends: Int32Array
  readonly #dataStreams: Int32Array
  readonly #problems: ReadonlyMap<number, string>

  /** @param bytes - Begin where their `ArrayBuffer` begins. */
  constructor({ buffer, length }: Uint8Array<ArrayBuffer>) {
    const [textBytes = 0, events = 0, data = 0] = new Uint32Array(buffer, 0, 3)
    let at = HEAD_BYTES
    const takeWide = (count: number): Float64Array => {
      at += count * 8
      return new Float64Array(buffer, at - count * 8, count)
    }
    const takeNarrow = (count: number): Int32Array => {
      at += count * 4
      return new Int32Array(buffer, at - count * 4, count)
    }
    this.eventCount = events
    this.dataCount = data
    this.#ids = takeWide(events)
    this.#us = takeWide(events)
    this.#dataIds = takeWide(data)
    this.#data = takeNarrow(events)
    this.#nanos = takeNarrow(events)
    this.#descs = takeNarrow(events)
    this.#starts = takeNarrow(data)
    this.#ends = takeNarrow(data)
    this.#dataStreams = takeNarrow(data)
    this.texts = Buffer.from(buffer, at, textBytes)
    at += textBytes
    // What `PieceBuilder` wrote.
    this.#rest = JSON.parse(Buffer.from(buffer, at, length - at).toString('utf8')) as PieceRest
    this.streams = this.#rest.streams
    this.#times = new Map(this.#rest.times)
    this.#tags = new Map(this.#rest.tags)
    this.#problems = new Map(this.#rest.problems)
  }

  event(place: number): PieceEvent {
    return {
      id: this.#ids[place]!,
      data: this.#data[place]!,
      us: this.timeOf(place),
      nanos: this.#nanos[place]!,
      desc: this.#rest.descs[this.#descs[place]!]!,
      tags: this.#tags.get(place),
    }
  }

  /** `us` of an event. */
  timeOf(event: number): PieceEvent['us'] {
    const us = this.#us[event]!
    return Number.isNaN(us) ? this.#times.get(event)! : us
  }

  /** Place of an event's data; -1 where the storage file has none. */
  dataOf(event: number): number {
    return this.#data[event]!
  }

  /** Undefined for -1. */
  data(place: number): PieceData | undefined {
    if (place < 0) return undefined
    return {
      id: this.#dataIds[place]!,
      start: this.#starts[place]!,
      end: this.#ends[place]!,
      stream: this.#dataStreams[place]!,
      problem: this.#problems.get(place),
    }
  }
}
