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
beforeAll(async () => {
  place = await openTemporarySystem()
  folder = await mkdtemp(join(tmpdir(), 'skein-items-'))
  ana = await place.addUser('ana')
  bob = await place.addUser('bob')
})
afterAll(async () => {
  await place[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const DEVICE = {
  id: 'd1',
  name: 'WS-1',
  type: 'computer',
  protectionStatus: 'protected',
  registrationTimestamp: '2023-05-17T06:42:03.062Z',
}
const INCIDENT = {
  incidentId: 'i1',
  incidentPublicId: '3599-4F99',
  name: 'Credential theft',
  status: 'acknowledged',
  riskLevel: 'high',
  createdTimestamp: '2024-05-06T11:41:46.716Z',
  updatedTimestamp: '2024-05-06T11:50:02.118Z',
}
const DETECTION = {
  detectionId: 't1',
  incidentId: 'i1',
  deviceId: 'd1',
  name: 'odd logon',
  severity: 'medium',
  createdTimestamp: '2024-05-06T11:41:40.000Z',
}

async function importItems(sketchId: number, items: readonly object[], timeline = 'elements'): Promise<void> {
  const path = join(folder, 'items.jsonl')
  await writeFile(path, items.map((item) => JSON.stringify(item)).join('\n'))
  const { imports } = place.system.services
  const { ended } = await imports.start(ana, { sketchId, timeline: { name: timeline }, inputs: [{ path }] })
  expect(await ended).toMatchObject({ status: 'done' })
}

test('files of a platform make its alerts, incidents and devices, whatever their order', async () => {
  const { sketches, alerts, incidents, devices } = place.system.services
  const { id: sketchId } = await sketches.create(ana, { name: 'one' })
  await importItems(sketchId, [DETECTION, INCIDENT, DEVICE])
  const [alert] = (await alerts.list(ana, { sketchId })).items
  expect(alert).toMatchObject({
    source: 'elements',
    title: 'odd logon',
    host: 'ws-1',
    severity: 50,
    count: 1,
    details: DETECTION,
  })
  expect(alert!.evidence).toHaveLength(1)
  const [incident] = (await incidents.list(ana, { sketchId })).items
  expect(incident).toMatchObject({
    source: 'elements',
    title: 'Credential theft (3599-4F99)',
    status: 'acknowledged',
    host: 'ws-1',
    alertCount: 1,
    details: INCIDENT,
  })
  expect((await incidents.get(ana, incident!.uid)).alerts).toMatchObject([{ uid: alert!.uid }])
  expect((await devices.list(ana, { sketchId })).items).toMatchObject([
    { name: 'WS-1', details: { elements: DEVICE } },
  ])
  expect(
    (await alerts.list(bob)).total + (await incidents.list(bob)).total + (await devices.list(bob)).total,
  ).toBe(0)
})

test('an item that is imported again is one, and brings what has changed with history', async () => {
  const { sketches, alerts, incidents } = place.system.services
  const { id: sketchId } = await sketches.create(ana, { name: 'two' })
  await importItems(sketchId, [INCIDENT, DETECTION])
  const [incident] = (await incidents.list(ana, { sketchId })).items
  const [alert] = (await alerts.list(ana, { sketchId })).items
  await alerts.decide(ana, alert!.uid, { status: 'in-progress' })
  await importItems(sketchId, [INCIDENT, DETECTION], 'again')
  expect((await incidents.list(ana, { sketchId })).total).toBe(1)
  const closed = { ...INCIDENT, status: 'closed', resolution: 'falsePositive', riskLevel: 'low' }
  await importItems(sketchId, [closed, DETECTION], 'third')
  expect(await incidents.get(ana, incident!.uid)).toMatchObject({
    status: 'closed',
    resolution: 'false-positive',
    severity: 30,
    details: closed,
  })
  const history = await incidents.listChanges(ana, incident!.uid)
  expect(history.map(({ action, details }) => [action, details['to']])).toEqual([
    ['created', undefined],
    ['status', 'acknowledged'],
    ['status', 'closed'],
    ['resolution', 'false-positive'],
    ['severity', 30],
  ])
  expect((await alerts.get(ana, alert!.uid)).status).toBe('in-progress')
})

test('the same item in two sketches is two, each with its own state', async () => {
  const { sketches, alerts } = place.system.services
  const [one, two] = [
    (await sketches.create(ana, { name: 'a' })).id,
    (await sketches.create(ana, { name: 'b' })).id,
  ]
  const dismissed = {
    id: 'x1',
    title: 'sudo',
    severity: 1,
    createdAt: '2019-03-05T13:41:31.000Z',
    isDismissed: true,
    dismissReason: 'MAINTENANCE',
    dismissReasonText: 'patch day',
    ruleId: 'R1',
  }
  await importItems(one, [dismissed])
  await importItems(two, [{ ...dismissed, isDismissed: false }])
  expect((await alerts.list(ana, { sketchId: one })).items).toMatchObject([
    { status: 'closed', resolution: 'maintenance', reason: 'patch day', ruleUuid: 'r1' },
  ])
  expect((await alerts.list(ana, { sketchId: two })).items).toMatchObject([{ status: 'open' }])
})

test('items in a sketch that more people write to change nothing of the devices that another one brought', async () => {
  const { sketches, access, alerts, devices } = place.system.services
  const { id: own } = await sketches.create(ana, { name: 'own' })
  const { id: other } = await sketches.create(ana, { name: 'other' })
  await place.addUser('ben')
  await access.changeSketchGrants(ana, other, { grantUsers: ['ben'] })
  const device = { ...DEVICE, id: 'owned', name: 'WS-OWNED' }
  await importItems(own, [device])
  await importItems(other, [
    { ...device, name: 'WS-ELSEWHERE', protectionStatus: 'isolated' },
    { ...device, id: 'fresh', protectionStatus: 'isolated' },
  ])
  const { items } = await devices.list(ana, { sketchId: own, name: 'WS-OWNED' })
  expect(items).toMatchObject([{ details: { elements: device } }])
  await importItems(own, [
    { ...INCIDENT, incidentId: 'i9' },
    { ...DETECTION, incidentId: 'i9', deviceId: 'owned' },
  ])
  expect((await alerts.list(ana, { sketchId: own })).items).toMatchObject([{ host: 'ws-owned' }])

  await importItems(own, [{ ...device, protectionStatus: 'atRisk' }], 'later')
  const [changed] = (await devices.list(ana, { sketchId: own, name: 'WS-OWNED' })).items
  expect(changed!.details).toMatchObject({ elements: { protectionStatus: 'atRisk' } })
})

test('items in a sketch of the same people bring a device up to date, and alerts there are of it by its id', async () => {
  const { sketches, alerts, devices } = place.system.services
  const { id: first } = await sketches.create(ana, { name: 'first' })
  const { id: second } = await sketches.create(ana, { name: 'second' })
  const device = { ...DEVICE, id: 'shared', name: 'WS-BEFORE' }
  await importItems(first, [device])
  await importItems(second, [
    { ...device, name: 'WS-SINCE', protectionStatus: 'isolated' },
    { ...DETECTION, detectionId: 't8', deviceId: 'shared' },
  ])
  const { items } = await devices.list(ana, { sketchId: first })
  expect(items).toMatchObject([{ name: 'WS-SINCE', details: { elements: { protectionStatus: 'isolated' } } }])
  const [alert] = (await alerts.list(ana, { sketchId: second })).items
  expect(alert!.deviceUid).toBe(items[0]!.uid)
  expect((await devices.list(ana, { sketchId: second })).items).toHaveLength(1)
})

const ALERT = {
  id: 'ts1',
  title: 'odd file',
  severity: 1,
  created_at: '2024-05-06T11:41:40.000Z',
  last_updated_at: '2024-05-06T11:50:00.000Z',
  dismissed: false,
}

test.each([
  ['in files one after the other', false],
  ['in one file', true],
])('an older state never takes the place of a newer one, %s', async (_, isOneFile) => {
  const { sketches, alerts, incidents } = place.system.services
  const { id: sketchId } = await sketches.create(ana, { name: `older ${isOneFile}` })
  const later = [
    { ...INCIDENT, status: 'closed', updatedTimestamp: '2024-05-07T00:00:00Z' },
    { ...ALERT, dismissed: true, last_updated_at: '2024-05-07T00:00:00.000Z' },
  ]
  if (isOneFile) {
    await importItems(sketchId, [INCIDENT, later[0]!, INCIDENT], 'incidents')
    await importItems(sketchId, [ALERT, later[1]!, ALERT], 'alerts')
  } else
    for (const at of [0, 1]) {
      await importItems(sketchId, [later[at]!], `later ${at}`)
      await importItems(sketchId, [[INCIDENT, ALERT][at]!], `older ${at}`)
    }
  expect((await incidents.list(ana, { sketchId })).items).toMatchObject([{ status: 'closed' }])
  expect((await alerts.list(ana, { sketchId })).items).toMatchObject([{ status: 'closed' }])
})

test('a state of a time that has not come does not keep others out', async () => {
  const { sketches, incidents } = place.system.services
  const { id: sketchId } = await sketches.create(ana, { name: 'pinned' })
  await importItems(sketchId, [{ ...INCIDENT, updatedTimestamp: '2999-01-01T00:00:00Z' }], 'pinned')
  await importItems(sketchId, [{ ...INCIDENT, status: 'closed' }], 'true')
  expect((await incidents.list(ana, { sketchId })).items).toMatchObject([{ status: 'closed' }])
})

test.each([
  ['in one file', true],
  ['in several', false],
])('a state of a time that has not come stands between no others, %s', async (_, isOneFile) => {
  const { sketches, incidents } = place.system.services
  const { id: sketchId } = await sketches.create(ana, { name: `between ${isOneFile}` })
  const states = [
    { ...INCIDENT, status: 'closed', updatedTimestamp: '2026-03-20T00:00:00Z' },
    { ...INCIDENT, status: 'in-progress', updatedTimestamp: '2999-01-01T00:00:00Z' },
    { ...INCIDENT, status: 'new', updatedTimestamp: '2026-03-10T00:00:00Z' },
  ]
  if (isOneFile) await importItems(sketchId, states, 'all')
  else for (const [at, state] of states.entries()) await importItems(sketchId, [state], `state ${at}`)
  expect((await incidents.list(ana, { sketchId })).items).toMatchObject([{ status: 'closed' }])
})
