import type { DatabaseSync } from 'node:sqlite'
import { listColumns } from '../../sqlite/scan-rows.ts'

/** What a storage file says of itself. */
export interface StorageSchema {
  /** `format_version`, e.g. 20230327. */
  readonly version: number
  readonly isCompressed: boolean
  /** Plain tables with the names of their columns. */
  readonly tables: ReadonlyMap<string, ReadonlySet<string>>
}

/** The first version whose events and event data are apart. */
const FIRST_VERSION = 20180101

/** The newest version whose tables this was written for. */
export const LAST_KNOWN_VERSION = 20260516

/** The database is none that can be read; the message says what was expected and found. */
export class NotPlasoError extends Error {
  override readonly name = 'NotPlasoError'
  /** It is one all the same, so that its events are lost. */
  readonly isStorage: boolean

  constructor(message: string, isStorage = false) {
    super(message)
    this.isStorage = isStorage
  }
}

/**
 * Looks at a database's tables and at its `metadata`.
 *
 * @throws {NotPlasoError} When it is no storage file, or one of a kind that is not read.
 */
export function readStorageSchema(database: DatabaseSync): StorageSchema {
  const tables = listColumns(database)
  if (!tables.get('metadata')?.has('key')) {
    const names = [...tables.keys()].slice(0, 8)
    throw new NotPlasoError(
      `expected an SQLite database with the tables of Plaso, found ${names.length === 0 ? 'no table' : `the tables ${names.join(', ')}`}`,
    )
  }
  const metadata = readMetadata(database)
  const found = metadata.get('format_version')
  const version = Number(found)
  if (found === undefined || !Number.isSafeInteger(version)) {
    throw new NotPlasoError(
      `expected format_version in the table metadata, found ${found === undefined ? 'none' : JSON.stringify(found.slice(0, 40))}`,
    )
  }
  if (version < FIRST_VERSION) {
    throw new NotPlasoError(
      `expected a Plaso storage file of version ${FIRST_VERSION} or newer, found ${version} (of 2017: its events hold their data themselves)`,
      true,
    )
  }
  const type = metadata.get('storage_type')
  if (type === 'task') {
    throw new NotPlasoError(
      'expected a Plaso storage file of a session, found that of a task: the part of one worker that was not merged',
      true,
    )
  }
  const serialization = metadata.get('serialization_format') ?? 'json'
  const compression = metadata.get('compression_format') ?? 'none'
  if (serialization !== 'json' || (compression !== 'zlib' && compression !== 'none')) {
    throw new NotPlasoError(
      `expected a Plaso storage file of JSON, plain or with zlib, found ${serialization.slice(0, 40)} with ${compression.slice(0, 40)}`,
      true,
    )
  }
  const event = tables.get('event')
  if (event !== undefined && !event.has('_data') && !event.has('timestamp')) {
    throw new NotPlasoError(
      `expected a table event with timestamp, found ${[...event].join(', ')} (storage format ${version})`,
      true,
    )
  }
  return { version, isCompressed: compression === 'zlib', tables }
}

function readMetadata(database: DatabaseSync): ReadonlyMap<string, string> {
  const rows = database.prepare('SELECT key, value FROM metadata LIMIT 100').all()
  return new Map(rows.map(({ key, value }) => [String(key), String(value)]))
}
