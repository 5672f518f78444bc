import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Principal } from '../../auth/principal.ts'
import { type ElementsPlace, openElementsPlace, SLOW_START_MS } from './testing/elements-place.ts'

const ID = 'd5dd6d22-dc1d-41f4-833d-1cca84c9c68a'
const NOW = Date.now()

/** A security event of a device, as many minutes ago. */
function makeEvent(n: number, minutes: number, name: string, id = ID): object {
  const at = new Date(NOW - minutes * 60_000).toISOString()
  return {
    id: `0c4b2fe9-c1d7-36d5-bec0-ad6ffb896669_${n}`,
    severity: 'warning',
    engine: 'deepGuard',
    action: 'blocked',
    acknowledged: false,
    serverTimestamp: at,
    persistenceTimestamp: at,
    clientTimestamp: at,
    target: { id, name },
    device: { id, name },
    organization: { id: '4de503e1-2c58-45c3-89a6-ef3f4a03592b', name: 'ws-company' },
    details: { alertType: 'deep_guard.admin.block' },
  }
}

let place: ElementsPlace
beforeAll(async () => {
  place = await openElementsPlace()
  await place.importItems([makeEvent(1, 30, 'WS-1'), makeEvent(2, 20, 'WS-2', 'another-id')])
}, SLOW_START_MS)
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

interface Told {
  readonly status: number
  readonly items?: readonly Readonly<Record<string, unknown>>[]
  readonly multistatus?: readonly { readonly status: number }[]
}

async function call(method: string, path: string, body?: object, token?: string): Promise<Told> {
  const answer = await place.ask(path, {
    method,
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    ...(token === undefined ? {} : { token }),
  })
  return { status: answer.status, ...((await answer.json()) as object) }
}

async function listNames(id: string, token?: string): Promise<readonly unknown[] | undefined> {
  const { items } = await call('GET', `/devices/v1/devices?deviceId=${id}`, undefined, token)
  return items?.map(({ name }) => name)
}

async function act(token?: string): Promise<readonly (number | undefined)[]> {
  const targets = [ID]
  const isolation = { operation: 'isolateFromNetwork', targets, parameters: { message: 'isolated' } }
  const answers = [
    await call('POST', '/devices/v1/operations', isolation, token),
    await call('PATCH', '/devices/v1/devices', { targets, importance: 'critical' }, token),
  ]
  return answers.map(({ multistatus }) => multistatus?.[0]?.status)
}

test('a device that only events name is found, changed and told what to do by the id that they show', async () => {
  const start = new Date(NOW - 86_400_000).toISOString()
  const { items } = await call(
    'GET',
    `/security-events/v1/security-events?engineGroup=epp&persistenceTimestampStart=${start}&order=asc`,
  )
  expect(items).toMatchObject([{ device: { id: ID } }, { device: { id: 'another-id' } }])
  expect(await listNames(ID)).toEqual(['WS-1'])
  const named = await call('GET', `/devices/v1/devices?deviceId=${ID},another-id`)
  expect(named.items?.map(({ id, name }) => [id, name])).toEqual([
    [ID, 'WS-1'],
    ['another-id', 'WS-2'],
  ])
  expect(await act()).toEqual([202, 200])
  expect((await call('GET', `/devices/v1/operations?deviceId=${ID}`)).items).toMatchObject([
    { operationName: 'isolateFromNetwork' },
  ])
  const { devices } = place.temporary.system.services
  expect(await devices.get(place.ana, ID)).toMatchObject({
    name: 'WS-1',
    decided: { importance: 'critical' },
  })
})

test('it is found by those who may see the events, and changed by those who may write where they are', async () => {
  const may = async (name: string, permissions: readonly ('read' | 'write')[]): Promise<Principal> => {
    const principal = await place.temporary.addUser(name)
    const { access } = place.temporary.system.services
    if (permissions.length > 0)
      await access.changeSketchGrants(place.ana, place.sketchId, { grantUsers: [name], permissions })
    return principal
  }
  const bob = await place.makeToken(await may('bob', []))
  expect(await listNames(ID, bob)).toBeUndefined()
  expect(await act(bob)).toEqual([404, 404])
  const carl = await place.makeToken(await may('carl', ['read']))
  expect(await listNames(ID, carl)).toEqual(['WS-1'])
  expect(await act(carl)).toEqual([403, 403])
  const dora = await place.makeToken(await may('dora', ['read', 'write']))
  expect(await act(dora)).toEqual([202, 200])
})

test('events that name another device by its own id do not stand for it', async () => {
  const { devices } = place.temporary.system.services
  const { uid } = await devices.get(place.ana, ID)
  await place.importItems([makeEvent(3, 10, 'WS-2', uid)])
  expect(await devices.get(place.ana, uid)).toMatchObject({ name: 'WS-1' })
  expect(await listNames(uid)).toEqual(['WS-1'])
})

test('one that is called otherwise since is the host of the latest event, and that of the list where that comes', async () => {
  await place.importItems([makeEvent(4, 5, 'WS-3')])
  expect(await listNames(ID)).toEqual(['WS-3'])
  await place.importItems([
    {
      id: ID,
      name: 'WS-4',
      type: 'computer',
      protectionStatus: 'protected',
      registrationTimestamp: new Date(NOW).toISOString(),
    },
  ])
  expect(await listNames(ID)).toEqual(['WS-4'])
  const { multistatus } = await call('DELETE', `/devices/v1/devices?deviceId=${ID}`)
  expect(multistatus).toMatchObject([{ status: 200 }])
})
