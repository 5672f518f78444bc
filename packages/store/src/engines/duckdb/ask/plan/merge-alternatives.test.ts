import { expect, it } from 'vitest'
import type { FieldTest } from '../match/field-test.ts'
import { mergeAlternatives } from './merge-alternatives.ts'
import type { PlanNode } from './plan-node.ts'

function field(name: string, view: 'words' | 'keyword' | 'wildcard', test: FieldTest): PlanNode {
  const target = {
    kind: 'stored',
    name,
    view,
    own: undefined,
    aliases: [],
    hasConstants: false,
    hasMarks: false,
    attributes: [],
  } as const
  return { kind: 'field', target, test }
}
const words = (...tokens: string[]): FieldTest => ({ text: { kind: 'words', tokens, operator: 'and' } })
const equal = (text: string, ignoreCase = false): FieldTest => ({
  text: { kind: 'whole', matcher: { kind: 'equal', text, ignoreCase }, maxUnits: 256 },
})
const anywhere = (test: FieldTest): PlanNode => ({ kind: 'anywhere', test, span: undefined })

it('words asked of one field are asked together', () => {
  const parts = [
    field('a', 'words', words('x')),
    field('b', 'words', words('x')),
    field('a', 'words', words('y')),
  ]
  expect(mergeAlternatives(parts)).toMatchObject([
    { target: { name: 'a' }, test: { text: { kind: 'words', operator: 'or', tokens: ['x', 'y'] } } },
    { target: { name: 'b' }, test: words('x') },
  ])
})

it('whole values asked of one field are asked together', () => {
  const parts = ['one', 'two', 'one'].map((text) => field('a', 'keyword', equal(text)))
  expect(mergeAlternatives(parts)).toMatchObject([
    { test: { text: { kind: 'whole', matcher: { kind: 'oneOf', texts: ['one', 'two'] } } } },
  ])
})

it('words of any field are asked together', () => {
  expect(mergeAlternatives([anywhere(words('x')), anywhere(words('y')), anywhere(words('x'))])).toMatchObject(
    [{ kind: 'anywhere', test: { text: { tokens: ['x', 'y'], operator: 'or' } } }],
  )
})

it.each<[string, PlanNode[]]>([
  [
    'several words that must all be there',
    [field('a', 'words', words('x', 'y')), field('a', 'words', words('z'))],
  ],
  [
    'values without regard to case',
    [field('a', 'keyword', equal('x', true)), field('a', 'keyword', equal('y'))],
  ],
  [
    'texts that are numbers too',
    [field('a', 'words', { ...words('1'), number: { gte: 1n, lte: 1n } }), field('a', 'words', words('x'))],
  ],
  ['another view of the field', [field('a', 'words', words('x')), field('a', 'keyword', equal('x'))]],
])('%s stay parts of their own', (_, parts) => {
  expect(mergeAlternatives(parts)).toHaveLength(2)
  expect(mergeAlternatives([...parts, ...parts])).toHaveLength(2)
})

const pattern = (text: string, maxUnits?: number): FieldTest => {
  const matcher = { kind: 'pattern', pattern: text, ignoreCase: true } as const
  return { text: maxUnits === undefined ? { kind: 'word', matcher } : { kind: 'whole', matcher, maxUnits } }
}
const many = Array.from({ length: 100 }, (_, n) => `*${n}*`)

it('many patterns are asked together, few by themselves', () => {
  const parts = many.map((text) => anywhere(pattern(text)))
  const together = { kind: 'patterns', patterns: many, ignoreCase: true }
  expect(mergeAlternatives([...parts, ...parts])).toEqual([
    anywhere({ text: { kind: 'word', matcher: together } } as FieldTest),
  ])
  expect(mergeAlternatives(parts.slice(0, 5))).toEqual(parts.slice(0, 5))
})

it('patterns of words are not put together with such of whole values, short or of any length', () => {
  const tests = [undefined, 256, Number.POSITIVE_INFINITY]
  const parts = tests.flatMap((maxUnits) => many.map((text) => field('a', 'words', pattern(text, maxUnits))))
  expect(mergeAlternatives(parts)).toMatchObject(
    tests.map(() => ({ test: { text: { matcher: { kind: 'patterns', patterns: many } } } })),
  )
})

it('many that ask for words or else for whole values are asked together for both', () => {
  const parts = many.map((text) => {
    const of = [pattern(text).text!, pattern(text, 256).text!]
    return anywhere({ text: { kind: 'either', of } })
  })
  expect(mergeAlternatives(parts)).toMatchObject([
    { test: { text: { kind: 'word', matcher: { patterns: many } } } },
    { test: { text: { kind: 'whole', matcher: { patterns: many } } } },
  ])
})
