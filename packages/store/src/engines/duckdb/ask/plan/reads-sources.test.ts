import { expect, it } from 'vitest'
import type { FieldTest } from '../match/field-test.ts'
import type { PlanNode } from './plan-node.ts'
import { readsSources } from './reads-sources.ts'

const anywhere = (text: NonNullable<FieldTest['text']>): PlanNode => ({
  kind: 'anywhere',
  test: { text },
  span: undefined,
})
const words = anywhere({ kind: 'words', tokens: ['a'], operator: 'and' })
const phrase = anywhere({ kind: 'phrase', text: 'a b', tokens: ['a', 'b'], slop: 0, prefix: false })
const matcher = { kind: 'pattern', pattern: '*a*', ignoreCase: true } as const
const long = { kind: 'whole', matcher, maxUnits: Number.POSITIVE_INFINITY } as const

it.each<[string, PlanNode, boolean]>([
  ['words', words, false],
  ['a phrase', phrase, true],
  ['a phrase among other parts', { kind: 'and', of: [words, { kind: 'not', of: phrase }] }, true],
  ['short values', anywhere({ ...long, maxUnits: 256 }), false],
  ['values of any length', anywhere({ kind: 'either', of: [{ kind: 'word', matcher }, long] }), true],
])('%s: %#', (_, plan, expected) => {
  expect(readsSources(plan)).toBe(expected)
})
