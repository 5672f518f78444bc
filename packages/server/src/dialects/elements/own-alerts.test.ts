import { afterAll, beforeAll, expect, test } from 'vitest'
import { findReplyProblem, type OpenApiDocument } from '../platform/testing/check-reply.ts'
import { type ElementsPlace, openElementsPlace, SLOW_START_MS } from './testing/elements-place.ts'

const NOW = Date.now()
const HOUR_US = 3_600_000_000n

let place: ElementsPlace
let document: OpenApiDocument

beforeAll(async () => {
  place = await openElementsPlace()
  const { alerts } = place.temporary.system.services
  const lastUs = BigInt(NOW) * 1000n - HOUR_US
  await alerts.store(
    place.ana,
    ['Odd logon', 'Odd process'].map((title, number) => ({
      sourceKey: `test ${number}`,
      source: 'api',
      sketchId: place.sketchId,
      title,
      severity: 75,
      host: 'WS-9',
      account: 'CORP\\eve',
      tags: ['attack.t1059'],
      group: { user: 'eve' },
      spans: new Map([[0, { count: 3, firstUs: lastUs, lastUs }]]),
    })),
  )
  document = (await (await place.ask('/openapi.json')).json()) as OpenApiDocument
}, SLOW_START_MS)
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

async function read(path: string, init: RequestInit = {}): Promise<readonly Record<string, unknown>[]> {
  const answer = await place.ask(path, init)
  const method = init.method ?? 'GET'
  expect(await findReplyProblem(document, method, `/elements${path.split('?')[0]}`, answer)).toBeUndefined()
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { items: Record<string, unknown>[] }).items
}

function countEvents(by: string): Promise<readonly Record<string, unknown>[]> {
  return readEvents({ count: by }, { accept: 'application/vnd.withsecure.aggr+json' })
}

async function readEvents(
  values: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<readonly Record<string, unknown>[]> {
  const start = new Date(NOW - 86_400_000).toISOString()
  return await read('/security-events/v1/security-events', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ engineGroup: 'edr', persistenceTimestampStart: start, ...values }),
  })
}

test('alerts of other sources are events of the engine edr, with device, incident and texts', async () => {
  const [event, ...more] = await readEvents({ order: 'asc' })
  expect(more).toHaveLength(1)
  expect(event).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}_\d+$/) as string,
    engine: 'edr',
    action: 'created',
    severity: 'critical',
    acknowledged: false,
    message: 'Odd logon',
    userName: 'CORP\\eve',
    device: { name: 'ws-9' },
    details: { ruleName: 'Odd logon', risk: 'HIGH', count: '3', categories: 'attack.t1059' },
  })
  const [incident] = await read('/incidents/v1/incidents')
  expect((event!['details'] as Record<string, string>)['incidentId']).toBe(incident!['incidentId'])
  const deviceId = (event!['device'] as { id: string }).id
  expect(await read(`/devices/v1/devices?deviceId=${deviceId}`)).toMatchObject([
    { id: deviceId, name: 'WS-9' },
  ])
  expect(await readEvents({ targetId: deviceId })).toHaveLength(2)
})

test('counts of them are by what they are told to have', async () => {
  const [event] = await readEvents()
  const { alertType, categories } = event!['details'] as Record<string, string>
  const { id } = event!['device'] as { id: string }
  for (const [by, value] of Object.entries({ alertType, categories, deviceId: id }))
    expect(await countEvents(by)).toEqual([{ [by]: value, count: 2 }])
  for (const by of ['url', 'description']) expect(await countEvents(by)).toEqual([])
})

test('their incident has them as detections', async () => {
  const [incident] = await read('/incidents/v1/incidents?status=new&riskLevel=high,severe')
  expect(incident).toMatchObject({ severity: 'high', resolution: 'unconfirmed', archived: false })
  const detections = await read(`/incidents/v1/detections?incidentId=${String(incident!['incidentId'])}`)
  expect(detections).toMatchObject([
    { name: 'Odd logon', username: 'CORP\\eve', riskLevel: 'high', activityContext: [{ user: 'eve' }, {}] },
    { name: 'Odd process' },
  ])
})

test('what is closed in our own API is acknowledged and closed here', async () => {
  const { alerts, incidents } = place.temporary.system.services
  const [alert] = (await alerts.list(place.ana)).items
  await alerts.decide(place.ana, alert!.uid, { status: 'closed', resolution: 'maintenance' })
  expect(await readEvents({ acknowledged: 'true' })).toMatchObject([{ action: 'closed', acknowledged: true }])
  const [incident] = (await incidents.list(place.ana)).items
  await incidents.decide(place.ana, incident!.uid, { status: 'rejected' })
  expect(await read('/incidents/v1/incidents?status=closed&resolution=falsePositive')).toMatchObject([
    { status: 'closed', resolution: 'falsePositive' },
  ])
})

test('nobody sees what is of a sketch that they may not read', async () => {
  const bob = await place.temporary.addUser('bob')
  const token = await place.makeToken(bob)
  const [incident] = await read('/incidents/v1/incidents')
  for (const path of ['/incidents/v1/incidents', '/devices/v1/devices']) {
    const answer = await place.ask(path, { token })
    expect([path, await answer.json()]).toEqual([path, { items: [] }])
  }
  const detections = `/incidents/v1/detections?incidentId=${String(incident!['incidentId'])}`
  expect((await place.ask(detections, { token })).status).toBe(404)
})
