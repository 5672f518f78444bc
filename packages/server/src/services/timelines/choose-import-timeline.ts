import { randomBytes } from 'node:crypto'
import type { Principal } from '../../auth/principal.ts'
import { forbidden } from '../../errors/domain-error.ts'
import { makeIndexName, requireIndexName } from '../search-indexes/index-name.ts'
import { makeSearchIndex } from '../search-indexes/make-search-index.ts'
import type { ServiceContext } from '../service-context.ts'
import { chooseSketchIndex, type TimelineWish, UNUSABLE } from './choose-sketch-index.ts'
import { insertTimeline } from './insert-timeline.ts'
import { findTimeline, listTimelines } from './load-timelines.ts'
import type { Timeline } from './timeline-service.ts'

/** The turn at choosing, taking and dropping the timelines of imports into a sketch. */
export function nameTimelinesTurn(sketchId: number): string {
  return `import timelines of sketch ${sketchId}`
}

/** See `TimelineService.chooseForImport`. One at a time in a sketch: two first imports at once must not make two timelines. */
export async function chooseImportTimeline(
  context: ServiceContext,
  principal: Principal,
  sketchId: number,
  input: TimelineWish & { readonly indexName?: string },
): Promise<Timeline> {
  return await context.turns.take(nameTimelinesTurn(sketchId), async () => {
    const searchIndexId =
      (await findNamedIndex(context, principal, input)) ??
      (await chooseSketchIndex(context, principal, sketchId, input)) ??
      (await makeIndex(context, principal, input))
    return await findOrMakeTimeline(context, principal, sketchId, searchIndexId, input.name)
  })
}

async function findNamedIndex(
  context: ServiceContext,
  principal: Principal,
  input: { name: string; indexName?: string },
): Promise<number | undefined> {
  if (input.indexName === undefined) return undefined
  const records = await loadNamedRecords(context, principal, requireIndexName(input.indexName))
  if (records.some((record) => !record.isWritable)) return undefined
  return records.find((record) => record.name === input.name && !UNUSABLE.has(record.status))?.id
}

interface NamedRecord {
  readonly id: number
  readonly name: string
  readonly status: string
  readonly isWritable: boolean
}

/** Every record of an index name, in whatever state: an index that is archived still holds somebody's events. */
async function loadNamedRecords(
  context: ServiceContext,
  principal: Principal,
  indexName: string,
): Promise<readonly NamedRecord[]> {
  const rows = await context.db
    .selectFrom('search_indexes')
    .select(['id', 'name', 'status'])
    .where('index_name', '=', indexName)
    .orderBy('id')
    .execute()
  return await Promise.all(
    rows.map(async (row) => ({
      ...row,
      isWritable: (await context.access.searchIndexPermissions(principal, row.id)).write,
    })),
  )
}

async function makeIndex(
  context: ServiceContext,
  principal: Principal,
  input: { name: string; indexName?: string; dataLabel?: string },
): Promise<number> {
  const indexName = input.indexName ?? makeIndexName()
  if (input.indexName !== undefined) {
    const records = await loadNamedRecords(context, principal, indexName)
    if (records.some((record) => !record.isWritable)) {
      throw forbidden(
        'index-not-writable',
        `The index ${input.indexName} exists and you may not write to it.`,
        {
          indexName: input.indexName,
        },
      )
    }
  }
  const id = await makeSearchIndex(context, {
    name: input.name,
    indexName,
    description: input.name,
    userId: principal.userId,
    ...(input.dataLabel === undefined ? {} : { labels: [input.dataLabel] }),
  })
  await context.audit.record(principal, {
    action: 'searchindex.create',
    subject: `searchindex/${id}`,
    details: { name: input.name, indexName },
  })
  return id
}

async function findOrMakeTimeline(
  context: ServiceContext,
  principal: Principal,
  sketchId: number,
  searchIndexId: number,
  wantedName: string,
): Promise<Timeline> {
  let name = wantedName
  for (;;) {
    const same = (await listTimelines(context.db, sketchId)).filter((timeline) => timeline.name === name)
    const usable = same.find(
      (timeline) => timeline.searchIndex.id === searchIndexId && !UNUSABLE.has(timeline.status),
    )
    if (usable) return usable
    if (same.length === 0) break
    name = `${wantedName.slice(0, 249)}_${randomBytes(3).toString('hex').slice(0, 5)}`
  }
  const timelineId = await context.db.transaction().execute((transaction) =>
    insertTimeline(transaction, {
      sketchId,
      searchIndexId,
      name,
      description: name,
      status: 'new',
      userId: principal.userId,
      atMs: context.now(),
    }),
  )
  await context.audit.record(principal, {
    action: 'timeline.create',
    subject: `timeline/${timelineId}`,
    sketchId,
    details: { name },
  })
  return (await findTimeline(context.db, timelineId))!
}
