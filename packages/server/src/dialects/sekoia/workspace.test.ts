import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sekoia } from '@timeskein/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
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

const RULE = {
  name: 'Powershell by command line',
  type: 'sigma' as const,
  description: 'Detect spawn of Powershell',
  payload:
    "detection:\n  selection:\n    process.command_line|contains: 'powershell'\n  condition: selection",
  severity: 40,
  effort: 3,
  alert_type_uuid: '599f4b1a-dd60-43fe-8ee9-07d3c5d00ded',
  enabled: true,
}

/** An alert, as a pull would store it. */
async function makeAlert(name: string, severity = 50): Promise<string> {
  const { services } = at.place.system
  await services.alerts.store(at.place.admin, [
    {
      sourceKey: `test ${name}`,
      source: 'api',
      title: name,
      severity,
      host: 'laptop',
      spans: new Map([[0, { count: 2, firstUs: 1_767_225_600_000_000n, lastUs: 1_767_225_660_000_000n }]]),
    },
  ])
  const found = await sekoia.alerts.list({ match: { title: name } }).first()
  return found!.uuid
}

/** Handles of events that came in, which say that they have others. */
async function makeEvents(count: number): Promise<readonly string[]> {
  const { key } = await at.makeIntake()
  const sent = Array.from({ length: count }, (_, place) => ({
    message: `line ${place}`,
    __event_id: 'elsewhere',
  }))
  await Array.fromAsync(sekoia.intake(key).sendAll(sent))
  const found = await sekoia.search('*', { earliest: '1d' }).toArray()
  return found.map(({ __event_id }) => __event_id)
}

test('a key tells what it is and whose', async () => {
  expect((await sekoia.validate()).identity).toMatch(/^apikey:[0-9a-f-]{36}$/)
  const me = await sekoia.me()
  const [community] = await sekoia.communities.list().toArray()
  expect(me.community).toBe(community!.uuid)
  expect((await sekoia.communities.getUser(me.uuid)).uuid).toBe(me.uuid)
  const roles = await sekoia.communities.listRoles(me.community).toArray()
  expect(roles.map(({ name }) => name)).toEqual(['Guest', 'Analyst', 'Admin'])
  const invitation = await sekoia.communities.invite({
    email: 'john.doe@example.com',
    communities: { [me.community]: [roles[1]!.uuid] },
  })
  expect(invitation.email).toBe('john.doe@example.com')
  expect((await at.place.system.services.invitations.list(at.place.admin))[0]?.role).toBe('Analyst')
})

test('a key with permissions may do what they say and nothing else', async () => {
  const reader = await at.connect(['SIC_READ_ALERTS'])
  await reader.alerts.list().toArray()
  for (const refused of [
    () => reader.rules.list().toArray(),
    () => reader.rules.create(RULE),
    () => reader.search('*').first(),
    () => reader.cases.create({ title: 'x' }),
  ])
    await expect(refused()).rejects.toMatchObject({ status: 403, code: 'AU202' })
  const confReader = await at.connect(['SIC_READ_CONF'])
  await confReader.rules.list().toArray()
})

test('keys that were good say why they are so no longer', async () => {
  const { auth, platformKeys } = at.place.system.services
  const tell = async (expiresAtMs?: number, isRevoked = false): Promise<unknown> => {
    const { id, credentials } = await platformKeys.create(at.place.admin, {
      kind: 'sekoia',
      name: 'x',
      ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    })
    if (isRevoked) await auth.revokeApiKey(at.place.admin, id)
    const { key } = credentials as { key: string }
    return await (await at.ask('/v1/me', { headers: { authorization: `Bearer ${key}` } })).json()
  }
  expect(await tell(Date.now() - 1000)).toEqual({ message: 'The token has expired', code: 'T301' })
  expect(await tell(undefined, true)).toEqual({ message: 'Token revoked', code: 'T302' })
})

test('an act without a key is refused as one with a wrong key', async () => {
  for (const [method, path] of [
    ['POST', '/v1/sic/cases'],
    ['PATCH', '/v1/sic/alerts/AL0000000000'],
    ['DELETE', '/v1/sic/cases/CA0000000000'],
  ] as const) {
    const answer = await at.ask(path, { method, ...(method === 'DELETE' ? {} : { body: '{}' }) })
    expect([answer.status, await answer.json()]).toEqual([
      401,
      { message: 'The token is invalid', code: 'T300' },
    ])
  }
})

test('both prefixes answer, and paths that are none say so', async () => {
  expect((await at.ask('/api/v1/me')).status).toBe(401)
  expect(await (await at.ask('/v1/me', { headers: { authorization: 'Bearer nothing' } })).json()).toEqual({
    message: 'The token is invalid',
    code: 'T300',
  })
  const missing = await at.app.fetch(new Request('http://skein.test/sekoia/v1/nothing'))
  expect(missing.status).toBe(404)
  expect(await missing.json()).toMatchObject({ code: 'page-not-found' })
})

test('a rule is made, found, changed, switched off and deleted', async () => {
  const rule = await sekoia.rules.create({
    ...RULE,
    tags: ['attack.t1059', 'own'],
    similarity_strategy: ['host.name'],
  })
  expect(rule).toMatchObject({
    ...RULE,
    tags: [{ name: 'attack.t1059' }, { name: 'own' }],
    alert_type: { value: 'application-compromise' },
    similarity_strategy: ['host.name'],
    last_compilation_success: true,
  })
  const inLibrary = await at.place.system.services.rules.get(at.place.admin, rule.uuid)
  expect(inLibrary).toMatchObject({ title: RULE.name, level: 'medium', isEnabled: true })
  for (const [match, count] of [
    [{ name: RULE.name }, 1],
    [{ name: 'Powershell' }, 0],
    [{ type: ['sigma', 'cti'] }, 1],
    [{ severity: 40 }, 1],
    [{ severity: 'high' }, 0],
    [{ enabled: true, created_by: rule.created_by }, 1],
  ] as const)
    expect((await sekoia.rules.list({ match }).toArray()).length, JSON.stringify(match)).toBe(count)
  const changed = await sekoia.rules.update(rule.uuid, { ...RULE, name: 'Other, with a comma', severity: 90 })
  expect(changed).toMatchObject({ uuid: rule.uuid, name: 'Other, with a comma', severity: 90, tags: [] })
  expect((await sekoia.rules.list({ match: { name: 'Other, with a comma' } }).toArray()).length).toBe(1)
  expect((await sekoia.rules.disable(rule.uuid)).enabled).toBe(false)
  expect((await sekoia.rules.enable(rule.uuid)).enabled).toBe(true)
  await sekoia.rules.delete(rule.uuid)
  await expect(sekoia.rules.get(rule.uuid)).rejects.toMatchObject({ status: 404 })
  await expect(sekoia.rules.delete(rule.uuid)).rejects.toMatchObject({ status: 404 })
})

test.each([
  [{ payload: 'detection:\n  a: [' }, 'bad-rule', 'line 2'],
  [{ payload: 'detection:\n  s:\n    a|containz: b\n  condition: s' }, 'bad-rule', 'containz'],
  [{ payload: 'words' }, 'bad-rule', 'a detection was expected'],
  [{ payload: 'detection:\n  s:\n    a: b\n  condition: other' }, 'bad-rule', 'other'],
  [{ name: 'x' }, 'bad-request', 'name'],
  [{ severity: 101 }, 'bad-request', 'severity'],
  [{ type: 'cti' as const }, 'rule-type-not-run', 'sigma, correlation'],
])('a rule that cannot be run is refused, and nothing of it is kept: %j', async (wrong, code, sentence) => {
  await expect(sekoia.rules.create({ ...RULE, ...wrong })).rejects.toMatchObject({
    status: 400,
    code,
    message: expect.stringContaining(sentence) as string,
  })
  expect(await sekoia.rules.list().toArray()).toEqual([])
})

test('a correlation brings the rules that it counts, and takes them with it', async () => {
  const payload = [
    'name: failed',
    'detection:\n  selection:\n    event.outcome: failure\n  condition: selection',
    '---',
    'action: correlation\ntype: event_count\nrule: failed\ngroup-by: [user.name]\ntimespan: 1h\ncondition:\n  gte: 3',
  ].join('\n')
  const rule = await sekoia.rules.create({ ...RULE, type: 'correlation', payload })
  expect(rule).toMatchObject({ type: 'correlation', payload })
  expect((await sekoia.rules.list().toArray()).length).toBe(1)
  const { rules } = at.place.system.services
  expect((await rules.list(at.place.admin)).map(({ kind }) => kind)).toEqual(['rule', 'correlation'])
  await sekoia.rules.update(rule.uuid, {
    ...RULE,
    type: 'correlation',
    payload: payload.replace('gte: 3', 'gte: 5'),
  })
  expect((await rules.list(at.place.admin)).length).toBe(2)
  await sekoia.rules.delete(rule.uuid)
  expect(await rules.list(at.place.admin)).toEqual([])
})

test('an alert closed here is closed in the domain', async () => {
  const uuid = await makeAlert('a')
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
  const alert = await sekoia.alerts.get(uuid)
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
  for (let number = 0; number < 5; number++) uuids.push(await makeAlert(`alert ${number}`, number * 20))
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
  await expect(sekoia.alerts.get('AL0000000000')).rejects.toMatchObject({ status: 404 })
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
  expect((await sekoia.alerts.get(pulled!.uuid)).alert_type).toEqual({ category: 'c', value: 'v' })
})

test('a case gathers alerts, events and remarks', async () => {
  const alert = await sekoia.alerts.get(await makeAlert('a'))
  const made = await sekoia.cases.create({ title: 'Case', tags: ['x'], priority: 'high', verdict_uuid: 'v' })
  expect(made).toMatchObject({
    title: 'Case',
    status: 'opened',
    priority: 'high',
    tags: ['x'],
    verdict_uuid: 'v',
    manual: true,
  })
  const id = made.short_id
  await sekoia.cases.addAlerts(id, [alert.short_id, alert.uuid])
  await expect(sekoia.cases.addAlerts(id, ['AL0000000000'])).rejects.toMatchObject({ status: 404 })
  const [one = '', two = ''] = await makeEvents(2)
  await expect(sekoia.cases.addEvents(id, [one, 'event-1'])).rejects.toMatchObject({ status: 404 })
  await expect(sekoia.cases.removeEvent(id, one)).rejects.toMatchObject({ status: 404 })
  await sekoia.cases.addEvents(id, [one, two, two])
  await sekoia.cases.removeEvent(id, one)
  await expect(sekoia.cases.removeEvent(id, one)).rejects.toMatchObject({ status: 404 })
  const kept = await sekoia.search('*', { earliest: '1d', onlyEternal: true }).toArray()
  expect(kept.map(({ __event_id }) => __event_id)).toEqual([two])
  const comment = await sekoia.cases.comment(id, 'first')
  await sekoia.cases.changeComment(id, comment.uuid, 'second')
  expect((await sekoia.cases.listComments(id).toArray()).map(({ content }) => content)).toEqual(['second'])
  const shown = await sekoia.cases.get(made.uuid)
  expect(shown).toMatchObject({
    number_of_alerts: 1,
    number_of_comments: 1,
    first_seen_at: '2026-01-01T00:00:00.000Z',
    alerts: [{ short_id: alert.short_id }],
  })
  expect((await sekoia.alerts.get(alert.uuid)).cases).toEqual([
    { uuid: made.uuid, short_id: id, title: 'Case' },
  ])
  expect((await sekoia.alerts.list({ isAssignedToCase: true }).toArray()).length).toBe(1)
  expect((await sekoia.alerts.list({ match: { case_short_id: id } }).toArray()).length).toBe(1)
  expect((await sekoia.cases.listAlerts(id).toArray()).length).toBe(1)
  expect((await sekoia.cases.list({ match: { tags: 'x', alert_uuid: alert.uuid } }).toArray()).length).toBe(1)
  expect(await sekoia.cases.listTags()).toEqual(['x'])
  await sekoia.cases.deleteComment(id, comment.uuid)
  await sekoia.cases.update(id, { title: 'Other', tags: [] })
  expect(await sekoia.cases.get(id)).toMatchObject({
    title: 'Other',
    priority: 'high',
    tags: [],
    number_of_comments: 0,
  })
  await sekoia.cases.delete(id)
  await expect(sekoia.cases.get(id)).rejects.toMatchObject({ status: 404 })
})

test('entities are sketches, and intakes belong to them', async () => {
  const { uuid, entity } = await at.makeIntake()
  const [sketch] = (await at.place.system.services.sketches.list(at.place.admin)).sketches
  expect(sketch!.name).toBe('Paris')
  expect(await sekoia.entities.get(entity)).toMatchObject({
    name: 'Paris',
    entity_id: '1001',
    number_of_intakes: 1,
  })
  await sekoia.entities.update(entity, { name: 'Rennes', description: 'north' })
  expect((await sekoia.entities.list({ match: { name: 'Rennes' } }).toArray()).length).toBe(1)
  expect(await sekoia.intakes.get(uuid)).toMatchObject({
    entity: { uuid: entity, name: 'Rennes' },
    is_custom_format: false,
  })
  expect(await sekoia.intakes.update(uuid, { name: 'renamed' })).toMatchObject({ name: 'renamed' })
  await expect(
    sekoia.intakes.create({
      name: 'x',
      entity_uuid: '00000000-0000-0000-0000-000000000000',
      format_uuid: 'x',
    }),
  ).rejects.toMatchObject({ status: 404 })
  await sekoia.entities.delete(entity)
  expect(await sekoia.intakes.list().toArray()).toEqual([])
})

test('hosts are assets, and more can be said of them', async () => {
  await makeAlert('a')
  const [seen] = await sekoia.assets.list({ search: 'lapt' }).toArray()
  expect(seen).toMatchObject({ name: 'laptop', type: 'host' })
  const made = await sekoia.assets.create({ name: 'server-1', type: 'host', criticality: 80, tags: ['dmz'] })
  expect(made).toMatchObject({ name: 'server-1', criticality: 80, tags: ['dmz'] })
  expect((await sekoia.assets.list({ criticality: 50 }).toArray()).map(({ name }) => name)).toEqual([
    'server-1',
  ])
  await expect(sekoia.assets.create({ name: 'server-1', type: 'host' })).rejects.toMatchObject({
    status: 409,
  })
  await expect(sekoia.assets.create({ name: 'joe', type: 'account' })).rejects.toMatchObject({ status: 400 })
  await sekoia.assets.delete(made.uuid)
  await expect(sekoia.assets.get(made.uuid)).rejects.toMatchObject({ status: 404 })
})

test('assets come in pages, narrowed or not, and the first version tells of hosts too', async () => {
  for (const name of ['h-1', 'h-2', 'h-3', 'other'])
    await sekoia.assets.create({ name, type: 'host', criticality: name === 'h-2' ? 80 : 10 })
  const all = await sekoia.assets.list({ pageSize: 2 }).toArray()
  expect(all.map(({ name }) => name)).toEqual(['h-1', 'h-2', 'h-3', 'other'])
  const headers = { authorization: `Bearer ${await makeKey()}`, 'content-type': 'application/json' }
  const list = async (path: string): Promise<unknown> => {
    const { items, total, has_more } = (await (await at.ask(path, { headers })).json()) as {
      items: { name: string }[]
      total: number
      has_more: boolean
    }
    return [items.map(({ name }) => name), total, has_more]
  }
  const path = '/v2/asset-management/assets'
  expect(await list(`${path}?type=host&limit=1&offset=1`)).toEqual([['h-2'], 4, true])
  expect(await list(`${path}?search=h-&limit=2&offset=2`)).toEqual([['h-3'], 3, false])
  expect(await list(`${path}?uuids=${all[3]!.uuid},${all[0]!.uuid}`)).toEqual([['h-1', 'other'], 2, false])
  expect(await list(`${path}?type=account`)).toEqual([[], 0, false])
  expect(await list(`${path}?criticality=50`)).toEqual([['h-2'], 1, false])
  expect(await list(`${path}?sort=name&direction=desc&limit=1`)).toEqual([['other'], 4, true])
  expect(await list('/v1/asset-management/assets?limit=1&offset=3')).toEqual([['other'], 4, false])
  expect(await list('/v1/asset-management/assets?range[criticality]=50,100')).toEqual([['h-2'], 1, false])
  const post = async (body: object): Promise<Response> =>
    await at.ask('/v1/asset-management/assets', { method: 'POST', headers, body: JSON.stringify(body) })
  expect(
    await (await post({ name: 'told', criticity: { value: 90 }, category: 'server' })).json(),
  ).toMatchObject({
    name: 'told',
    asset_type: { name: 'host' },
    category: { name: 'server' },
    criticity: { value: 90, display: 'high' },
  })
  expect((await post({ name: 'told' })).status).toBe(409)
  expect((await post({ name: 'joe', asset_type: 'account' })).status).toBe(400)
})

async function makeKey(): Promise<string> {
  const { platformKeys } = at.place.system.services
  const { credentials } = await platformKeys.create(at.place.admin, { kind: 'sekoia', name: 'k' })
  return 'key' in credentials ? credentials.key : ''
}

test('an event that came from the platform keeps its handle, and a case takes it by that', async () => {
  const { imports, sketches } = at.place.system.services
  const { id: sketchId } = await sketches.create(at.place.admin, { name: 'pulled' })
  const path = join(at.place.directory, 'events.json')
  const timestamp = new Date().toISOString()
  const events = ['one', 'two'].map((name) => ({
    __event_id: `of "there" ${name}`,
    timestamp,
    message: name,
  }))
  await writeFile(path, JSON.stringify({ items: events }))
  const { ended } = await imports.start(at.place.admin, {
    sketchId,
    timeline: { name: 'sekoia' },
    inputs: [{ path }],
  })
  expect(await ended).toMatchObject({ status: 'done' })
  const { uuid } = await sekoia.cases.create({ title: 'Case' })
  const keptHandles = async (): Promise<unknown[]> =>
    (await sekoia.search('*', { earliest: '1d', onlyEternal: true }).toArray()).map(
      (event) => event.__event_id,
    )
  await sekoia.cases.addEvents(uuid, ['of "there" one'])
  expect(await keptHandles()).toEqual(['of "there" one'])
  await sekoia.cases.removeEvent(uuid, 'of "there" one')
  expect(await keptHandles()).toEqual([])
  await expect(sekoia.cases.addEvents(uuid, ['of "there" three'])).rejects.toMatchObject({ status: 404 })
})

test('programs in SOL run over alerts, cases and intakes, and saved ones too', async () => {
  await at.makeIntake()
  const uuid = await makeAlert('a', 70)
  const one = await sekoia.cases.create({ title: 'Case' })
  await sekoia.cases.addAlerts(one.uuid, [uuid])
  expect(
    await sekoia
      .sol(
        'alerts | where urgency >= 50 and created_at > ago(1d) | select title, status, first_seen_at, cases',
      )
      .toArray(),
  ).toEqual([{ title: 'a', status: 'Pending', first_seen_at: '2026-01-01T00:00:00.000Z', cases: [one.uuid] }])
  expect(
    await sekoia.sol('alerts | join cases on cases == uuid | select title, case.title').toArray(),
  ).toEqual([{ title: 'a', 'case.title': 'Case' }])
  expect(
    await sekoia
      .sol(
        'intakes | join entities on entity_uuid == uuid | join communities on community_uuid == uuid | select name, entity.name',
      )
      .toArray(),
  ).toEqual([{ name: 'endpoint', 'entity.name': 'Paris' }])
  for (const table of [
    'asset_accounts',
    'event_telemetry',
    'custom_statuses',
    'rule_definitions',
    'eternal_events',
  ])
    expect(await sekoia.sol(`${table} | count`).toArray(), table).toEqual([{ count: 0 }])
  const saved = await sekoia.queries.create({
    name: 'Recent',
    definition: { ql_query: 'alerts | where created_at between (?time.start .. ?time.end) | count' },
  })
  expect(saved.parameters).toEqual(['time'])
  const parameters = { time: { start: '-1h', end: 'now' } }
  expect(await sekoia.queries.runSaved(saved.uuid, { parameters }).toArray()).toEqual([{ count: 1 }])
  await expect(sekoia.queries.runSaved(saved.uuid).first()).rejects.toMatchObject({
    status: 422,
    code: 'missing-parameters',
    message: expect.stringContaining('?time.start, ?time.end') as string,
  })
  await sekoia.queries.delete(saved.uuid)
  expect(await sekoia.queries.list().toArray()).toEqual([])
})

test('a program reads no table that its key does not allow for', async () => {
  const searcher = await at.connect(['SIC_READ_INTAKES'])
  expect(await searcher.sol('events | count').toArray()).toEqual([{ count: 0 }])
  for (const program of [
    'alerts | count',
    'let a = cases; events | join a on x == uuid',
    'rule_instances',
    'assets',
  ])
    await expect(searcher.sol(program).first(), program).rejects.toMatchObject({
      name: 'JobError',
      message: expect.stringContaining('a key with the permission to read') as string,
    })
})

test('a program that cannot be read or run says where', async () => {
  await expect(sekoia.sol('alerts | wher x').first()).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('column 10') as string,
  })
  const run = await sekoia.queries.start({ query_definition: { ql_query: 'alerts | where title == "none"' } })
  await expect(sekoia.queries.download(run.uuid, 'csv')).rejects.toMatchObject({
    status: 404,
    code: 'NO_RESULTS',
  })
  await at.place.addUser('ana')
  const ana = await at.connect([], 'ana')
  await expect(ana.queries.getRun(run.uuid)).rejects.toMatchObject({ status: 404 })
})
