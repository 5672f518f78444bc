import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sekoia } from '@timeskein/sdk'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openSekoia, type SekoiaPlace } from './testing/open-sekoia.ts'

let at: SekoiaPlace
let sekoia: Sekoia

beforeEach(async () => {
  at = await openSekoia()
  sekoia = at.sekoia
})
afterEach(async () => {
  vi.restoreAllMocks()
  await at[Symbol.asyncDispose]()
  expect(at.problems).toEqual([])
})

const UUID = '80ee2ccc-11e3-4416-9a0b-112233445566'
const SHORT_ID = 'ALL1A4SKUiU2'
const ALERT = {
  uuid: UUID,
  short_id: SHORT_ID,
  title: 'Feed Enriched',
  created_at: 1_767_225_600,
  updated_at: 1_767_225_700,
  first_seen_at: '2025-12-31T23:00:00.000000Z',
  last_seen_at: '2026-01-01T00:00:00.000000Z',
  urgency: { current_value: 20, value: 20, severity: 40, criticity: 0, display: 'Moderate' },
  alert_type: { category: 'intrusion-attempts', value: 'brute-force' },
  status: { uuid: '2efc4930-1442-4abb-acf2-58ba219a4fd0', name: 'Pending', description: '' },
  rule: {
    uuid: '3f2c1e5a-0000-4000-8000-0242ac130003',
    name: 'Feed rule',
    description: '',
    severity: 40,
    type: 'sigma',
    pattern: 'detection: {}',
  },
  detection_type: 'Sigma',
  source: '1.2.3.4',
  target: 'srv',
  similar: 11,
}

/** Imports alerts of the platform into a sketch of their own. */
async function importAlerts(sketch: string, alerts: readonly object[] = [ALERT]): Promise<number> {
  const { sketches, imports } = at.place.system.services
  const { id: sketchId } = await sketches.create(at.place.admin, { name: sketch })
  const path = join(at.place.directory, 'alerts.json')
  await writeFile(path, JSON.stringify({ items: alerts }))
  const { ended } = await imports.start(at.place.admin, {
    sketchId,
    timeline: { name: 'sekoia' },
    inputs: [{ path }],
  })
  expect(await ended).toMatchObject({ status: 'done' })
  return sketchId
}

test('an alert that came from Sekoia.io is found and told by the ids it has there', async () => {
  await importAlerts('a')
  await importAlerts('b')
  const listed = await sekoia.alerts.list().toArray()
  expect(listed.map(({ uuid, short_id }) => [uuid, short_id])).toEqual([[UUID, SHORT_ID]])
  for (const id of [SHORT_ID, UUID]) expect((await sekoia.alerts.get(id))!.short_id, id).toBe(SHORT_ID)
  for (const match of [{ short_id: SHORT_ID }, { uuid: UUID }])
    expect(await sekoia.alerts.list({ match }).toArray()).toHaveLength(1)
  const { short_id: ofCase } = await sekoia.cases.create({ title: 'case' })
  await sekoia.cases.addAlerts(ofCase, [SHORT_ID])
  expect((await sekoia.cases.get(ofCase))!.alerts).toMatchObject([{ uuid: UUID, short_id: SHORT_ID }])
  const [event] = await sekoia
    .search(`alert_short_ids:${SHORT_ID}`, { earliest: '2025-01-01T00:00:00Z' })
    .toArray()
  expect(event?.['message']).toBe('Feed Enriched')
})

test('an id as the platform makes them of which there is nothing is not there', async () => {
  expect(await sekoia.alerts.getKillChain('KCXKNfnJupq5')).toBeUndefined()
  expect(await sekoia.alerts.get('ALL1A4SKU003')).toBeUndefined()
  expect(await sekoia.cases.get('CAs3AT1XeGCU')).toBeUndefined()
  await expect(sekoia.alerts.get('ALx')).rejects.toMatchObject({ status: 400 })
})

test('SOL tells of alerts what the API tells', async () => {
  await importAlerts('a')
  const program =
    'alerts | select uuid, short_id, rule_name, detection_type, alert_type_category, alert_type_value, status'
  const expected = {
    uuid: UUID,
    short_id: SHORT_ID,
    rule_name: 'Feed rule',
    detection_type: 'Sigma',
    alert_type_category: 'intrusion-attempts',
    alert_type_value: 'brute-force',
    status: 'Pending',
  }
  expect(await sekoia.sol(program).toArray()).toEqual([expected])
  const changed = await sekoia.alerts.update(SHORT_ID, {
    alert_type_category: 'malware',
    alert_type_value: 'rat',
  })
  expect(changed.alert_type).toEqual({ category: 'malware', value: 'rat' })
  expect(await sekoia.sol(program).toArray()).toEqual([
    { ...expected, alert_type_category: 'malware', alert_type_value: 'rat' },
  ])
  expect(
    await sekoia.sol('alerts | join assets on assets.uuid == uuid | select asset.name').toArray(),
  ).toEqual([{ 'asset.name': 'srv' }])
})

test('an alert tells of its rule what its record says, also where that leaves members out', async () => {
  const { description: _, ...rule } = ALERT.rule
  await importAlerts('a', [
    { ...ALERT, rule, first_seen_at: '2025-12-31T23:00:00.839600Z' },
    { ...ALERT, uuid: UUID.replace('80', '81'), short_id: 'ALL1A4SKUiU3', rule: { ...rule, severity: null } },
  ])
  const { rule: told, first_seen_at } = (await sekoia.alerts.get(SHORT_ID))!
  expect(told).toEqual(ALERT.rule)
  expect(first_seen_at).toBe('2025-12-31T23:00:00.839600Z')
  expect((await sekoia.alerts.get('ALL1A4SKUiU3'))!.rule).toEqual({ ...ALERT.rule, severity: 20 })
  expect(await sekoia.sol('alerts | select rule_name').toArray()).toEqual([
    { rule_name: 'Feed rule' },
    { rule_name: 'Feed rule' },
  ])
})

test('who moved an alert on, and how long that took, is told by the API and by SOL', async () => {
  await importAlerts('a')
  const me = await sekoia.me()
  await sekoia.alerts.act(SHORT_ID, 'Acknowledge')
  const seen = (await sekoia.alerts.get(SHORT_ID))!
  expect(seen).toMatchObject({ updated_by: me.uuid, updated_by_type: 'user', time_to_respond: null })
  const age = Math.floor(Date.now() / 1000) - ALERT.created_at
  expect(Math.abs((seen.time_to_acknowledge ?? 0) - age)).toBeLessThan(60)
  await sekoia.alerts.act(SHORT_ID, 'Validate')
  await sekoia.alerts.act(SHORT_ID, 'Close')
  const { time_to_acknowledge, time_to_respond, time_to_resolve } = (await sekoia.alerts.get(SHORT_ID))!
  expect(time_to_acknowledge).toBe(seen.time_to_acknowledge)
  expect([time_to_respond, time_to_resolve]).not.toContain(null)
  const program = 'alerts | select time_to_acknowledge, time_to_respond, time_to_resolve'
  expect(await sekoia.sol(program).toArray()).toEqual([
    { time_to_acknowledge, time_to_respond, time_to_resolve },
  ])
})

test('lists are narrowed by every field that the platform documents', async () => {
  await importAlerts('a', [
    { ...ALERT, custom_status_uuid: 'own', stix: { id: 'bundle--1', objects: [{ id: 'indicator--2' }] } },
    { ...ALERT, uuid: UUID.replace('80', '81'), short_id: 'ALL1A4SKUiU3', title: 'other' },
  ])
  const titles = async (options: Parameters<Sekoia['alerts']['list']>[0]): Promise<string[]> =>
    (await sekoia.alerts.list(options).toArray()).map(({ title }) => title)
  expect(await titles({ match: { node: 'x' } })).toEqual([])
  for (const id of ['bundle--1', 'indicator--2'])
    expect(await titles({ match: { stix_object: id } }), id).toEqual(['Feed Enriched'])
  expect(await titles({ match: { stix_object: 'none' } })).toEqual([])
  expect(await titles({ match: { custom_status_uuid: 'own' } })).toEqual(['Feed Enriched'])
  expect(await titles({ nomatch: { custom_status_uuid: 'own' } })).toEqual(['other'])
})

test('a remark is told as it was signed, and its history says which it is', async () => {
  await importAlerts('a')
  const made = await sekoia.alerts.comment(SHORT_ID, { content: 'seen', author: 'robot' })
  await sekoia.alerts.comment(SHORT_ID, { content: 'by me' })
  const { username } = at.place.admin
  const told = await sekoia.alerts.listComments(SHORT_ID).toArray()
  expect([made.author, ...told.map(({ author }) => author)]).toEqual(['robot', 'robot', username])
  const { comments, history } = (await sekoia.alerts.get(SHORT_ID))!
  expect(comments!.map(({ author }) => author)).toEqual(['robot', username])
  expect(history!.find(({ entry_type }) => entry_type === 'comment')!.alert).toEqual({
    comment_uuid: comments![1]!.uuid,
  })
})

test('alerts that are named are looked for by their names, and not among all others', async () => {
  const { alerts } = at.place.system.services
  const others = Array.from({ length: 3 }, (_, place) => ({
    ...ALERT,
    uuid: `80ee2ccc-11e3-4416-9a0b-00000000000${place}`,
    short_id: `AL000000000${place}`,
    title: `other ${place}`,
    created_at: ALERT.created_at + place + 1,
  }))
  await importAlerts('case', [ALERT, ...others])
  const list = vi.spyOn(alerts, 'readPage')
  const find = async (match: Record<string, string | string[]>): Promise<unknown[]> =>
    (await sekoia.alerts.list({ match, direction: 'desc' }).toArray()).map(({ title }) => title)
  expect(await find({ short_id: [SHORT_ID, 'AL0000000001', 'AL9999999999', 'nothing'] })).toEqual([
    'other 1',
    'Feed Enriched',
  ])
  expect(await find({ uuid: UUID })).toEqual(['Feed Enriched'])
  expect(await find({ uuid: [UUID, others[2]!.uuid], title: 'other 2' })).toEqual(['other 2'])
  expect(await find({ uuid: UUID, status_name: 'Closed' })).toEqual([])
  expect(list.mock.calls.every(([, filter]) => filter.platformId !== undefined)).toBe(true)
  expect(await sekoia.alerts.get('AL0000000009')).toBeUndefined()
  const asked = sekoia.alerts.listActions('AL0000000009')
  await expect(asked).rejects.toThrow('There is no alert AL0000000009.')
})
