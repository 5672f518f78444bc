import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ElementsPlace, openElementsPlace, SLOW_START_MS } from '../testing/elements-place.ts'

const DEVICE_ID = 'e297cbf5-ba53-4e66-909c-6d87527c4e98'
const PATH = '/devices/v1/operations'

let place: ElementsPlace

beforeAll(async () => {
  place = await openElementsPlace()
  await place.importItems([
    {
      id: DEVICE_ID,
      name: 'EC2',
      type: 'computer',
      protectionStatusOverview: 'warning',
      registrationTimestamp: '2023-05-17T06:42:03.062Z',
    },
  ])
}, SLOW_START_MS)
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

interface Answer {
  readonly id?: string
  readonly items?: readonly Record<string, unknown>[]
  readonly multistatus?: readonly Record<string, unknown>[]
}

async function send(path: string, body: object): Promise<readonly [number, Answer]> {
  const answer = await place.ask(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
  return [answer.status, (await answer.json()) as Answer]
}

async function read(path: string): Promise<readonly Record<string, unknown>[]> {
  return ((await (await place.ask(path)).json()) as Answer).items ?? []
}

async function readOverview(): Promise<unknown> {
  return (await read(`/devices/v1/devices?deviceId=${DEVICE_ID}`))[0]?.['protectionStatusOverview']
}

test('a device is isolated and released, step by step', async () => {
  const [status, { multistatus }] = await send(PATH, {
    operation: 'isolateFromNetwork',
    targets: [DEVICE_ID, 'nothing'],
    parameters: { message: 'Your device is isolated' },
    organizationId: null,
  })
  expect([status, multistatus]).toEqual([
    207,
    [
      { target: DEVICE_ID, status: 202, operationId: expect.stringMatching(/^\d{19}$/) as string },
      { target: 'nothing', status: 404, details: 'Device not found' },
    ],
  ])
  const states = []
  for (const ms of [0, 1000, 1000]) {
    await place.passTime(ms)
    const [operation] = await read(`${PATH}?deviceId=${DEVICE_ID}`)
    states.push([operation!['status'], await readOverview()])
  }
  expect(states).toEqual([
    ['pending', 'warning'],
    ['ongoing', 'warning'],
    ['finished', 'isolated'],
  ])
  expect(await read('/devices/v1/devices?protectionStatusOverview=isolated')).toHaveLength(1)
  await send(PATH, { operation: 'releaseFromNetworkIsolation', targets: [DEVICE_ID] })
  await place.passTime(5000)
  expect(await readOverview()).toBe('warning')
  expect((await read(`${PATH}?deviceId=${DEVICE_ID}`)).map(({ operationName }) => operationName)).toEqual([
    'releaseFromNetworkIsolation',
    'isolateFromNetwork',
  ])
})

test.each([
  [{ operation: 'explode', targets: [DEVICE_ID] }, /one of isolateFromNetwork.*found \\"explode/],
  [{ operation: 'showMessage', targets: [DEVICE_ID] }, /parameters of showMessage/],
  [{ operation: 'turnOnFeature', targets: [DEVICE_ID], parameters: { feature: 'x' } }, /feature/],
  [{ operation: 'installSoftwareUpdates', targets: [DEVICE_ID] }, /either bulletinIds or severity/],
  [{ operation: 'scanForMalware', targets: Array(6).fill(DEVICE_ID) }, /targets/],
  [{ targets: [DEVICE_ID] }, /operation/],
])('%j is refused as a whole', async (body, reason) => {
  const [status, answer] = await send(PATH, body)
  expect([status, JSON.stringify(answer)]).toEqual([400, expect.stringMatching(reason)])
})

test('a profile is assigned by its number', async () => {
  const { policies } = place.temporary.system.services
  const { id } = await policies.create(place.ana, { name: 'Strict' })
  expect(
    (
      await send(PATH, { operation: 'assignProfile', targets: [DEVICE_ID], parameters: { profileId: 999 } })
    )[0],
  ).toBe(404)
  await send(PATH, { operation: 'assignProfile', targets: [DEVICE_ID], parameters: { profileId: id } })
  await place.passTime(5000)
  expect((await read('/devices/v1/devices'))[0]).toMatchObject({ profileName: 'Strict' })
})

test('nobody isolates a device of a sketch that they may only read', async () => {
  const { access } = place.temporary.system.services
  const bob = await place.temporary.addUser('bob')
  await access.changeSketchGrants(place.ana, place.sketchId, { grantUsers: ['bob'], permissions: ['read'] })
  const answer = await place.ask(PATH, {
    token: await place.makeToken(bob),
    method: 'POST',
    body: JSON.stringify({ operation: 'isolateFromNetwork', targets: [DEVICE_ID] }),
  })
  expect(await answer.json()).toMatchObject({ multistatus: [{ status: 403 }] })
})

test('response actions have an id, tasks and an end', async () => {
  const [status, { id }] = await send('/response-actions/v1/response-actions', {
    type: 'killProcess',
    organizationId: 'x',
    targets: [DEVICE_ID],
    parameters: { match: 'processName', processMatchValues: ['evil.exe'] },
    comment: 'Stop it',
  })
  expect([status, id]).toEqual([201, expect.stringMatching(/^[0-9a-f-]{36}$/)])
  const [second] = await send('/response-actions/v1/execute/netstat', { targets: [DEVICE_ID] })
  expect(second).toBe(201)
  const whoami = (await (await place.ask('/whoami/v1/whoami')).json()) as { organizationId: string }
  const list = `/response-actions/v1/responses?organizationId=${whoami.organizationId}`
  expect(await read(list)).toMatchObject([
    { type: 'netstat', state: 'created' },
    { id, type: 'killProcess', state: 'created', author: 'ana', comment: 'Stop it' },
  ])
  await place.passTime(5000)
  expect(await read(`${list}&state=finished&result=succeeded&type=killProcess`)).toMatchObject([
    { id, state: 'finished', result: 'succeeded' },
  ])
  expect(await read(`${list}&result=failed`)).toEqual([])
  expect(await read(`/response-actions/v1/responses/tasks?actionId=${id}`)).toMatchObject([
    { actionId: id, deviceId: DEVICE_ID, state: 'finished', result: 'succeeded' },
  ])
  expect((await place.ask('/response-actions/v1/responses')).status).toBe(400)
  expect((await send('/response-actions/v1/execute/netstat', { targets: ['nothing'] }))[0]).toBe(404)
  expect((await send('/response-actions/v1/execute/x..y', { targets: [DEVICE_ID] }))[0]).toBe(400)
})
