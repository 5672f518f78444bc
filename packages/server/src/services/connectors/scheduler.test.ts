import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLogger } from '../../log.ts'
import { openTemporaryDatabase, type TemporaryDatabase } from '../../testing/temporary-database.ts'
import { NO_COUNTS } from './connector-rows.ts'
import { ConnectorScheduler } from './scheduler.ts'

const NOW = Date.UTC(2026, 0, 1)

let database: TemporaryDatabase
beforeEach(async () => {
  database = await openTemporaryDatabase()
  const { db } = database
  const user = { password_hash: '', name: '', email: '', settings_json: '{}', is_admin: 0 }
  const at = { created_at_ms: NOW, updated_at_ms: NOW }
  for (const [username, isActive] of [
    ['ana', 1],
    ['gone', 0],
  ] as const)
    await db
      .insertInto('users')
      .values({ ...user, ...at, username, is_active: isActive })
      .execute()
  await db
    .insertInto('sketches')
    .values({
      name: 'case',
      description: '',
      owner_id: 1,
      status: 'ready',
      status_changed_at_ms: NOW,
      revision: 0,
      ...at,
    })
    .execute()
})
afterEach(() => database[Symbol.asyncDispose]())

async function addConnector(name: string, nextPullMs: number, userId = 1): Promise<void> {
  await database.db
    .insertInto('connectors')
    .values({
      uid: name,
      name,
      platform: 'sekoia',
      url: 'https://example.org',
      sketch_id: 1,
      timeline_id: null,
      user_id: userId,
      settings_json: '{}',
      sealed_secret: '',
      is_private_allowed: 0,
      cursors_json: '{}',
      state: 'ok',
      problem: '',
      state_since_ms: NOW,
      failures: 0,
      last_pull_ms: null,
      next_pull_ms: nextPullMs,
      counts_json: JSON.stringify(NO_COUNTS),
      removed_at_ms: null,
      account: '',
      created_at_ms: NOW,
    })
    .execute()
}

test('connectors are pulled when their time has come, few at once, in the name of users who are active', async () => {
  for (const name of ['a', 'b', 'c']) await addConnector(name, NOW - 1)
  await addConnector('later', NOW + 1)
  await addConnector('of nobody', NOW - 1, 2)
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const scheduler = new ConnectorScheduler(
    { db: database.db, log: createLogger({ level: 'silent' }), now: () => NOW },
    {
      pullScheduled: ({ username }, { name }) => {
        begun.push(`${username} ${name}`)
        return new Promise((resolve) => ends.set(name, resolve))
      },
    },
  )
  await scheduler.look()
  await scheduler.look()
  expect(begun).toEqual(['ana a', 'ana b'])
  await database.db
    .updateTable('connectors')
    .set({ next_pull_ms: NOW + 9 })
    .where('name', '=', 'a')
    .execute()
  ends.get('a')!()
  await new Promise(setImmediate)
  await scheduler.look()
  expect(begun).toEqual(['ana a', 'ana b', 'ana c'])
  await scheduler.stop()
  ends.get('b')!()
  await new Promise(setImmediate)
  await database.db
    .updateTable('connectors')
    .set({ next_pull_ms: NOW - 9 })
    .execute()
  await scheduler.look()
  expect(begun).toHaveLength(3)
})
