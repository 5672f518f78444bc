import { StatementSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Principal } from '../../auth/principal.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import type { IncidentService } from '../incidents/incident-service.ts'
import type { AlertDraft, AlertService } from './alert-service.ts'
import { MAX_EVIDENCE, makeDetectionKey } from './alert-service.ts'

const HOUR = 3_600_000_000n

let place: TemporarySystem
let alerts: AlertService
let incidents: IncidentService
let ana: Principal
let bob: Principal
let sketchId: number
let nowMs = Date.UTC(2026, 0, 1)

beforeAll(async () => {
  place = await openTemporarySystem({ now: () => nowMs++ })
  ;({ alerts, incidents } = place.system.services)
  ana = await place.addUser('ana')
  bob = await place.addUser('bob')
  sketchId = (await place.system.services.sketches.create(ana, { name: 'Of Ana' })).id
})
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

function draft(rule: string, host: string, hour: bigint, changes: Partial<AlertDraft> = {}): AlertDraft {
  const us = hour * HOUR
  return {
    sourceKey: `${rule} ${host} ${hour}`,
    source: 'api',
    sketchId,
    timelineId: 1,
    ruleUuid: rule,
    title: `Rule ${rule}`,
    severity: 70,
    host,
    spans: new Map([[1, { count: 2, firstUs: us, lastUs: us + 1n }]]),
    evidence: [{ index: 'i', id: `${rule}-${hour}` }],
    tags: ['attack.execution', 'attack.t1059'],
    ...changes,
  }
}

test('an alert is made once, and its host is a device', async () => {
  const given = [draft('r1', 'WS-1', 1n)]
  expect(await alerts.store(ana, given)).toMatchObject({ created: 1, updated: 0, unchanged: 0 })
  expect(await alerts.store(ana, given)).toMatchObject({ created: 0, updated: 0, unchanged: 1 })
  const { items, total } = await alerts.list(ana, { sketchId })
  expect(total).toBe(1)
  expect(items[0]).toMatchObject({
    title: 'Rule r1',
    host: 'ws-1',
    count: 2,
    firstUs: HOUR,
    lastUs: HOUR + 1n,
    status: 'open',
    severity: 70,
    ruleUuid: 'r1',
    tags: ['attack.execution', 'attack.t1059'],
    evidence: [{ index: 'i', id: 'r1-1' }],
  })
  expect(items[0]!.uid).toMatch(/^[0-9a-f]{32}$/)
  const devices = await place.system.services.devices.list(ana, { sketchId })
  expect(devices.items).toMatchObject([{ name: 'WS-1', source: 'events', firstUs: HOUR }])
})

test('alerts of a sketch are seen by who may read it and changed by who may write', async () => {
  const [alert] = (await alerts.list(ana)).items
  expect((await alerts.list(bob)).items).toEqual([])
  await expect(alerts.get(bob, alert!.uid)).rejects.toMatchObject({ code: 'alert-not-found' })
  await expect(alerts.list(bob, { sketchId })).rejects.toMatchObject({ kind: 'forbidden' })
  const { access } = place.system.services
  await access.changeSketchGrants(ana, sketchId, { grantUsers: ['bob'], permissions: ['read'] })
  expect(await alerts.get(bob, alert!.uid)).toMatchObject({ id: alert!.id })
  await expect(alerts.decide(bob, alert!.uid, { status: 'closed' })).rejects.toMatchObject({
    code: 'no-write-permission',
  })
  await expect(alerts.comment(bob, alert!.uid, 'hm')).rejects.toMatchObject({ kind: 'forbidden' })
  await access.changeSketchGrants(ana, sketchId, { revokeUsers: ['bob'] })
  expect((await alerts.list(bob)).total).toBe(0)
  expect((await place.system.services.devices.list(bob)).total).toBe(0)
})

test('an alert is found by number, uid, UUID, or the beginning of its uid', async () => {
  const [alert] = (await alerts.list(ana)).items
  const { uid, id } = alert!
  const dashed = uid.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  for (const name of [String(id), uid, dashed, uid.slice(0, 24), uid.slice(0, 6).toUpperCase()])
    expect((await alerts.get(ana, name)).uid).toBe(uid)
  for (const name of ['', 'x', 'abc', `${uid}0`, '999999', "' OR 1=1"])
    await expect(alerts.get(ana, name)).rejects.toMatchObject({ code: 'alert-not-found' })
})

test('what is decided is kept with its history, and who closed it', async () => {
  const { uid } = (await alerts.list(ana)).items[0]!
  await alerts.decide(ana, uid, { status: 'in-progress', assignee: 'bob' })
  const closed = await alerts.decide(ana, uid, {
    status: 'closed',
    resolution: 'maintenance',
    reason: 'patch day',
  })
  expect(closed).toMatchObject({
    status: 'closed',
    resolution: 'maintenance',
    reason: 'patch day',
    assignee: { username: 'bob' },
    closedBy: { username: 'ana' },
  })
  await alerts.decide(ana, uid, { status: 'closed' })
  const comment = await alerts.comment(ana, uid, 'done')
  expect(await alerts.listComments(ana, uid)).toEqual([comment])
  const changes = await alerts.listChanges(ana, uid)
  expect(changes.map(({ action, username, details }) => [action, username, details['to']])).toEqual([
    ['created', '', undefined],
    ['status', 'ana', 'in-progress'],
    ['assignee', 'ana', 'bob'],
    ['status', 'ana', 'closed'],
    ['resolution', 'ana', 'maintenance'],
    ['reason', 'ana', 'patch day'],
    ['comment', 'ana', undefined],
  ])
  await expect(alerts.decide(ana, uid, { assignee: 'nobody' })).rejects.toMatchObject({
    code: 'user-not-found',
  })
  await expect(alerts.decide(ana, uid, { severity: 101 })).rejects.toMatchObject({ code: 'bad-severity' })
  await expect(alerts.comment(ana, uid, ' ')).rejects.toMatchObject({ code: 'bad-comment' })
})

test('more events open a closed alert again, not a rejected one; the same ones do not', async () => {
  const { uid } = (await alerts.list(ana)).items[0]!
  await alerts.store(ana, [draft('r1', 'WS-1', 1n)])
  expect((await alerts.get(ana, uid)).status).toBe('closed')
  const spans = new Map([[2, { count: 5, firstUs: 0n, lastUs: HOUR }]])
  expect(await alerts.store(ana, [draft('r1', 'WS-1', 1n, { spans })])).toMatchObject({ updated: 1 })
  expect(await alerts.get(ana, uid)).toMatchObject({
    status: 'open',
    resolution: undefined,
    reason: '',
    closedBy: undefined,
    count: 7,
    firstUs: 0n,
    lastUs: HOUR + 1n,
  })
  await alerts.decide(ana, uid, { status: 'rejected' })
  const more = new Map([[2, { count: 6, firstUs: 0n, lastUs: HOUR }]])
  await alerts.store(ana, [draft('r1', 'WS-1', 1n, { spans: more })])
  expect(await alerts.get(ana, uid)).toMatchObject({
    status: 'rejected',
    resolution: 'false-positive',
    count: 8,
  })
})

test('evidence is cut at its limit, the count is not', async () => {
  const evidence = Array.from({ length: MAX_EVIDENCE + 20 }, (_, n) => ({ index: 'i', id: `many-${n}` }))
  const spans = new Map([[1, { count: 1_000_000, firstUs: 0n, lastUs: 5n }]])
  await alerts.store(ana, [draft('r-many', 'WS-9', 90n, { evidence, spans })])
  const [alert] = (await alerts.list(ana, { host: 'ws-9' })).items
  expect([alert!.count, alert!.evidence.length]).toEqual([1_000_000, MAX_EVIDENCE])
})

test('alerts of two rules on one host become an incident, which grows, closes with its alerts and opens again', async () => {
  const stored = await alerts.store(ana, [draft('r2', 'WS-2', 10n), draft('r3', 'WS-2', 11n)])
  expect(stored.incidents).toEqual({ created: 1, updated: 0, reopened: 0 })
  const [incident] = (await incidents.list(ana)).items
  expect(incident).toMatchObject({ host: 'ws-2', status: 'open', severity: 70, risk: 73, alertCount: 2 })
  const detail = await incidents.get(ana, incident!.uid)
  expect(detail.alerts.map(({ ruleUuid }) => ruleUuid)).toEqual(['r2', 'r3'])
  expect(detail.alerts[0]!.incidentUid).toBe(incident!.uid)

  await incidents.decide(ana, incident!.uid, { status: 'closed', resolution: 'confirmed' })
  const closed = await incidents.get(ana, incident!.uid)
  expect(closed.alerts.map(({ status, resolution }) => [status, resolution])).toEqual([
    ['closed', 'confirmed'],
    ['closed', 'confirmed'],
  ])
  const again = await alerts.store(ana, [draft('r2', 'WS-2', 10n)])
  expect(again.incidents).toEqual({ created: 0, updated: 0, reopened: 0 })
  const fresh = await alerts.store(ana, [draft('r4', 'ws-2', 12n)])
  expect(fresh.incidents).toEqual({ created: 0, updated: 0, reopened: 1 })
  expect(await incidents.get(ana, incident!.uid)).toMatchObject({ status: 'open', alertCount: 3 })
  await expect(incidents.get(bob, incident!.uid)).rejects.toMatchObject({ code: 'incident-not-found' })
})

test('incidents that turn out to be one are merged into the older', async () => {
  await alerts.store(ana, [draft('m1', 'WS-3', 20n), draft('m2', 'WS-3', 20n)])
  await alerts.store(ana, [draft('m1', 'WS-3', 26n), draft('m2', 'WS-3', 26n)])
  const before = (await incidents.list(ana, { host: 'WS-3' }, { sort: 'created', order: 'asc' })).items
  expect(before).toHaveLength(2)
  await alerts.store(ana, [draft('m3', 'WS-3', 23n)])
  const after = (await incidents.list(ana, { host: 'ws-3' }, { sort: 'created', order: 'asc' })).items
  expect(after.map(({ status, resolution, alertCount }) => [status, resolution, alertCount])).toEqual([
    ['open', undefined, 5],
    ['closed', 'merged', 0],
  ])
  expect(after[1]!.mergedIntoId).toBe(after[0]!.id)
})

test('a new critical alert beside a rejected incident makes one of its own', async () => {
  const critical = { severity: 90 }
  await alerts.store(ana, [draft('x1', 'WS-30', 20n, critical)])
  const [before] = (await incidents.list(ana, { host: 'ws-30' })).items
  const first = (await alerts.list(ana, { host: 'ws-30' })).items[0]!
  await alerts.decide(ana, first.uid, { status: 'closed' })
  await incidents.decide(ana, before!.uid, { status: 'rejected' })
  const listed = async (): Promise<unknown> =>
    (await incidents.list(ana, { host: 'ws-30' }, { sort: 'created', order: 'asc' })).items.map(
      ({ status, alertCount, mergedIntoId }) => [status, alertCount, mergedIntoId],
    )
  const stored = await alerts.store(ana, [draft('x2', 'WS-30', 21n, critical)])
  expect(stored.incidents).toEqual({ created: 1, updated: 0, reopened: 0 })
  expect(await listed()).toEqual([
    ['rejected', 1, undefined],
    ['open', 1, undefined],
  ])

  // The closed alert is opened by more events of its own, and is merged into no rejected incident.
  const spans = new Map([[1, { count: 9, firstUs: 20n * HOUR, lastUs: 20n * HOUR }]])
  await alerts.store(ana, [draft('x1', 'WS-30', 20n, { ...critical, spans })])
  expect(await listed()).toEqual([
    ['rejected', 0, undefined],
    ['open', 2, undefined],
  ])
})

test('the first alert of a rejected incident can make another when it grows', async () => {
  const told = (count: number): AlertDraft =>
    draft('y1', 'WS-31', 20n, { severity: 90, spans: new Map([[1, { count, firstUs: 1n, lastUs: 2n }]]) })
  for (const count of [1, 2, 3]) {
    const { incidents: made } = await alerts.store(ana, [told(count)])
    expect(made).toEqual({ created: 1, updated: 0, reopened: 0 })
    const { uid } = (await incidents.list(ana, { host: 'ws-31', statuses: ['open'] })).items[0]!
    await alerts.decide(ana, (await alerts.list(ana, { host: 'ws-31' })).items[0]!.uid, { status: 'closed' })
    await incidents.decide(ana, uid, { status: 'rejected' })
  }
  expect((await incidents.list(ana, { host: 'ws-31' })).total).toBe(3)
})

test('a merged incident that somebody takes up again is no part of another', async () => {
  const [older, merged] = (await incidents.list(ana, { host: 'ws-3' }, { sort: 'created', order: 'asc' }))
    .items
  const again = await incidents.decide(ana, merged!.uid, { status: 'open' })
  expect([again.status, again.mergedIntoId]).toEqual(['open', undefined])
  await alerts.store(ana, [draft('m4', 'WS-3', 24n)])
  expect(await incidents.get(ana, older!.uid)).toMatchObject({ status: 'open', alertCount: 6 })
})

test('a severity that somebody gave an incident stays with new evidence', async () => {
  await alerts.store(ana, [draft('s1', 'WS-32', 20n), draft('s2', 'WS-32', 20n)])
  const { uid } = (await incidents.list(ana, { host: 'ws-32' })).items[0]!
  await alerts.store(ana, [draft('s3', 'WS-32', 20n, { severity: 80 })])
  expect((await incidents.get(ana, uid)).severity).toBe(80)
  await incidents.decide(ana, uid, { severity: 20 })
  await alerts.store(ana, [draft('s4', 'WS-32', 20n, { severity: 90 })])
  expect(await incidents.get(ana, uid)).toMatchObject({ severity: 20, alertCount: 4 })
})

test('an incident is named after all of its alerts, unless somebody gave it a title', async () => {
  await alerts.store(ana, [draft('t1', 'WS-33', 20n), draft('t2', 'WS-33', 20n)])
  const { uid } = (await incidents.list(ana, { host: 'ws-33' })).items[0]!
  await alerts.store(ana, [draft('t3', 'WS-33', 21n, { severity: 90 })])
  expect((await incidents.get(ana, uid)).title).toBe('Rule t3 and 2 more on ws-33')
  await incidents.decide(ana, uid, { title: 'The lure' })
  await alerts.store(ana, [draft('t4', 'WS-33', 21n, { severity: 95 })])
  expect((await incidents.get(ana, uid)).title).toBe('The lure')
})

test('an alert has the account that its later evidence tells, where the first told none', async () => {
  const spans = (count: number) => new Map([[1, { count, firstUs: 20n * HOUR, lastUs: 20n * HOUR }]])
  await alerts.store(ana, [draft('a1', 'WS-34', 20n, { spans: spans(1) })])
  await alerts.store(ana, [draft('a1', 'WS-34', 20n, { spans: spans(2), account: 'eve' })])
  await alerts.store(ana, [draft('a1', 'WS-34', 20n, { spans: spans(3), account: 'bob' })])
  expect((await alerts.list(ana, { host: 'ws-34' })).items).toMatchObject([{ account: 'eve', count: 3 }])
})

test('what is suppressed becomes no alert', async () => {
  const made = await alerts.suppress(ana, { sketchId, ruleUuid: 'R5', host: 'WS-5', reason: 'scanner' })
  const given = [draft('r5', 'ws-5', 50n), draft('r5', 'ws-6', 50n)]
  expect(await alerts.store(ana, given)).toMatchObject({ created: 1, suppressed: 1 })
  await expect(alerts.suppress(bob, { sketchId, ruleUuid: 'x', reason: '' })).rejects.toMatchObject({
    kind: 'forbidden',
  })
  await expect(alerts.suppress(ana, { ruleUuid: 'x', reason: '' })).rejects.toMatchObject({
    code: 'not-an-admin',
  })
  await expect(alerts.suppress(ana, { sketchId, reason: '' })).rejects.toMatchObject({
    code: 'bad-suppression',
  })
  expect(await alerts.listSuppressions(bob)).toEqual([])
  await expect(alerts.unsuppress(bob, made.uid)).rejects.toMatchObject({ code: 'suppression-not-found' })
  await alerts.unsuppress(ana, made.uid)
  expect(await alerts.store(ana, given)).toMatchObject({ created: 1, unchanged: 1, suppressed: 0 })
})

test('a list is filtered, and read page by page', async () => {
  const all = (await alerts.list(ana)).items
  const seen: number[] = []
  let after: string | undefined
  do {
    const page = await alerts.list(
      ana,
      {},
      { limit: 2, sort: 'last', order: 'asc', ...(after === undefined ? {} : { after }) },
    )
    seen.push(...page.items.map(({ id }) => id))
    after = page.next
  } while (after !== undefined)
  expect(seen.toReversed()).toEqual(all.map(({ id }) => id))
  expect((await alerts.list(ana, { statuses: ['rejected'] })).total).toBe(1)
  expect((await alerts.list(ana, { text: 'RULE R2', minSeverity: 70 })).total).toBe(1)
  expect((await alerts.list(ana, { ruleUuid: 'M1', tag: 'attack.t1059' })).total).toBe(2)
  expect((await alerts.list(ana, { tag: 'attack.t105' })).total).toBe(0)
  expect((await alerts.list(ana, { assignee: 'bob' })).total).toBe(1)
  expect((await alerts.list(ana, { fromUs: 60n * HOUR, toUs: 91n * HOUR })).total).toBe(0)
  await expect(alerts.list(ana, {}, { after: 'x' })).rejects.toMatchObject({ code: 'bad-cursor' })
})

test('an alert without a sketch is everybody’s', async () => {
  const pulled = draft('p', 'WS-7', 70n, { sourceKey: 'elements 1', source: 'elements' })
  const { sketchId: _, ...own } = pulled
  await alerts.store(bob, [own])
  const found = await alerts.list(ana, { source: 'elements' })
  expect(found.items).toMatchObject([{ sketchId: undefined, host: 'ws-7' }])
  expect(await alerts.decide(ana, found.items[0]!.uid, { status: 'acknowledged' })).toMatchObject({
    status: 'acknowledged',
  })
})

test('what others tell overwrites no alert of another sketch or source, nor one of detection', async () => {
  const key = { sourceKey: 'of ana' }
  await alerts.store(ana, [draft('own', 'WS-20', 200n, key)])
  const before = (await alerts.list(ana, { host: 'ws-20' })).items
  const of = (await place.system.services.sketches.create(bob, { name: 'Of Bob' })).id
  const { sketchId: _, ...without } = draft('own', 'WS-20', 300n, { ...key, details: { defaced: true } })
  for (const given of [without, { ...without, sketchId: of }])
    await expect(alerts.store(bob, [given])).rejects.toMatchObject({ code: 'alert-key-taken' })
  await expect(
    alerts.store(ana, [draft('own', 'WS-20', 300n, { ...key, source: 'x' })]),
  ).rejects.toMatchObject({ code: 'alert-key-taken' })
  expect((await alerts.list(ana, { host: 'ws-20' })).items).toEqual(before)
  for (const given of [
    draft('own', 'WS-20', 300n, { source: 'detection' }),
    draft('own', 'WS-20', 300n, { sourceKey: makeDetectionKey([1, 'rule']) }),
    draft('own', 'WS-20', 300n, { spans: new Map() }),
  ])
    await expect(alerts.store(ana, [given])).rejects.toMatchObject({ code: 'bad-alert' })
})

test('alerts of one key that are told together are one', async () => {
  const span = (hour: bigint): AlertDraft['spans'] =>
    new Map([[Number(hour), { count: 2, firstUs: hour, lastUs: hour }]])
  const given = [3n, 4n].map((hour) =>
    draft('twice', 'WS-21', 200n, {
      spans: span(hour),
      evidence: [{ index: 'i', id: `twice-${hour}` }],
    }),
  )
  expect(await alerts.store(ana, given)).toMatchObject({ created: 1, updated: 0, unchanged: 0 })
  const [alert] = (await alerts.list(ana, { host: 'ws-21' })).items
  expect(alert).toMatchObject({ count: 4, firstUs: 3n, lastUs: 4n })
  expect(alert!.evidence.map(({ id }) => id)).toEqual(['twice-3', 'twice-4'])
  const stranger = { ...given[0]!, source: 'other', sourceKey: 'new' }
  await expect(alerts.store(ana, [stranger, { ...stranger, source: 'another' }])).rejects.toMatchObject({
    code: 'alert-key-taken',
  })
})

const BOUNDS = {
  createdFromMs: 1e6,
  createdToMs: 8e15,
  updatedFromMs: 2e6,
  updatedToMs: 9e15,
  fromUs: 3_000_000n,
}
test.each([
  ['created', 'asc', 1e6],
  ['created', 'desc', 8e15],
  ['updated', 'asc', 2e6],
  ['updated', 'desc', 9e15],
  ['last', 'asc', 3e6],
] as const)(
  'a page by %s, %s, that goes on is looked for from its place, not from where the list begins',
  async (sort, order, bound) => {
    const days = [1n, 2n, 3n, 4n, 5n]
    await alerts.store(
      ana,
      days.map((day) =>
        draft('paged', `WS-P${day}`, day, {
          engine: day % 2n === 0n ? 'amsi' : 'firewall',
          createdAtMs: Date.UTC(2001, 0, Number(day)),
        }),
      ),
    )
    const filter = { ...BOUNDS, ruleUuid: 'paged', engines: ['amsi', 'firewall', 'edr'] }
    const values: unknown[] = []
    const all = StatementSync.prototype.all
    using _ = vi.spyOn(StatementSync.prototype, 'all').mockImplementation(function (
      this: StatementSync,
      ...given
    ) {
      values.push(...given)
      return all.apply(this, given)
    })
    const walked: (string | undefined)[] = []
    let after: string | undefined
    do {
      values.length = 0
      const page = { sort, order, limit: 2, ...(after === undefined ? {} : { after }) }
      const { items, next } = await alerts.readPage(ana, filter, page)
      walked.push(...items.map(({ host }) => host))
      expect(values.includes(bound)).toBe(after === undefined)
      after = next
    } while (after !== undefined)
    const hosts = days.map((day) => `ws-p${day}`)
    expect(walked).toEqual(order === 'asc' ? hosts : hosts.toReversed())
  },
)
