import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import type { ServiceContext } from '../service-context.ts'
import { listIndexUses } from './index-usage.ts'
import { describeStoredTimelines, ignoringGone } from './stored-timelines.ts'

/**
 * What is to be removed: a timeline's events, or (without `timelineId`) a whole index; with them the log of what was imported
 * there, and the rows that were rejected.
 */
export interface StoreCleanup {
  readonly indexName: string
  readonly timelineId?: number
}

/** Notes what must be removed, in the transaction that makes it superfluous, so that a crash in between loses nothing of it. */
export async function scheduleCleanups(
  db: Kysely<Schema>,
  cleanups: readonly StoreCleanup[],
  atMs: number,
): Promise<void> {
  for (const cleanup of cleanups) {
    await db
      .insertInto('store_cleanups')
      .values({
        index_name: cleanup.indexName,
        timeline_id: cleanup.timelineId ?? null,
        created_at_ms: atMs,
      })
      .execute()
  }
}

type CleanupContext = Pick<ServiceContext, 'db' | 'store' | 'log' | 'rejectsDirectory' | 'turns'>

/**
 * Does what was noted and crosses it off, one call after the other. What fails stays noted for the next call, at the latest
 * that of the next start; what came into use again meanwhile is kept.
 *
 * @returns How many were done.
 */
export async function runCleanups(context: CleanupContext): Promise<number> {
  return await context.turns.take('store cleanups', async () => {
    const rows = await context.db.selectFrom('store_cleanups').selectAll().orderBy('id').execute()
    let done = 0
    for (const row of rows) {
      try {
        await withIndexTurn(context, row.index_name, () => carryOut(context, row))
      } catch (error) {
        context.log.warn(
          { err: error, index: row.index_name, timeline: row.timeline_id },
          'store cleanup failed',
        )
        continue
      }
      await context.db.deleteFrom('store_cleanups').where('id', '=', row.id).execute()
      done++
    }
    return done
  })
}

/** Keeps the making of an index, with its record, and its removal apart. */
export async function withIndexTurn<Result>(
  { turns }: Pick<ServiceContext, 'turns'>,
  indexName: string,
  work: () => Promise<Result>,
): Promise<Result> {
  return await turns.take(`index ${indexName}`, work)
}

interface CleanupRow {
  readonly index_name: string
  readonly timeline_id: number | null
}

/**
 * An index that failed to be removed may have been made anew under its name: then what its former timelines left goes, and
 * what is in use stays.
 */
async function carryOut(context: CleanupContext, row: CleanupRow): Promise<void> {
  const { index_name: index, timeline_id: timelineId } = row
  const used = await listUsedTimelines(context.db, index)
  if (timelineId === null && used.size === 0 && !(await hasRecord(context.db, index))) {
    await ignoringGone(context.store.dropIndex(index))
    await dropImports(context, row)
    return
  }
  const meant = timelineId === null ? await listStoredTimelines(context, index) : [timelineId]
  for (const id of meant) {
    if (used.has(id)) {
      context.log.info({ index, timeline: id }, 'a timeline is in use and is not removed')
      continue
    }
    await ignoringGone(context.store.dropTimeline(index, id))
    await dropImports(context, { index_name: index, timeline_id: id })
  }
}

async function listUsedTimelines(db: Kysely<Schema>, indexName: string): Promise<ReadonlySet<number>> {
  const uses = await listIndexUses(db, indexName)
  return new Set(uses.filter((use) => use.sketchStatus !== 'deleted').map((use) => use.timelineId))
}

/** Whether there is a record by which events can come into an index. */
async function hasRecord(db: Kysely<Schema>, indexName: string): Promise<boolean> {
  const record = await db
    .selectFrom('search_indexes')
    .select('id')
    .where('index_name', '=', indexName)
    .where('status', 'not in', ['deleted', 'archived'])
    .executeTakeFirst()
  return record !== undefined
}

/** The timelines that an index has events of, or that were imported into. */
async function listStoredTimelines(
  { db, store }: CleanupContext,
  indexName: string,
): Promise<readonly number[]> {
  const imported = await db
    .selectFrom('imports')
    .select('timeline_id')
    .distinct()
    .where('index_name', '=', indexName)
    .execute()
  const stored = await describeStoredTimelines(store, indexName)
  return [
    ...new Set([...stored.map(({ timelineId }) => timelineId), ...imported.map((row) => row.timeline_id)]),
  ]
}

/** The files first: while the log has an import, what it rejected is found again. */
async function dropImports(context: CleanupContext, row: CleanupRow): Promise<void> {
  const { db, rejectsDirectory } = context
  let query = db.selectFrom('imports').select('id').where('index_name', '=', row.index_name)
  if (row.timeline_id !== null) query = query.where('timeline_id', '=', row.timeline_id)
  const ids = new Set((await query.execute()).map((found) => found.id))
  if (ids.size === 0) return
  for (const name of await readdir(rejectsDirectory)) {
    if (ids.has(name.split('.', 1)[0]!)) await rm(join(rejectsDirectory, name), { force: true })
  }
  for (const id of ids) await db.deleteFrom('imports').where('id', '=', id).execute()
}
