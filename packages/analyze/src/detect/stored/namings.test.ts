import { describe, expect, it } from 'vitest'
import { readRuleSet } from '../rules/read-rule-set.ts'
import { detectBoth } from '../testing/detect-both.ts'

/** Failed logons as rules name their fields: the rule, a correlation of it, and an aggregation of Sigma 1. */
const RULES = readRuleSet([
  {
    file: 'logons.yml',
    text: `title: failed
name: failed
logsource: {product: windows, service: security}
detection: {s: {EventID: 4625}, condition: s}
---
title: many
correlation:
  type: value_count
  rules: [failed]
  generate: true
  group-by: [TargetUserName]
  timespan: 1h
  condition: {field: Computer, gte: 2}
---
title: counted
logsource: {product: windows, service: security}
detection: {s: {EventID: 4625}, timeframe: 1h, condition: s | count() by TargetUserName > 1}
`,
  },
])

const AS_RULES = ['h1', 'h2'].map((host) => ({
  Channel: 'Security',
  EventID: 4625,
  Computer: host,
  TargetUserName: 'bob',
}))
/** As Winlogbeat sends them where no ingest pipeline renames them. */
const WINLOGBEAT = ['h1', 'h2'].map((host) => ({
  event: { code: '4625' },
  winlog: {
    channel: 'Security',
    event_id: 4625,
    computer_name: host,
    event_data: { TargetUserName: 'bob' },
  },
}))
const ECS = ['h1', 'h2'].map((host) => ({
  event: { code: '4625' },
  winlog: { channel: 'Security', computer_name: host },
  user: { target: { name: 'bob' } },
}))
const IMPORTED = ['h1', 'h2'].map((host, at) => ({
  log_name: 'Security',
  event_identifier: 4625,
  [at === 0 ? 'hostname' : 'computer_name']: host,
  TargetUserName: 'bob',
}))
const ALL = { failed: [0, 1], many: [0, 1], counted: [0, 1] }

describe('rules and correlations find events however their fields are named', () => {
  it.each(Object.entries({ AS_RULES, WINLOGBEAT, ECS, IMPORTED }))('%s', async (_, events) => {
    const { stored, live } = await detectBoth([events], RULES)
    expect(stored).toEqual(ALL)
    expect(live).toEqual(ALL)
  })

  it('also where those of one name stand among those of another', async () => {
    const all = [...AS_RULES, ...WINLOGBEAT, ...IMPORTED]
    const rows = all.map((_, at) => at)
    for (const batches of [[all], [AS_RULES, WINLOGBEAT, IMPORTED]]) {
      const { stored, live } = await detectBoth(batches, RULES)
      expect(stored).toEqual({ failed: rows, many: rows, counted: rows })
      expect(live['failed']).toEqual(rows)
    }
  })
})
