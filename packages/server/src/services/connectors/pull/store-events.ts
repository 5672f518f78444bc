import { getPlatformKind, planPlatformItems } from '@timeskein/ingest/platforms'
import type { Query } from '@timeskein/query'
import { formatEventId } from '@timeskein/store'
import type { StretchPool } from '../../../import/stretch-pool.ts'
import type { ServiceContext } from '../../service-context.ts'
import type { BatchGroup, PullBatch } from './pull-batch.ts'

/** Where the events of a pull go. */
export interface PullTimeline {
  readonly timelineId: number
  readonly indexName: string
}

/** `kind id` -> id of its event. */
export type EventIds = ReadonlyMap<string, string>

/** Names an item in `EventIds`. */
export function nameItem(kind: string, id: string): string {
  return `${kind} ${id}`
}

/** Items that one question looks for. */
const IDS_AT_ONCE = 500

/**
 * Stores the events of new items in one transaction of the store. What was stored before a crash is not stored again: its events
 * are looked up.
 */
export async function storeEvents(
  { store }: Pick<ServiceContext, 'store'>,
  pool: StretchPool,
  batch: PullBatch,
  timeline: PullTimeline,
): Promise<EventIds> {
  const groups = batch.groups.filter(({ fresh }) => fresh.length > 0)
  const [first] = groups
  if (!first) return new Map()
  if (await store.hasImport(timeline.indexName, batch.importId))
    return await findEvents({ store }, groups, timeline)
  await using transaction = await store.beginImport({
    index: timeline.indexName,
    timelineId: timeline.timelineId,
    importId: batch.importId,
    profile: planPlatformItems(getPlatformKind(first.kind)).mapping.profile,
    skipKnownRows: false,
  })
  const ids = new Map<string, string>()
  for (const { kind, fresh } of groups) {
    const { batches } = await pool.run({
      textId: `${batch.importId} ${kind}`,
      settings: planPlatformItems(getPlatformKind(kind)),
      bytes: new TextEncoder().encode(fresh.map(({ json }) => json).join('\n')),
      startLine: 1,
      place: 'top',
      isLast: true,
    })
    for (const { batch: rows, prepared } of batches) {
      const { nextSeq } = transaction
      // The lines of rows that could not be read are missing among them.
      const lines = [...rows.lines]
      await transaction.append(rows, prepared)
      for (const [row, line] of lines.entries())
        ids.set(nameItem(kind, fresh[line - 1]!.id), formatEventId(timeline.indexName, nextSeq + row))
    }
  }
  await transaction.commit()
  return ids
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
