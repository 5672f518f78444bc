import type { DatabaseSync } from 'node:sqlite'
import { isDatabaseError } from '../../sqlite/database-error.ts'
import { MAX_TAG_ROWS } from '../limits.ts'
import { readIdentifier } from './container-identifier.ts'
import { ContainerUnpacker } from './container-unpacker.ts'
import { readRowsPastDamage } from './read-rows.ts'
import type { StorageSchema } from './storage-schema.ts'

/** The labels of events, and what could not be read of them. */
export interface StoredTags {
  readonly byEvent: ReadonlyMap<number, readonly string[]>
  readonly problems: readonly string[]
}

/** Reads the table `event_tag`: labels of several rows that name one event are put together. */
export function readTags(database: DatabaseSync, schema: StorageSchema): StoredTags {
  const byEvent = new Map<number, readonly string[]>()
  const problems: string[] = []
  const columns = schema.tables.get('event_tag')
  if (columns === undefined) return { byEvent, problems }
  const names = ['_event_identifier', '_event_row_identifier', 'labels', '_data'].filter((name) =>
    columns.has(name),
  )
  // Labels are few and repeat: one list stands for all events that have it.
  const known = new Map<string, readonly string[]>()
  let count = 0
  const unpacker = new ContainerUnpacker(schema.isCompressed)
  for (const item of readRowsPastDamage(database, 'event_tag', ['_identifier', ...names].join(', '))) {
    if ('gap' in item) {
      const { first, last, problem } = item.gap
      problems.push(
        `rows ${first} to ${last ?? 'the last'} of the table event_tag cannot be read: ${problem}`,
      )
      continue
    }
    if (++count > MAX_TAG_ROWS) {
      problems.push(`more than ${MAX_TAG_ROWS} rows of tags (MAX_TAG_ROWS): the rest was left out`)
      break
    }
    try {
      const { _data: data, labels, _event_identifier: link, _event_row_identifier: row } = item.row
      const members =
        data === undefined
          ? { labels: typeof labels === 'string' ? JSON.parse(labels) : [] }
          : JSON.parse(unpacker.unpack(data).toString('utf8'))
      const event = readIdentifier(
        link ??
          row ??
          members._event_identifier ??
          members._event_row_identifier ??
          members.event_row_identifier ??
          members.event_identifier,
      )
      if (event === undefined) throw new Error('it names no event')
      const list: unknown[] = Array.isArray(members.labels) ? members.labels : (members.labels?.values ?? [])
      const added = list.filter((label) => typeof label === 'string')
      const all = [...new Set([...(byEvent.get(event) ?? []), ...added])]
      const key = all.join('\0')
      const shared = known.get(key) ?? all
      known.set(key, shared)
      if (shared.length > 0) byEvent.set(event, shared)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      problems.push(`row ${item.row['_identifier']} of the table event_tag cannot be read: ${reason}`)
    }
  }
  const missing = countMissing(database, schema, byEvent)
  if (missing > 0) problems.push(describeMissing(missing))
  return { byEvent, problems }
}

/** Events that have labels and are none of the file's. */
function countMissing(
  database: DatabaseSync,
  { tables }: StorageSchema,
  byEvent: StoredTags['byEvent'],
): number {
  if (byEvent.size === 0 || !tables.get('event')?.has('_identifier')) return 0
  try {
    const find = database.prepare('SELECT 1 FROM event WHERE _identifier = ?')
    let count = 0
    for (const event of byEvent.keys()) if (find.get(event) === undefined) count++
    return count
  } catch (error) {
    // Damage of the table of events is told where these are read.
    if (isDatabaseError(error)) return 0
    throw error
  }
}

function describeMissing(count: number): string {
  return count === 1
    ? 'the table event_tag has labels of 1 event that is not in the file: they are lost'
    : `the table event_tag has labels of ${count} events that are not in the file: they are lost`
}
