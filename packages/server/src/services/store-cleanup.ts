import { isStoreError } from '@timeskein/store'
import type { Kysely } from 'kysely'
import type { Schema } from '../db/schema.ts'
import type { ServiceContext } from './service-context.ts'

/** What is to be removed from the store: a timeline's events, or (without `timelineId`) a whole index. */
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

/** Does what was noted and crosses it off. What fails stays noted for the next start. Returns how many were done. */
export async function runCleanups(context: Pick<ServiceContext, 'db' | 'store' | 'log'>): Promise<number> {
  const rows = await context.db.selectFrom('store_cleanups').selectAll().orderBy('id').execute()
  let done = 0
  for (const row of rows) {
    try {
      if (row.timeline_id === null) await context.store.dropIndex(row.index_name)
      else await context.store.dropTimeline(row.index_name, row.timeline_id)
    } catch (error) {
      // Gone already: a crash came between the removal and its crossing off.
      if (!isStoreError(error) || error.code !== 'no-index') {
        context.log.warn(
          { err: error, index: row.index_name, timeline: row.timeline_id },
          'store cleanup failed',
        )
        continue
      }
    }
    await context.db.deleteFrom('store_cleanups').where('id', '=', row.id).execute()
    done++
  }
  return done
}
