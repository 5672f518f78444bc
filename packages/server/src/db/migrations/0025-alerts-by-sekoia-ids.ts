import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema.ts'

/**
 * Version 25: alerts by their ids at Sekoia.io, as `AlertFilter.platformId` asks. SQLite takes JSON of more than a thousand levels for
 * malformed: the indexes that version 23 once made refused alerts that hold such.
 */
export async function indexAlertsBySekoiaIds(db: Kysely<Schema>): Promise<void> {
  for (const member of ['uuid', 'short_id']) {
    const index = sql.ref(`alerts_by_sekoia_${member}`)
    await sql`drop index if exists ${index}`.execute(db)
    await sql`create index ${index} on alerts
      (case when json_valid("details_json") then json_extract("details_json", ${sql.lit(`$.${member}`)}) end)
      where source = 'sekoia'`.execute(db)
  }
}
