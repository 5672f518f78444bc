import { expect, it } from 'vitest'
import { packRuleSet, unpackRuleSet } from './pack-rule-set.ts'
import { readRuleSet } from './read-rule-set.ts'

const RULE = 'title: t\nlogsource: {product: windows}\ndetection: {s: {Image: [one, two]}, condition: s}'

it('keeps what was read', () => {
  const rules = readRuleSet([
    { file: 'a.yml', text: RULE },
    { file: 'b.yml', text: 'no rule' },
    { file: 'p.yml', text: 'vars: {a: [b]}' },
  ])
  expect(rules.documents).toHaveLength(1)
  expect(rules.problems).not.toEqual([])
  expect(rules.pipelines).toHaveLength(1)
  expect(unpackRuleSet(packRuleSet({ ...rules, hash: 'h' }))).toEqual({ ...rules, hash: 'h' })
})

it('knows what it did not write, and damage anywhere, before a document is asked for', () => {
  const packed = packRuleSet(readRuleSet([{ file: 'a.yml', text: RULE }]))
  expect(unpackRuleSet(new Uint8Array([1, 2, 3]))).toBeUndefined()
  expect(unpackRuleSet(packed.subarray(0, -1))).toBeUndefined()
  for (let at = 0; at < packed.length; at++) {
    const damaged = packed.slice()
    damaged[at]! ^= 1
    expect(unpackRuleSet(damaged), `byte ${at}`).toBeUndefined()
  }
})
