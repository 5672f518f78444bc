import { join } from 'node:path'
import { getPlatformKind, makePlatformItem } from '@timeskein/ingest/platforms'
import { expect, test } from 'vitest'
import { openSqliteDatabase } from '../../db/sqlite-database.ts'
import { openTemporarySystem } from '../../testing/temporary-system.ts'
import { storePlatformDevices } from './store-platform-devices.ts'

const makeDevice = (id: string, name: string, more: object = {}) =>
  makePlatformItem(getPlatformKind('elements-device'), { id, name, type: 'computer', ...more })!

test('devices that were one because of their name are apart as soon as they are told again', async () => {
  await using place = await openTemporarySystem()
  const { sketches, organisations } = place.system.services
  const [{ id: organisationId } = { id: 0 }] = await organisations.list(place.admin)
  const { id: sketchId } = await sketches.create(place.admin, { name: 'case' })
  const { db, close } = openSqliteDatabase(join(place.directory, 'metadata.sqlite'))
  const target = { sketchId, timelineId: 1, organisationId, nowMs: 1000 }
  await storePlatformDevices(db, [makeDevice('two', 'same-name')], target)
  const { id } = await db.selectFrom('devices').select('id').executeTakeFirstOrThrow()
  const name = { platform: 'elements', organisation_id: organisationId, sketch_id: sketchId }
  await db
    .insertInto('device_names')
    .values({ ...name, external_id: 'one', device_id: id })
    .execute()

  const again = [makeDevice('one', 'SAME-NAME', { v: 2 }), makeDevice('two', 'same-name', { v: 2 })]
  expect(await storePlatformDevices(db, again, target)).toEqual({ created: 1, updated: 1, unchanged: 0 })
  const rows = await db
    .selectFrom('device_names')
    .innerJoin('devices', 'devices.id', 'device_id')
    .select(['external_id', 'devices.id', 'name'])
    .orderBy('external_id')
    .execute()
  await close()
  expect(rows).toMatchObject([
    { external_id: 'one', name: 'SAME-NAME' },
    { external_id: 'two', name: 'same-name', id },
  ])
  expect(rows[0]!.id).not.toBe(id)
})

test('in one batch the last word on an id counts, and no name is lost to another', async () => {
  await using place = await openTemporarySystem()
  const { sketches, organisations } = place.system.services
  const [{ id: organisationId } = { id: 0 }] = await organisations.list(place.admin)
  const { id: sketchId } = await sketches.create(place.admin, { name: 'case' })
  const { db, close } = openSqliteDatabase(join(place.directory, 'metadata.sqlite'))
  const target = { sketchId, timelineId: 1, organisationId, nowMs: 1000 }
  const told = [
    makeDevice('a', 'X'),
    makeDevice('b', 'x'),
    makeDevice('a', 'Y'),
    makeDevice('c', 'x\u001felements b'),
  ]
  expect(await storePlatformDevices(db, told, target)).toMatchObject({ created: 3 })
  const swapped = [makeDevice('a', 'x'), makeDevice('b', 'Y')]
  expect(await storePlatformDevices(db, swapped, target)).toMatchObject({ updated: 2 })
  const rows = await db
    .selectFrom('device_names')
    .innerJoin('devices', 'devices.id', 'device_id')
    .select(['external_id', 'name'])
    .orderBy('external_id')
    .execute()
  await close()
  expect(rows.map(({ external_id, name }) => [external_id, name])).toEqual([
    ['a', 'x'],
    ['b', 'Y'],
    ['c', 'x\u001felements b'],
  ])
})

test.each([
  ['two people', 'is renamed by neither alone', 'bob', 'n'],
  ['one person', 'has the name that was told last', 'admin', 'm'],
])('a device that two sketches of %s tell of %s', async (_, __, owner, name) => {
  await using place = await openTemporarySystem()
  const { sketches, organisations } = place.system.services
  const [{ id: organisationId } = { id: 0 }] = await organisations.list(place.admin)
  const [one, other] = [
    await sketches.create(place.admin, { name: 'one' }),
    await sketches.create(owner === 'admin' ? place.admin : await place.addUser(owner), { name: 'other' }),
  ]
  const { db, close } = openSqliteDatabase(join(place.directory, 'metadata.sqlite'))
  const target = { timelineId: 1, organisationId, nowMs: 1000 }
  const makeAgent = (id: string, hostname: string) =>
    makePlatformItem(getPlatformKind('threatstack-agent'), { id, hostname, name: hostname })!
  await storePlatformDevices(db, [makeDevice('1', 'n')], { ...target, sketchId: one.id })
  await storePlatformDevices(db, [makeAgent('2', 'n')], { ...target, sketchId: other.id })
  await storePlatformDevices(db, [makeAgent('2', 'm')], { ...target, sketchId: other.id })
  const rows = await db.selectFrom('devices').select('name').execute()
  await close()
  expect(rows).toEqual([{ name }])
})

test('what a platform told of a device earlier, read later, changes nothing of it', async () => {
  await using place = await openTemporarySystem()
  const { sketches, organisations } = place.system.services
  const [{ id: organisationId } = { id: 0 }] = await organisations.list(place.admin)
  const [one, other] = [
    await sketches.create(place.admin, { name: 'one' }),
    await sketches.create(place.admin, { name: 'other' }),
  ]
  const { db, close } = openSqliteDatabase(join(place.directory, 'metadata.sqlite'))
  const target = { timelineId: 1, organisationId, nowMs: Date.parse('2024-05-07T00:00:00Z') }
  const told = (name: string, hour: number) =>
    makeDevice('1', name, { statusUpdateTimestamp: `2024-05-06T0${hour}:00:00Z` })
  const read = async () => {
    const { name, details_json } = await db
      .selectFrom('devices')
      .select(['name', 'details_json'])
      .executeTakeFirstOrThrow()
    return [name, JSON.parse(details_json).elements.statusUpdateTimestamp]
  }
  await storePlatformDevices(db, [told('new', 5)], { ...target, sketchId: one.id })
  const older = await storePlatformDevices(db, [told('old', 3)], { ...target, sketchId: other.id })
  expect(older).toEqual({ created: 0, updated: 0, unchanged: 1 })
  expect(await read()).toEqual(['new', '2024-05-06T05:00:00Z'])
  // The last word counts, wherever in a batch it stands.
  await storePlatformDevices(db, [told('newer', 7), told('between', 6)], { ...target, sketchId: other.id })
  expect(await read()).toEqual(['newer', '2024-05-06T07:00:00Z'])
  const owners = await db.selectFrom('device_names').select('sketch_id').execute()
  await close()
  expect(owners).toEqual([{ sketch_id: one.id }])
})
