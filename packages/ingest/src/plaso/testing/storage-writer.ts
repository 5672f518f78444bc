import { DatabaseSync } from 'node:sqlite'
import { deflateSync } from 'node:zlib'

/** Event data, as attributes with JSON values; `data_type` is one of them. */
export type DataSpec = Readonly<Record<string, unknown>>

/** An event of a storage file that is made. */
export interface EventSpec {
  /** Place of its data among those of the file, from 0. */
  readonly data: number
  /** Microseconds since 1970; null for a damaged row. */
  readonly us: bigint | null
  readonly desc?: string
  /** @default microseconds of the same time */
  readonly dateTime?: object | string
  readonly tags?: readonly string[]
}

/** A storage file that is made. */
export interface StorageSpec {
  /** @default 20230327 */
  readonly version?: number
  readonly isCompressed?: boolean
  readonly data: readonly DataSpec[]
  readonly events: readonly EventSpec[]
  /** Columns of `event_data_stream`. */
  readonly streams?: readonly Readonly<Record<string, string | null>>[]
  /** Messages of warnings, each of one parser. */
  readonly warnings?: readonly string[]
  readonly metadata?: Readonly<Record<string, string>>
}

const COLUMNS_SINCE = 20210621
const TEXT_LINKS_SINCE = 20221023
const STREAM_COLUMNS = ['file_entropy', 'md5_hash', 'path_spec', 'sha1_hash', 'sha256_hash', 'yara_match']

/** Writes a storage file with the tables of its version, for tests. */
export function writeStorage(path: string, spec: StorageSpec): void {
  const { version = 20230327, isCompressed = true } = spec
  using database = new DatabaseSync(path)
  const hasColumns = version >= COLUMNS_SINCE
  const [eventLink, tagLink] =
    version >= TEXT_LINKS_SINCE
      ? ['_event_data_identifier TEXT', '_event_identifier TEXT']
      : ['_event_data_row_identifier INTEGER', '_event_row_identifier INTEGER']
  const link = (table: string, number: number): string | number =>
    version >= TEXT_LINKS_SINCE ? `${table}.${number}` : number
  const pack = (value: object): Uint8Array | string => {
    const text = JSON.stringify({ __type__: 'AttributeContainer', ...value }).replace(
      /[\u0080-\uffff]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    return isCompressed ? deflateSync(text) : text
  }
  database.exec(`BEGIN;
    CREATE TABLE metadata (key TEXT, value TEXT);
    CREATE TABLE event_data (_identifier INTEGER PRIMARY KEY AUTOINCREMENT, _data BLOB);
    CREATE TABLE event_data_stream (_identifier INTEGER PRIMARY KEY AUTOINCREMENT, ${hasColumns ? STREAM_COLUMNS.map((name) => `${name} TEXT`).join(', ') : '_data BLOB'});
    CREATE TABLE event_tag (_identifier INTEGER PRIMARY KEY AUTOINCREMENT, ${hasColumns ? `${tagLink}, labels TEXT` : '_data BLOB'});
    CREATE TABLE extraction_warning (_identifier INTEGER PRIMARY KEY AUTOINCREMENT, ${hasColumns ? 'message TEXT, parser_chain TEXT, path_spec TEXT' : '_data BLOB'});
    CREATE TABLE event (_identifier INTEGER PRIMARY KEY AUTOINCREMENT, ${hasColumns ? `${eventLink}, date_time TEXT, timestamp INTEGER, timestamp_desc TEXT` : '_timestamp BIGINT, _data BLOB'});
  `)
  const metadata = {
    format_version: String(version),
    compression_format: isCompressed ? 'zlib' : 'none',
    serialization_format: 'json',
    ...spec.metadata,
  }
  for (const pair of Object.entries(metadata))
    database.prepare('INSERT INTO metadata VALUES (?, ?)').run(...pair)
  const addData = database.prepare('INSERT INTO event_data (_data) VALUES (?)')
  for (const data of spec.data) addData.run(pack({ __container_type__: 'event_data', ...data }))
  for (const stream of spec.streams ?? []) {
    if (hasColumns) {
      const names = Object.keys(stream)
      database
        .prepare(
          `INSERT INTO event_data_stream (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
        )
        .run(...Object.values(stream))
    } else database.prepare('INSERT INTO event_data_stream (_data) VALUES (?)').run(pack(stream))
  }
  for (const message of spec.warnings ?? []) {
    const row = { message, parser_chain: 'text/made' }
    if (hasColumns)
      database
        .prepare('INSERT INTO extraction_warning (message, parser_chain) VALUES (?, ?)')
        .run(...Object.values(row))
    else database.prepare('INSERT INTO extraction_warning (_data) VALUES (?)').run(pack(row))
  }
  const addEvent = database.prepare(
    hasColumns ? 'INSERT INTO event VALUES (NULL, ?, ?, ?, ?)' : 'INSERT INTO event VALUES (NULL, ?, ?)',
  )
  spec.events.forEach(({ data, us, desc = 'Content Modification Time', dateTime, tags }, i) => {
    const time = dateTime ?? { __type__: 'DateTimeValues', __class_name__: 'PosixTimeInMicroseconds' }
    if (hasColumns) {
      const text = typeof time === 'string' ? time : JSON.stringify(time)
      addEvent.run(link('event_data', data + 1), text, us, desc)
    } else {
      const value = { event_data_row_identifier: data + 1, timestamp: Number(us), timestamp_desc: desc }
      addEvent.run(us, pack(value))
    }
    if (tags === undefined) return
    if (hasColumns)
      database
        .prepare('INSERT INTO event_tag VALUES (NULL, ?, ?)')
        .run(link('event', i + 1), JSON.stringify(tags))
    else
      database
        .prepare('INSERT INTO event_tag (_data) VALUES (?)')
        .run(pack({ event_row_identifier: i + 1, labels: tags }))
  })
  database.exec('COMMIT')
}
