import { Buffer } from 'node:buffer'

/** An event of a piece. Plain values, short names: there are thousands. */
export interface PieceEvent {
  /** `_identifier` in the table `event`. */
  readonly id: number
  /** Place of its data in the piece; -1 where the storage file has none. */
  readonly data: number
  /** Microseconds since 1970, signed 64 bits, as digits; null where the column is empty. */
  readonly us: string | null
  readonly desc: string | null
  /** The JSON text of `date_time`. */
  readonly time?: string
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

const SIZE_BYTES = 4

/** A piece as bytes: the size of the texts, the texts, the table as JSON. The whole of its `ArrayBuffer` is its own. */
export function encodePiece(table: PieceTable, texts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const json = Buffer.from(JSON.stringify(table))
  const textBytes = texts.reduce((sum, { length }) => sum + length, 0)
  const bytes = new Uint8Array(SIZE_BYTES + textBytes + json.length)
  new DataView(bytes.buffer).setUint32(0, textBytes)
  let at = SIZE_BYTES
  for (const part of [...texts, json]) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Reads what `encodePiece` wrote. */
export function decodePiece(bytes: Uint8Array<ArrayBuffer>): Piece {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const textEnd = SIZE_BYTES + buffer.readUInt32BE(0)
  // What `encodePiece` wrote.
  const table = JSON.parse(buffer.toString('utf8', textEnd)) as PieceTable
  return { ...table, texts: buffer.subarray(SIZE_BYTES, textEnd) }
}
