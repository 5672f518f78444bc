import { getPlatformKind, planPlatformItems } from '@timeskein/ingest/platforms'
import type { Query } from '@timeskein/query'
import { formatEventId } from '@timeskein/store'
import type { PreparedStretch } from '../../../import/threads/prepare-stretch.ts'
import type { ServiceContext } from '../../service-context.ts'
import { type EventIds, nameItem } from './event-ids.ts'
import { type EventsAhead, readEvents } from './events-ahead.ts'
import type { BatchGroup, PullBatch } from './pull-batch.ts'
import type { PullPlace } from './pull-place.ts'

/** Where the events of a pull go. */
export interface PullTimeline {
  readonly timelineId: number
  readonly indexName: string
}

/** Items that one question looks for. */
const IDS_AT_ONCE = 500

/** What became of the events of new items. */
interface StoredEvents {
  readonly ids: EventIds
  /** `kind id` -> why no event could be made of it. */
  readonly unread: ReadonlyMap<string, string>
}

/** Events that are to be written and committed; disposed of before, nothing of them is kept. */
export interface AppendedEvents extends StoredEvents, AsyncDisposable {
  /** Writes them; once. */
  append(): Promise<void>
  /** To be called when they are written. */
  commit(): Promise<void>
}

/** Of a batch that brings no new items. */
export const NO_EVENTS: AppendedEvents = alreadyStored(new Map())

/**
 * The events of new items, to be written in one transaction of the store. What was stored before a crash is not stored again: its
 * events are looked up.
 *
 * @param ahead - Events that were made already.
 */
export async function enterEvents(
  place: PullPlace,
  batch: PullBatch,
  timeline: PullTimeline,
  ahead?: EventsAhead,
): Promise<AppendedEvents> {
  const { store } = place.context
  const isInStore = await store.hasImport(timeline.indexName, batch.importId)
  if (isInStore) return alreadyStored(await findEvents({ store }, batch.groups, timeline))
  if (!batch.groups.some(({ fresh }) => fresh.length > 0)) return NO_EVENTS
  return await makeEvents(place, batch, timeline, ahead)
}

function alreadyStored(ids: EventIds): AppendedEvents {
  const done = (): Promise<void> => Promise.resolve()
  return { ids, unread: new Map(), append: done, commit: done, [Symbol.asyncDispose]: done }
}

/** A transaction of the store for the events of new items; of none, an empty one. Their ids are known before they are written. */
export async function makeEvents(
  { context: { store }, pool }: PullPlace,
  batch: PullBatch,
  timeline: PullTimeline,
  ahead?: EventsAhead,
): Promise<AppendedEvents> {
  const groups = batch.groups.filter(({ fresh }) => fresh.length > 0)
  const [first = batch.groups[0]!] = groups
  await using undo = new AsyncDisposableStack()
  const made: PreparedStretch['batches'][number][] = []
  undo.defer(() => {
    for (const { batch: rows } of made) pool.takeBack(rows)
  })
  const transaction = undo.use(
    await store.beginImport({
      index: timeline.indexName,
      timelineId: timeline.timelineId,
      importId: batch.importId,
      profile: planPlatformItems(getPlatformKind(first.kind)).mapping.profile,
      skipKnownRows: false,
    }),
  )
  const ids = new Map<string, string>()
  const unread = new Map<string, string>()
  let { nextSeq } = transaction
  for (const { kind, fresh } of groups) {
    const { batches, rejects } = await (ahead?.take(kind) ?? readEvents(pool, getPlatformKind(kind), fresh))
    for (const { line, detail } of rejects) unread.set(nameItem(kind, fresh[line - 1]!.id), detail)
    for (const one of batches) {
      made.push(one)
      // The lines of rows that could not be read are missing among them.
      for (const line of one.batch.lines)
        ids.set(nameItem(kind, fresh[line - 1]!.id), formatEventId(timeline.indexName, nextSeq++))
    }
  }
  const kept = undo.move()
  return {
    ids,
    unread,
    append: async () => {
      for (let next = made[0]; next; next = made[0]) {
        await transaction.append(next.batch, next.prepared)
        pool.takeBack(next.batch)
        made.shift()
      }
    },
    commit: () => transaction.commit(),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

async function findEvents(
  { store }: Pick<ServiceContext, 'store'>,
  groups: readonly BatchGroup[],
  { indexName, timelineId }: PullTimeline,
): Promise<EventIds> {
  const scope = [{ index: indexName, timelineIds: [timelineId] }]
  const ids = new Map<string, string>()
  for (const { kind: name, fresh } of groups) {
    const kind = getPlatformKind(name)
    for (let start = 0; start < fresh.length; start += IDS_AT_ONCE) {
      const wanted = fresh.slice(start, start + IDS_AT_ONCE)
      for await (const events of store.scan({ scope, query: makeQuery(kind.dataType, wanted) }))
        for (const { id, source } of events) {
          const event = JSON.parse(source) as Record<string, unknown>
          const record = event['data_type'] === kind.dataType ? event[kind.platform] : event
          const itemId = kind.identify(record as Record<string, unknown>)
          if (itemId !== undefined) ids.set(nameItem(name, itemId), id)
        }
    }
  }
  return ids
}

function makeQuery(dataType: string, items: readonly { readonly id: string }[]): Query {
  return {
    kind: 'and',
    of: [
      { kind: 'term', field: 'data_type.keyword', value: dataType },
      {
        kind: 'or',
        of: items.flatMap(({ id }): Query[] => [
          { kind: 'term', field: 'event.id.keyword', value: id },
          { kind: 'term', field: '__event_id.keyword', value: id },
        ]),
      },
    ],
  }
}
