import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Principal } from '../../auth/principal.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'

let place: TemporarySystem
let folder: string
let ana: Principal
let bob: Principal
let own: number
beforeAll(async () => {
  place = await openTemporarySystem()
  folder = await mkdtemp(join(tmpdir(), 'skein-records-'))
  ana = await place.addUser('ana')
  bob = await place.addUser('bob')
  own = await importItems(ana, 'own', [
    device('d1', 'WS-1', { protectionStatusOverview: 'critical', online: true }),
    device('d2', 'WS-2', { protectionStatusOverview: 'warning' }),
  ])
  // Whoever knows the name of a host has events of one, and its device with them.
  await importItems(bob, 'other', [
    detection('t1', 'WS-1'),
    device('d3', 'WS-3', { protectionStatusOverview: 'critical', online: true }),
  ])
})
afterAll(async () => {
  await place[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const time = '2024-05-06T11:41:46.716Z'
const device = (id: string, name: string, more: object): object => ({
  id,
  name,
  type: 'computer',
  protectionStatus: 'protected',
  registrationTimestamp: time,
  statusUpdateTimestamp: time,
  ...more,
})
const detection = (id: string, host: string): object => ({
  id,
  severity: 'warning',
  engine: 'deepGuard',
  action: 'blocked',
  persistenceTimestamp: time,
  clientTimestamp: time,
  serverTimestamp: time,
  device: { id: 'unknown', name: host },
  details: { filePath: 'x' },
})

async function importItems(principal: Principal, name: string, items: readonly object[]): Promise<number> {
  const { sketches, imports } = place.system.services
  const { id: sketchId } = await sketches.create(principal, { name })
  const path = join(folder, `${name}.jsonl`)
  await writeFile(path, items.map((item) => JSON.stringify(item)).join('\n'))
  const { ended } = await imports.start(principal, { sketchId, timeline: { name }, inputs: [{ path }] })
  expect(await ended).toMatchObject({ status: 'done' })
  return sketchId
}

async function listNames(principal: Principal, filter: object): Promise<string[]> {
  const { items } = await place.system.services.devices.list(principal, filter)
  return items.map(({ name }) => name)
}

const isCritical = (ifMissing?: string): object => ({
  facts: {
    platform: 'elements',
    all: [
      {
        path: 'protectionStatusOverview',
        oneOf: ['critical'],
        ...(ifMissing === undefined ? {} : { ifMissing }),
      },
    ],
  },
})

test('a platform’s record of a device is shown to those who may read the sketch that brought it', async () => {
  const { devices } = place.system.services
  const [shown] = (await devices.list(ana, { name: 'WS-1' })).items
  expect(shown!.details).toMatchObject({ elements: { id: 'd1', protectionStatusOverview: 'critical' } })
  const [masked] = (await devices.list(bob, { name: 'WS-1' })).items
  expect(masked).toMatchObject({ name: 'WS-1', details: {} })
  await expect(devices.get(bob, 'd1')).rejects.toMatchObject({ kind: 'not-found' })
  expect((await devices.get(ana, 'd1')).name).toBe('WS-1')
  expect(await listNames(bob, {})).toEqual(['WS-1', 'WS-3'])
})

test('nobody finds out a record by asking for what it says', async () => {
  const { devices } = place.system.services
  expect(await listNames(ana, isCritical())).toEqual(['WS-1'])
  expect(await listNames(bob, isCritical())).toEqual(['WS-3'])
  expect(await listNames(bob, isCritical('critical'))).toEqual(['WS-1', 'WS-3'])
  expect(await listNames(ana, { isOnline: true })).toEqual(['WS-1'])
  expect(await listNames(bob, { isOnline: true })).toEqual(['WS-3'])
  expect(await listNames(bob, { isOnline: false })).toEqual(['WS-1'])
  expect(await listNames(bob, { seen: { fromUs: BigInt(Date.parse('2024-06-01')) * 1000n } })).toEqual([
    'WS-3',
  ])
  const fact = { platform: 'elements', path: 'protectionStatusOverview', ifMissing: 'allOk' }
  expect(await devices.countBy(bob, {}, fact)).toEqual([
    { value: 'allOk', count: 1 },
    { value: 'critical', count: 1 },
  ])
  expect(await devices.countBy(ana, { sketchId: own }, fact)).toEqual([
    { value: 'critical', count: 1 },
    { value: 'warning', count: 1 },
  ])
})

test('what somebody says of a device as an asset leaves the record that they do not see', async () => {
  const { assets, devices } = place.system.services
  const [{ uid } = { uid: '' }] = (await devices.list(bob, { name: 'WS-1' })).items
  const told = await assets.update(bob, uid, { description: 'of bob' })
  expect(told.details['elements']).toBe(undefined)
  expect((await devices.get(ana, 'd1')).details).toMatchObject({
    elements: { id: 'd1' },
    sekoia: { description: 'of bob' },
  })
})
