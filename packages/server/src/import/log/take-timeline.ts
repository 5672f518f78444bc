import type { Transaction } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import { conflict } from '../../errors/domain-error.ts'
import type { ServiceContext } from '../../services/service-context.ts'
import { nameTimelinesTurn } from '../../services/timelines/choose-import-timeline.ts'
import type { DataSourceInput } from '../../services/timelines/data-source-service.ts'
import type { Timeline } from '../../services/timelines/timeline-service.ts'
import type { ImportRequest } from '../import-service.ts'
import { nameOfInput } from '../input/name-of-input.ts'

/** How often a timeline is chosen for an import when the one before went away, since another import left it empty. */
const MAX_CHOICES = 3

/**
 * Chooses a timeline and takes it; another one where it went away in between.
 *
 * @param take - Undefined where it has gone.
 * @throws {DomainError} `conflict` (`timeline-closed`).
 */
export async function chooseAndTake<Taken>(
  choose: () => Promise<Timeline>,
  take: (timeline: Timeline) => Promise<Taken | undefined>,
): Promise<{ readonly timeline: Timeline; readonly taken: Taken }> {
  for (let choice = 1; ; choice++) {
    const timeline = await choose()
    const taken = await take(timeline)
    if (taken !== undefined) return { timeline, taken }
    if (choice === MAX_CHOICES)
      throw conflict('timeline-closed', `Timeline ${timeline.id} went away.`, { timelineId: timeline.id })
  }
}

/**
 * Notes that an import writes to a timeline, which is `processing` from then on and no other import takes away as empty.
 *
 * @param write - Writes the import's data source, and what else belongs to it.
 * @returns What `write` did; undefined, and nothing written, where the timeline has gone since it was chosen.
 */
export async function takeTimeline<Written>(
  { db, turns, now }: Pick<ServiceContext, 'db' | 'turns' | 'now'>,
  { sketchId, timelineId }: { readonly sketchId: number; readonly timelineId: number },
  write: (transaction: Transaction<Schema>, atMs: number) => Promise<Written>,
): Promise<Written | undefined> {
  const atMs = now()
  const take = async (transaction: Transaction<Schema>): Promise<Written | undefined> => {
    const { numUpdatedRows } = await transaction
      .updateTable('timelines')
      .set({ status: 'processing', status_changed_at_ms: atMs, updated_at_ms: atMs })
      .where('id', '=', timelineId)
      .where('sketch_id', '=', sketchId)
      .where('status', 'not in', ['archived', 'deleted'])
      .executeTakeFirst()
    return numUpdatedRows === 0n ? undefined : await write(transaction, atMs)
  }
  // Not while another import takes its empty timelines away.
  return await turns.take(nameTimelinesTurn(sketchId), async () => await db.transaction().execute(take))
}

/** What a data source of an import says of where it comes from. */
export function describeSource(
  { inputs, dataSource }: Pick<ImportRequest, 'inputs' | 'dataSource'>,
  timelineId: number,
  sizeBytes: number,
): DataSourceInput {
  return {
    originalFilename: inputs.map(nameOfInput).join(', ').slice(0, 1000),
    fileSizeBytes: sizeBytes,
    ...dataSource,
    timelineId,
  }
}
