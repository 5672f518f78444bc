import { describe, expect, it } from 'vitest'
import type { PlanFiles, RuleSet } from '../contract/rule-set.ts'
import { listCorrelatedFields } from '../correlate/run-correlations.ts'
import { readRuleSet } from '../rules/read-rule-set.ts'
import { KeptPlans } from './kept-plans.ts'

const text =
  'title: t\nlogsource: {product: windows, category: process_creation}\ndetection: {s: {Image: x}, condition: s}'
const SYSMON = new Set(['Channel', 'EventID', 'Image'])
const ECS = new Set(['process.executable', 'event.code', 'winlog.channel'])
const CLOUD = new Set(['eventSource', 'eventName'])

describe('KeptPlans', () => {
  it('makes the plan of a set once for the pipelines that fields ask for', async () => {
    const rules = readRuleSet([{ file: 'a.yml', text }])
    const plans = new KeptPlans()
    const plan = await plans.take(rules, SYSMON)
    expect(await plans.take(rules, new Set([...SYSMON]))).toBe(plan)
    expect(await plans.take(rules, ECS)).not.toBe(plan)
    expect(await plans.take(rules, SYSMON)).toBe(plan)
    expect(plan.plan.ruleCount).toBe(1)
  })

  it('makes it once for two that ask at the same time, and others have their turns meanwhile', async () => {
    const many = Array.from({ length: 2000 }, (_, n) => ({
      file: `${n}.yml`,
      text: text.replace('Image: x', `Image: x${n}`),
    }))
    const rules = readRuleSet(many)
    const plans = new KeptPlans()
    let turns = 0
    let isDone = false
    const count = (): void => {
      turns++
      if (!isDone) setImmediate(count)
    }
    setImmediate(count)
    const [one, other] = await Promise.all([plans.take(rules, SYSMON), plans.take(rules, SYSMON)])
    isDone = true
    expect(one).toBe(other)
    expect(one.plan.rules).toHaveLength(2000)
    expect(turns).toBeGreaterThan(1)
  })

  it('tells whether there is one, or is going to be', async () => {
    const rules = readRuleSet([{ file: 'a.yml', text }])
    const plans = new KeptPlans()
    expect(plans.has(rules, SYSMON)).toBe(false)
    const made = plans.take(rules, SYSMON)
    expect(plans.has(rules, SYSMON)).toBe(true)
    await made
    expect(plans.has(rules, SYSMON)).toBe(true)
    expect(plans.has(rules, ECS)).toBe(false)
  })

  it('makes another for a set that was read anew', async () => {
    const plans = new KeptPlans()
    const plan = await plans.take(readRuleSet([{ file: 'a.yml', text }]), SYSMON)
    expect(await plans.take(readRuleSet([{ file: 'a.yml', text }]), SYSMON)).not.toBe(plan)
  })

  it('forgets those that were not used for longest', async () => {
    const rules = readRuleSet([{ file: 'a.yml', text }])
    const plans = new KeptPlans()
    const first = await plans.take(rules, SYSMON)
    const second = await plans.take(rules, ECS)
    const third = await plans.take(rules, CLOUD)
    expect(await plans.take(rules, CLOUD)).toBe(third)
    expect(await plans.take(rules, ECS)).toBe(second)
    expect(await plans.take(rules, SYSMON)).not.toBe(first)
  })

  it('does not ask which compiler it is where nothing is kept', async () => {
    let asked = 0
    const describe = async (): Promise<string> => `compiler ${++asked}`
    const { documents, problems } = readRuleSet([{ file: 'a.yml', text }])
    const files: PlanFiles = { read: async () => undefined, write: async () => {} }
    await new KeptPlans(undefined, describe).take({ documents, problems, hash: 'one' }, SYSMON)
    await new KeptPlans(files, describe).take({ documents, problems }, SYSMON)
    expect(asked).toBe(0)
    await new KeptPlans(files, describe).take({ documents, problems, hash: 'one' }, SYSMON)
    expect(asked).toBe(1)
  })

  it('takes no plan of another compiler, nor any where it cannot be told which one it is', async () => {
    const { documents, problems } = readRuleSet([{ file: 'a.yml', text }])
    const kept = new Map<string, Uint8Array>()
    let reads = 0
    const files: PlanFiles = {
      read: async (name) => {
        const bytes = kept.get(name)
        if (bytes) reads++
        return bytes
      },
      write: async (name, bytes) => {
        kept.set(name, bytes)
      },
    }
    const take = async (describe?: () => Promise<string>): Promise<number> => {
      reads = 0
      await new KeptPlans(files, describe).take({ documents, problems, hash: 'one' }, SYSMON)
      return reads
    }
    expect([await take(), await take()]).toEqual([0, 1])
    expect([await take(async () => 'other'), await take(async () => 'other'), await take()]).toEqual([
      0, 1, 1,
    ])
    expect(await take(() => Promise.reject(new Error('no files')))).toBe(0)
    expect(kept.size).toBe(2)
  })

  it('takes no plan that was made with other pipelines of the user', async () => {
    const { documents, problems } = readRuleSet([{ file: 'a.yml', text }])
    const names = new Set<string>()
    const files: PlanFiles = {
      read: async () => undefined,
      write: async (name) => void names.add(name),
    }
    const take = async (...given: readonly string[]): Promise<number> => {
      const pipelines = given.map((vars) => ({ file: 'p.yml', text: vars }))
      await new KeptPlans(files).take({ documents, problems, hash: 'one', pipelines }, SYSMON)
      return names.size
    }
    expect([await take(), await take('vars: {a: [b]}'), await take('vars: {a: [c]}')]).toEqual([1, 2, 3])
    expect([await take(), await take('vars: {a: [b]}')]).toEqual([3, 3])
  })

  it('keeps plans in files for sets that have a hash, whose rules the next process need not read', async () => {
    const correlated = `${text.replace('title: t', 'title: t\nname: t')}
---
title: c
correlation: {type: event_count, rules: [t], group-by: [User], timespan: 5m, condition: {gte: 2}}
`
    const { documents, problems } = readRuleSet([{ file: 'a.yml', text: correlated }])
    const kept = new Map<string, Uint8Array>()
    const files: PlanFiles = {
      read: async (name) => kept.get(name),
      write: async (name, bytes) => {
        kept.set(name, bytes)
      },
    }
    const { plan } = await new KeptPlans(files).take({ documents, problems, hash: 'one' }, SYSMON)
    expect(kept.size).toBe(1)
    const unread: RuleSet = {
      get documents(): never {
        throw new Error('they were read')
      },
      problems,
      hash: 'one',
    }
    const again = (await new KeptPlans(files).take(unread, SYSMON)).plan
    expect(again.table.all).toEqual(plan.table.all)
    expect(again.rules).toEqual(plan.rules)
    expect(again.correlations).toEqual(plan.correlations)
    expect(listCorrelatedFields(again)).toEqual(listCorrelatedFields(plan))
    await expect(new KeptPlans(files).take(unread, ECS)).rejects.toThrow('they were read')
    await new KeptPlans(files).take({ documents, problems }, SYSMON)
    expect(kept.size).toBe(1)
    for (const bytes of kept.values()) bytes[bytes.length - 1]! ^= 1
    await expect(new KeptPlans(files).take(unread, SYSMON)).rejects.toThrow('they were read')
  })
})
