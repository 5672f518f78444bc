import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isStoreError } from '@timeskein/store'
import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import type { ServiceContext } from '../service-context.ts'

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

type CleanupContext = Pick<ServiceContext, 'db' | 'store' | 'log' | 'rejectsDirectory'>

/** Does what was noted and crosses it off. What fails stays noted for the next start. Returns how many were done. */
export async function runCleanups(context: CleanupContext): Promise<number> {
  const rows = await context.db.selectFrom('store_cleanups').selectAll().orderBy('id').execute()
  let done = 0
  for (const row of rows) {
    try {
      await dropEvents(context.store, row)
      await dropImports(context, row)
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
}

interface CleanupRow {
  readonly index_name: string
  readonly timeline_id: number | null
}

async function dropEvents(store: ServiceContext['store'], row: CleanupRow): Promise<void> {
  try {
    if (row.timeline_id === null) await store.dropIndex(row.index_name)
    else await store.dropTimeline(row.index_name, row.timeline_id)
  } catch (error) {
    // Gone already: a crash came between the removal and its crossing off.
    if (!isStoreError(error) || error.code !== 'no-index') throw error
  }
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
