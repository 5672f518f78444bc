import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestPlatform, storeAlerts, type TestPlatform } from './testing/test-platform.ts'

let platform: TestPlatform
const NOW = Date.now()
const minutesAgo = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString()

beforeAll(async () => {
  platform = await openTestPlatform()
  await storeAlerts(platform, 130, { endMs: NOW })
})
afterAll(async () => {
  await platform[Symbol.asyncDispose]()
})

const titles = ({ json }: { json: { title: string }[] }): string[] => json.map(({ title }) => title)

describe('lists', () => {
  test('come newest first, 20 at a time from page 0, and end with an empty page', async () => {
    expect(titles(await platform.get('/alerts'))).toEqual(
      Array.from({ length: 20 }, (_, n) => `Alert ${129 - n}`),
    )
    expect(titles(await platform.get('/alerts?page=1&count=3'))).toEqual([
      'Alert 126',
      'Alert 125',
      'Alert 124',
    ])
    expect(titles(await platform.get('/alerts/?limit=1'))).toEqual(['Alert 129'])
    expect((await platform.get('/alerts?count=5000')).json).toHaveLength(100)
    expect((await platform.get('/alerts?count=100&page=1')).json).toHaveLength(30)
    const beyond = await platform.get('/alerts?count=100&page=999999999')
    expect([beyond.status, beyond.text]).toEqual([200, '[]'])
  })

  test('are of the stretch of time that was asked for, with both ends', async () => {
    const start = minutesAgo(3)
    expect(titles(await platform.get(`/alerts?start=${start}&end=${minutesAgo(1)}`))).toEqual([
      'Alert 128',
      'Alert 127',
      'Alert 126',
    ])
    const spaced = encodeURIComponent(start.replace('T', ' ').replace('Z', '000'))
    expect((await platform.get(`/alerts?start=${spaced}`)).json).toHaveLength(4)
    const compact = start.replaceAll(/[-:]/g, '').replace(/\.\d+/, '')
    expect((await platform.get(`/alerts?start=${compact}`)).json.length).toBeGreaterThan(3)
    expect(
      (await platform.get(`/alerts?start=${start.slice(0, 19)}+00:00&count=100`)).json.length,
    ).toBeGreaterThan(3)
    expect((await platform.get('/alerts?start=2017-05-01&end=2017-05-31')).json).toEqual([])
  })

  test('have the members that were asked for, in every way of asking', async () => {
    const [whole] = (await platform.get('/alerts?count=1')).json
    expect(whole).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      active: true,
      agent_id: expect.stringMatching(/^[0-9a-f]{24}$/),
      alert_policy_id: expect.stringMatching(/^[0-9a-f]{24}$/),
      count: 130,
      created_at: NOW,
      expires_at: NOW + 3_600_000,
      dismissed: false,
      unread: true,
      key: expect.stringMatching(/^-[0-9a-f]{24}-[0-9a-f]{32}$/),
      last_notified_at: expect.any(String),
      last_updated_at: expect.any(String),
      rule_id: null,
      severity: 1,
      title: 'Alert 129',
      type: 'rule',
    })
    for (const query of ['fields=id,title', 'fields=id&fields=title', 'fields=title,nothing&fields=id'])
      expect((await platform.get(`/alerts?count=1&${query}`)).json).toEqual([
        { id: whole.id, title: 'Alert 129' },
      ])
  })
})

test('an alert by itself has its events and its rule', async () => {
  const [{ id }] = (await platform.get('/alerts?count=1')).json
  expect((await platform.get(`/alerts/${id}`)).json).toMatchObject({ id, latest_events: [], rule: null })
  expect((await platform.get(`/alerts/${id}?fields=title`)).json).toEqual({ title: 'Alert 129' })
})

test('hosts are listed, and found by both of their ids', async () => {
  const [agent] = (await platform.get('/agents?count=1')).json
  expect(agent).toMatchObject({
    hostname: 'web-0',
    online: false,
    organization_id: platform.credentials.org_id,
  })
  for (const id of [agent.id, agent.agent_id])
    expect((await platform.get(`/agents/${id}`)).json).toEqual(agent)
  expect((await platform.get('/agents?fields=hostname')).json).toEqual([
    { hostname: 'web-0' },
    { hostname: 'web-1' },
  ])
  expect((await platform.get('/agents?start=2017-05-01&end=2017-05-31')).json).toEqual([])
})

test('organizations, their users and the policies come whole', async () => {
  const [organization] = (await platform.get('/organizations?page=7')).json
  expect(organization).toMatchObject({ id: platform.credentials.org_id, role: 'user' })
  const users = (await platform.get(`/organizations/${organization.id}/users`)).json
  expect(users).toMatchObject([
    { display_name: 'admin', role: 'owner' },
    { display_name: 'ana', role: 'user', organization_id: organization.id },
  ])
  const [base] = (await platform.get('/policies')).json
  expect(base).toMatchObject({ name: 'Base Rule Set', read_only: true, agent_count: 2 })
  expect((await platform.get(`/policies/${base.id}`)).json).toMatchObject({ id: base.id, alert_policy: [] })
})

test('logs tell one’s own acts, and what is searched for in them', async () => {
  const logs = (await platform.get('/logs?q=SKETCH.create')).json
  expect(logs).toMatchObject([{ user: 'ana', type: 'sketch', action: 'create', source: 'sketch:create' }])
  const all = (await platform.get('/logs?count=100')).json as { user: string }[]
  expect(new Set(all.map(({ user }) => user))).toEqual(new Set(['ana']))
})

test('what is dismissed elsewhere is dismissed here', async () => {
  const { alerts } = platform.place.system.services
  const [{ id }] = (await platform.get('/alerts?count=1&page=50')).json
  await alerts.decide(platform.ana, id, { status: 'rejected' })
  expect((await platform.get(`/alerts/${id}`)).json).toMatchObject({
    dismissed: true,
    active: false,
    unread: false,
  })
})

describe('refusals', () => {
  test.each([
    ['/alerts?start=yesterday', 400, 'start: a time such as'],
    ['/alerts?start=2017-02-30', 400, 'start: a time such as'],
    ['/alerts?start=2017-05-02&end=2017-05-01', 400, 'The range ends before it begins'],
    ['/alerts?page=-1', 400, 'page: a whole number was expected'],
    ['/alerts?count=ten', 400, 'count: a whole number was expected'],
    ['/alerts/ffffffffffffffffffffffff', 404, 'There is no alert'],
    ['/agents/nothing', 404, 'There is no device'],
    ['/policies/nothing', 404, 'There is no ruleset'],
    ['/logs/1', 404, 'There is no page'],
    ['/alerts?organization=ffffffffffffffffffffffff', 403, 'does not see the organization'],
    ['/organizations/ffffffffffffffffffffffff/users', 404, 'There is no organization'],
  ])('%s is %i', async (path, status, message) => {
    const reply = await platform.get(path)
    expect([reply.status, reply.json]).toEqual([
      status,
      { status: 'error', message: expect.stringContaining(message) },
    ])
  })

  test('nobody gets in without a key, or with one of version 2', async () => {
    for (const authorization of ['', 'nothing', platform.credentials.key, 'Bearer x']) {
      const reply = await platform.get('/agents', { authorization })
      expect([authorization, reply.status, reply.json.status]).toEqual([authorization, 401, 'error'])
    }
  })

  test('an organization in the header counts before one that is a parameter', async () => {
    const { org_id } = platform.credentials
    expect((await platform.get('/alerts?count=1&organization=x', { organization: org_id })).status).toBe(200)
    expect((await platform.get(`/alerts?organization=${org_id}`, { organization: 'x' })).status).toBe(403)
  })

  test('nobody sees what is in a sketch of somebody else', async () => {
    const bob = await platform.place.addUser('bob')
    const { credentials } = await platform.place.system.services.platformKeys.create(bob, {
      kind: 'threatstack',
      name: 'k',
    })
    const headers = { authorization: 'key' in credentials ? credentials.key : '' }
    for (const path of ['/alerts', '/agents']) expect((await platform.get(path, headers)).json).toEqual([])
    const [{ id }] = (await platform.get('/alerts?count=1')).json
    expect((await platform.get(`/alerts/${id}`, headers)).status).toBe(404)
  })
})

test('who asks too often is told when to ask again', async () => {
  const { credentials } = await platform.place.system.services.platformKeys.create(platform.ana, {
    kind: 'threatstack',
    name: 'busy',
  })
  const headers = { authorization: 'key' in credentials ? credentials.key : '' }
  const first = await platform.get('/organizations', headers)
  expect([
    first.headers.get('x-rate-limit-remaining'),
    Number(first.headers.get('x-rate-limit-reset')),
  ]).toEqual(['199', expect.any(Number)])
  const statuses: number[] = []
  for (let count = 0; count < 200; count++)
    statuses.push((await platform.get('/organizations', headers)).status)
  expect(statuses.lastIndexOf(200)).toBe(198)
  const refused = await platform.get('/organizations', headers)
  expect([refused.status, refused.json.status]).toEqual([429, 'error'])
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
})
