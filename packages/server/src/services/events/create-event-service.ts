import { randomBytes } from 'node:crypto'
import type { Principal } from '../../auth/principal.ts'
import { DomainError } from '../../errors/domain-error.ts'
import { makeEventBatch } from '../../import/input/event-batch-of.ts'
import { noteChange } from '../changes/note-change.ts'
import { makeIndexName } from '../search-indexes/index-name.ts'
import { insertSearchIndex } from '../search-indexes/insert-search-index.ts'
import type { ServiceContext } from '../service-context.ts'
import { insertTimeline } from '../timelines/insert-timeline.ts'
import { findTimeline, listTimelines } from '../timelines/load-timelines.ts'
import type { Timeline } from '../timelines/timeline-service.ts'
import { type EventService, MANUAL_TIMELINE_DESCRIPTION, MANUAL_TIMELINE_NAME } from './event-service.ts'

/** Largest event entered by hand, as JSON in UTF-8. */
const MAX_EVENT_BYTES: number = 8 * 1024 * 1024

/** Events entered by hand: each is an import of one row. */
export function createEventService(context: ServiceContext): EventService {
  const { access, audit, store } = context
  /** Two first events at once must not make two timelines. */
  const making = new Map<number, Promise<Timeline>>()

  const findOrMake = (principal: Principal, sketchId: number): Promise<Timeline> => {
    const underWay = making.get(sketchId)
    if (underWay) return underWay
    const work = findOrMakeManualTimeline(context, principal, sketchId).finally(() => making.delete(sketchId))
    making.set(sketchId, work)
    return work
  }

  return {
    async create(principal, sketchId, input) {
      await access.requireOpenSketch(principal, sketchId, 'write')
      const batch = makeEventBatch([input])
      if (batch.source.bytes.length > MAX_EVENT_BYTES) {
        throw new DomainError(
          'too-large',
          'event-too-large',
          `An event has at most ${MAX_EVENT_BYTES} bytes.`,
          {
            details: { limit: MAX_EVENT_BYTES, found: batch.source.bytes.length },
          },
        )
      }
      const timeline = await findOrMake(principal, sketchId)
      await using transaction = await store.beginImport({
        index: timeline.searchIndex.indexName,
        timelineId: timeline.id,
        importId: randomBytes(16).toString('hex'),
        profile: { aliases: {}, constants: {} },
        skipKnownRows: false,
      })
      await transaction.append(batch)
      await transaction.commit()
      await audit.record(principal, { action: 'event.create', subject: `timeline/${timeline.id}`, sketchId })
      await noteChange(context, sketchId, 'events', { timelineId: timeline.id })
      return (await findTimeline(context.db, timeline.id)) ?? timeline
    },
  }
}

async function findOrMakeManualTimeline(
  context: ServiceContext,
  principal: Principal,
  sketchId: number,
): Promise<Timeline> {
  const there = (await listTimelines(context.db, sketchId)).find(
    (timeline) =>
      timeline.searchIndex.description === MANUAL_TIMELINE_DESCRIPTION &&
      timeline.status !== 'deleted' &&
      timeline.searchIndex.status !== 'deleted' &&
      timeline.searchIndex.status !== 'archived',
  )
  if (there) return there
  const indexName = makeIndexName()
  await context.store.createIndex(indexName)
  const atMs = context.now()
  const userId = principal.userId
  const timelineId = await context.db.transaction().execute(async (transaction) => {
    const searchIndexId = await insertSearchIndex(transaction, {
      name: MANUAL_TIMELINE_NAME,
      indexName,
      description: MANUAL_TIMELINE_DESCRIPTION,
      userId,
      atMs,
      status: 'ready',
    })
    return await insertTimeline(transaction, {
      sketchId,
      searchIndexId,
      name: MANUAL_TIMELINE_NAME,
      description: MANUAL_TIMELINE_DESCRIPTION,
      status: 'ready',
      userId,
      atMs,
    })
  })
  await context.audit.record(principal, {
    action: 'timeline.create',
    subject: `timeline/${timelineId}`,
    sketchId,
    details: { name: MANUAL_TIMELINE_NAME },
  })
  return (await findTimeline(context.db, timelineId))!
}
