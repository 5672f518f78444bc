import type { DatabaseSync } from 'node:sqlite'
import { isDatabaseError } from '../../sqlite/database-error.ts'
import { nameRowid, TableGuard, TableLoopError } from '../../sqlite/table-guard.ts'
import { readIdentifier } from './container-identifier.ts'
import { ContainerUnpacker } from './container-unpacker.ts'
import { type Row, type RowGap, readRowsPastDamage } from './read-rows.ts'
import type { StorageSchema } from './storage-schema.ts'

/** A row of the table `event`. */
export interface StoredEvent {
  readonly id: number
  /** `_identifier` of its event data. */
  readonly dataId: number | undefined
  /** Microseconds since 1970. */
  readonly us: bigint | undefined
  readonly desc: string | undefined
  /** JSON text of `date_time`. */
  readonly time: string | undefined
}

/** What reading events yields: `disorder` once, before the first event, when the file is so damaged that it cannot be sorted. */
export type EventItem =
  | { readonly kind: 'event'; readonly event: StoredEvent }
  | { readonly kind: 'gap'; readonly gap: RowGap }
  | { readonly kind: 'disorder'; readonly problem: string }
  | { readonly kind: 'unreadable'; readonly id: number; readonly problem: string }

/** Columns of an event, in the order in which they are asked for: of files since 20210621, and of those before. */
const COLUMN_NAMES = ['_identifier', 'data_id', 'timestamp', 'timestamp_desc', 'date_time'] as const
const SERIALIZED_NAMES = ['_identifier', '_timestamp', '_data'] as const

/** Events in the order of their time, those of one time in the order in which they were stored; of damaged files as they stand. */
export function* readEvents(database: DatabaseSync, schema: StorageSchema): Generator<EventItem> {
  const columns = schema.tables.get('event')
  if (columns === undefined) return
  const isSerialized = columns.has('_data')
  const list = isSerialized
    ? `_identifier, ${columns.has('_timestamp') ? '_timestamp' : 'NULL AS _timestamp'}, _data`
    : `_identifier, ${nameLink(columns)} AS data_id, timestamp, timestamp_desc, ${columns.has('date_time') ? 'date_time' : 'NULL AS date_time'}`
  const names = isSerialized ? SERIALIZED_NAMES : COLUMN_NAMES
  const unpacker = new ContainerUnpacker(schema.isCompressed)
  const toItem = (cells: readonly unknown[]): EventItem =>
    isSerialized ? readSerialized(cells, unpacker) : { kind: 'event', event: readColumns(cells) }
  const order = isSerialized ? '_timestamp' : 'timestamp'
  try {
    const statement = database.prepare(
      `SELECT ${list} FROM event NOT INDEXED WHERE ${guardRows(database, columns)} ORDER BY ${order}, _identifier`,
    )
    statement.setReadBigInts(true)
    statement.setReturnArrays(true)
    // Sorting reads all of them before the first comes: what is damaged shows here.
    // Arrays, as was just asked for.
    for (const cells of statement.iterate()) yield toItem(cells as unknown as readonly unknown[])
    return
  } catch (error) {
    if (!isDatabaseError(error) && !(error instanceof TableLoopError)) throw error
    yield { kind: 'disorder', problem: error.message }
  }
  for (const item of readRowsPastDamage(database, 'event', list))
    yield 'gap' in item ? { kind: 'gap', gap: item.gap } : toItem(names.map((name) => item.row[name]))
}

/** A condition that all rows of `event` meet, in the order of their numbers; else sorting would never have read all. */
function guardRows(database: DatabaseSync, columns: ReadonlySet<string>): string {
  const guard = new TableGuard(database)
  database.function(
    'is_next_row',
    { useBigIntArguments: true, directOnly: true, varargs: true },
    (id, bytes) => {
      // Both are integers.
      guard.pass(id as bigint, Number(bytes))
      return 1
    },
  )
  const names = ['_data', 'date_time', 'timestamp_desc', 'timestamp', '_timestamp', nameLink(columns)]
  const sizes = names.filter((name) => columns.has(name)).map((name) => `coalesce(octet_length(${name}), 0)`)
  return `is_next_row(${nameRowid(database, 'event')}, ${['0', ...sizes].join(' + ')})`
}

function nameLink(columns: ReadonlySet<string>): string {
  for (const name of ['_event_data_identifier', '_event_data_row_identifier', 'event_data_row_identifier'])
    if (columns.has(name)) return name
  return 'NULL'
}

function readColumns([id, dataId, timestamp, desc, time]: readonly unknown[]): StoredEvent {
  return {
    id: Number(id),
    dataId: readIdentifier(dataId),
    us: typeof timestamp === 'bigint' ? timestamp : undefined,
    desc: typeof desc === 'string' ? desc : undefined,
    time: typeof time === 'string' ? time : undefined,
  }
}

/** Events as files before 20210621 have them, all in one serialised container. */
function readSerialized([number, stored, data]: readonly unknown[], unpacker: ContainerUnpacker): EventItem {
  const id = Number(number)
  try {
    const text = unpacker.unpack(data).toString('utf8')
    const value: unknown = JSON.parse(text)
    if (value === null || typeof value !== 'object') throw new Error('expected an object')
    // Just seen to be an object.
    const members = value as Row
    const { timestamp_desc: desc, date_time: time, timestamp } = members
    const us = stored ?? (typeof timestamp === 'number' ? BigInt(Math.trunc(timestamp)) : undefined)
    return {
      kind: 'event',
      event: {
        id,
        dataId: readIdentifier(
          members['_event_data_identifier'] ??
            members['_event_data_row_identifier'] ??
            members['event_data_row_identifier'],
        ),
        us: typeof us === 'bigint' ? us : undefined,
        desc: typeof desc === 'string' ? desc : undefined,
        time: time !== null && typeof time === 'object' ? sliceMember(text, 'date_time') : undefined,
      },
    }
  } catch (error) {
    return { kind: 'unreadable', id, problem: error instanceof Error ? error.message : String(error) }
  }
}

/** The source text of an object's member that is an object without objects in it, with all digits of its numbers. */
function sliceMember(text: string, name: string): string | undefined {
  const start = text.indexOf('{', text.indexOf(`"${name}"`))
  const end = text.indexOf('}', start)
  return start < 0 || end < 0 ? undefined : text.slice(start, end + 1)
}
