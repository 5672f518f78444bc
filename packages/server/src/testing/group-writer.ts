import type { Transaction } from 'kysely'
import type { Schema } from '../db/schema.ts'
import type { ThreadJob } from '../db/write-thread/thread-job.ts'

/** Writes groups of these names. */
export const ADD_GROUPS: ThreadJob<readonly string[]> = { module: import.meta.url, work: addGroups }

export async function addGroups(db: Transaction<Schema>, names: readonly string[]): Promise<void> {
  for (const name of names)
    await db.insertInto('groups').values({ name, description: '', owner_id: null }).execute()
}
