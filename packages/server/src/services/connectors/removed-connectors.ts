import type { Kysely, Selectable } from 'kysely'
import type { ConnectorRow } from '../../db/connector-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { findTimeline } from '../timelines/load-timelines.ts'
import { isSameAccount } from './accounts.ts'

type Row = Selectable<ConnectorRow>

/** A connector that brought the same account's items to the same sketch and was removed; none where their timeline is gone. */
export async function findRemoved(
  db: Kysely<Schema>,
  { sketch_id, platform }: Pick<Row, 'sketch_id' | 'platform'>,
  account: string,
): Promise<Row | undefined> {
  const rows = await db
    .selectFrom('connectors')
    .selectAll()
    .where('sketch_id', '=', sketch_id)
    .where('platform', '=', platform)
    .where('removed_at_ms', 'is not', null)
    .orderBy('removed_at_ms', 'desc')
    .execute()
  for (const row of rows) {
    if (!isSameAccount(row.account, account)) continue
    const timeline = row.timeline_id === null ? undefined : await findTimeline(db, row.timeline_id)
    if (timeline && timeline.status !== 'deleted') return row
  }
  return undefined
}

/** Puts a new connector in the place of a removed one, whose uid it takes. @returns False where somebody was before it. */
export async function takePlace(db: Kysely<Schema>, { uid }: Pick<Row, 'uid'>, row: Row): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('connectors')
    .set({ ...row, uid })
    .where('uid', '=', uid)
    .where('removed_at_ms', 'is not', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Leaves of a connector what it brought, where it brought something: neither its name nor its secret. */
export async function forgetConnector(
  db: Kysely<Schema>,
  { uid }: Pick<Row, 'uid'>,
  nowMs: number,
): Promise<void> {
  await db.deleteFrom('connectors').where('uid', '=', uid).where('timeline_id', 'is', null).execute()
  await db
    .updateTable('connectors')
    // No connector may be given such a name.
    .set({ name: `removed ${uid}`, sealed_secret: '', settings_json: '{}', removed_at_ms: nowMs })
    .where('uid', '=', uid)
    .execute()
}
