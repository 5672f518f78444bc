import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestPlatform, storeAlerts, type TestPlatform } from './testing/test-platform.ts'

let platform: TestPlatform
const NOW = Date.now()

beforeAll(async () => {
  platform = await openTestPlatform(true)
  await storeAlerts(platform, 130, { endMs: NOW })
  await storeAlerts(platform, 3, { endMs: NOW, severity: 50, ruleUuid: 'r1' })
})
afterAll(async () => {
  await platform[Symbol.asyncDispose]()
})

describe('alerts', () => {
  test('come newest first in pages whose token carries the question', async () => {
    const first = (await platform.call('GET', '/alerts?status=active&severity=1&fields=title')).json
    expect(first.alerts).toHaveLength(100)
    expect(first.alerts[0]).toEqual({ title: 'Alert 129' })
    expect(first.token).toMatch(/^[\w-]+$/)
    const second = (await platform.call('GET', `/alerts?token=${first.token}`)).json
    expect([second.alerts.length, second.alerts.at(-1), second.token]).toEqual([
      30,
      { title: 'Alert 0' },
      null,
    ])
  })

  test('are told whole, counted, and chosen by rule, host, ruleset and time', async () => {
    const { alerts } = (await platform.call('GET', '/alerts?status=active&ruleId=R1')).json
    expect(alerts).toHaveLength(3)
    expect(alerts[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      title: 'Alert 2',
      dataSource: 'Host',
      createdAt: new Date(NOW).toISOString(),
      isDismissed: false,
      dismissedAt: null,
      dismissReason: null,
      dismissReasonText: null,
      dismissedBy: null,
      severity: 2,
      agentId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ruleId: 'r1',
      rulesetId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      aggregates: [
        { fieldName: 'hostname', value: 'web-0' },
        { fieldName: 'user', value: 'root' },
      ],
    })
    const { id, agentId, rulesetId } = alerts[0]
    expect((await platform.call('GET', `/alerts/${id}`)).json).toEqual(alerts[0])
    expect((await platform.call('GET', `/alerts/${id}/events`)).json).toEqual({ events: [] })
    const count = async (query: string): Promise<number> =>
      (await platform.call('GET', `/alerts?status=active&${query}`)).json.alerts.length
    expect(await count(`severity=2&agentId=${agentId}`)).toBe(2)
    expect(await count(`severity=2&rulesetId=${rulesetId}`)).toBe(3)
    expect(await count('rulesetId=nothing')).toBe(0)
    // A parameter that nobody knows, and one without a value.
    expect(await count('severity1&odd=1')).toBe(100)
    const from = new Date(NOW - 60_000).toISOString()
    expect(await count(`severity=2&from=${from}`)).toBe(2)
    expect(await count(`severity=2&until=${new Date(NOW).toISOString()}`)).toBe(2)
    expect((await platform.call('GET', '/alerts/severity-counts')).json).toEqual({
      severityCounts: [
        { severity: 1, count: 130 },
        { severity: 2, count: 3 },
        { severity: 3, count: 0 },
      ],
    })
  })

  test('are dismissed by id or all that answer, here and for everybody', async () => {
    const [{ id }] = (await platform.call('GET', '/alerts?status=active&severity=2')).json.alerts
    const done = await platform.call('POST', '/alerts/dismiss', {
      ids: [id],
      dismissReason: 'MAINTENANCE',
      dismissReasonText: '',
    })
    expect([done.status, done.text]).toEqual([200, '{}'])
    expect((await platform.call('GET', `/alerts/${id}`)).json).toMatchObject({
      isDismissed: true,
      dismissReason: 'MAINTENANCE',
      dismissReasonText: null,
      dismissedBy: 'admin',
    })
    const { alerts } = platform.place.system.services
    expect(await alerts.get(platform.ana, id)).toMatchObject({ status: 'closed', resolution: 'maintenance' })
    await platform.call('POST', '/alerts/dismiss', {
      severity: 2,
      ruleID: 'r1',
      dismissReason: 'OTHER',
      dismissReasonText: 'a drill',
    })
    const dismissed = (await platform.call('GET', '/alerts?status=dismissed')).json.alerts
    expect(dismissed).toHaveLength(3)
    expect(
      dismissed.filter((one: { dismissReasonText: string }) => one.dismissReasonText === 'a drill'),
    ).toHaveLength(2)
  })

  test.each([
    [{ ids: ['ffffffffffffffffffffffff'], dismissReason: 'MAINTENANCE' }, 404, 'There is no alert'],
    [{ ids: [], dismissReason: 'MAINTENANCE' }, 400, 'ids'],
    [{ severity: 2, dismissReason: 'OTHER' }, 400, 'dismissReasonText is required'],
    [{ severity: 2, dismissReason: 'MAINTENANCE', dismissReasonText: 'x' }, 400, 'for the reason OTHER only'],
    [{ severity: 2, dismissReason: 'NONE' }, 400, 'dismissReason'],
  ])('%j dismisses nothing', async (body, status, text) => {
    const reply = await platform.call('POST', '/alerts/dismiss', body)
    expect([reply.status, reply.json]).toEqual([status, { errors: [expect.stringContaining(text)] }])
  })
})

test.each([
  ['/alerts', 400, 'status is required'],
  ['/agents', 400, 'status is required'],
  ['/alerts?status=odd', 400, 'active or dismissed'],
  ['/alerts?status=active&severity=9', 400, '1, 2 or 3'],
  ['/alerts?status=active&from=2019-02-01&until=2019-01-01', 400, 'ends before it begins'],
  ['/alerts/ffffffffffffffffffffffff', 404, 'There is no alert'],
  ['/nothing', 404, 'There is no page'],
])('%s is %i', async (path, status, text) => {
  const reply = await platform.call('GET', path)
  expect([reply.status, reply.json]).toEqual([status, { errors: [expect.stringContaining(text)] }])
})

test('hosts are listed by whether they are online', async () => {
  expect((await platform.call('GET', '/agents?status=online')).json).toEqual({ agents: [], token: null })
  const { agents } = (await platform.call('GET', '/agents?status=offline&hostname=WEB-1')).json
  expect(agents).toMatchObject([{ hostname: 'web-1', status: 'offline', agentModuleHealth: null }])
  expect((await platform.call('GET', `/agents/${agents[0].id}`)).json).toEqual(agents[0])
  expect((await platform.call('GET', '/aws/ec2/?monitored=True')).json).toEqual({ servers: [], token: null })
})

describe('rules', () => {
  const RULE = {
    name: 'Sudo',
    type: 'Host',
    title: 'Process: sudo',
    severityOfAlerts: 1,
    alertDescription: 'somebody used sudo',
    aggregateFields: ['user', 'exe'],
    filter: 'event_type = "audit" and (exe like "%/sudo" or not user in ("root", "ops"))',
    window: 86_400,
    threshold: 1,
    suppressions: [],
    enabled: true,
  }

  test('of a set are made, changed, suppressed, tagged and removed, and are rules of the library', async () => {
    const made = await platform.call('POST', '/rulesets', { name: 'ours', description: 'x', ruleIds: [] })
    expect([made.status, made.json]).toMatchObject([201, { name: 'ours', rules: [] }])
    const at = `/rulesets/${made.json.id}`
    expect((await platform.call('POST', '/rulesets', { name: 'ours' })).status).toBe(409)
    const rule = await platform.call('POST', `${at}/rules`, RULE)
    expect([rule.status, rule.json]).toEqual([
      201,
      {
        ...RULE,
        id: expect.any(String),
        rulesetId: made.json.id,
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
      },
    ])
    const own = `${at}/rules/${rule.json.id}`
    expect((await platform.call('POST', `${at}/rules`, RULE)).status).toBe(409)
    expect((await platform.call('GET', `${at}/rules`)).json).toEqual({ rules: [rule.json], token: null })

    const { rules } = platform.place.system.services
    const sigma = await rules.get(platform.ana, rule.json.id)
    expect(sigma).toMatchObject({
      title: 'Process: sudo',
      level: 'high',
      isEnabled: true,
      problem: undefined,
    })

    const changed = await platform.call('PUT', own, { ...RULE, enabled: false, severityOfAlerts: 3 })
    expect(changed.json).toMatchObject({ enabled: false, severityOfAlerts: 3 })
    expect(await rules.get(platform.ana, rule.json.id)).toMatchObject({ level: 'low', isEnabled: false })

    const suppressed = await platform.call('PUT', `${own}/suppressions`, {
      suppressions: ['user = "backup"'],
    })
    expect(suppressed.json.suppressions).toEqual(['user = "backup"'])
    expect((await rules.get(platform.ana, rule.json.id)).text).toContain('user: backup')

    const tags = { inclusion: [{ source: 'ec2', key: 'env', value: 'prod' }], exclusion: [] }
    const none = await platform.call('GET', `/rules/${rule.json.id}/tags`)
    expect([none.status, none.json]).toEqual([
      404,
      { errors: [expect.stringContaining('No tags found for rule')] },
    ])
    expect((await platform.call('POST', `/rules/${rule.json.id}/tags`, tags)).json).toEqual(tags)
    await platform.call('PUT', own, RULE)
    expect((await platform.call('GET', `/rules/${rule.json.id}/tags`)).json).toEqual(tags)

    expect((await platform.call('DELETE', own)).status).toBe(204)
    expect((await platform.call('GET', own)).status).toBe(404)
    expect((await platform.call('DELETE', at)).status).toBe(204)
    expect((await platform.call('GET', at)).status).toBe(404)
  })

  test('a rule that was made here finds events, and its alert tells it', async () => {
    const { services } = platform.place.system
    const { id } = await services.sketches.create(platform.ana, { name: 'events' })
    const lines = ['sudo', 'ls'].map((exe, n) =>
      JSON.stringify({
        datetime: '2024-01-01T00:00:00Z',
        message: exe,
        event_type: 'audit',
        exe: `/usr/bin/${exe}`,
        user: 'root',
        hostname: `h${n}`,
      }),
    )
    const stream = (async function* () {
      yield Buffer.from(`${lines.join('\n')}\n`)
    })()
    const inputs = [{ stream, name: 'events.jsonl' }]
    await (await services.imports.start(platform.ana, { sketchId: id, timeline: { name: 't' }, inputs }))
      .ended
    const [base] = (await platform.call('GET', '/rulesets')).json.rulesets
    const rule = (await platform.call('POST', `/rulesets/${base.id}/rules`, RULE)).json
    await services.detections.run(platform.ana, { sketchId: id })
    const { alerts } = (await platform.call('GET', `/alerts?status=active&ruleId=${rule.id}`)).json
    expect(alerts).toMatchObject([{ title: 'Process: sudo', severity: 1, rulesetId: base.id }])
    const { events } = (await platform.call('GET', `/alerts/${alerts[0].id}/events`)).json
    expect(events).toMatchObject([{ exe: '/usr/bin/sudo', user: 'root' }])
    expect(
      (await platform.call('GET', `/alerts/${alerts[0].id}/events/${events[0].id}`)).json.details,
    ).toEqual(events[0])
    expect((await platform.get(`/alerts/${alerts[0].id}`)).json).toMatchObject({
      latest_events: [{ exe: '/usr/bin/sudo' }],
      rule: { title: 'Process: sudo', severity: 1, filter: RULE.filter, enabled: true },
    })
  })

  test.each([
    [
      { filter: 'exe = ' },
      'Cannot read the filter at character 7: a value expected, found the end of the filter',
    ],
    [{ filter: 'exe ~ "x"' }, 'Cannot read the filter at character 4'],
    [{ filter: '(exe = "x"' }, '")" expected'],
    [{ filter: '' }, 'needs a filter'],
    [{ filter: `${'('.repeat(200)}a = 1${')'.repeat(200)}` }, 'at most 50 deep'],
    [{ severityOfAlerts: 4 }, 'severityOfAlerts'],
    [{ type: 'Odd' }, 'type'],
  ])('no rule is made of %j', async (change, text) => {
    const [base] = (await platform.call('GET', '/rulesets')).json.rulesets
    const reply = await platform.call('POST', `/rulesets/${base.id}/rules`, {
      ...RULE,
      name: 'bad',
      ...change,
    })
    expect([reply.status, reply.json]).toEqual([400, { errors: [expect.stringContaining(text)] }])
  })

  test('a name is of one rule in the base set too, whoever made that', async () => {
    const [base] = (await platform.call('GET', '/rulesets')).json.rulesets
    const at = `/rulesets/${base.id}/rules`
    const { rules } = platform.place.system.services
    const sigma = 'title: Odd logon\nlogsource: {product: linux}\ndetection: {a: {x: y}, condition: a}\n'
    await rules.create(platform.ana, sigma)
    const made = await platform.call('POST', at, { ...RULE, name: 'twice' })
    expect(made.status).toBe(201)
    for (const name of ['twice', 'Odd logon']) {
      const { status, json } = await platform.call('POST', at, { ...RULE, name })
      expect([status, json]).toEqual([409, { errors: [expect.stringContaining(`rule of the name ${name}`)] }])
    }
    expect((await platform.call('PUT', `${at}/${made.json.id}`, { ...RULE, name: 'Odd logon' })).status).toBe(
      409,
    )
    expect((await platform.call('PUT', `${at}/${made.json.id}`, { ...RULE, name: 'twice' })).status).toBe(200)
  })

  test('the base set is not changed, and rules of files need no filter', async () => {
    const [base] = (await platform.call('GET', '/rulesets')).json.rulesets
    expect((await platform.call('DELETE', `/rulesets/${base.id}`)).status).toBe(403)
    const file = {
      ...RULE,
      name: 'files',
      type: 'File',
      filter: '',
      eventsToMonitor: ['modify'],
      ignoreFiles: ['/etc/mtab'],
      fileIntegrityPaths: [{ path: '/etc', recursive: true }],
    }
    const made = await platform.call('POST', `/rulesets/${base.id}/rules`, file)
    expect([made.status, made.json]).toMatchObject([
      201,
      { type: 'File', filter: '', fileIntegrityPaths: [{ path: '/etc', recursive: true }] },
    ])
    const { text } = await platform.place.system.services.rules.get(platform.ana, made.json.id)
    expect(text).toContain('filename|startswith: /etc')
    const agent = (await platform.call('GET', '/agents?status=offline')).json.agents[0]
    expect(
      (await platform.call('GET', `/rulesets/${agent.id}?agentId=${agent.id}`)).json.rulesets,
    ).toHaveLength(1)
  })
})

describe('the organization', () => {
  test('tells its members, and gives them roles', async () => {
    await platform.place.addUser('bob')
    const { members } = (await platform.call('GET', '/organizations/members?enabledOnly=true')).json
    expect(members).toMatchObject([
      { displayName: 'admin', role: 'owner', lastAuthenticatedAt: null },
      { displayName: 'bob', role: 'user' },
    ])
    const { id } = members[1]
    expect((await platform.call('POST', '/organizations/members', { id, role: 'owner' })).json.role).toBe(
      'owner',
    )
    await platform.call('POST', '/organizations/members', { id, role: 'reader' })
    expect((await platform.call('DELETE', `/organizations/members/${id}`)).status).toBe(204)
    expect((await platform.call('GET', '/organizations/members?enabledOnly=true')).json.members).toHaveLength(
      1,
    )
    expect((await platform.call('DELETE', '/organizations/members/nobody')).status).toBe(404)
  })

  test('invites people, by either method', async () => {
    for (const [method, email] of [
      ['POST', 'a@example.org'],
      ['PUT', 'b@example.org'],
    ] as const)
      expect((await platform.call(method, '/organizations/invites', { email, role: 'reader' })).json).toEqual(
        {
          sentToEmail: email,
          role: 'reader',
          status: 'pending',
        },
      )
    expect(
      (await platform.call('POST', '/organizations/invites', { email: 'a@example.org', role: 'user' }))
        .status,
    ).toBe(409)
  })

  test('keeps settings of exports', async () => {
    const settings = {
      s3Bucket: 'logs-1',
      iamRoleArn: 'arn:x',
      iamRoleArnExternalId: 'e',
      region: 'eu-west-1',
      prefix: 'p',
      enabled: true,
    }
    const put = await platform.call('PUT', '/integrations/s3export', settings)
    expect(put.json).toEqual({
      ...settings,
      organization_id: platform.credentials.org_id,
      enrolledAt: expect.any(String),
    })
    await platform.call('PUT', '/integrations/s3export', { ...settings, enabled: false })
    expect((await platform.call('GET', '/integrations/s3export')).json).toEqual([
      { ...put.json, enabled: false },
    ])
    expect((await platform.call('DELETE', '/integrations/s3export', { s3Bucket: 'logs-1' })).status).toBe(204)
    expect((await platform.call('DELETE', '/integrations/s3export', { s3Bucket: 'logs-1' })).status).toBe(404)
  })

  test('has webhooks', async () => {
    const made = await platform.call('POST', '/integrations/webhooks', {
      url: 'https://hooks.example.org/x',
      severity: 2,
    })
    expect([made.status, made.json]).toMatchObject([
      201,
      { url: 'https://hooks.example.org/x', enabled: true, severity: 2, lastSentAt: null, problem: null },
    ])
    const at = `/integrations/webhooks/${made.json.id}`
    const changed = await platform.call('PUT', at, { url: 'https://hooks.example.org/y', enabled: false })
    expect(changed.json).toMatchObject({ url: 'https://hooks.example.org/y', enabled: false, severity: 3 })
    expect((await platform.call('GET', '/integrations/webhooks')).json).toEqual({
      webhooks: [changed.json],
      token: null,
    })
    expect((await platform.call('GET', at)).json).toEqual(changed.json)
    expect((await platform.call('DELETE', at)).status).toBe(204)
    expect((await platform.call('GET', at)).status).toBe(404)
    expect((await platform.call('POST', '/integrations/webhooks', { url: 'http://10.0.0.1/' })).status).toBe(
      403,
    )
  })

  test('tells what was done, 50 at a time', async () => {
    const { audit } = platform.place.system.services
    for (let n = 0; n < 60; n++)
      await audit.record(platform.ana, { action: 'thing.create', subject: `thing/${n}` })
    const first = (await platform.call('GET', '/auditlogs?operation=thing-create')).json
    expect([first.recs.length, first.recs[0]]).toMatchObject([
      50,
      {
        action: 'thing-create',
        crud: 'create',
        result: 'success',
        userEmail: 'admin',
        context: { subject: 'thing/59' },
      },
    ])
    const rest = (await platform.call('GET', `/auditlogs?token=${first.token}`)).json
    expect([rest.recs.length, rest.token]).toEqual([10, null])
    expect((await platform.call('GET', '/auditlogs?userEmail=nobody@example.org')).json).toEqual({
      recs: [],
      token: null,
    })
  })
})

test('weaknesses are those whose use there are alerts of', async () => {
  const { rules, alerts } = platform.place.system.services
  const text = `title: Log4j\nid: 11111111-2222-4333-8444-555555555555\nlevel: high\ntags: [cve.2021-44228]\nlogsource: {product: linux}\ndetection: {a: {x: jndi}, condition: a}\n`
  await rules.create(platform.ana, text)
  expect((await platform.call('GET', '/vulnerabilities')).json).toEqual({ cves: [], token: null })
  await storeAlerts(platform, 1, { severity: 71, ruleUuid: '11111111-2222-4333-8444-555555555555' })
  const { cves } = (await platform.call('GET', '/vulnerabilities?active=true')).json
  expect(cves).toMatchObject([
    { cveNumber: 'CVE-2021-44228', severity: 'high', isSuppressed: false, agents: [{}] },
  ])
  const [{ agentId }] = cves[0].agents
  expect((await platform.call('GET', '/vulnerabilities/cve-2021-44228/servers')).json.servers).toEqual([
    { agentId, hostname: 'web-0' },
  ])
  expect((await platform.call('GET', `/vulnerabilities/agent/${agentId}`)).json.cves).toEqual(cves)
  expect((await platform.call('GET', '/vulnerabilities/package/Log4j')).json.packages).toEqual(cves)
  await alerts.suppress(platform.ana, { ruleUuid: '11111111-2222-4333-8444-555555555555', reason: 'known' })
  expect((await platform.call('GET', '/vulnerabilities?active=True')).json.cves).toEqual([])
  expect(
    (await platform.call('GET', '/vulnerabilities/suppressions?active=true')).json.suppressions,
  ).toMatchObject([{ cveNumber: 'CVE-2021-44228', reason: 'known', active: true }])
})

test('what was pulled from the platform has its own ids, and one id stands for all sketches that have it', async () => {
  await using own = await openTestPlatform(true)
  const { imports, sketches, alerts } = own.place.system.services
  const other = await sketches.create(own.ana, { name: 'second' })
  const agent = {
    id: 'b1ee6d0a-3c1f-11e9-9d0f-0a5c2d3e4f50',
    hostname: 'web-01.example.org',
    createdAt: '2019-02-28T10:11:12.000Z',
    agentType: 'investigate',
    status: 'online',
    instanceId: 'i-0abc',
  }
  const alert = {
    id: '5c7e7d3b9d2f4b0c1a2b3c4d',
    title: 'sudo',
    createdAt: '2019-03-05T13:41:31.000Z',
    severity: 2,
    isDismissed: false,
    dataSource: 'CloudTrail',
    agentId: agent.id,
    ruleId: '3F2C1E5A-0000-11e9-8a2b-0242ac130003',
  }
  for (const sketchId of [own.sketchId, other.id]) {
    const stream = (async function* () {
      yield Buffer.from(`${JSON.stringify([agent])}`)
    })()
    const second = (async function* () {
      yield Buffer.from(`${JSON.stringify([alert])}`)
    })()
    for (const [name, piece] of [
      ['agents.json', stream],
      ['alerts.json', second],
    ] as const)
      await (
        await imports.start(own.ana, { sketchId, timeline: { name: 't' }, inputs: [{ stream: piece, name }] })
      ).ended
  }
  const { agents } = (await own.call('GET', '/agents?status=online')).json
  expect(agents).toMatchObject([{ id: agent.id, instanceId: 'i-0abc', hostname: agent.hostname }])
  expect((await own.call('GET', '/aws/ec2?monitored=true')).json.servers).toMatchObject([{ id: 'i-0abc' }])
  const { id, ruleId, agentId, dataSource } = (await own.call('GET', `/alerts/${alert.id}`)).json
  expect([id, ruleId, agentId, dataSource]).toEqual([alert.id, alert.ruleId, agent.id, 'CloudTrail'])
  expect((await own.get(`/alerts/${alert.id}`)).json).toMatchObject({ id: alert.id, agent_id: agent.id })
  expect((await own.call('GET', `/alerts?status=active&agentId=${agent.id}`)).json.alerts).toHaveLength(1)
  await own.call('POST', '/alerts/dismiss', { ids: [alert.id], dismissReason: 'BUSINESS_OP' })
  const states = (await alerts.list(own.ana)).items.map(({ status, resolution }) => [status, resolution])
  expect(states).toEqual([
    ['closed', 'business-operation'],
    ['closed', 'business-operation'],
  ])
  expect((await own.call('GET', '/alerts/5c7e7d3b9d2f4b0c1a2b3c4')).status).toBe(404)
})
