import { describe, expect, it } from 'vitest'
import { readRuleSet } from '../rules/read-rule-set.ts'
import { KeptPlans } from './kept-plans.ts'

const text =
  'title: t\nlogsource: {product: windows, category: process_creation}\ndetection: {s: {Image: x}, condition: s}'
const SYSMON = new Set(['Channel', 'EventID', 'Image'])
const ECS = new Set(['process.executable', 'event.code', 'winlog.channel'])
const CLOUD = new Set(['eventSource', 'eventName'])

describe('KeptPlans', () => {
  it('makes the plan of a set once for the pipelines that fields ask for', () => {
    const rules = readRuleSet([{ file: 'a.yml', text }])
    const plans = new KeptPlans()
    const plan = plans.take(rules, SYSMON)
    expect(plans.take(rules, new Set([...SYSMON]))).toBe(plan)
    expect(plans.take(rules, ECS)).not.toBe(plan)
    expect(plans.take(rules, SYSMON)).toBe(plan)
    expect(plan.plan.ruleCount).toBe(1)
  })

  it('makes another for a set that was read anew', () => {
    const plans = new KeptPlans()
    const plan = plans.take(readRuleSet([{ file: 'a.yml', text }]), SYSMON)
    expect(plans.take(readRuleSet([{ file: 'a.yml', text }]), SYSMON)).not.toBe(plan)
  })

  it('forgets those that were not used for longest', () => {
    const rules = readRuleSet([{ file: 'a.yml', text }])
    const plans = new KeptPlans()
    const first = plans.take(rules, SYSMON)
    const second = plans.take(rules, ECS)
    const third = plans.take(rules, CLOUD)
    expect(plans.take(rules, CLOUD)).toBe(third)
    expect(plans.take(rules, ECS)).toBe(second)
    expect(plans.take(rules, SYSMON)).not.toBe(first)
  })
})
