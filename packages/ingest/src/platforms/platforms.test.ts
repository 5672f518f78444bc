import { expect, it } from 'vitest'
import { readLog } from '../logs/testing/read-log.ts'
import { mapPlatformRecord, readPlatformItem } from './map-record.ts'

const SECURITY_EVENT = {
  id: 'a1_7',
  severity: 'warning',
  engine: 'firewall',
  action: 'blocked',
  acknowledged: false,
  clientTimestamp: '2024-05-06T11:28:07Z',
  serverTimestamp: '2024-05-06T11:28:12.594Z',
  persistenceTimestamp: '2024-05-06T11:28:16.805Z',
  userName: 'ACME\\ana',
  device: { id: 'd1', name: 'WS-1' },
  organization: { id: 'o1', name: 'Acme' },
  details: {
    alertType: 'firewall.rule.block',
    ruleDirection: 'inbound',
    ruleName: 'No telnet',
    localAddress: '10.0.0.2',
    localPort: '23',
    remoteAddress: '192.0.2.9',
    remotePort: '4000',
    process: 'C:\\Tools\\telnetd.exe',
  },
}
const INCIDENT = {
  incidentId: 'i1',
  incidentPublicId: '3599-4F99',
  organizationId: 'o1',
  name: 'Credential theft',
  status: 'inProgress',
  resolution: 'unconfirmed',
  riskLevel: 'high',
  riskScore: 78.5,
  categories: ['CREDENTIAL_THEFT'],
  createdTimestamp: '2024-05-06T11:41:46.716Z',
  updatedTimestamp: '2024-05-06T11:50:02.118Z',
}
const DEVICE = {
  id: 'd1',
  name: 'WS-1',
  type: 'computer',
  state: 'active',
  protectionStatusOverview: 'isolated',
  clientVersion: '23.4',
  registrationTimestamp: '2023-05-17T06:42:03.062Z',
  statusUpdateTimestamp: '2024-05-20T13:15:16.550Z',
  ipAddresses: '10.0.0.2/20,fe80::1/64',
}
const TS_ALERT_V1 = {
  id: '52ebb55fdf5fb93e710002ba',
  agent_id: '52eafd46e5777f3a26000008',
  alert_policy_id: 'p',
  count: 6,
  created_at: 1391179102237,
  dismissed: false,
  rule_id: 'r1',
  severity: 1,
  title: 'Netcat Detected!',
}
const TS_ALERT_V2 = {
  id: '5c7e7d3b9d2f4b0c1a2b3c4d',
  title: 'sudo by ops',
  dataSource: 'Host',
  createdAt: '2019-03-05T13:41:31.000Z',
  isDismissed: true,
  dismissReason: 'MAINTENANCE',
  dismissReasonText: null,
  severity: 2,
  agentId: 'b1ee6d0a',
  ruleId: 'r2',
  aggregates: [{ fieldName: 'user', value: 'ops' }],
}
const TS_AGENT = {
  id: 'b1ee6d0a',
  instanceId: 'i-0abc',
  status: 'online',
  createdAt: '2019-02-28T10:11:12.000Z',
  lastReportedAt: '2019-03-04T09:08:07.000Z',
  hostname: 'web-01',
  ipAddresses: { private: ['10.0.1.5/24'], public: ['203.0.113.9/32'] },
  agentType: 'investigate',
}
const SEKOIA_ALERT = {
  uuid: '80ee2ccc-11e3',
  short_id: 'ALL1A4SKUiU2',
  title: 'Feed enriched',
  created_at: 1574343159,
  urgency: { current_value: 45, display: 'High' },
  alert_type: { category: 'intrusions', value: 'brute-force' },
  status: { name: 'Rejected' },
  rule: { uuid: 'r3', name: 'Feed' },
  first_seen_at: '2019-11-21T13:32:39.839600Z',
  similar: 11,
}
const SEKOIA_EVENT = {
  __event_id: 'ZXZ',
  timestamp: '2024-04-25T14:11:10.652Z',
  message: 'process created',
  'event.id': 'e1',
  'host.name': 'laptop',
  'sekoiaio.intake.dialect': 'endpoint agent',
}

it.each([
  ['elements-security-event', SECURITY_EVENT, '2024-05-06T11:28:07Z'],
  ['elements-incident', INCIDENT, '2024-05-06T11:41:46.716Z'],
  ['elements-device', DEVICE, '2023-05-17T06:42:03.062Z'],
  ['threatstack-alert', TS_ALERT_V1, '2014-01-31T14:38:22.237Z'],
  ['threatstack-alert', TS_ALERT_V2, '2019-03-05T13:41:31Z'],
  ['threatstack-agent', TS_AGENT, '2019-02-28T10:11:12Z'],
  ['sekoia-alert', SEKOIA_ALERT, '2019-11-21T13:32:39.8396Z'],
  ['sekoia-event', SEKOIA_EVENT, '2024-04-25T14:11:10.652Z'],
])('reads %s as one item, a list, a reply and one in each line', async (name, item, time) => {
  const json = JSON.stringify(item)
  const other = JSON.stringify({ ...item, [name === 'elements-incident' ? 'incidentId' : 'id']: 'other' })
  for (const [text, count] of [
    [json, 1],
    [JSON.stringify(item, null, 2), 1],
    [`[${json},${other}]`, 2],
    [`{"items":[${json},${other}],"nextAnchor":"x"}`, 2],
    [`${json}\n${other}\n`, 2],
  ] as const) {
    const { account, events } = await readLog(text)
    expect([account.format.split('/').at(-1), account.read, account.rejected]).toEqual([name, count, 0])
    expect(events).toHaveLength(count)
    expect(Date.parse(String(events[0]!['datetime'] ?? events[0]!['timestamp']))).toBe(Date.parse(time))
  }
})

it('gives events the names of the Elastic Common Schema and keeps the record whole', () => {
  expect(mapPlatformRecord(SECURITY_EVENT)).toMatchObject({
    message: 'firewall blocked No telnet 192.0.2.9 on WS-1',
    data_type: 'withsecure:elements:security_event',
    timestamp_desc: 'Security Event',
    'event.id': 'a1_7',
    'event.module': 'elements',
    'event.provider': 'firewall',
    'event.category': ['network'],
    'event.type': ['denied'],
    'event.severity': 50,
    'host.name': 'WS-1',
    'user.name': 'ana',
    'user.domain': 'ACME',
    'source.ip': '192.0.2.9',
    'source.port': 4000,
    'destination.ip': '10.0.0.2',
    'destination.port': 23,
    'process.name': 'telnetd.exe',
    elements: SECURITY_EVENT,
  })
  expect(mapPlatformRecord(DEVICE)).toMatchObject({ 'host.ip': ['10.0.0.2', 'fe80::1'], elements: DEVICE })
  expect(mapPlatformRecord(TS_ALERT_V2)).toMatchObject({ 'user.name': 'ops', threatstack: TS_ALERT_V2 })
})

it('leaves events of Sekoia.io as they are', async () => {
  const { mapping, events } = await readLog(JSON.stringify(SEKOIA_EVENT))
  expect(mapping.transform).toBeUndefined()
  expect(mapping.profile.constants['data_type']).toBe('sekoia:event')
  expect(events).toEqual([SEKOIA_EVENT])
})

it.each([
  ['alerts of Sekoia.io', SEKOIA_ALERT, 'sekoia:alert'],
  ['alerts of Threat Stack', TS_ALERT_V1, 'threatstack:alert'],
  ['agents', TS_AGENT, 'threatstack:agent'],
  ['incidents', INCIDENT, 'withsecure:elements:incident'],
  ['devices', DEVICE, 'withsecure:elements:device'],
  ['security events', SECURITY_EVENT, 'withsecure:elements:security_event'],
] as const)('reads events of Sekoia.io that stand among %s in one list', async (_, item, dataType) => {
  const { message: _message, ...unsaid } = SEKOIA_EVENT
  const silent = { ...unsaid, 'event.action': 'started' }
  for (const items of [
    [item, SEKOIA_EVENT, silent],
    [SEKOIA_EVENT, silent, item],
  ]) {
    const { rejects, events } = await readLog(JSON.stringify(items))
    expect(rejects).toEqual([])
    expect(events).toHaveLength(3)
    expect(events.map((event) => event['data_type'])).toContain(dataType)
    const own = { data_type: 'sekoia:event', timestamp_desc: 'Event Logged' }
    expect(events.filter((event) => event['data_type'] === 'sekoia:event')).toEqual([
      { ...SEKOIA_EVENT, ...own },
      { ...silent, ...own, message: 'started' },
    ])
  }
})

it('says what was expected of a row among items that is none of them', async () => {
  const { rejects, events } = await readLog(JSON.stringify([INCIDENT, { what: 'else' }]))
  expect(events).toHaveLength(1)
  expect(rejects).toMatchObject([
    { reason: 'no-time', detail: expect.stringContaining('datetime, timestamp, @timestamp') },
  ])
})

it('says what an item is in the domain', () => {
  const entriesOf = (item: object): object => readPlatformItem(mapPlatformRecord(item)!)!.entries
  expect(entriesOf({ ...SECURITY_EVENT, acknowledged: true })).toMatchObject({
    alert: {
      title: 'firewall blocked No telnet 192.0.2.9 on WS-1',
      severity: 50,
      host: 'WS-1',
      account: 'ACME\\ana',
      state: { status: 'acknowledged' },
      first: '2024-05-06T11:28:07Z',
      createdAt: '2024-05-06T11:28:16.805Z',
    },
  })
  expect(entriesOf(INCIDENT)).toMatchObject({
    incident: {
      title: 'Credential theft (3599-4F99)',
      severity: 70,
      risk: 79,
      state: { status: 'in-progress', resolution: 'unconfirmed' },
    },
  })
  expect(entriesOf(DEVICE)).toMatchObject({ device: { name: 'WS-1', lastSeen: '2024-05-20T13:15:16.550Z' } })
  expect(entriesOf(TS_ALERT_V1)).toMatchObject({
    alert: { severity: 90, count: 6, state: { status: 'open' } },
  })
  expect(entriesOf(TS_ALERT_V2)).toMatchObject({
    alert: { severity: 50, account: 'ops', state: { status: 'closed', resolution: 'maintenance' } },
  })
  expect(entriesOf(TS_AGENT)).toMatchObject({ device: { name: 'web-01' } })
  expect(entriesOf(SEKOIA_ALERT)).toMatchObject({
    alert: { severity: 45, count: 11, state: { status: 'rejected', resolution: 'false-positive' } },
  })
})

it('reads replies of Threat Stack, and items of several sorts in one file', async () => {
  const agents = await readLog(JSON.stringify({ agents: [TS_AGENT, { ...TS_AGENT, id: '2' }], token: null }))
  expect(agents.events.map((event) => event['event.id'])).toEqual(['b1ee6d0a', '2'])
  const mixed = await readLog(`${JSON.stringify(INCIDENT)}\n${JSON.stringify(DEVICE)}\n`)
  expect(mixed.events.map((event) => event['data_type'])).toEqual([
    'withsecure:elements:incident',
    'withsecure:elements:device',
  ])
})

it('rejects items without any time, and takes nothing else for an item', async () => {
  const { rejects, events } = await readLog(
    `${JSON.stringify(INCIDENT)}\n${JSON.stringify({ ...INCIDENT, createdTimestamp: 'soon' })}\n`,
  )
  expect([events.length, rejects.map(({ line }) => line)]).toEqual([1, [2]])
  for (const other of [null, 1, 'x', [], {}, { id: 1, name: 'x', type: 'y' }, { __proto__: null }])
    expect(mapPlatformRecord(other)).toBeUndefined()
  const hostile = { ...SECURITY_EVENT, details: 'x'.repeat(1000), device: null, id: { toString: 1 } }
  expect(readPlatformItem(mapPlatformRecord(hostile)!)).toBeUndefined()
})
