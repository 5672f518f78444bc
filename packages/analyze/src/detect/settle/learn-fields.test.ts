import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type IndexReading, openDuckDbStore } from '@timeskein/store'
import { makeBatch } from '@timeskein/store/testing'
import { expect, it } from 'vitest'
import { KeptPlans } from '../plan/kept-plans.ts'
import { readRuleSet } from '../rules/read-rule-set.ts'
import { learnFields } from './learn-fields.ts'
import { settleRules } from './left-rules.ts'

const INDEX = 'd'.repeat(32)

const EVENTS = [
  { Channel: 'Security', EventID: 4688, NewProcessName: 'C:\\a\\cmd.exe', CommandLine: 'cmd evil' },
  {
    Channel: 'Security',
    EventID: 4688,
    NewProcessName: 'C:\\a\\calc.exe',
    CommandLine: 'calc',
    QueryName: 'x.example',
  },
]

const RULES = `
title: there
logsource: {product: windows, service: security}
detection: {s: {CommandLine|contains: evil}, condition: s}
---
title: its log source is not there
logsource: {product: windows, service: sysmon}
detection: {s: {QueryName|endswith: example}, condition: s}
---
title: excluded by a field that is not read
logsource: {product: windows, service: sysmon}
detection: {s: {CommandLine|contains: evil}, f: {QueryName: x}, condition: s and not f}
`

it('reads no values of fields that only rules without their log source ask for', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'timeskein-learn-'))
  try {
    await using store = await openDuckDbStore({ directory })
    await store.createIndex(INDEX)
    await using transaction = await store.beginImport({
      index: INDEX,
      timelineId: 1,
      importId: 'e'.repeat(32),
      profile: { aliases: {}, constants: {} },
      skipKnownRows: false,
    })
    await transaction.append(makeBatch(EVENTS))
    await transaction.commit()
    using reading = await store.readValues([{ index: INDEX }])
    const asked: string[] = []
    const index = new Proxy(reading.indexes[0]!, {
      get: (target, name: keyof IndexReading) => {
        const member = target[name]
        if (typeof member !== 'function') return member
        return (...of: unknown[]) => {
          if (name === 'distinctValues') asked.push(String(of[0]))
          return Reflect.apply(member, target, of)
        }
      },
    })
    const { plan, testers } = await new KeptPlans().take(
      readRuleSet([{ file: 'rules.yml', text: RULES }]),
      index.fieldNames,
    )
    const known = await learnFields({
      index,
      plan,
      testers,
      rules: plan.rules,
      from: 0,
      thread: undefined,
      signal: undefined,
      onProgress: () => {},
    })
    expect(asked).toContain('Channel')
    expect(asked).toContain('CommandLine')
    expect(asked).not.toContain('QueryName')
    expect(known.present.has('QueryName')).toBe(true)
    const left = settleRules(plan.rules, known)
    expect(left.map(({ planned }) => planned.rule.title)).toEqual(['there'])
  } finally {
    await rm(directory, { recursive: true })
  }
})
