import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTemporaryDatabase, type TemporaryDatabase } from '../../testing/temporary-database.ts'
import { indexAlertsBySekoiaIds } from './0025-alerts-by-sekoia-ids.ts'

/** More levels than SQLite reads. */
const DEEP = `{"uuid":"deep","stix":${'{"a":'.repeat(1100)}1${'}'.repeat(1100)}}`

let database: TemporaryDatabase

beforeAll(async () => {
  database = await openTemporaryDatabase({ hasForeignKeys: false })
})
afterAll(() => database[Symbol.asyncDispose]())

async function insertAlert(uid: string, details: string): Promise<void> {
  const text = {
    ...{ uid, source_key: uid, source: 'sekoia', title: uid, status: 'open', reason: '', description: '' },
    ...{ details_json: details, evidence_json: '[]', tags_json: '[]', group_json: '{}', counts_json: '{}' },
  }
  const numbers = { organisation_id: 1, severity: 50, count: 1, created_at_ms: 1, updated_at_ms: 1 }
  await database.db
    .insertInto('alerts')
    .values({ ...text, ...numbers, first_us: 1, last_us: 1 } as never)
    .execute()
}

test('alerts whose JSON has more levels than SQLite reads can be kept', async () => {
  await insertAlert('new', DEEP)
  await indexAlertsBySekoiaIds(database.db)
})

test('indexes that refused such alerts are made anew', async () => {
  await sql`drop index alerts_by_sekoia_uuid`.execute(database.db)
  await sql`delete from alerts`.execute(database.db)
  await sql`create index alerts_by_sekoia_uuid on alerts (json_extract("details_json", '$.uuid'))
    where source = 'sekoia'`.execute(database.db)
  await insertAlert('plain', '{"uuid":"plain"}')
  await expect(insertAlert('refused', DEEP)).rejects.toThrow('malformed JSON')
  await indexAlertsBySekoiaIds(database.db)
  await insertAlert('kept', DEEP)
})
