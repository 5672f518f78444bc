import { describe, expect, it } from 'vitest'
import { readRuleSet } from '../rules/read-rule-set.ts'
import { detectBoth } from '../testing/detect-both.ts'

const RULE = `title: Admin Tool
logsource: { category: process_creation, product: windows }
detection:
  s: { Image|endswith: '\\tool.exe', CommandLine|endswith|expand: ' %admins%' }
  condition: s
`
const EVENTS = ['root', 'guest', 'adm_ana'].map((name) => ({
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  EventID: 1,
  proc: 'C:\\tool.exe',
  CommandLine: `tool ${name}`,
}))
const VARS = { file: 'vars.yml', text: 'name: site\nvars: { admins: [root, adm_*] }\n' }
const FIELDS = {
  file: 'fields.yml',
  text: 'name: fields\npriority: 15\ntransformations:\n- { type: field_name_mapping, mapping: { Image: proc } }\n',
}

describe('pipelines of a set of rules', () => {
  it('without them a rule with a placeholder is not run', async () => {
    const { report } = await detectBoth([EVENTS], readRuleSet([{ file: 'a.yml', text: RULE }]))
    expect(report.unmatched).toMatchObject([{ reason: 'nothing-asked' }])
  })

  it('give values to placeholders and names to fields, beside our own, stored and live', async () => {
    const rules = readRuleSet([{ file: 'a.yml', text: RULE }, VARS, FIELDS])
    const { stored, live, report } = await detectBoth([EVENTS], rules)
    expect(stored).toEqual({ 'Admin Tool': [0, 2] })
    expect(live).toEqual(stored)
    expect(report).toMatchObject({ rules: 1, unmatched: [], unsupported: [], warnings: [] })
  })

  it('see rules as they are written where their priority is low, and can keep our log sources away', async () => {
    const own = {
      file: 'own.yml',
      text: `name: own
transformations:
- { type: change_logsource, category: process_creation, product: own_agent }
- { type: field_name_mapping, mapping: { Image: proc, CommandLine: cmd } }
`,
    }
    const events = [
      { proc: 'C:\\tool.exe', cmd: 'tool root' },
      { proc: 'C:\\other.exe', cmd: 'tool root' },
    ]
    const rule = { file: 'a.yml', text: RULE }
    expect((await detectBoth([events], readRuleSet([rule, VARS, own]))).stored).toEqual({ 'Admin Tool': [0] })
    expect((await detectBoth([events], readRuleSet([rule, VARS, FIELDS]))).stored).toEqual({})
  })

  it('one that is broken is told with its place, and the rest are used', async () => {
    const broken = { file: 'broken.yml', text: 'name: b\ntransformations:\n- type: nothing_known\n' }
    const rules = readRuleSet([{ file: 'a.yml', text: RULE }, broken, VARS, FIELDS])
    const { stored, report } = await detectBoth([EVENTS], rules)
    expect(stored).toEqual({ 'Admin Tool': [0, 2] })
    expect(report.warnings).toMatchObject([
      {
        code: 'bad-pipeline',
        file: 'broken.yml',
        line: 3,
        column: 9,
        reason: expect.stringContaining('field_name_mapping'),
      },
    ])
    expect(report.rules).toBe(1)
  })
})
