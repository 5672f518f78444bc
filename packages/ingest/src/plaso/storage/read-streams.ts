import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { UnpackingMeter } from '../../containers/archive-limits.ts'
import { measureRow } from '../../sqlite/table-guard.ts'
import { MAX_KEPT_STREAM_BYTES, MAX_KEPT_STREAMS } from '../limits.ts'
import type { PieceStream } from '../piece/piece.ts'
import { ContainerUnpacker } from './container-unpacker.ts'
import type { StorageSchema } from './storage-schema.ts'

/** Columns that say where event data come from. */
const COLUMNS = ['path_spec', 'md5_hash', 'sha1_hash', 'sha256_hash', 'file_entropy', 'yara_match']

/** Reads rows of `event_data_stream` by their identifier and remembers the last ones: neighbouring events share them. */
export class StreamReader {
  readonly #statement: StatementSync | undefined
  readonly #isSerialized: boolean
  readonly #unpacker: ContainerUnpacker
  readonly #meter: UnpackingMeter
  readonly #known = new Map<number, PieceStream>()
  #knownBytes = 0
  /** What could not be read, by identifier. */
  readonly problems: Map<number, string> = new Map()

  /** @param meter - Told of the bytes that are read. */
  constructor(database: DatabaseSync, schema: StorageSchema, meter: UnpackingMeter) {
    this.#meter = meter
    const columns = schema.tables.get('event_data_stream')
    this.#isSerialized = columns?.has('_data') ?? false
    this.#unpacker = new ContainerUnpacker(schema.isCompressed)
    const wanted = this.#isSerialized ? ['_data'] : COLUMNS.filter((name) => columns?.has(name))
    if (wanted.length === 0) return
    try {
      this.#statement = database.prepare(
        `SELECT ${wanted.join(', ')} FROM event_data_stream WHERE _identifier = ?`,
      )
    } catch (error) {
      this.problems.set(0, error instanceof Error ? error.message : String(error))
    }
  }

  /** The stream's texts that are set; undefined where it is not there or cannot be read. */
  find(id: number): PieceStream | undefined {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    if (this.#statement === undefined || this.problems.has(id)) return undefined
    let stream: PieceStream
    let sizeBytes: number
    try {
      this.#meter.addUnpacked(0)
      const row = this.#statement.get(id)
      if (row === undefined) return undefined
      stream = this.#isSerialized ? readMembers(this.#unpacker.unpack(row['_data'])) : readTexts(row)
      sizeBytes = Math.max(measureRow(row), measureRow(stream))
      this.#meter.addUnpacked(sizeBytes)
    } catch (error) {
      this.problems.set(id, error instanceof Error ? error.message : String(error))
      return undefined
    }
    this.#knownBytes += sizeBytes
    if (this.#known.size >= MAX_KEPT_STREAMS || this.#knownBytes > MAX_KEPT_STREAM_BYTES) {
      this.#known.clear()
      this.#knownBytes = sizeBytes
    }
    this.#known.set(id, stream)
    return stream
  }
}

function readTexts(row: Readonly<Record<string, unknown>>): PieceStream {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== null && value !== '')
      .map(([name, value]) => [name, String(value)]),
  )
}

function readMembers(text: Buffer): PieceStream {
  const members: unknown = JSON.parse(text.toString('utf8'))
  if (members === null || typeof members !== 'object') throw new Error('expected an object')
  return Object.fromEntries(
    Object.entries(members)
      .filter(([name, member]) => COLUMNS.includes(name) && member !== null)
      .map(([name, member]) => [name, typeof member === 'string' ? member : JSON.stringify(member)]),
  )
}
