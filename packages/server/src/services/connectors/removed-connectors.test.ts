import { afterEach, beforeEach, expect, test } from 'vitest'
import { makePrincipal } from '../../auth/make-principal.ts'
import { ALL_SCOPES } from '../../auth/principal.ts'
import { openTemporaryDatabase, type TemporaryDatabase } from '../../testing/temporary-database.ts'
import type { ServiceContext } from '../service-context.ts'
import { NO_COUNTS } from './connector-rows.ts'
import { createConnectorService } from './create-connector-service.ts'
import { takePlace } from './removed-connectors.ts'

const ROW = {
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
  removed_at_ms: null,
  account: 'org',
}

let database: TemporaryDatabase
beforeEach(async () => {
  database = await openTemporaryDatabase()
  const { db } = database
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
})
afterEach(() => database[Symbol.asyncDispose]())

test('the place of a removed connector is taken by one', async () => {
  const { db } = database
  await db
    .insertInto('connectors')
    .values({ ...ROW, removed_at_ms: 1 })
    .execute()
  const take = (name: string): Promise<boolean> => takePlace(db, ROW, { ...ROW, uid: name, name })
  expect([await take('one'), await take('other')]).toEqual([true, false])
  const rows = await db.selectFrom('connectors').select(['uid', 'name']).execute()
  expect(rows).toEqual([{ uid: 'first', name: 'one' }])
})

test('a connector that took the place of another while the removal of that one waited for its turn stays', async () => {
  const { db } = database
  await db.insertInto('connectors').values(ROW).execute()
  const allow = async (): Promise<void> => {}
  const context = {
    db,
    access: { requireSketch: allow, requireOpenSketch: allow },
    audit: { record: allow },
    now: () => 3,
    turns: {
      // Others come first: one removes it, and one adds another to the same account.
      async take(_: string, work: () => Promise<unknown>) {
        await db.updateTable('connectors').set({ name: 'removed first', removed_at_ms: 2 }).execute()
        await takePlace(db, ROW, { ...ROW, created_at_ms: 2 })
        return await work()
      },
    },
  } as unknown as ServiceContext
  const user = { id: 1, username: 'ana', is_admin: 0 }
  const ana = makePrincipal(user, { via: 'local', scopes: ALL_SCOPES, address: 'local' })
  const { service } = createConnectorService(context)
  await expect(service.remove(ana, 'edr')).rejects.toMatchObject({ code: 'connector-not-found' })
  const rows = await db.selectFrom('connectors').select(['name', 'removed_at_ms']).execute()
  expect(rows).toEqual([{ name: 'edr', removed_at_ms: null }])
})
