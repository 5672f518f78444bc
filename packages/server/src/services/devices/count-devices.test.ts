import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Principal } from '../../auth/principal.ts'
import { openSqliteDatabase } from '../../db/sqlite-database.ts'
import { openTemporarySystem } from '../../testing/temporary-system.ts'
import type { SeenDevice } from './device-service.ts'
import { storeDevices } from './store-devices.ts'

test('as many devices are counted as are listed, for each who asks', async () => {
  await using place = await openTemporarySystem()
  const { devices, organisations, sketches } = place.system.services
  const [ana, bob] = [await place.addUser('ana'), await place.addUser('bob')]
  const [one, two] = [
    (await sketches.create(ana, { name: 'one' })).id,
    (await sketches.create(ana, { name: 'two' })).id,
  ]
  const own = (await sketches.create(bob, { name: 'own' })).id
  const [{ id: organisation } = { id: 0 }] = await organisations.list(place.admin)
  const { db, close } = openSqliteDatabase(join(place.directory, 'metadata.sqlite'))
  const store = async (...seen: SeenDevice[]): Promise<void> =>
    void (await storeDevices(db, organisation, seen, 1000))
  const seen = (name: string, sketchId: number, source = 'events'): SeenDevice => ({
    name,
    sketchId,
    source,
    firstUs: 1n,
    lastUs: 2n,
  })
  const count = async (principal: Principal): Promise<number> => {
    const total = await devices.count(principal)
    expect(total).toBe((await devices.readPage(principal, {}, { limit: 100 })).items.length)
    expect(total).toBe((await devices.list(principal, { limit: 1 })).total)
    return total
  }

  expect([await count(ana), await count(bob)]).toEqual([0, 0])
  await store(seen('in one', one), seen('in both', one), seen('in both', two), seen('of bob', own))
  expect([await count(ana), await count(bob)]).toEqual([2, 1])
  await store({ name: 'pulled', source: 'elements' }, seen('pulled and seen', two, 'elements'))
  expect([await count(ana), await count(bob)]).toEqual([4, 3])
  const removed = async (name: string): Promise<void> => {
    const { items } = await devices.list(ana, { name })
    await db.updateTable('devices').set({ removed_at_ms: 2000 }).where('uid', '=', items[0]!.uid).execute()
  }
  await removed('in both')
  await removed('pulled')
  expect([await count(ana), await count(bob)]).toEqual([2, 2])
  await removed('pulled and seen')
  expect([await count(ana), await count(bob)]).toEqual([1, 1])
  await close()
})
