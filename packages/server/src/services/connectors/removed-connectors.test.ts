import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { migrate } from '../../db/migrate.ts'
import { openSqliteDatabase } from '../../db/sqlite-database.ts'
import { makeTemporaryDirectory } from '../../testing/temporary-system.ts'
import { NO_COUNTS } from './connector-rows.ts'
import { takePlace } from './removed-connectors.ts'

test('the place of a removed connector is taken by one', async () => {
  const directory = await makeTemporaryDirectory()
  const database = openSqliteDatabase(join(directory, 'metadata.sqlite'))
  try {
    const { db } = database
    await migrate(database, directory, 1)
    const user = { username: 'ana', password_hash: '', name: '', email: '', settings_json: '{}' }
    const at = { created_at_ms: 1, updated_at_ms: 1 }
    await db
      .insertInto('users')
      .values({ ...user, ...at, is_admin: 0, is_active: 1 })
      .execute()
    const sketch = { name: 'case', description: '', owner_id: 1, status: 'ready', revision: 0 }
    await db
      .insertInto('sketches')
      .values({ ...sketch, ...at, status_changed_at_ms: 1 })
      .execute()
    const row = {
      uid: 'first',
      name: 'edr',
      platform: 'sekoia',
      url: 'https://example.org',
      sketch_id: 1,
      timeline_id: null,
      user_id: 1,
      settings_json: '{}',
      sealed_secret: 'sealed',
      is_private_allowed: 0,
      cursors_json: '{}',
      state: 'ok',
      problem: '',
      state_since_ms: 1,
      failures: 0,
      last_pull_ms: null,
      next_pull_ms: 1,
      counts_json: JSON.stringify(NO_COUNTS),
      created_at_ms: 1,
      removed_at_ms: 1,
      account: 'org',
    }
    await db.insertInto('connectors').values(row).execute()
    const take = (name: string): Promise<boolean> =>
      takePlace(db, row, { ...row, uid: name, name, removed_at_ms: null })
    expect([await take('one'), await take('other')]).toEqual([true, false])
    const rows = await db.selectFrom('connectors').select(['uid', 'name']).execute()
    expect(rows).toEqual([{ uid: 'first', name: 'one' }])
  } finally {
    await database.close()
    await rm(directory, { recursive: true, force: true })
  }
})
