import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OpenApiDocument } from '../platform/testing/check-reply.ts'
import { findReplyProblem } from '../platform/testing/check-reply.ts'
import { makeAnchor } from './lists/anchor.ts'
import { type ElementsPlace, openElementsPlace, SLOW_START_MS } from './testing/elements-place.ts'

const DAY_MS = 86_400_000
const NOW = Date.now()
const EVENTS_PATH = '/security-events/v1/security-events'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const AGGREGATION = { accept: 'application/vnd.withsecure.aggr+json' }

let place: ElementsPlace
let document: OpenApiDocument

/** A moment, by days before now. */
function daysAgo(days: number, ms = 0): string {
  return new Date(NOW - days * DAY_MS + ms).toISOString()
}

function makeEvent(number: number): Record<string, unknown> {
  const at = daysAgo(3, number)
  return {
    id: `0c4b2fe9-c1d7-36d5-bec0-ad6ffb896669_${number}`,
    severity: (['critical', 'warning', 'info'] as const)[number % 3],
    engine: number % 4 === 0 ? 'deepGuard' : 'firewall',
    action: 'blocked',
    acknowledged: number === 1,
    serverTimestamp: at,
    persistenceTimestamp: at,
    clientTimestamp: at.replace(/\.\d+Z$/, 'Z'),
    target: { id: 'd5dd6d22-dc1d-41f4-833d-1cca84c9c68a', name: 'ws-1' },
    device: { id: 'd5dd6d22-dc1d-41f4-833d-1cca84c9c68a', name: 'ws-1' },
    organization: { id: '4de503e1-2c58-45c3-89a6-ef3f4a03592b', name: 'ws-company' },
    details: { alertType: 'deep_guard.admin.block', filePath: `C:\\${number % 2}.exe` },
  }
}

function makeDevice(number: number): Record<string, unknown> {
  return {
    id: `e297cbf5-ba53-4e66-909c-0000000000${String(number).padStart(2, '0')}`,
    name: `EC2-${number}`,
    type: 'computer',
    state: 'active',
    online: number % 2 === 0,
    company: { id: '00000000-0000-0000-0000-000000000001', name: 'Example Oy' },
    protectionStatus: 'protected',
    protectionStatusOverview: number < 23 ? 'critical' : 'allOk',
    clientVersion: '23.4',
    os: { name: 'Windows Server 2022', version: '21H2' },
    labels: number === 3 ? ['Lab', 'EU'] : [],
    statusUpdateTimestamp: daysAgo(1),
    registrationTimestamp: daysAgo(9),
    malwareDbVersion: '2023-05-20_07',
    ...(number === 0
      ? {
          missingUpdates: ['critical', 'important', 'low'].map((severity, place) => ({
            bulletinId: `MS-${place}`,
            name: `Update ${place}`,
            severity,
            category: 'security',
          })),
        }
      : {}),
  }
}

const INCIDENT_ID = '2c902c73-e2a6-40fd-9532-257ee102e1c1'

beforeAll(async () => {
  place = await openElementsPlace()
  await place.importItems([
    ...Array.from({ length: 25 }, (_, number) => makeEvent(number)),
    ...Array.from({ length: 30 }, (_, number) => makeDevice(number)),
    {
      incidentId: INCIDENT_ID,
      incidentPublicId: '3599-4F9929A4',
      name: 'Suspicious credential access',
      status: 'new',
      riskLevel: 'high',
      riskScore: 70.4,
      resolution: 'autoUnconfirmed',
      archived: false,
      categories: ['CREDENTIAL_THEFT'],
      sources: ['endpoint'],
      createdTimestamp: daysAgo(2),
      updatedTimestamp: daysAgo(2),
    },
    ...Array.from({ length: 3 }, (_, number) => ({
      detectionId: `42ba511b-684a-4829-9c1b-8d1d2f3a4b0${number}`,
      incidentId: INCIDENT_ID,
      deviceId: 'e297cbf5-ba53-4e66-909c-000000000001',
      name: `suspicious_${number}`,
      riskLevel: 'info',
      createdTimestamp: daysAgo(2, number),
      pid: 996,
    })),
  ])
  document = (await (await place.ask('/openapi.json')).json()) as OpenApiDocument
}, SLOW_START_MS)
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

interface Page {
  readonly items: readonly Record<string, unknown>[]
  readonly nextAnchor?: string
}

/** Asks, holds the answer against the document, and gives its JSON. */
async function ask<Answer = Page>(
  status: number,
  method: string,
  path: string,
  init: RequestInit & { readonly token?: string } = {},
): Promise<Answer> {
  const answer = await place.ask(path, { method, ...init })
  expect(answer.headers.get('x-transaction')).toMatch(/^[0-9a-f]{4}-[0-9a-f]{16}$/)
  const text = await answer.clone().text()
  expect([answer.status, text]).toEqual([status, text])
  expect(await findReplyProblem(document, method, `/elements${path.split('?')[0]}`, answer)).toBeUndefined()
  return (text === '' ? undefined : JSON.parse(text)) as Answer
}

function askEvents(
  values: Record<string, string | string[]>,
  init: RequestInit = {},
  status = 200,
): Promise<Page> {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries({ persistenceTimestampStart: daysAgo(7), ...values }))
    for (const one of [value].flat()) form.append(name, one)
  return ask(status, 'POST', EVENTS_PATH, { body: form, headers: { ...FORM, ...init.headers } })
}

function sendJson(
  status: number,
  method: string,
  path: string,
  body: unknown,
): Promise<Record<string, never>> {
  return ask(status, method, path, {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
}

test('security events come page by page, and the anchor wins over what is sent beside it', async () => {
  const values = { engineGroup: ['epp', 'edr'], order: 'asc', exclusiveStart: 'true', limit: '10' }
  const ids: unknown[] = []
  let page = await askEvents(values)
  for (;;) {
    ids.push(...page.items.map(({ id }) => id))
    if (page.nextAnchor === undefined) break
    expect(page.nextAnchor.length).toBeLessThanOrEqual(512)
    const last = page.items.at(-1)!['persistenceTimestamp'] as string
    page = await askEvents({ ...values, persistenceTimestampStart: last, anchor: page.nextAnchor })
  }
  expect(ids).toEqual(Array.from({ length: 25 }, (_, number) => makeEvent(number)['id']))
  const [first] = (await askEvents({ engineGroup: 'epp', limit: '1', order: 'asc' })).items
  expect(first).toMatchObject(makeEvent(0))
})

test('starts are exclusive or not, ends are', async () => {
  const at = daysAgo(3, 20)
  const count = async (values: Record<string, string>): Promise<number> =>
    (await askEvents({ engineGroup: 'epp', persistenceTimestampStart: at, ...values })).items.length
  expect(await count({})).toBe(5)
  expect(await count({ exclusiveStart: 'True' })).toBe(4)
  expect(await count({ persistenceTimestampEnd: daysAgo(3, 22) })).toBe(2)
  expect(await count({ persistenceTimestampStart: at.replace('Z', '001Z') })).toBe(4)
  expect(await count({ persistenceTimestampStart: at.replace('Z', '+00:00') })).toBe(5)
})

test('events are filtered by engine, severity, target and acknowledgement, in every spelling', async () => {
  const count = async (values: Record<string, string | string[]>): Promise<number> =>
    (await askEvents(values)).items.length
  expect(await count({ engine: 'DEEPGUARD' })).toBe(7)
  expect(await count({ engine: 'deepGuard,firewall' })).toBe(25)
  expect(await count({ engine: ['deepGuard', 'firewall'], severity: 'critical' })).toBe(9)
  expect(await count({ engineGroup: 'ecp' })).toBe(0)
  expect(await count({ engineGroup: 'epp', acknowledged: 'True' })).toBe(1)
  expect(await count({ engineGroup: 'epp', acknowledged: 'false' })).toBe(24)
  expect(await count({ engineGroup: 'epp', targetId: 'd5dd6d22-dc1d-41f4-833d-1cca84c9c68a' })).toBe(25)
  expect(await count({ engineGroup: 'epp', organizationId: '4de503e1-2c58-45c3-89a6-ef3f4a03592b' })).toBe(25)
  expect(await count({ engineGroup: 'epp', organizationId: '4de503e1-2c58-45c3-89a6-ef3f4a035920' })).toBe(0)
})

test('events are asked for by JSON and by GET too, and counted', async () => {
  const json = await sendJson(200, 'POST', EVENTS_PATH, {
    engineGroup: ['epp'],
    persistenceTimestampStart: daysAgo(7),
    limit: 2,
    severity: null,
    acknowledged: false,
  })
  expect((json as unknown as Page).items).toHaveLength(2)
  const get = await ask(200, 'GET', `${EVENTS_PATH}?persistenceTimestampStart=${daysAgo(7)}&limit=1000`)
  expect(get.items).toHaveLength(25)
  expect((await askEvents({ engineGroup: 'epp', count: 'engine' }, { headers: AGGREGATION })).items).toEqual([
    { engine: 'firewall', count: 18 },
    { engine: 'deepGuard', count: 7 },
  ])
  expect(
    (await askEvents({ engineGroup: 'epp', count: 'filePath' }, { headers: AGGREGATION })).items,
  ).toEqual([
    { filePath: 'C:\\0.exe', count: 13 },
    { filePath: 'C:\\1.exe', count: 12 },
  ])
})

test.each<[string, Record<string, string>, RegExp]>([
  ['neither engine nor group', {}, /Either engine or engineGroup/],
  ['both', { engine: 'edr', engineGroup: 'edr' }, /Either engine or engineGroup/],
  ['an engine of nobody', { engine: 'nothing' }, /engine: one of amsi.*found \\?"nothing/],
  ['a limit beyond the largest', { engineGroup: 'epp', limit: '201' }, /limit: a whole number from 1 to 200/],
  ['a time that is none', { engineGroup: 'epp', persistenceTimestampStart: 'soon' }, /a time as in RFC 3339/],
  [
    'a range beyond 30 days',
    { engineGroup: 'epp', persistenceTimestampStart: daysAgo(31) },
    /at most 30 days/,
  ],
  [
    'a range that ends before it starts',
    { engineGroup: 'epp', persistenceTimestampEnd: daysAgo(29) },
    /expected to end after its start; found /,
  ],
  ['an anchor of nothing', { engineGroup: 'epp', anchor: 'AAAA' }, /anchor: the nextAnchor of a page/],
  ['a count without its header', { engineGroup: 'epp', count: 'engine' }, /count is for the header/],
])('%s is refused', async (_, values, reason) => {
  const refusal = await askEvents(values, {}, 400)
  expect(refusal).toMatchObject({ message: 'Bad request', code: 400000 })
  expect(JSON.stringify(refusal)).toMatch(reason)
})

test('an anchor of another list, and a body of another type, are refused', async () => {
  const { nextAnchor } = await askEvents({ engineGroup: 'epp', limit: '1' })
  expect(JSON.stringify(await ask(400, 'GET', `/devices/v1/devices?anchor=${nextAnchor}`))).toContain(
    'found one of /security-events',
  )
  await ask(400, 'POST', EVENTS_PATH, { body: 'x', headers: { 'content-type': 'text/plain' } })
})

test.each(['/devices/v1/devices', '/organizations/v1/organizations', '/audit-logs/v1/audit-logs'])(
  'a place that somebody made up is refused: %s',
  async (path) => {
    for (const after of ['x', '-1', '1e3', '']) {
      const anchor = makeAnchor(path, { values: {}, after })
      expect(await ask(400, 'GET', `${path}?anchor=${anchor}`)).toMatchObject({ code: 400000 })
    }
  },
)

test('23 critical devices are 10, 10 and 3', async () => {
  const sizes: number[] = []
  let anchor = ''
  do {
    const page = await ask(
      200,
      'GET',
      `/devices/v1/devices?limit=10&protectionStatusOverview=critical${anchor}`,
    )
    sizes.push(page.items.length)
    anchor = page.nextAnchor === undefined ? '' : `&anchor=${page.nextAnchor}`
  } while (anchor !== '')
  expect(sizes).toEqual([10, 10, 3])
})

test('devices are filtered by what their platform says, and counted', async () => {
  const count = async (query: string): Promise<number> =>
    (await ask(200, 'GET', `/devices/v1/devices?${query}`)).items.length
  // Of the hosts of events there is nothing told: ws-1.
  expect(await count('type=computer')).toBe(31)
  expect(await count('name=ec2-7')).toBe(1)
  expect(await count('online=True')).toBe(15)
  expect(await count('osName=windows%20server%202022')).toBe(30)
  expect(await count('label=lab')).toBe(1)
  expect(await count('label=none')).toBe(0)
  expect(await count('state=blocked')).toBe(0)
  expect(await count('protectionStatusOverview=critical&protectionStatusOverview=allOk')).toBe(31)
  expect(await count('organizationId=00000000-0000-0000-0000-000000000001')).toBe(30)
  expect((await ask(200, 'GET', '/devices/v1/devices?name=WS-1')).items[0]).toMatchObject({
    name: 'ws-1',
    company: { name: 'Default organisation' },
    protectionStatusOverview: 'allOk',
  })
  const counted = await ask(200, 'GET', '/devices/v1/devices?count=protectionStatus', {
    headers: AGGREGATION,
  })
  expect(counted.items).toEqual([
    { protectionStatus: 'protected', count: 30 },
    { protectionStatus: 'unknown', count: 1 },
  ])
  const histogram = await ask(200, 'GET', '/devices/v1/devices?histogram=protectionStatus', {
    headers: AGGREGATION,
  })
  expect(histogram.items[0]).toMatchObject({ protectionStatus: 'protected', count: 30 })
  expect(await ask(404, 'GET', '/devices/v1/devices?deviceId=nothing')).toMatchObject({ code: 404000 })
})

test('devices are changed, and forgotten', async () => {
  const [first, second] = [makeDevice(28)['id'], makeDevice(29)['id']]
  expect(
    await sendJson(207, 'PATCH', '/devices/v1/devices', {
      targets: [first, 'nothing'],
      labels: ['a', 'b'],
      limit: null,
    }),
  ).toMatchObject({
    multistatus: [
      { target: first, status: 200 },
      { target: 'nothing', status: 404 },
    ],
  })
  expect((await ask(200, 'GET', '/devices/v1/devices?label=B')).items).toMatchObject([
    { id: first, labels: ['a', 'b'] },
  ])
  await sendJson(400, 'PATCH', '/devices/v1/devices', { targets: [first], state: 'blocked', alias: 'x' })
  await sendJson(400, 'PATCH', '/devices/v1/devices', { targets: [first, second], alias: 'x' })
  await sendJson(400, 'PATCH', '/devices/v1/devices', { targets: [], state: 'blocked' })
  expect(await ask(207, 'DELETE', `/devices/v1/devices?deviceId=${first}`)).toMatchObject({
    multistatus: [{ status: 200 }],
  })
  expect(
    await ask(207, 'DELETE', '/devices/v1/devices', {
      body: JSON.stringify({ deviceId: [first, second] }),
      headers: { 'content-type': 'application/json', 'content-length': '99' },
    }),
  ).toMatchObject({ multistatus: [{ status: 404 }, { status: 200 }] })
  await ask(404, 'GET', `/devices/v1/devices?deviceId=${first}`)
  // What is told again says nothing new of a device; one that was heard of since is in again.
  await place.importItems([makeDevice(28), { ...makeDevice(29), statusUpdateTimestamp: daysAgo(-1) }])
  await ask(404, 'GET', `/devices/v1/devices?deviceId=${first}`)
  expect((await ask(200, 'GET', `/devices/v1/devices?deviceId=${second}`)).items).toHaveLength(1)
})

test('incidents are listed, found by what they are, and closed everywhere', async () => {
  const { incidents, alerts } = place.temporary.system.services
  const before = await ask(200, 'GET', '/incidents/v1/incidents?archived=False&status=new&riskLevel=high')
  expect(before.items).toMatchObject([
    {
      incidentId: INCIDENT_ID,
      incidentPublicId: '3599-4F9929A4',
      status: 'new',
      resolution: 'autoUnconfirmed',
      riskLevel: 'high',
      riskScore: 70.4,
      categories: ['CREDENTIAL_THEFT'],
    },
  ])
  expect((await ask(200, 'GET', '/incidents/v1/incidents?source=cloud')).items).toEqual([])
  expect((await ask(200, 'GET', '/incidents/v1/incidents?source=cloud,endpoint')).items).toHaveLength(1)
  expect((await ask(200, 'GET', '/incidents/v1/incidents?archived=true')).items).toEqual([])
  expect((await ask(200, 'GET', `/incidents/v1/incidents?incidentId=${INCIDENT_ID},x`)).items).toHaveLength(1)
  const since = before.items[0]!['updatedTimestamp'] as string
  const changed = `/incidents/v1/incidents?updatedTimestampStart=${since}&exclusiveStart=true&order=asc`
  expect((await ask(200, 'GET', changed)).items).toEqual([])
  await sendJson(400, 'PATCH', '/incidents/v1/incidents', { targets: [INCIDENT_ID], status: 'closed' })
  expect(
    await sendJson(207, 'PATCH', '/incidents/v1/incidents', {
      targets: [INCIDENT_ID, 'nothing'],
      status: 'closed',
      resolution: 'falsePositive',
    }),
  ).toMatchObject({ multistatus: [{ status: 200 }, { status: 404 }] })
  expect((await ask(200, 'GET', changed)).items).toMatchObject([
    { status: 'closed', resolution: 'falsePositive' },
  ])
  const [own] = (await incidents.list(place.ana, {})).items
  expect(own).toMatchObject({ status: 'closed', resolution: 'false-positive' })
  expect((await alerts.list(place.ana, { incidentId: own!.id })).items.map(({ status }) => status)).toEqual([
    'closed',
    'closed',
    'closed',
  ])
  expect(JSON.stringify(await ask(400, 'GET', `${changed}&createdTimestampStart=${since}`))).toContain(
    'found both',
  )
})

test('detections of an incident come oldest first, its history with comments', async () => {
  const page = await ask(200, 'GET', `/incidents/v1/detections?incidentId=${INCIDENT_ID}&limit=2`)
  expect(page.items).toMatchObject([
    { detectionId: '42ba511b-684a-4829-9c1b-8d1d2f3a4b00', incidentId: INCIDENT_ID, riskLevel: 'info' },
    { name: 'suspicious_1' },
  ])
  const rest = `/incidents/v1/detections?incidentId=${INCIDENT_ID}&anchor=${page.nextAnchor}`
  expect((await ask(200, 'GET', rest)).items).toMatchObject([{ name: 'suspicious_2' }])
  await ask(400, 'GET', '/incidents/v1/detections')
  await ask(404, 'GET', '/incidents/v1/detections?incidentId=nothing')
  expect(
    await sendJson(200, 'POST', '/incidents/v1/comments', { targets: [INCIDENT_ID], comment: 'Look here' }),
  ).toEqual({ items: [{ incidentId: INCIDENT_ID, comment: 'Look here' }] })
  await sendJson(400, 'POST', '/incidents/v1/comments', { targets: [INCIDENT_ID], comment: 'x'.repeat(1001) })
  const comments = await ask(200, 'GET', `/incidents/v1/updates?incidentId=${INCIDENT_ID}&type=comment`)
  expect(comments.items).toMatchObject([
    { type: 'comment', author: 'ana', content: { comment: 'Look here' } },
  ])
  const all = await ask(200, 'GET', `/incidents/v1/updates?incidentId=${INCIDENT_ID}&limit=1`)
  expect(all).toMatchObject({ items: [{ type: 'detection' }], nextAnchor: expect.any(String) as string })
})

test('what belongs to the platform as a whole is told', async () => {
  const [own] = await place.temporary.system.services.organisations.list(place.ana)
  expect((await ask(200, 'GET', '/organizations/v1/organizations')).items).toEqual([
    { id: own!.uid, name: own!.name, type: 'partner' },
    { id: '00000000-0000-0000-0000-000000000001', name: 'Example Oy', type: 'company' },
  ])
  expect((await ask(200, 'GET', '/organizations/v1/organizations?type=company')).items).toHaveLength(1)
  expect(await ask(200, 'GET', '/whoami/v1/whoami')).toEqual({
    clientId: expect.stringMatching(/^fusion_[0-9a-f]{24}$/) as string,
    organizationId: own!.uid,
  })
  await place.temporary.system.services.policies.create(place.ana, { name: 'Strict' })
  expect((await ask(200, 'GET', '/profiles/v1/profiles?type=windows')).items).toMatchObject([
    { name: 'Strict', type: 'windows' },
  ])
  await ask(400, 'GET', '/profiles/v1/profiles')
  expect((await ask(200, 'GET', '/databases/v1/latest-versions?id=hydra')).items).toEqual([
    { id: 'hydra', version: '2023-05-20_07' },
  ])
  expect((await ask(200, 'GET', '/identities/v1/exposure-identities')).items).toEqual([])
  const log = await ask(200, 'GET', '/audit-logs/v1/audit-logs?action=incident.comment&order=asc')
  expect(log.items).toMatchObject([{ action: 'incident.comment', username: 'ana' }])
})

test('updates that devices lack are told, and gone when they were installed', async () => {
  const path = '/software-updates/v1/missing-updates'
  const missing = async (values: Record<string, string>): Promise<readonly unknown[]> =>
    (await ask(200, 'POST', path, { body: new URLSearchParams(values), headers: FORM })).items.map(
      ({ bulletinId }) => bulletinId,
    )
  expect(await missing({})).toEqual(['MS-0', 'MS-1', 'MS-2'])
  expect(await missing({ severity: 'critical,low' })).toEqual(['MS-0', 'MS-2'])
  const [first, device] = [
    await ask(200, 'POST', path, { body: new URLSearchParams({ limit: '2' }), headers: FORM }),
    makeDevice(0)['id'] as string,
  ]
  expect(await missing({ anchor: first.nextAnchor! })).toEqual(['MS-2'])
  await sendJson(207, 'POST', '/devices/v1/operations', {
    operation: 'installSoftwareUpdates',
    targets: [device],
    parameters: { severity: 'important' },
  })
  await place.passTime()
  expect(await missing({ deviceId: device })).toEqual(['MS-2'])
  expect((await ask(200, 'GET', '/software-updates/v1/installations?lastDays=1')).items).toMatchObject([
    { deviceId: device, severity: 'important', status: 'finished' },
  ])
})

test('invitations are for administrators', async () => {
  const path = '/invitations/v1/invitations'
  await ask(403, 'GET', path)
  const token = await place.makeToken(place.temporary.admin)
  const made = await ask<{ id: string }>(201, 'POST', path, {
    token,
    body: JSON.stringify({ email: 'eve@example.com', role: 'analyst' }),
    headers: { 'content-type': 'application/json' },
  })
  expect(made).toMatchObject({ email: 'eve@example.com', role: 'analyst', status: 'pending' })
  expect(
    await ask(200, 'PUT', `${path}?invitationId=${made.id}`, {
      token,
      body: JSON.stringify({ role: 'lead' }),
      headers: { 'content-type': 'application/json' },
    }),
  ).toMatchObject({ role: 'lead' })
  expect((await ask(200, 'GET', path, { token })).items).toHaveLength(1)
  await ask(204, 'DELETE', `${path}?invitationId=${made.id}`, { token })
  expect((await ask(200, 'GET', path, { token })).items).toEqual([])
})
