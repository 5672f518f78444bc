import { parseLucene } from '@timeskein/query'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Principal } from '../../auth/principal.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import type { ConnectorService, PullReport } from './connector-service.ts'
import {
  type FakeElements,
  makeIncident,
  makeSecurityEvent,
  startFakeElements,
} from './testing/fake-elements.ts'

let place: TemporarySystem
let elements: FakeElements
let connectors: ConnectorService
let ana: Principal
let bob: Principal
let sketchId: number
beforeEach(async () => {
  place = await openTemporarySystem()
  elements = await startFakeElements()
  ;({ connectors } = place.system.services)
  ana = await place.addUser('ana')
  bob = await place.addUser('bob')
  sketchId = (await place.system.services.sketches.create(ana, { name: 'case' })).id
})
afterEach(async () => {
  await place[Symbol.asyncDispose]()
  await elements[Symbol.asyncDispose]()
})

const at = (minute: number): string => new Date(Date.UTC(2024, 4, 6, 0, minute)).toISOString()

async function add(name = 'edr', secret = 'secret'): Promise<string> {
  const local: Principal = { ...ana, via: 'local' }
  const { verdict } = await connectors.add(local, {
    name,
    platform: 'elements',
    url: elements.url,
    sketchId,
    clientId: 'client',
    secret,
  })
  return verdict
}

function counts({ read, new: fresh, updated, unchanged, rejected }: PullReport): number[] {
  return [read, fresh, updated, unchanged, rejected]
}

async function find(question: string): Promise<readonly Record<string, unknown>[]> {
  const { explore } = place.system.services
  const pages = explore.scan(ana, { sketchId, query: parseLucene(question), sort: 'asc' })
  return (await Array.fromAsync(pages)).flat().map((event) => event.toObject())
}

test('what a platform holds comes onto a timeline and into the domain, once', async () => {
  elements.events.push(...[1, 2, 3, 4, 5].map((n) => makeSecurityEvent(`e${n}`, at(n))))
  elements.incidents.push(makeIncident('i1', at(1), at(2)))
  elements.detections.push({
    detectionId: 't1',
    incidentId: 'i1',
    deviceId: 'd1',
    name: 'odd logon',
    severity: 'medium',
    createdTimestamp: at(1),
  })
  elements.devices.push({
    id: 'd1',
    name: 'WS-1',
    type: 'computer',
    protectionStatus: 'protected',
    registrationTimestamp: at(0),
    statusUpdateTimestamp: at(9),
  })
  expect(await add()).toBe('WithSecure Elements knows client client of organization org.')
  expect(counts(await connectors.pull(ana, 'edr'))).toEqual([8, 8, 0, 0, 0])
  expect((await find('*')).length).toBe(8)
  expect(await find('event.id:e3')).toMatchObject([
    { 'host.name': 'WS-1', elements: elements.events[2], data_type: 'withsecure:elements:security_event' },
  ])
  const { alerts, incidents, devices } = place.system.services
  expect((await alerts.list(ana, { sketchId })).total).toBe(6)
  const [incident] = (await incidents.list(ana, { sketchId })).items
  expect(incident).toMatchObject({ source: 'elements', host: 'ws-1', alertCount: 1 })
  expect((await devices.list(ana, { sketchId })).items).toMatchObject([{ name: 'WS-1' }])

  elements.devices[0]!['statusUpdateTimestamp'] = at(30)
  const again = await connectors.pull(ana, 'edr')
  expect([again.new, again.updated]).toEqual([0, 0])
  expect((await find('*')).length).toBe(8)
  expect((await devices.list(ana, { sketchId })).items[0]!.details).toEqual({ elements: elements.devices[0] })
})

test('what changes on the platform changes here in place, with history', async () => {
  elements.incidents.push(makeIncident('i1', at(1), at(2)))
  await add()
  await connectors.pull(ana, 'edr')
  const [before] = await find('event.id:i1')
  elements.incidents[0] = makeIncident('i1', at(1), at(60), { status: 'closed', resolution: 'confirmed' })
  const report = await connectors.pull(ana, 'edr')
  expect([report.new, report.updated]).toEqual([0, 1])
  const [event, ...others] = await find('event.id:i1')
  expect(others).toEqual([])
  expect(event).toMatchObject({ 'incident.status': 'closed', elements: elements.incidents[0] })
  expect(event!['datetime']).toBe(before!['datetime'])
  expect((await find('elements.status:closed')).length).toBe(1)
  expect((await find('elements.status:new')).length).toBe(0)
  const { incidents, marks } = place.system.services
  const [incident] = (await incidents.list(ana, { sketchId })).items
  expect(incident).toMatchObject({ status: 'closed', resolution: 'confirmed' })
  const changes = await incidents.listChanges(ana, incident!.uid)
  expect(changes.map(({ action }) => action)).toEqual(['created', 'status', 'resolution'])
  const [operation] = await marks.history(ana, sketchId)
  expect(operation).toMatchObject({ kind: 'attribute', state: 'done', queryText: 'connector edr' })
})

test('what somebody added to an event stays when its item changes', async () => {
  elements.incidents.push(makeIncident('i1', at(1), at(2)))
  await add()
  await connectors.pull(ana, 'edr')
  const { marks, explore } = place.system.services
  const { events } = await explore.search(ana, { sketchId, query: parseLucene('event.id:i1'), size: 1 })
  const eventId = events[0]!.id
  const noted = ['triage.owner', 'verdict'].map((name) => ({ eventId, name, value: 'ana' }))
  await marks.setAttributes(ana, sketchId, noted)
  elements.incidents[0] = makeIncident('i1', at(1), at(60), { status: 'closed' })
  expect((await connectors.pull(ana, 'edr')).updated).toBe(1)
  const [event] = await find('event.id:i1')
  expect(event).toMatchObject({ 'incident.status': 'closed', 'triage.owner': 'ana', verdict: 'ana' })
})

test('a detection is brought that an incident took in long after the platform received it', async () => {
  elements.incidents.push(makeIncident('i1', at(1), at(2)))
  await add()
  await connectors.pull(ana, 'edr')
  elements.incidents[0] = makeIncident('i1', at(1), new Date().toISOString())
  elements.detections.push({
    detectionId: 'old',
    incidentId: 'i1',
    deviceId: 'd1',
    name: 'seen long ago',
    severity: 'medium',
    createdTimestamp: at(0),
    initialReceivedTimestamp: at(0),
  })
  await connectors.pull(ana, 'edr')
  expect((await find('event.id:old')).length).toBe(1)
})

test('items that are written late, and several of one moment, are not missed', async () => {
  elements.events.push(...[1, 2, 3, 4].map((n) => makeSecurityEvent(`e${n}`, at(20))))
  await add()
  await connectors.pull(ana, 'edr')
  elements.events.push(makeSecurityEvent('late', at(10)), makeSecurityEvent('same', at(20)))
  expect((await connectors.pull(ana, 'edr')).new).toBe(2)
  expect((await find('*')).length).toBe(6)
})

test('a platform that fails is told of and backed off from, and the next pull goes on', {
  timeout: 60_000,
}, async () => {
  elements.events.push(...[1, 2, 3, 4, 5].map((n) => makeSecurityEvent(`e${n}`, at(n))))
  await add()
  elements.fail = (path) => (path.startsWith('/security') ? 403 : undefined)
  const words = /refuses the credentials/
  await expect(connectors.pull(ana, 'edr')).rejects.toMatchObject({ code: 'pull-failed', message: words })
  const { status: told } = await connectors.get(ana, 'edr')
  expect(told).toMatchObject({
    state: 'backing-off',
    problem: expect.stringMatching(words),
    failures: 1,
  })
  expect(told.nextPullMs).toBeGreaterThan(told.lastPullMs!)
  elements.fail = () => undefined
  expect((await connectors.pull(ana, 'edr')).new).toBe(5)
  expect((await connectors.get(ana, 'edr')).status).toMatchObject({ state: 'ok', problem: undefined })
})

test('a pull that ends at any moment is completed by the next', async () => {
  elements.events.push(...[1, 2, 3, 4, 5].map((n) => makeSecurityEvent(`e${n}`, at(n))))
  await add()
  const stop = new AbortController()
  await expect(
    connectors.pull(ana, 'edr', { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) }),
  ).rejects.toThrow('enough')
  await connectors.pull(ana, 'edr')
  expect((await find('*')).length).toBe(5)
})

test('a connector that is added after it was removed knows what was brought, and brings the rest', async () => {
  elements.events.push(...[1, 2, 3, 4, 5].map((n) => makeSecurityEvent(`e${n}`, at(n))))
  await add()
  await connectors.pull(ana, 'edr')
  const { timelineId } = await connectors.get(ana, 'edr')
  await connectors.remove(ana, 'edr')
  await expect(connectors.pull(ana, 'edr')).rejects.toMatchObject({ code: 'connector-not-found' })
  expect(await connectors.list(ana)).toEqual([])
  elements.events.push(makeSecurityEvent('e6', at(6)))
  expect(await add('other-name')).toMatch(/goes on where a connector to the same organization was removed/)
  expect(await connectors.get(ana, 'other-name')).toMatchObject({
    timelineId,
    cursor: {},
    counts: { read: 0 },
  })
  expect(counts(await connectors.pull(ana, 'other-name'))).toEqual([6, 1, 0, 5, 0])
  expect((await find('*')).length).toBe(6)
})

test('of two that are added at once where one was removed one goes on there, and both are connectors', async () => {
  elements.events.push(makeSecurityEvent('e1', at(1)))
  await add()
  await connectors.pull(ana, 'edr')
  await connectors.remove(ana, 'edr')
  const verdicts = await Promise.all([add('one'), add('other')])
  expect(verdicts.filter((verdict) => verdict.includes('goes on'))).toHaveLength(1)
  const [one, other] = [await connectors.get(ana, 'one'), await connectors.get(ana, 'other')]
  expect(one.uid).not.toBe(other.uid)
})

test('of two that are added at once by one name one is, and the other is refused', async () => {
  const outcomes = await Promise.allSettled([add(), add()])
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'connector-exists', message: 'There is a connector edr already; names are unique.' },
  })
  expect(await connectors.list(ana)).toHaveLength(1)
})

test('a connector that is removed while it pulls ends there, and leaves nothing begun', async () => {
  elements.events.push(...[1, 2, 3, 4, 5].map((n) => makeSecurityEvent(`e${n}`, at(n))))
  await add()
  const removed = Promise.withResolvers<void>()
  const pull = connectors.pull(ana, 'edr', {
    onProgress: () => connectors.remove(ana, 'edr').then(removed.resolve, removed.reject),
  })
  await expect(pull).rejects.toMatchObject({ code: 'connector-removed' })
  await removed.promise
  await add()
  await connectors.pull(ana, 'edr')
  expect((await find('*')).length).toBe(5)
})

test('credentials are changed for others of the same organisation that work', async () => {
  await add()
  elements.fail = () => 401
  await expect(connectors.pull(ana, 'edr')).rejects.toMatchObject({
    message: expect.stringMatching(/set-secret/),
  })
  elements.fail = () => undefined
  await expect(connectors.setSecret(ana, 'edr', { secret: 'wrong' })).rejects.toMatchObject({
    code: 'connector-refused',
  })
  expect((await connectors.get(ana, 'edr')).status.state).toBe('backing-off')
  expect(await connectors.setSecret(ana, 'edr', { secret: 'secret' })).toMatch(/knows client/)
  expect((await connectors.get(ana, 'edr')).status).toMatchObject({ state: 'ok', failures: 0 })
  await connectors.pull(ana, 'edr')
  elements.organisation = 'another'
  await expect(connectors.setSecret(ana, 'edr', { secret: 'secret' })).rejects.toMatchObject({
    code: 'other-account',
  })
  await expect(connectors.setSecret(bob, 'edr', { secret: 'secret' })).rejects.toMatchObject({
    code: 'connector-not-found',
  })
})

test('credentials that see several organizations are changed for others that see one of them', async () => {
  elements.organisation = 'a b'
  await add()
  for (const seen of ['b c', 'c', 'a']) {
    elements.organisation = seen
    await connectors.setSecret(ana, 'edr', { secret: 'secret' })
  }
  elements.organisation = 'd'
  await expect(connectors.setSecret(ana, 'edr', { secret: 'secret' })).rejects.toMatchObject({
    code: 'other-account',
    message: expect.stringMatching(/brings what a b c has; these credentials are of d/),
  })
})

/** Answers with a status when it is asked whose credentials these are: each second time, since a test of them asks that, too. */
function failAccount(status: number): void {
  let asked = 0
  elements.fail = (path) => (path.startsWith('/whoami') && ++asked % 2 === 0 ? status : undefined)
}

test('a platform that is out of order for a moment is not taken for one that does not tell whose items it has', async () => {
  failAccount(500)
  await expect(add()).rejects.toMatchObject({
    code: 'connector-refused',
    message: expect.stringMatching(/out of order/),
  })
  expect(await connectors.list(ana)).toEqual([])
  elements.fail = () => undefined
  await add()
  failAccount(500)
  await expect(connectors.setSecret(ana, 'edr', { secret: 'secret' })).rejects.toMatchObject({
    code: 'connector-refused',
  })
  elements.fail = () => undefined
  await connectors.setSecret(ana, 'edr', { secret: 'secret' })
})

test('credentials that may not ask whose they are replace none of a known organization, and what they brought is found by nobody', async () => {
  elements.events.push(makeSecurityEvent('e1', at(1)))
  await add('known')
  failAccount(403)
  await expect(connectors.setSecret(ana, 'known', { secret: 'secret' })).rejects.toMatchObject({
    code: 'other-account',
    message: expect.stringMatching(/the platform does not tell/),
  })
  await add('unknown')
  await connectors.setSecret(ana, 'unknown', { secret: 'secret' })
  elements.fail = (path) => (path.startsWith('/whoami') ? 403 : undefined)
  await connectors.pull(ana, 'unknown')
  const { timelineId } = await connectors.get(ana, 'unknown')
  await connectors.remove(ana, 'unknown')
  failAccount(403)
  expect(await add('again')).not.toMatch(/goes on/)
  expect((await connectors.get(ana, 'again')).timelineId).not.toBe(timelineId)
})

test('whose items are pulled is noted as soon as the platform tells, and a pull does not fail for it', async () => {
  elements.events.push(makeSecurityEvent('e1', at(1)))
  failAccount(404)
  await add()
  elements.fail = (path) => (path.startsWith('/whoami') ? 500 : undefined)
  expect((await connectors.pull(ana, 'edr')).new).toBe(1)
  elements.fail = () => undefined
  await connectors.pull(ana, 'edr')
  await connectors.remove(ana, 'edr')
  expect(await add()).toMatch(/goes on/)
})

test('cursors move by what the platform says, and no item hides what comes until its own time', async () => {
  elements.events.push(makeSecurityEvent('e1', at(1)), makeSecurityEvent('far', '2100-01-01T00:00:00.000Z'))
  elements.incidents.push(makeIncident('i1', at(1), at(2)))
  await add()
  const { cursor } = await connectors.pull(ana, 'edr')
  expect(cursor).toMatchObject({ incidents: at(2), detections: at(2) })
  expect(Date.parse(cursor['security-events']!)).toBeLessThanOrEqual(Date.now())
  const soon = new Date(Date.now() + 60_000).toISOString()
  elements.events.push(makeSecurityEvent('e2', soon))
  expect((await connectors.pull(ana, 'edr')).new).toBe(1)
})

test('wrong credentials make no connector, and secrets are nowhere in the clear', async () => {
  await expect(add('edr', 'wrong')).rejects.toMatchObject({
    code: 'connector-refused',
    message: expect.stringMatching(/invalid_client/),
  })
  expect(await connectors.list(ana)).toEqual([])
  await add('edr', 'secret')
  const shown = JSON.stringify([await connectors.get(ana, 'edr'), await connectors.list(ana)])
  expect(shown).not.toContain('secret')
})

test('a connector is seen by who may read its sketch and used by who may write', async () => {
  await add()
  for (const call of [
    () => connectors.get(bob, 'edr'),
    () => connectors.pull(bob, 'edr'),
    () => connectors.remove(bob, 'edr'),
    () => connectors.test(bob, 'edr'),
  ])
    await expect(call()).rejects.toMatchObject({ code: 'connector-not-found' })
  expect(await connectors.list(bob)).toEqual([])
  const { access } = place.system.services
  await access.changeSketchGrants(ana, sketchId, { grantUsers: ['bob'], permissions: ['read'] })
  expect((await connectors.list(bob)).map(({ name }) => name)).toEqual(['edr'])
  await expect(connectors.pull(bob, 'edr')).rejects.toMatchObject({ kind: 'forbidden' })
  await connectors.remove(ana, 'edr')
  await expect(connectors.get(ana, 'edr')).rejects.toMatchObject({ code: 'connector-not-found' })
})

test.each([
  ['http://169.254.169.254/latest', 'private-address'],
  ['http://10.1.2.3', 'private-address'],
  ['http://[::ffff:10.0.0.1]/', 'private-address'],
  ['http://127.0.0.1:1', 'private-address'],
  ['ftp://example.org', 'bad-url'],
  ['https://user:word@example.org', 'bad-url'],
  ['nonsense', 'bad-url'],
])('the address %s is refused to who is not the owner of the server', async (url, code) => {
  const input = { name: 'x', platform: 'elements', url, sketchId, clientId: 'c', secret: 's' } as const
  await expect(connectors.add({ ...ana, via: 'api-key' }, input)).rejects.toMatchObject({ code })
})

test('an address that becomes private later is not called', async () => {
  await add()
  await place.system.services.store.listIndexes()
  const { makeGuardedFetch } = await import('./address/guarded-fetch.ts')
  using guarded = makeGuardedFetch({ isPrivateAllowed: false, isLoopbackAllowed: false })
  await expect(guarded.fetch(elements.url)).rejects.toMatchObject({ code: 'private-address' })
  await expect(guarded.fetch(elements.url.replace('127.0.0.1', 'localhost'))).rejects.toMatchObject({
    code: 'private-address',
  })
})
