import { describe, expect, test } from 'vitest'
import { printQuery } from '../../../print.ts'
import { compileSigma } from '../../compile/compile-sigma.ts'
import { parsePipeline } from '../parse-pipeline.ts'
import { OWN_PIPELINES } from './own-pipelines.ts'

const rule = (logSource: string, selection: string): string => `
title: T
logsource: {${logSource}}
detection:
  selection: {${selection}}
  condition: selection
`
const PROCESS = rule(
  'category: process_creation, product: windows',
  "Image|endswith: '\\a.exe', CommandLine|contains: x",
)

function compile(text: string, ...names: readonly string[]): string {
  const pipelines = names.map((name) => parsePipeline({ file: name, text: OWN_PIPELINES.get(name)! }))
  const { rules, failed } = compileSigma([{ file: 'r.yml', text }], { pipelines })
  expect(failed).toEqual([])
  return printQuery(rules[0]!.query).replaceAll(/ \((?:whole value|any case|, )+\)/g, '')
}

describe('our own pipelines', () => {
  test.each([...OWN_PIPELINES])('%s is read by the reader of pipelines', (file, text) => {
    const pipeline = parsePipeline({ file, text })
    expect(pipeline.steps.length).toBeGreaterThan(0)
    expect(pipeline.ignored).toEqual([])
  })

  test('a process is an event of Sysmon or of the Security channel', () => {
    expect(compile(PROCESS, 'sysmon')).toBe(
      'Channel:Microsoft\\-Windows\\-Sysmon\\/Operational AND EventID:1 AND Image:*\\\\a.exe AND CommandLine:*x*',
    )
    expect(compile(PROCESS, 'windows-security')).toBe(
      'Channel:Security AND EventID:4688 AND NewProcessName:*\\\\a.exe AND CommandLine:*x*',
    )
  })

  test('names of a store come after the log source, whatever the order they are given in', () => {
    const query =
      'winlog.channel:Microsoft\\-Windows\\-Sysmon\\/Operational AND winlog.event_id:1 AND winlog.event_data.Image:*\\\\a.exe AND winlog.event_data.CommandLine:*x*'
    expect(compile(PROCESS, 'winlogbeat', 'sysmon')).toBe(query)
    expect(compile(PROCESS, 'sysmon', 'winlogbeat')).toBe(query)
    expect(compile(PROCESS, 'sysmon', 'ecs')).toContain(
      'process.executable:*\\\\a.exe AND process.command_line:*x*',
    )
  })

  test("Plaso's XML is asked element by element", () => {
    const query = compile(PROCESS, 'sysmon', 'plaso')
    expect(query).toContain('data_type:windows\\:evtx\\:record')
    expect(query).toContain('event_identifier:1')
    expect(query).toContain(
      'xml_string:*\\<Channel\\>Microsoft\\-Windows\\-Sysmon\\/Operational\\<\\/Channel\\>*',
    )
    expect(query).toMatch(/xml_string:\/\.\*.*Image.*\\a\\\.exe/)
  })

  test('a rule of another log source is left as it is', () => {
    const web = rule('category: webserver', 'cs-method: GET')
    expect(compile(web, 'sysmon', 'ecs')).toBe('http.request.method:GET')
    expect(compile(web, 'sysmon')).toBe('cs\\-method:GET')
  })

  const NOT_OF_WINDOWS = 'NOT (_exists_:Channel AND _exists_:EventID AND NOT Channel:Linux\\-Sysmon*)'

  test.each([
    'product: zeek, service: rdp',
    'product: azure, service: signinlogs',
    'product: cisco, service: aaa',
    'product: linux, category: file_event',
    'product: macos, category: process_creation',
    'category: proxy',
    'service: nginx',
  ])('events that are evidently of Windows are none of %s', (logSource) => {
    const query = compile(rule(logSource, 'a: b'), 'other-products')
    for (const sign of [
      NOT_OF_WINDOWS,
      'NOT (_exists_:winlog.channel AND NOT winlog.channel:Linux\\-Sysmon*)',
      'NOT (data_type:windows\\:* AND NOT Channel:Linux\\-Sysmon*)',
      'NOT source:EVTX',
    ])
      expect(query).toContain(sign)
    expect(query).toMatch(/a:b$/)
  })

  test.each([
    'product: windows, category: antivirus',
    'product: rpc_firewall, category: application',
    'product: made_up',
    'category: process_creation',
    'service: security',
  ])('those of Windows may be of %s', (logSource) => {
    expect(compile(rule(logSource, 'a: b'), 'other-products')).not.toContain('Channel')
  })

  test("of Windows' records those of Defender are of antivirus, and have its names", () => {
    const query = compile(rule('category: antivirus', 'Signature: b'), 'antivirus', 'other-products')
    const others = [
      'NOT Channel:Microsoft\\-Windows\\-Windows\\ Defender\\/Operational',
      'NOT channel:Microsoft\\-Windows\\-Windows\\ Defender\\/Operational',
      'NOT log_name:Microsoft\\-Windows\\-Windows\\ Defender\\/Operational',
      'NOT winlog.channel:Microsoft\\-Windows\\-Windows\\ Defender\\/Operational',
      'NOT xml_string:*\\<Channel\\>Microsoft\\-Windows\\-Windows\\ Defender\\/Operational\\<\\/Channel\\>*',
    ].join(' AND ')
    expect(query).toContain(
      `NOT (_exists_:Channel AND _exists_:EventID AND NOT Channel:Linux\\-Sysmon* AND ${others})`,
    )
    expect(query).toContain(`NOT (data_type:windows\\:* AND NOT Channel:Linux\\-Sysmon* AND ${others})`)
    expect(query).toMatch(/\(Signature:b OR ThreatName:b OR winlog\.event_data\.Threat\\ Name:b\)$/)
  })

  test.each([
    [
      'CloudTrail',
      'eventSource:*.amazonaws.com AND _exists_:eventVersion',
      'product: aws, service: cloudtrail',
    ],
    ['Azure', '_exists_:operationName', 'product: azure, service: activitylogs'],
    ['Okta', '_exists_:displayMessage', 'product: okta, service: okta'],
    ['Zeek', '_exists_:id.orig_h AND _exists_:id.resp_h', 'product: zeek, service: rdp'],
    ['Zeek', '_exists_:id.orig_h AND _exists_:id.resp_h', 'category: dns'],
  ])('records of %s (%s) may be of %s, and are none of other products', (_, sign, logSource) => {
    expect(compile(rule('product: cisco', 'a: b'), 'other-products')).toContain(sign)
    const own = compile(rule(logSource, 'a: b'), 'other-products')
    expect(own).toContain(NOT_OF_WINDOWS)
    expect(own).not.toContain(sign)
  })
})
