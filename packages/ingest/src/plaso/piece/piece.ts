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
  readonly tags?: readonly string[]
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
  readonly problem?: string
}

/** The file that event data come from: columns of `event_data_stream` that are set. */
export type PieceStream = Readonly<Record<string, string>>

/** What the table of a piece holds. */
export interface PieceTable {
  readonly events: readonly PieceEvent[]
  readonly data: readonly PieceData[]
  readonly streams: readonly PieceStream[]
}

/** A piece of a storage file: events in the order of their time, with all that they refer to. */
export interface Piece extends PieceTable {
  /** JSON texts of the event data, at the places that they name. */
  readonly texts: Buffer
}

/** A table as it is sent: lists of numbers take a third of the time of objects, of which there are thousands. */
interface PackedTable {
  /** `id`, `data` and `nanos` of each event, one after the other, and the place of its description among `descs`. */
  readonly events: readonly number[]
  readonly us: readonly PieceEvent['us'][]
  readonly descs: readonly (string | null)[]
  /** Of the events that have some, by their place. */
  readonly tags: readonly (readonly [event: number, tags: readonly string[]])[]
  /** `id`, `start`, `end` and `stream` of each. */
  readonly data: readonly number[]
  readonly problems: readonly (readonly [data: number, problem: string])[]
  readonly streams: readonly PieceStream[]
}

const SIZE_BYTES = 4
/** Numbers of an event, and of data. */
const STRIDE = 4

/** A piece as bytes: the size of the texts, the texts, the table as JSON. The whole of its `ArrayBuffer` is its own. */
export function encodePiece(table: PieceTable, texts: Uint8Array): Uint8Array<ArrayBuffer> {
  const json = Buffer.from(JSON.stringify(packTable(table)))
  const bytes = new Uint8Array(SIZE_BYTES + texts.length + json.length)
  new DataView(bytes.buffer).setUint32(0, texts.length)
  bytes.set(texts, SIZE_BYTES)
  bytes.set(json, SIZE_BYTES + texts.length)
  return bytes
}

/** Reads what `encodePiece` wrote. */
export function decodePiece(bytes: Uint8Array<ArrayBuffer>): Piece {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const textEnd = SIZE_BYTES + buffer.readUInt32BE(0)
  // What `encodePiece` wrote.
  const packed = JSON.parse(buffer.toString('utf8', textEnd)) as PackedTable
  return { ...unpackTable(packed), texts: buffer.subarray(SIZE_BYTES, textEnd) }
}

function packTable({ events, data, streams }: PieceTable): PackedTable {
  const places = new Map<string | null, number>()
  const placeOf = (desc: string | null): number => {
    const place = places.get(desc) ?? places.size
    places.set(desc, place)
    return place
  }
  const eventNumbers: number[] = []
  for (const event of events) eventNumbers.push(event.id, event.data, event.nanos, placeOf(event.desc))
  const dataNumbers: number[] = []
  for (const { id, start, end, stream } of data) dataNumbers.push(id, start, end, stream)
  return {
    events: eventNumbers,
    us: events.map(({ us }) => us),
    descs: [...places.keys()],
    tags: events.flatMap(({ tags }, i) => (tags === undefined ? [] : [[i, tags] as const])),
    data: dataNumbers,
    problems: data.flatMap(({ problem }, i) => (problem === undefined ? [] : [[i, problem] as const])),
    streams,
  }
}

function unpackTable(packed: PackedTable): PieceTable {
  const { events: numbers, us, descs, data: places, streams } = packed
  const tags = new Map(packed.tags)
  const problems = new Map(packed.problems)
  const events = us.map((each, i): PieceEvent => {
    const at = i * STRIDE
    const own = tags.get(i)
    return {
      id: numbers[at]!,
      data: numbers[at + 1]!,
      us: each,
      nanos: numbers[at + 2]!,
      desc: descs[numbers[at + 3]!]!,
      ...(own === undefined ? {} : { tags: own }),
    }
  })
  const data = Array.from({ length: places.length / STRIDE }, (_, i): PieceData => {
    const at = i * STRIDE
    const problem = problems.get(i)
    return {
      id: places[at]!,
      start: places[at + 1]!,
      end: places[at + 2]!,
      stream: places[at + 3]!,
      ...(problem === undefined ? {} : { problem }),
    }
  })
  return { events, data, streams }
}
