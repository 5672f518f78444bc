import type { Transaction } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import type { ServiceContext } from '../../services/service-context.ts'
import { nameTimelinesTurn } from '../../services/timelines/choose-import-timeline.ts'
import { insertDataSource } from '../../services/timelines/create-data-source-service.ts'
import type { Timeline } from '../../services/timelines/timeline-service.ts'
import { writeAcceptedWork } from '../accepted/accepted-work.ts'
import type { ImportRequest } from '../import-service.ts'
import { nameOfInput } from '../timeline-chooser.ts'

/**
 * Writes a new import down, with its data source; its timeline is `processing` from then on.
 *
 * @returns The id of the data source; undefined, and nothing written, where the timeline has gone since it was chosen.
 */
export async function recordStart(
  context: ServiceContext,
  principal: Principal,
  request: ImportRequest,
  start: { importId: string; timeline: Timeline; bytesTotal: number | undefined },
): Promise<number | undefined> {
  const { importId, timeline } = start
  const now = context.now()
  const write = async (transaction: Transaction<Schema>): Promise<number | undefined> => {
    const { numUpdatedRows } = await transaction
      .updateTable('timelines')
      .set({ status: 'processing', status_changed_at_ms: now, updated_at_ms: now })
      .where('id', '=', timeline.id)
      .where('sketch_id', '=', request.sketchId)
      .where('status', 'not in', ['archived', 'deleted'])
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return undefined
    const dataSourceId = await insertDataSource(
      transaction,
      {
        originalFilename: request.inputs.map(nameOfInput).join(', ').slice(0, 1000),
        fileSizeBytes: start.bytesTotal ?? 0,
        ...request.dataSource,
        timelineId: timeline.id,
      },
      {
        userId: principal.userId,
        atMs: now,
        status: 'queueing',
        importId,
        fileOnDisk: request.inputs.map((input) => ('path' in input ? input.path : '')).find(Boolean) ?? '',
      },
    )
    await transaction
      .insertInto('imports')
      .values({
        id: importId,
        sketch_id: request.sketchId,
        timeline_id: timeline.id,
        index_name: timeline.searchIndex.indexName,
        data_source_id: dataSourceId,
        user_id: principal.userId,
        status: 'queued',
        files_json: '[]',
        error: null,
        has_rejects: 0,
        searchable_seconds: null,
        indexed_seconds: null,
        events_before: null,
        is_final_commit: 0,
        accepted_json: request.accept ? writeAcceptedWork(request) : null,
        queued_at_ms: now,
        started_at_ms: null,
        ended_at_ms: null,
      })
      .execute()
    return dataSourceId
  }
  // Not while another import takes its empty timelines away.
  return await context.turns.take(
    nameTimelinesTurn(request.sketchId),
    async () => await context.db.transaction().execute(write),
  )
}
