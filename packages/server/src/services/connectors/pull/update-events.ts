import { isDeepStrictEqual } from 'node:util'
import {
  getPlatformKind,
  mapPlatformItem,
  type PlatformKind,
  type PlatformRecord,
} from '@timeskein/ingest/platforms'
import type { StoredEvent } from '@timeskein/model'
import type { Kysely } from 'kysely'
import type { Schema } from '../../../db/schema.ts'
import { chunk } from '../../chunk.ts'
import { createEventView } from '../../events/create-event-view.ts'
import type { ServiceContext } from '../../service-context.ts'
import { type PullBatch, recordOf } from './pull-batch.ts'
import { nameUpdate } from './settle-update.ts'
import type { PullTimeline } from './store-events.ts'

/** An event's time is when it happened, and stays. */
const KEPT: ReadonlySet<string> = new Set(['datetime', 'timestamp', 'timestamp_desc', 'data_type'])
/** Names that the history tells. */
const MAX_TOLD_NAMES = 20

/** Whose events are changed, and by what. */
export interface EventUpdater {
  readonly sketchId: number
  readonly userId: number
  /** Name of the connector. */
  readonly connector: string
}

interface Change {
  readonly id: string
  readonly name: string
  readonly json: unknown
}

/**
 * Brings the events of changed items up to date: what is different now stands in place of what they had, as an operation that the
 * history tells and that can be taken back. Done again after a crash it makes no difference.
 *
 * Behind it, `settleUpdate` says that it was carried out.
 */
export async function updateEvents(
  { db, store, now }: Pick<ServiceContext, 'db' | 'store' | 'now'>,
  batch: PullBatch,
  { indexName, timelineId }: PullTimeline,
  by: EventUpdater,
): Promise<void> {
  const scope = [{ index: indexName, timelineIds: [timelineId] }]
  const changes: Change[] = []
  for (const { kind: name, changed } of batch.groups) {
    const kind = getPlatformKind(name)
    for (const some of chunk(changed)) {
      const known = some.filter(({ eventId }) => eventId !== undefined)
      const events = await store.getEvents(
        scope,
        known.map(({ eventId }) => eventId!),
      )
      for (const [place, event] of events.entries()) {
        if (!event) continue
        const record = recordOf(known[place]!)
        changes.push(
          ...listChanges(
            event.id,
            readOwn(kind, event, by.sketchId),
            mapPlatformItem(kind, record) ?? record,
          ),
        )
      }
    }
  }
  if (changes.length === 0) return
  const operationId = nameUpdate(batch)
  const value = tellNames(changes)
  const ids = [...new Set(changes.map(({ id }) => id))]
  const atMs = now()
  await logUpdate(db, { operationId, value, indexName, count: ids.length, atMs }, by)
  await store.mark({
    id: operationId,
    kind: 'attributes',
    value,
    attributes: changes,
    sketchId: by.sketchId,
    userId: by.userId,
    atUs: BigInt(atMs) * 1000n,
    target: { ids },
    scope,
  })
}

/** What the platform's record before gave the event: what others added to it is theirs, and stays. */
function readOwn(kind: PlatformKind, event: StoredEvent, sketchId: number): PlatformRecord {
  const record = createEventView(event, sketchId).toObject()[kind.platform]
  const isRecord = typeof record === 'object' && record !== null && !Array.isArray(record)
  const mapped = isRecord ? mapPlatformItem(kind, record as PlatformRecord) : undefined
  return mapped ?? (JSON.parse(event.source) as PlatformRecord)
}

function listChanges(id: string, before: PlatformRecord, after: PlatformRecord): Change[] {
  const changes = Object.entries(after)
    .filter(([name, json]) => !KEPT.has(name) && !isDeepStrictEqual(before[name], json))
    .map(([name, json]) => ({ id, name, json }))
  for (const name of Object.keys(before))
    if (!(name in after) && !KEPT.has(name)) changes.push({ id, name, json: null })
  return changes
}

function tellNames(changes: readonly Change[]): string {
  const names = [...new Set(changes.map(({ name }) => name))]
  const more = names.length - MAX_TOLD_NAMES
  return `${names.slice(0, MAX_TOLD_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** Writes the update into the history of the sketch; what was not carried out is settled at the next start, as any other act. */
async function logUpdate(
  db: Kysely<Schema>,
  update: {
    readonly operationId: string
    readonly value: string
    readonly indexName: string
    readonly count: number
    readonly atMs: number
  },
  { sketchId, userId, connector }: EventUpdater,
): Promise<void> {
  const { operationId, value, indexName, count, atMs } = update
  await db
    .insertInto('mark_operations')
    .values({
      id: operationId,
      sketch_id: sketchId,
      user_id: userId,
      kind: 'attribute',
      value,
      query_text: `connector ${connector}`,
      id_count: count,
      indexes_json: JSON.stringify([indexName]),
      matched: count,
      changed: count,
      state: 'pending',
      at_ms: atMs,
      undone_at_ms: null,
      undone_by_id: null,
      group_id: null,
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ state: 'pending' }))
    .execute()
}
