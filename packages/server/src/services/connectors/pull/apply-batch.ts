import { setImmediate } from 'node:timers/promises'
import type { ThreadOutcome } from '../../../db/write-thread/thread-job.ts'
import type { PullCounts } from '../connector-service.ts'
import { writeBatch } from './batch-text.ts'
import { type EventIds, nameItem } from './event-ids.ts'
import type { EventsAhead } from './events-ahead.ts'
import { noteBatch } from './note-batch.ts'
import type { PullBatch } from './pull-batch.ts'
import type { PullPlace } from './pull-place.ts'
import type { AsideItem } from './put-aside.ts'
import { siftBatch } from './sift-batch.ts'
import { STORE_BATCH } from './store-batch.ts'
import { enterEvents, NO_EVENTS, type PullTimeline } from './store-events.ts'
import { updateEvents } from './update-events.ts'

/** Whether anything of a batch goes to the store or into the domain; else its cursors alone are kept. */
export function hasItems({ groups }: PullBatch): boolean {
  return groups.some(({ fresh, changed, moved }) => fresh.length + changed.length + moved.length > 0)
}

/** What of a batch is done beside its storing. */
export interface BatchAhead {
  /** As `writeBatch` writes it. @default written here */
  readonly text?: string | undefined
  /** Resolves when the batch is written down: its events are committed no earlier. @default it is */
  readonly noted?: Promise<void>
  /** Events of new items that were made already. */
  readonly events?: EventsAhead | undefined
}

/** What became of a batch. */
export interface AppliedBatch extends ThreadOutcome {
  readonly counts: PullCounts
}

/**
 * Stores a batch: its events in the store, and in one transaction of the database what they are in the domain, what is known of the
 * items, and the cursors. The two are carried out side by side, and committed one after the other, the store first: a crash between
 * is mended by applying the same batch again, which was written down before. Where items are to blame for a failure, they are put
 * aside and the rest is stored.
 */
export async function applyBatch(
  place: PullPlace,
  batch: PullBatch,
  timeline: PullTimeline | undefined,
  ahead: BatchAhead = {},
): Promise<AppliedBatch> {
  try {
    return await store(place, batch, timeline, ahead)
  } catch (error) {
    // Something else may stand in its place below.
    await ahead.noted?.catch(() => undefined)
    const sifted = timeline && (await siftBatch(place, batch, timeline))
    if (!sifted) throw error
    const { context, connector } = place
    context.log.warn({ err: error, connector: connector.name }, 'items of a pull are put aside')
    const text = writeBatch(sifted)
    await noteBatch(context, connector.uid, sifted, text)
    return await store(place, sifted, timeline, { text })
  }
}

async function store(
  place: PullPlace,
  batch: PullBatch,
  timeline: PullTimeline | undefined,
  { text = writeBatch(batch), noted, events: made }: BatchAhead,
): Promise<AppliedBatch> {
  const { context, connector } = place
  const { uid, sketch_id: sketchId, user_id: userId, name } = connector
  await using events = timeline ? await enterEvents(place, batch, timeline, made) : NO_EVENTS
  const enter = async (): Promise<void> => {
    await events.append()
    await noted
    await events.commit()
  }
  const { ids, unread } = events
  const hasChanged = batch.groups.some(({ changed }) => changed.length > 0)
  if (timeline && hasChanged) {
    await enter()
    await updateEvents(context, batch, timeline, { sketchId, userId, connector: name })
  }
  const lost = listUnread(batch, ids, unread)
  const counts = {
    ...batch.counts,
    new: batch.counts.new - lost.length,
    rejected: batch.counts.rejected + lost.length,
  }
  // The thread is given its work first: what is done here in one go would hold that up.
  const entered = hasChanged ? Promise.resolve() : setImmediate().then(enter)
  // What is lost with the machine is stored again: the batch that was written down is forgotten no earlier.
  const storing = context.writeInThread(
    STORE_BATCH,
    {
      connectorUid: uid,
      sketchId,
      timeline,
      batchText: text,
      eventIds: ids,
      lost,
      counts,
      nowMs: context.now(),
    },
    // Nothing there may tell of events that are not there.
    entered,
  )
  // Neither is left behind: what is thrown away below must not be in use.
  await Promise.allSettled([storing, entered])
  return { ...(await storing), counts }
}

/** New items that no event could be made of; whatever else they are is kept. */
function listUnread(
  { groups }: PullBatch,
  ids: EventIds,
  unread: ReadonlyMap<string, string>,
): readonly AsideItem[] {
  return groups.flatMap(({ kind, fresh }) =>
    fresh
      .filter(({ id }) => !ids.has(nameItem(kind, id)))
      .map(({ id, json }) => ({
        kind,
        id,
        json,
        reason: `No event could be made of it: ${unread.get(nameItem(kind, id)) ?? 'it was not read'}`.slice(
          0,
          500,
        ),
      })),
  )
}
