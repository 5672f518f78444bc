import type { Kysely, Selectable } from 'kysely'
import type { Schema, SearchIndexRow } from '../../db/schema.ts'
import { loadLabels } from '../object-labels.ts'
import { loadOwners } from '../users/load-users.ts'
import type { SearchIndex, SearchIndexStatus } from './search-index-service.ts'

/** Makes index records of rows, in their order. */
export async function toSearchIndexes(
  db: Kysely<Schema>,
  rows: readonly Selectable<SearchIndexRow>[],
): Promise<readonly SearchIndex[]> {
  const owners = await loadOwners(db, rows)
  const labels = await loadLabels(
    db,
    'searchindex',
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    indexName: row.index_name,
    description: row.description,
    owner: row.owner_id === null ? undefined : owners.get(row.owner_id),
    status: row.status as SearchIndexStatus,
    statusChangedAtMs: row.status_changed_at_ms,
    labels: labels.get(row.id) ?? [],
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}

/** A record in any state; undefined when there is none. */
export async function findSearchIndex(
  db: Kysely<Schema>,
  searchIndexId: number,
): Promise<SearchIndex | undefined> {
  if (!Number.isSafeInteger(searchIndexId)) return undefined
  const row = await db
    .selectFrom('search_indexes')
    .selectAll()
    .where('id', '=', searchIndexId)
    .executeTakeFirst()
  return row && (await toSearchIndexes(db, [row]))[0]
}
