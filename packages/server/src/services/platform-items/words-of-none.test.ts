import { join } from 'node:path'
import { getPlatformKind, makePlatformItem } from '@timeskein/ingest/platforms'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Principal } from '../../auth/principal.ts'
import { type MetadataDatabase, openSqliteDatabase } from '../../db/sqlite-database.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import type { EntryPlace } from './platform-entry.ts'
import { storePlatformAlerts } from './store-platform-alerts.ts'
import { storePlatformDevices } from './store-platform-devices.ts'

let place: TemporarySystem
let database: MetadataDatabase
let ana: Principal
let bob: Principal
let gone: EntryPlace
let kept: EntryPlace
beforeEach(async () => {
  place = await openTemporarySystem()
  database = openSqliteDatabase(join(place.directory, 'metadata.sqlite'))
  ana = await place.addUser('ana')
  bob = await place.addUser('bob')
  const [{ id: organisationId } = { id: 0 }] = await place.system.services.organisations.list(place.admin)
  const make = async (owner: Principal, name: string): Promise<EntryPlace> => {
    const { id: sketchId } = await place.system.services.sketches.create(owner, { name })
    return { sketchId, timelineId: 1, organisationId, nowMs: Date.parse('2024-05-07T00:00:00Z') }
  }
  gone = await make(ana, 'gone')
  kept = await make(bob, 'kept')
})
afterEach(async () => {
  await database.close()
  await place[Symbol.asyncDispose]()
})

async function tellDevice(where: EntryPlace, name: string, hour: number, status: string): Promise<void> {
  const statusUpdateTimestamp = `2024-05-06T0${hour}:00:00Z`
  const record = { id: 'd1', name, type: 'computer', protectionStatus: status, statusUpdateTimestamp }
  await storePlatformDevices(
    database.db,
    [makePlatformItem(getPlatformKind('elements-device'), record)!],
    where,
  )
}

const WAYS = [
  ['deleted', async () => await place.system.services.sketches.delete(ana, gone.sketchId)],
  [
    'removed for good',
    async () => await place.system.services.sketches.delete(place.admin, gone.sketchId, { force: true }),
  ],
] as const

test.each(WAYS)(
  'a device of a sketch that was %s has the record that is told since, of any time',
  async (_, remove) => {
    await tellDevice(gone, 'ws-1', 5, 'protected')
    await remove()
    // An earlier one must not show what nobody may see.
    await tellDevice(kept, 'ws-2', 3, 'atRisk')
    const { items } = await place.system.services.devices.list(bob, { sketchId: kept.sketchId })
    expect(items).toMatchObject([{ name: 'ws-2', details: { elements: { protectionStatus: 'atRisk' } } }])
    await tellDevice(kept, 'ws-3', 4, 'isolated')
    await tellDevice(kept, 'ws-4', 2, 'protected')
    const { items: since } = await place.system.services.devices.list(bob, { sketchId: kept.sketchId })
    expect(since).toMatchObject([{ name: 'ws-3', details: { elements: { protectionStatus: 'isolated' } } }])
  },
)

test.each(WAYS)(
  'an id that a sketch told which was %s stands for no other host of an alert',
  async (_, remove) => {
    await tellDevice(gone, 'ws-1', 5, 'protected')
    await remove()
    const alert = {
      ...{ id: 'e1', engine: 'realtimeScanning', severity: 'warning', device: { id: 'd1', name: 'ws-9' } },
      persistenceTimestamp: '2024-05-06T11:41:40.000Z',
    }
    const kind = getPlatformKind('elements-security-event')
    await storePlatformAlerts(database.db, [makePlatformItem(kind, alert)!], kept)
    const { items } = await place.system.services.devices.list(bob, { sketchId: kept.sketchId })
    expect(items).toMatchObject([{ name: 'ws-9' }])
  },
)
