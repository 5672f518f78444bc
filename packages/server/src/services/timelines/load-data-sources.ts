import type { Kysely, Selectable } from 'kysely'
import type { DataSourceRow, Schema } from '../../db/schema.ts'
import { chunk } from '../chunk.ts'
import { loadOwners } from '../users/load-users.ts'
import type { DataSource, DataSourceStatus } from './data-source-service.ts'

/** Makes data sources of rows, in their order. */
export async function toDataSources(
  db: Kysely<Schema>,
  rows: readonly Selectable<DataSourceRow>[],
): Promise<readonly DataSource[]> {
  const owners = await loadOwners(db, rows)
  return rows.map((row) => ({
    id: row.id,
    timelineId: row.timeline_id,
    owner: row.owner_id === null ? undefined : owners.get(row.owner_id),
    provider: row.provider,
    context: row.context,
    fileOnDisk: row.file_on_disk,
    fileSizeBytes: row.file_size_bytes,
    originalFilename: row.original_filename,
    dataLabel: row.data_label,
    errorMessage: row.error_message,
    totalFileEvents: row.total_file_events,
    status: row.status as DataSourceStatus,
    statusChangedAtMs: row.status_changed_at_ms,
    importId: row.import_id ?? undefined,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}

/** Data sources of timelines, oldest first. */
export async function loadDataSources(
  db: Kysely<Schema>,
  timelineIds: readonly number[],
): Promise<ReadonlyMap<number, readonly DataSource[]>> {
  const found: DataSource[] = []
  for (const some of chunk(timelineIds)) {
    const rows = await db
      .selectFrom('data_sources')
      .selectAll()
      .where('timeline_id', 'in', some)
      .orderBy('id')
      .execute()
    found.push(...(await toDataSources(db, rows)))
  }
  return Map.groupBy(found, (dataSource) => dataSource.timelineId)
}
