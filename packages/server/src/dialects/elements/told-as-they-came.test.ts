import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ElementsPlace, openElementsPlace, SLOW_START_MS } from './testing/elements-place.ts'

let place: ElementsPlace
const NOW = Date.now()
const LEVELS = ['info', 'low', 'medium', 'high', 'severe']
const INCIDENTS = LEVELS.map((riskLevel, n) => ({
  incidentId: `2c902c73-e2a6-40fd-9532-257ee102e1c${n}`,
  incidentPublicId: `3599-${n}`,
  name: `risk ${riskLevel}`,
  status: 'new',
  severity: 'high',
  riskLevel,
  riskScore: 78.5,
  resolution: 'unconfirmed',
  archived: false,
  createdTimestamp: new Date(NOW - 3_600_000 + n).toISOString(),
  updatedTimestamp: new Date(NOW - 3_600_000 + n).toISOString(),
}))
const DETECTION = {
  detectionId: '42ba511b-684a-4829-9c1b-8d1d2f3a4b5c',
  incidentId: INCIDENTS[4]!.incidentId,
  name: 'odd logon',
  severity: 'high',
  riskLevel: 'severe',
  createdTimestamp: new Date(NOW - 3_500_000).toISOString(),
}
const EVENTS = ['deepGuard', 'firewall'].map((engine, n) => ({
  id: `0c4b2fe9-c1d7-36d5-bec0-ad6ffb896669_${n}`,
  severity: 'warning',
  engine,
  action: 'blocked',
  acknowledged: false,
  serverTimestamp: new Date(NOW - 3_400_000).toISOString(),
  persistenceTimestamp: new Date(NOW - 3_400_000 + n).toISOString(),
  organization: { id: '4de503e1-2c58-45c3-89a6-ef3f4a03592b', name: 'ws' },
  details: { alertType: 'x' },
}))

beforeAll(async () => {
  place = await openElementsPlace()
  await place.importItems([...INCIDENTS, DETECTION, ...EVENTS])
  const { sketches, imports } = place.temporary.system.services
  const { id: sketchId } = await sketches.create(place.ana, { name: 'the same again' })
  const path = join(place.temporary.directory, 'items.json')
  const { ended } = await imports.start(place.ana, {
    sketchId,
    timeline: { name: 'again' },
    inputs: [{ path }],
  })
  expect(await ended).toMatchObject({ status: 'done' })
}, SLOW_START_MS)
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

async function read(path: string, init: RequestInit = {}): Promise<readonly Record<string, unknown>[]> {
  const answer = await place.ask(path, init)
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { items: Record<string, unknown>[] }).items
}

test('incidents are told as they came, and once though two sketches have them', async () => {
  const told = await read('/incidents/v1/incidents?order=asc')
  expect(told.map(({ severity, riskLevel, riskScore }) => [severity, riskLevel, riskScore])).toEqual(
    LEVELS.map((level) => ['high', level, 78.5]),
  )
  for (const [n, level] of LEVELS.entries())
    expect(await read(`/incidents/v1/incidents?riskLevel=${level}`)).toMatchObject([
      { incidentId: INCIDENTS[n]!.incidentId },
    ])
  const { services } = place.temporary.system
  const [event] = (await services.incidents.list(place.ana)).items
  expect(event!.severity).toBe(70)
})

test('detections and security events of two sketches are told and counted once', async () => {
  expect(await read(`/incidents/v1/detections?incidentId=${DETECTION.incidentId}`)).toMatchObject([DETECTION])
  const body = (more: Record<string, string> = {}): RequestInit => ({
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...('count' in more ? { accept: 'application/vnd.withsecure.aggr+json' } : {}),
    },
    body: new URLSearchParams({
      engineGroup: 'epp',
      persistenceTimestampStart: new Date(NOW - 86_400_000).toISOString(),
      order: 'asc',
      ...more,
    }),
  })
  const path = '/security-events/v1/security-events'
  expect((await read(path, body())).map(({ id }) => id)).toEqual(EVENTS.map(({ id }) => id))
  expect(await read(path, body({ count: 'engine' }))).toEqual([
    { engine: 'deepGuard', count: 1 },
    { engine: 'firewall', count: 1 },
  ])
  expect(await read(path, body({ count: 'alertType' }))).toEqual([{ alertType: 'x', count: 2 }])
})

test('a label with a comma is found, and one thing at a time is counted of devices', async () => {
  await place.importItems([
    {
      id: 'e297cbf5-ba53-4e66-909c-000000000001',
      name: 'WS-1',
      type: 'computer',
      protectionStatus: 'protected',
      registrationTimestamp: '2023-05-17T06:42:03.062Z',
      labels: ['x,y', 'z'],
    },
  ])
  for (const label of ['x,y', 'z', 'a,z'])
    expect(await read(`/devices/v1/devices?label=${encodeURIComponent(label)}`), label).toHaveLength(1)
  expect(await read('/devices/v1/devices?label=x')).toEqual([])
  const counted = await place.ask('/devices/v1/devices?count=protectionStatus,malwareState', {
    headers: { accept: 'application/vnd.withsecure.aggr+json' },
  })
  expect(counted.status).toBe(400)
})

test('a token that may only read is told which scope it lacks by the platform’s name', async () => {
  const token = await place.makeToken(place.ana, 'connect.api.read')
  const answer = await place.ask('/incidents/v1/incidents', {
    method: 'PATCH',
    token,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ targets: [INCIDENTS[0]!.incidentId], status: 'acknowledged' }),
  })
  expect([answer.status, ((await answer.json()) as { details: { reason: string } }).details.reason]).toEqual([
    403,
    "This needs a token with the scope 'connect.api.write'.",
  ])
})
