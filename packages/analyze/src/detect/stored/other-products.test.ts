import { describe, expect, it } from 'vitest'
import { readRuleSet } from '../rules/read-rule-set.ts'
import { type BothFound, detectBoth } from '../testing/detect-both.ts'

/** Rules that hold for every event but one of their own product. */
const RULES = readRuleSet([
  {
    file: 'rules.yml',
    text: [
      'product: zeek, service: rdp',
      'category: firewall',
      'product: linux',
      'product: made_up',
      'product: windows',
    ]
      .map(
        (logSource) =>
          `title: '${logSource}'\nlogsource: {${logSource}}\ndetection: {f: {id.orig_h: 10.0.0.1}, condition: not f}\n`,
      )
      .join('---\n'),
  },
])

const EVTX = { Channel: 'Security', EventID: 4624, Computer: 'h1' }
const RDP = { 'id.orig_h': '198.51.100.7', 'id.resp_p': 3389 }

/** One way of writing records of Windows' event log each. */
const WINDOWS: Readonly<Record<string, object>> = {
  'event logs': EVTX,
  Winlogbeat: { winlog: { channel: 'Security', event_id: 4624 } },
  Plaso: { data_type: 'windows:evtx:record', event_identifier: 4624, xml_string: '<Event/>' },
  'lower case': { channel: 'Security', event_identifier: 4624 },
  'Winlogbeat 6': { log_name: 'Security', event_id: 4624 },
  'an importer that knows where they come from': { source_short: 'EVTX', message: 'logon' },
}

const run = (events: readonly object[], rules = RULES): Promise<BothFound> => detectBoth([events], rules)

describe('rules of other products', () => {
  it.each(Object.entries(WINDOWS))('find none of the events of Windows as %s have them', async (_, event) => {
    const { stored, live, report } = await run([event, { ...event, n: 2 }])
    expect(Object.keys(stored)).toContain('product: made_up')
    expect(Object.keys(live)).toEqual(Object.keys(stored))
    for (const title of ['product: zeek, service: rdp', 'category: firewall', 'product: linux']) {
      expect(stored).not.toHaveProperty(title)
      expect(report.unmatched.find((one) => one.title === title)?.reason).toBe('log-source')
    }
  })

  it('are told why: what every event has', async () => {
    const { report } = await run([EVTX, EVTX])
    expect(report.unmatched.map(({ detail }) => detail)).toEqual([
      'no event of zeek / rdp: every event has Channel and EventID',
      'no event of firewall: every event has Channel and EventID',
      'no event of linux: every event has Channel and EventID',
    ])
  })

  it('find what stands between those of Windows', async () => {
    const { stored, live } = await run([EVTX, RDP, EVTX, { ...RDP, EventID: 7 }])
    for (const found of [stored, live]) {
      expect(found['product: zeek, service: rdp']).toEqual([1, 3])
      expect(found['category: firewall']).toEqual([1, 3])
      expect(found['product: windows']).toEqual([0, 1, 2, 3])
    }
  })

  it("tell of Defender's records that they are of antivirus, and of no others of Windows", async () => {
    const rules = readRuleSet([
      {
        file: 'antivirus.yml',
        text: `title: found
logsource: {category: antivirus}
detection: {f: {Signature|contains: EICAR}, condition: f}
`,
      },
    ])
    const defender = { Channel: 'Microsoft-Windows-Windows Defender/Operational', EventID: 1116 }
    const threat = { ThreatName: 'Virus:DOS/EICAR_Test_File' }
    const other = { Signature: 'EICAR' }
    const { stored, live } = await run(
      [EVTX, { ...defender, ...threat }, { ...EVTX, ...other }, other],
      rules,
    )
    for (const found of [stored, live]) expect(found).toEqual({ found: [1, 3] })
    const { report } = await run([{ ...EVTX, ...other }], rules)
    expect(report.unmatched.map(({ detail }) => detail)).toEqual([
      'no event of antivirus: every event has Channel and EventID',
    ])
  })

  it.each([
    ['zeek', { 'id.orig_h': '198.51.100.7', 'id.resp_h': '10.0.0.1' }],
    ['azure', { resourceId: '/SUBSCRIPTIONS/a/b', operationName: 'WRITE' }],
    ['okta', { eventType: 'user.session.start', displayMessage: 'in', actor: { alternateId: 'a' } }],
    ['aws', { eventSource: 's3.amazonaws.com', eventVersion: '1.08' }],
  ])('find no events that are evidently of %s', async (product, event) => {
    const text = ['product: cisco', `product: ${product}`]
      .map((one) => `title: '${one}'\nlogsource: {${one}}\ndetection: {f: {a: b}, condition: not f}\n`)
      .join('---\n')
    const { stored, live } = await run([event, { message: 'x' }], readRuleSet([{ file: 'r.yml', text }]))
    for (const found of [stored, live])
      expect(found).toEqual({ 'product: cisco': [1], [`product: ${product}`]: [0, 1] })
  })

  it.each([
    { Channel: 'Linux-Sysmon/Operational', EventID: 1, source_short: 'EVTX' },
    { channel: 'Linux-Sysmon/Operational', event_identifier: 1 },
    { log_name: 'Linux-Sysmon/Operational', event_id: 1 },
    { winlog: { channel: 'Linux-Sysmon/Operational', event_id: 1 } },
  ])('find records of Sysmon for Linux, which are as those of Windows: %j', async (event) => {
    const { stored, live } = await run([EVTX, event])
    for (const found of [stored, live]) expect(found['product: linux']).toEqual([1])
  })

  it('find all events of which nothing says whose they are', async () => {
    const { stored, live } = await run([RDP, { message: 'a line', source: 'csv' }])
    for (const found of [stored, live]) expect(found['product: zeek, service: rdp']).toEqual([0, 1])
  })
})
