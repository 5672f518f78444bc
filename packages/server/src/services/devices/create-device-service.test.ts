import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSqliteDatabase } from '../../db/sqlite-database.ts'
import { openTemporarySystem } from '../../testing/temporary-system.ts'
import { storeDevices } from './store-devices.ts'

test('devices of events go with the last sketch that knows them', async () => {
  await using place = await openTemporarySystem()
  const { sketches, alerts, devices } = place.system.services
  const ana = await place.addUser('ana')
  const { id: sketchId } = await sketches.create(ana, { name: 'case' })
  await alerts.store(ana, [
    {
      sourceKey: 'one',
      source: 'api',
      sketchId,
      timelineId: 1,
      ruleUuid: 'r1',
      title: 'Rule',
      severity: 70,
      host: 'WS-1',
      spans: new Map([[1, { count: 1, firstUs: 1n, lastUs: 1n }]]),
      evidence: [{ index: 'i', id: '1' }],
      tags: [],
    },
  ])
  expect(await devices.list(ana)).toMatchObject({ total: 1, items: [{ name: 'WS-1' }] })
  const { uid } = (await devices.list(ana)).items[0]!
  await sketches.delete(ana, sketchId)
  expect(await devices.list(ana)).toMatchObject({ total: 0, items: [] })
  await expect(devices.get(ana, uid)).rejects.toMatchObject({ kind: 'not-found' })
})

test('devices are listed organisation by organisation, those of each by name in any case', async () => {
  await using place = await openTemporarySystem()
  const { devices, organisations } = place.system.services
  const [{ id: first } = { id: 0 }] = await organisations.list(place.admin)
  const { db, close } = openSqliteDatabase(join(place.directory, 'metadata.sqlite'))
  const { id: second } = await db
    .insertInto('organisations')
    .values({ uid: 'f'.repeat(32), name: 'A second one', is_default: 0, created_at_ms: 0 })
    .returning('id')
    .executeTakeFirstOrThrow()
  const told = (name: string) => ({ name, source: 'elements' })
  await storeDevices(db, second, ['a-2', 'B-2'].map(told), 0)
  await storeDevices(db, first, ['C-1', 'b-1'].map(told), 0)
  await close()
  const { items } = await devices.list(place.admin)
  expect(items.map(({ name }) => name)).toEqual(['b-1', 'C-1', 'a-2', 'B-2'])
  const page = await devices.listUncounted(place.admin, { offset: 1, limit: 2 })
  expect(page.map(({ name }) => name)).toEqual(['C-1', 'a-2'])
})

test('a device that is seen again is updated then, and keeps what is known of it where nothing is told', async () => {
  await using place = await openTemporarySystem()
  const { organisations } = place.system.services
  const [{ id: organisation } = { id: 0 }] = await organisations.list(place.admin)
  const { db, close } = openSqliteDatabase(join(place.directory, 'metadata.sqlite'))
  const details = { online: true }
  await storeDevices(db, organisation, [{ name: 'WS-1', source: 'elements', details }], 1000)
  await storeDevices(db, organisation, [{ name: 'ws-1' }, { name: 'ws-2' }], 2000)
  const rows = await db
    .selectFrom('devices')
    .select(['name', 'source', 'details_json', 'created_at_ms', 'updated_at_ms'])
    .orderBy('name')
    .execute()
  await close()
  expect(rows).toMatchObject([
    {
      name: 'WS-1',
      source: 'elements',
      details_json: '{"online":true}',
      created_at_ms: 1000,
      updated_at_ms: 2000,
    },
    { name: 'ws-2', source: 'events', details_json: '{}', created_at_ms: 2000, updated_at_ms: 2000 },
  ])
})
