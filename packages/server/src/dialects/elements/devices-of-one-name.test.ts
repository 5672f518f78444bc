import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FakeElements, startFakeElements } from '../../services/connectors/testing/fake-elements.ts'
import { type ElementsPlace, openElementsPlace, SLOW_START_MS } from './testing/elements-place.ts'

const ONE = '11111111-1111-4111-8111-111111111111'
const TWO = '22222222-2222-4222-8222-222222222222'

const makeDevice = (id: string, name: string, serialNumber = id.slice(0, 4)): Record<string, unknown> => ({
  id,
  name,
  type: 'computer',
  state: 'active',
  online: true,
  protectionStatus: 'protected',
  protectionStatusOverview: 'allOk',
  registrationTimestamp: '2025-10-19T12:00:00.000Z',
  statusUpdateTimestamp: '2026-03-23T12:00:00.000Z',
  serialNumber,
})

let place: ElementsPlace
let platform: FakeElements
beforeEach(async () => {
  place = await openElementsPlace()
  platform = await startFakeElements()
  const { ana, sketchId } = place
  const { url } = platform
  const input = { name: 'edr', platform: 'elements', url, sketchId, clientId: 'client' } as const
  const { connectors } = place.temporary.system.services
  await connectors.add({ ...ana, via: 'local' }, { ...input, secret: 'secret' })
}, SLOW_START_MS)
afterEach(async () => {
  await platform[Symbol.asyncDispose]()
  await place[Symbol.asyncDispose]()
})

// biome-ignore lint/suspicious/noExplicitAny: whatever it is, tests say what they expect.
async function ask(method: string, path: string, body?: object): Promise<{ status: number; json: any }> {
  const answer = await place.ask(path, {
    method,
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
  })
  return { status: answer.status, json: await answer.json() }
}

async function list(query = ''): Promise<readonly unknown[]> {
  const { json } = await ask('GET', `/devices/v1/devices${query}`)
  return (json.items ?? []).map(({ id, name }: { id: string; name: string }) => [id, name])
}

const WAYS: readonly [string, (devices: readonly Record<string, unknown>[]) => Promise<void>][] = [
  ['imported', async (devices) => await place.importItems(devices)],
  [
    'pulled',
    async (devices) => {
      platform.devices.splice(0, Infinity, ...devices)
      await place.temporary.system.services.connectors.pull(place.ana, 'edr')
    },
  ],
]

describe.each(WAYS)('devices that are %s', (_, bring) => {
  test('are as many as there are ids, and each is told what to do by its own', async () => {
    await bring([makeDevice(ONE, 'SAME-NAME'), makeDevice(TWO, 'same-name')])
    expect(await list()).toEqual([
      [ONE, 'SAME-NAME'],
      [TWO, 'same-name'],
    ])
    for (const [id, name] of [
      [ONE, 'SAME-NAME'],
      [TWO, 'same-name'],
    ] as const)
      expect(await list(`?deviceId=${id}`)).toEqual([[id, name]])
    expect(await list('?name=Same-Name')).toHaveLength(2)

    const operation = { operation: 'isolateFromNetwork', targets: [ONE], parameters: { message: 'x' } }
    expect((await ask('POST', '/devices/v1/operations', operation)).json.multistatus).toMatchObject([
      { status: 202 },
    ])
    await place.passTime()
    const { json } = await ask('GET', '/devices/v1/devices')
    expect(json.items.map(({ protectionStatusOverview: told }: Record<string, unknown>) => told)).toEqual([
      'isolated',
      'allOk',
    ])

    expect((await ask('DELETE', `/devices/v1/devices?deviceId=${ONE}`)).json.multistatus).toMatchObject([
      { status: 200 },
    ])
    expect(await list()).toEqual([[TWO, 'same-name']])
  })

  test('stay themselves when they are told again, whatever they are called by then', async () => {
    await bring([makeDevice(ONE, 'SAME-NAME'), makeDevice(TWO, 'same-name')])
    await bring([makeDevice(ONE, 'SAME-NAME', 'one'), makeDevice(TWO, 'same-name', 'two')])
    expect(await list()).toEqual([
      [ONE, 'SAME-NAME'],
      [TWO, 'same-name'],
    ])
    await bring([makeDevice(ONE, 'RENAMED', 'one'), makeDevice(TWO, 'same-name', 'two')])
    expect(await list()).toEqual([
      [ONE, 'RENAMED'],
      [TWO, 'same-name'],
    ])
    expect(await list('?name=renamed')).toEqual([[ONE, 'RENAMED']])
    expect(await list('?name=same-name')).toEqual([[TWO, 'same-name']])
    await bring([makeDevice(ONE, 'same-name', 'one'), makeDevice(TWO, 'RENAMED', 'two')])
    expect(await list()).toEqual([
      [ONE, 'same-name'],
      [TWO, 'RENAMED'],
    ])
  })

  test('may be given a name that another one has, and names from each other', async () => {
    await bring([makeDevice(ONE, 'WS-1'), makeDevice(TWO, 'WS-2')])
    await bring([makeDevice(ONE, 'WS-2'), makeDevice(TWO, 'WS-2')])
    expect(await list()).toEqual([
      [ONE, 'WS-2'],
      [TWO, 'WS-2'],
    ])
    await bring([makeDevice(ONE, 'WS-2'), makeDevice(TWO, 'WS-1')])
    await bring([makeDevice(ONE, 'WS-1', 'later'), makeDevice(TWO, 'WS-2', 'later')])
    expect(await list()).toEqual([
      [ONE, 'WS-1'],
      [TWO, 'WS-2'],
    ])
  })
})

const makeEvent = (n: number, name: string, id?: string): object => ({
  id: `event-${n}`,
  severity: 'warning',
  engine: 'deepGuard',
  action: 'blocked',
  persistenceTimestamp: `2026-03-24T12:00:0${n}.000Z`,
  clientTimestamp: `2026-03-24T12:00:0${n}.000Z`,
  serverTimestamp: `2026-03-24T12:00:0${n}.000Z`,
  target: { name, ...(id === undefined ? {} : { id }) },
  details: {},
})

async function listAlerts(id: string): Promise<readonly unknown[]> {
  const { devices, alerts } = place.temporary.system.services
  const device = await devices.get(place.ana, id)
  const { items } = await alerts.list(place.ana, { deviceId: device.id })
  return items.map(({ details }) => details['id']).toSorted()
}

test('an alert is of the device that its platform’s id says, else of the one of its host that was seen last', async () => {
  await place.importItems([makeDevice(ONE, 'SAME-NAME'), makeDevice(TWO, 'same-name')])
  await place.importItems([makeEvent(1, 'SAME-NAME', ONE), makeEvent(2, 'OLD-NAME', TWO)])
  expect([await listAlerts(ONE), await listAlerts(TWO)]).toEqual([['event-1'], ['event-2']])
  await place.importItems([makeEvent(3, 'Same-Name')])
  expect([await listAlerts(ONE), await listAlerts(TWO)]).toEqual([['event-1'], ['event-2', 'event-3']])
  expect(await list()).toHaveLength(2)
})
