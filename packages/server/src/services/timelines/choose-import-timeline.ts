import { randomBytes, randomInt } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import { forbidden } from '../../errors/domain-error.ts'
import { addObjectLabels, loadLabels } from '../labels.ts'
import {
  insertSearchIndex,
  makeIndexName,
  requireIndexName,
} from '../search-indexes/create-search-index-service.ts'
import type { ServiceContext } from '../service-context.ts'
import { PROTECTIVE_LABELS } from '../sketches/sketch-service.ts'
import { findTimeline, listTimelines } from './load-timelines.ts'
import type { Timeline } from './timeline-service.ts'

/** An index record of one of these states takes new events. */
const UNUSABLE = new Set(['deleted', 'archived'])

/** See `TimelineService.chooseForImport`. */
export async function chooseImportTimeline(
  context: ServiceContext,
  principal: Principal,
  sketchId: number,
  input: { name: string; indexName?: string; dataLabel?: string },
): Promise<Timeline> {
  const searchIndexId =
    (await findNamedIndex(context, principal, input)) ??
    (await findLabelledIndex(context, sketchId, input.dataLabel)) ??
    (await makeIndex(context, principal, input))
  return await findOrMakeTimeline(context, principal, sketchId, searchIndexId, input.name)
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

async function findLabelledIndex(
  context: ServiceContext,
  sketchId: number,
  dataLabel: string | undefined,
): Promise<number | undefined> {
  for (const timeline of await listTimelines(context.db, sketchId)) {
    const { searchIndex } = timeline
    if (UNUSABLE.has(timeline.status) || UNUSABLE.has(searchIndex.status)) continue
    const carries =
      dataLabel === undefined
        ? searchIndex.labels.length === 0
        : searchIndex.labels.some((label) => label.toLowerCase() === dataLabel.toLowerCase())
    if (carries) return searchIndex.id
  }
  return undefined
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
  await context.store.createIndex(indexName)
  const id = await context.db.transaction().execute((transaction) =>
    insertSearchIndex(transaction, {
      name: input.name,
      indexName,
      description: input.name,
      userId: principal.userId,
      atMs: context.now(),
      ...(input.dataLabel === undefined ? {} : { labels: [input.dataLabel] }),
    }),
  )
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

/** Writes a new timeline; protective labels of its sketch come with it. Returns its id. */
export async function insertTimeline(
  db: Kysely<Schema>,
  input: {
    sketchId: number
    searchIndexId: number
    name: string
    description: string
    status: string
    userId: number
    atMs: number
  },
): Promise<number> {
  const { id } = await db
    .insertInto('timelines')
    .values({
      sketch_id: input.sketchId,
      search_index_id: input.searchIndexId,
      name: input.name,
      description: input.description,
      color: makeColor(),
      owner_id: input.userId,
      status: input.status,
      status_changed_at_ms: input.atMs,
      created_at_ms: input.atMs,
      updated_at_ms: input.atMs,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const labels = (await loadLabels(db, 'sketch', [input.sketchId])).get(input.sketchId) ?? []
  const protective = labels.filter((label) => PROTECTIVE_LABELS.includes(label.toLowerCase()))
  const by = { userId: input.userId, atMs: input.atMs }
  await addObjectLabels(db, { kind: 'timeline', id }, protective, by)
  await addObjectLabels(db, { kind: 'searchindex', id: input.searchIndexId }, protective, by)
  return id
}

/** A random light colour: any hue, saturation 0.5, value 0.95 (as Timesketch's). */
function makeColor(): string {
  const hue = randomInt(360)
  const channel = (offset: number): string => {
    const k = (offset + hue / 60) % 6
    const level = 0.95 - 0.95 * 0.5 * Math.max(0, Math.min(k, 4 - k, 1))
    return Math.round(level * 255)
      .toString(16)
      .padStart(2, '0')
  }
  return (channel(5) + channel(3) + channel(1)).toUpperCase()
}
