import type { Sekoia } from '@timeskein/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeAlert } from './testing/make-alert.ts'
import { openSekoia, type SekoiaPlace } from './testing/open-sekoia.ts'

let at: SekoiaPlace
let sekoia: Sekoia

beforeEach(async () => {
  at = await openSekoia()
  sekoia = at.sekoia
})
afterEach(async () => {
  await at[Symbol.asyncDispose]()
  expect(at.problems).toEqual([])
})

test('an alert closed here is closed in the domain', async () => {
  const uuid = await makeAlert(at, 'a')
  expect((await sekoia.alerts.listActions(uuid)).map(({ name }) => name)).toEqual([
    'Acknowledge',
    'Validate',
    'Reject',
    'Close',
  ])
  await sekoia.alerts.act(uuid, 'Close', { comment: 'done' })
  const { alerts } = at.place.system.services
  expect((await alerts.get(at.place.admin, uuid)).status).toBe('closed')
  expect((await sekoia.alerts.listActions(uuid)).map(({ name }) => name)).toEqual([
    'Acknowledge',
    'Validate',
    'Reject',
  ])
  await alerts.decide(at.place.admin, uuid, { status: 'in-progress' })
  const alert = (await sekoia.alerts.get(uuid))!
  expect(alert).toMatchObject({
    status: { name: 'Ongoing', uuid: '1f2f88d5-ff5b-48bf-bbbc-00c2fff82d9f' },
    similar: 2,
    first_seen_at: '2026-01-01T00:00:00.000Z',
    number_of_total_comments: 1,
    comments: [{ content: 'done' }],
    history: [{ alert: { status: 'Ongoing', previous_status: 'Closed' } }, {}, {}, {}],
  })
  await sekoia.alerts.act(uuid, '2efc4930-1442-4abb-acf2-58ba219a4fd0')
  expect((await alerts.get(at.place.admin, uuid)).status).toBe('open')
  await expect(sekoia.alerts.act(uuid, 'nothing')).rejects.toMatchObject({
    status: 400,
    code: 'unknown-action',
  })
})

test('lists of alerts narrow, sort and page as they are asked to', async () => {
  const uuids: string[] = []
  for (let number = 0; number < 5; number++) uuids.push(await makeAlert(at, `alert ${number}`, number * 20))
  await sekoia.alerts.act(uuids[0]!, 'Reject')
  await sekoia.alerts.update(uuids[1]!, {
    urgency: 99,
    alert_type_category: 'c',
    alert_type_value: 'v',
    details: 'd',
  })
  const titles = async (options: Parameters<typeof sekoia.alerts.list>[0]): Promise<string[]> =>
    (await sekoia.alerts.list(options).toArray()).map(({ title }) => title.slice(-1)).sort()
  expect(await titles({})).toEqual(['0', '1', '2', '3', '4'])
  expect(await titles({ pageSize: 2 })).toEqual(['0', '1', '2', '3', '4'])
  expect(await titles({ match: { status_name: 'Rejected' } })).toEqual(['0'])
  expect(await titles({ match: { status_name: ['Rejected', 'Pending'] } })).toEqual(['0', '1', '2', '3', '4'])
  expect(await titles({ match: { status_name: 'Nothing' } })).toEqual([])
  expect(await titles({ nomatch: { status_uuid: '4f68da89-38e0-4703-a6ab-652f02bdf24e' } })).toEqual([
    '1',
    '2',
    '3',
    '4',
  ])
  expect(await titles({ match: { urgency_display: ['Urgent', 'Low'] } })).toEqual(['0', '1', '4'])
  expect(await titles({ range: { urgency: [40, 60] } })).toEqual(['2', '3'])
  expect(await titles({ match: { type_value: 'v', type_category: 'c' } })).toEqual(['1'])
  expect(await titles({ match: { title: 'alert 3' } })).toEqual(['3'])
  expect(await titles({ date: { created_at: { start: '1h' } } })).toEqual(['0', '1', '2', '3', '4'])
  expect(await titles({ date: { created_at: { end: '1h' } } })).toEqual([])
  expect(await titles({ similarTo: uuids[2] })).toEqual(['2'])
  const byUrgency = await sekoia.alerts.list({ sort: 'urgency', direction: 'desc' }).toArray()
  expect(byUrgency.map(({ urgency }) => urgency.value)).toEqual([99, 80, 60, 40, 0])
  expect(await sekoia.alerts.get('AL0000000000')).toBeUndefined()
  await expect(sekoia.alerts.get('x')).rejects.toMatchObject({ status: 400, code: 'bad-id' })
})

test('an alert of Sekoia.io’s own is told as it was, but for what was decided here', async () => {
  const { alerts } = at.place.system.services
  const details = {
    uuid: '80ee2ccc-11e3-4416-9a0b-112233445566',
    alert_type: { category: 'intrusion-attempts', value: 'brute-force' },
    rule: { uuid: 'r', name: 'Feed', description: '', severity: 40, type: 'cti', pattern: 'x', more: 1 },
    detection_type: 'CTI',
    source: '1.2.3.4',
    ttps: 'none of the kind',
    stix: { id: 'y' },
    status: { uuid: 'x', name: 'Closed' },
  }
  const spans = new Map([[0, { count: 1, firstUs: 0n, lastUs: 0n }]])
  await alerts.store(at.place.admin, [
    { sourceKey: 'k', source: 'sekoia', title: 't', severity: 20, spans, details },
  ])
  const pulled = await sekoia.alerts.list().first()
  expect(pulled).toMatchObject({
    alert_type: details.alert_type,
    rule: { name: 'Feed', type: 'cti' },
    detection_type: 'CTI',
    source: '1.2.3.4',
    ttps: [],
    stix: { id: 'y' },
    status: { name: 'Pending' },
  })
  await sekoia.alerts.update(pulled!.uuid, { alert_type_category: 'c', alert_type_value: 'v' })
  expect((await sekoia.alerts.get(pulled!.uuid))!.alert_type).toEqual({ category: 'c', value: 'v' })
})
