import type { Query } from '@timeskein/query'
import { describe, expect, it } from 'vitest'
import type { FieldEntry } from '../../index-handle.ts'
import { type PlanCatalogue, planQuery } from './plan.ts'
import type { PlanNode } from './plan-node.ts'

const entries: FieldEntry[] = ['message', 'user', 'user.name', 'odd.keyword'].map((name, id) => ({
  id,
  name,
  wide: new Set(['s'] as const),
}))

const catalogue: PlanCatalogue = {
  index: 'a'.repeat(32),
  nextSeq: 100,
  nowMs: 0,
  segments: [],
  markedFields: new Set(['score']),
  fields: {
    byName: (name) => entries.find((entry) => entry.name === name),
    byId: (id) => entries[id],
    all: () => entries,
  },
}

const plan = (query: Query): PlanNode => planQuery(query, catalogue)
const match = (field: string | undefined, text: string): Query => ({
  kind: 'match',
  field,
  text,
  operator: 'and',
})

describe('planQuery', () => {
  it('asks cheap parts first', () => {
    const node = plan({
      kind: 'and',
      of: [
        { kind: 'phrase', field: 'message', text: 'two words', slop: 0 },
        match('message', 'word'),
        { kind: 'range', field: 'datetime', gte: '2024' },
        { kind: 'wildcard', field: 'message', pattern: '*x*', whole: true, caseInsensitive: false },
      ],
    })
    const kinds =
      node.kind === 'and'
        ? node.of.map((part) => (part.kind === 'field' ? part.test.text?.kind : part.kind))
        : []
    expect(kinds).toEqual(['time', 'words', 'phrase', 'whole'])
  })

  it('leaves out what cannot change the answer', () => {
    const word = match('message', 'word')
    expect(plan({ kind: 'and', of: [{ kind: 'all' }, word] })).toEqual(plan(word))
    expect(plan({ kind: 'and', of: [word, match('nobody', 'x')] }).kind).toBe('none')
    expect(plan({ kind: 'or', of: [word, match('nobody', 'x')] })).toEqual(plan(word))
    expect(plan({ kind: 'or', of: [word, { kind: 'all' }] })).toEqual({ kind: 'all' })
    expect(plan({ kind: 'not', of: match('nobody', 'x') })).toEqual({ kind: 'all' })
    expect(plan({ kind: 'not', of: { kind: 'not', of: word } })).toEqual(plan(word))
    expect(plan({ kind: 'or', of: [word], atLeast: 2 }).kind).toBe('none')
  })

  it('takes a field of the very name before a sub-field', () => {
    const exact = plan({ kind: 'term', field: 'odd.keyword', value: 'x' })
    expect(exact).toMatchObject({
      target: { name: 'odd.keyword', view: 'words' },
      test: { text: { kind: 'word' } },
    })
    const whole = plan({ kind: 'term', field: 'user.keyword', value: 'x' })
    expect(whole).toMatchObject({
      target: { name: 'user', view: 'keyword' },
      test: { text: { maxUnits: 256 } },
    })
    const long = plan({ kind: 'term', field: 'user.wildcard', value: 'x' })
    expect(long).toMatchObject({
      target: { name: 'user', view: 'wildcard' },
      test: { text: { kind: 'whole' } },
    })
  })

  it('knows the fields that no event stores', () => {
    expect(plan(match('timestamp', '5'))).toEqual({ kind: 'time', span: { startUs: 5n, endUs: 6n } })
    expect(plan({ kind: 'range', field: 'timestamp', gt: 1.5, lte: '3' })).toEqual({
      kind: 'time',
      span: { startUs: 2n, endUs: 4n },
    })
    expect(plan({ kind: 'term', field: '__ts_timeline_id', value: 3 })).toMatchObject({
      kind: 'segment',
      value: 'timeline',
    })
    expect(plan({ kind: 'ids', values: ['aaaaaaaa_5', 'aaaaaaaa_1', 'bbbbbbbb_1', 'aaaaaaaa_zz'] })).toEqual({
      kind: 'rows',
      seqs: [1, 5],
    })
    expect(plan({ kind: 'exists', field: 'score' })).toMatchObject({
      kind: 'field',
      target: { hasMarks: true },
    })
  })

  it('finds an object by the fields inside it', () => {
    expect(plan({ kind: 'exists', field: 'user' })).toMatchObject({ kind: 'or', of: [{}, {}] })
  })

  it('reads a text for all fields as a number and a date too', () => {
    expect(plan(match(undefined, '2024-05-01'))).toMatchObject({
      kind: 'anywhere',
      span: { startUs: 1_714_521_600_000_000n },
    })
    expect(plan(match(undefined, '-5'))).toMatchObject({ test: { number: { gte: -5n, lte: -5n } } })
    expect(plan(match(undefined, '!!!'))).toMatchObject({ test: { text: { kind: 'whole', maxUnits: 256 } } })
  })

  it('holds a pattern that leaves words against whole values', () => {
    const wildcard = (pattern: string, field: string | undefined): PlanNode =>
      plan({ kind: 'wildcard', field, pattern, whole: false, caseInsensitive: false })
    expect(wildcard('*a.b*', 'message')).toMatchObject({ test: { text: { kind: 'word' } } })
    expect(wildcard('C:\\\\*', 'message')).toMatchObject({
      test: { text: { kind: 'whole', matcher: { ignoreCase: true } } },
    })
    expect(wildcard('日*', 'message')).toMatchObject({ test: { text: { kind: 'word' } } })
    expect(wildcard('*', 'message')).toMatchObject({ test: { present: true } })
    expect(wildcard('a*b', undefined)).toMatchObject({ kind: 'anywhere' })
  })
})
