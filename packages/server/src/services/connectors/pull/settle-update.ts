import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Schema } from '../../../db/schema.ts'
import type { PullBatch } from './pull-batch.ts'

/** Says that the update of a batch, where it has one, was carried out: now, or before a pull was cut off. */
export async function settleUpdate(db: Kysely<Schema>, batch: PullBatch): Promise<void> {
  if (batch.groups.every(({ changed }) => changed.length === 0)) return
  await db.updateTable('mark_operations').set({ state: 'done' }).where('id', '=', nameUpdate(batch)).execute()
}

/** Id of the operation that brings a batch's events up to date. */
export function nameUpdate({ importId }: PullBatch): string {
  return createHash('sha256').update(`${importId} update`).digest('hex').slice(0, 32)
}
