import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import { notFound } from '../../errors/domain-error.ts'
import type { ServiceContext } from '../service-context.ts'
import type { DataSource, DataSourceInput, DataSourceService } from './data-source-service.ts'
import { toDataSources } from './load-data-sources.ts'
import { findTimeline } from './load-timelines.ts'

/** Data sources, kept in the metadata database. */
export function createDataSourceService(context: ServiceContext): DataSourceService {
  const { db, access, audit } = context
  const service: DataSourceService = {
    async list(principal, sketchId) {
      await access.requireOpenSketch(principal, sketchId, 'read')
      const rows = await db
        .selectFrom('data_sources')
        .innerJoin('timelines', 'timelines.id', 'data_sources.timeline_id')
        .selectAll('data_sources')
        .where('timelines.sketch_id', '=', sketchId)
        .orderBy('data_sources.id')
        .execute()
      return await toDataSources(db, rows)
    },
    async get(principal, sketchId, dataSourceId) {
      await access.requireSketch(principal, sketchId, 'read')
      const dataSource = await findDataSource(db, dataSourceId)
      const timeline = dataSource && (await findTimeline(db, dataSource.timelineId))
      if (!dataSource || timeline?.sketchId !== sketchId) throw notFound('datasource', dataSourceId)
      return dataSource
    },
    async create(principal, sketchId, input) {
      await access.requireOpenSketch(principal, sketchId, 'write')
      const timeline = await findTimeline(db, input.timelineId)
      if (timeline?.sketchId !== sketchId) throw notFound('timeline', input.timelineId)
      const id = await insertDataSource(db, input, {
        userId: principal.userId,
        atMs: context.now(),
        status: 'ready',
        importId: undefined,
      })
      await audit.record(principal, { action: 'datasource.create', subject: `datasource/${id}`, sketchId })
      return (await findDataSource(db, id))!
    },
    async update(principal, sketchId, dataSourceId, change) {
      await access.requireSketch(principal, sketchId, 'write')
      await service.get(principal, sketchId, dataSourceId)
      await db
        .updateTable('data_sources')
        .set({ ...change, updated_at_ms: context.now() })
        .where('id', '=', dataSourceId)
        .execute()
      await audit.record(principal, {
        action: 'datasource.update',
        subject: `datasource/${dataSourceId}`,
        sketchId,
        details: { ...change },
      })
      return (await findDataSource(db, dataSourceId))!
    },
  }
  return service
}

/** A data source; undefined when there is none. */
export async function findDataSource(
  db: Kysely<Schema>,
  dataSourceId: number,
): Promise<DataSource | undefined> {
  if (!Number.isSafeInteger(dataSourceId)) return undefined
  const row = await db
    .selectFrom('data_sources')
    .selectAll()
    .where('id', '=', dataSourceId)
    .executeTakeFirst()
  return row && (await toDataSources(db, [row]))[0]
}

/** Writes a new data source. Returns its id. */
export async function insertDataSource(
  db: Kysely<Schema>,
  input: DataSourceInput,
  more: { userId: number; atMs: number; status: string; importId: string | undefined; fileOnDisk?: string },
): Promise<number> {
  const { id } = await db
    .insertInto('data_sources')
    .values({
      timeline_id: input.timelineId,
      owner_id: more.userId,
      provider: input.provider ?? 'N/A',
      context: input.context ?? 'N/A',
      file_on_disk: more.fileOnDisk ?? '',
      file_size_bytes: input.fileSizeBytes ?? 0,
      original_filename: input.originalFilename ?? '',
      data_label: input.dataLabel ?? 'data',
      error_message: '',
      total_file_events: 0,
      status: more.status,
      status_changed_at_ms: more.atMs,
      import_id: more.importId ?? null,
      created_at_ms: more.atMs,
      updated_at_ms: more.atMs,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
