import type { Principal } from '../../auth/principal.ts'
import type { ServiceContext } from '../../services/service-context.ts'
import { insertDataSource } from '../../services/timelines/create-data-source-service.ts'
import type { Timeline } from '../../services/timelines/timeline-service.ts'
import { writeAcceptedWork } from '../accepted/accepted-work.ts'
import type { ImportRequest } from '../import-service.ts'
import { describeSource, takeTimeline } from './take-timeline.ts'

/**
 * Writes a new import down, with its data source; its timeline is `processing` from then on.
 *
 * @returns The id of the data source; undefined, and nothing written, where the timeline has gone since it was chosen.
 */
export async function recordStart(
  context: Pick<ServiceContext, 'db' | 'turns' | 'now'>,
  { userId }: Pick<Principal, 'userId'>,
  request: ImportRequest,
  start: { importId: string; timeline: Timeline; bytesTotal: number | undefined },
): Promise<number | undefined> {
  const { importId, timeline, bytesTotal = 0 } = start
  const { sketchId, inputs } = request
  const fileOnDisk = inputs.map((input) => ('path' in input ? input.path : '')).find(Boolean) ?? ''
  return await takeTimeline(context, { sketchId, timelineId: timeline.id }, async (transaction, atMs) => {
    const dataSourceId = await insertDataSource(
      transaction,
      describeSource(request, timeline.id, bytesTotal),
      { userId, atMs, status: 'queueing', importId, fileOnDisk },
    )
    await transaction
      .insertInto('imports')
      .values({
        id: importId,
        sketch_id: sketchId,
        timeline_id: timeline.id,
        index_name: timeline.searchIndex.indexName,
        data_source_id: dataSourceId,
        user_id: userId,
        status: 'queued',
        files_json: '[]',
        error: null,
        has_rejects: 0,
        searchable_seconds: null,
        indexed_seconds: null,
        events_before: null,
        is_final_commit: 0,
        accepted_json: request.accept ? writeAcceptedWork(request) : null,
        queued_at_ms: atMs,
        started_at_ms: null,
        ended_at_ms: null,
      })
      .execute()
    return dataSourceId
  })
}
