import { describe, expect, it } from 'vitest'
import { type CorrelationQuestion, correlateGroup } from './correlate-group.ts'
import type { CorrelationItem } from './correlation-item.ts'

/** Hits at some seconds, each of a rule and with a value. */
function hits(...list: readonly (readonly [second: number, rule?: number, value?: string])[]) {
  return list.map(
    ([second, rule = 0, value], at): CorrelationItem<number> => ({
      timeUs: BigInt(second) * 1_000_000n,
      rule,
      value,
      source: at,
    }),
  )
}

function question(
  type: CorrelationQuestion['type'],
  comparisons: Record<string, number>,
  names: readonly string[] = ['a'],
): CorrelationQuestion {
  return {
    type,
    timespanMs: 60_000,
    names,
    condition: {
      kind: 'threshold',
      comparisons: Object.entries(comparisons).map(([operator, number]) => ({
        operator: operator as 'gte',
        number,
      })),
      fields: [],
      percentile: undefined,
    },
  }
}

/** Which hits each finding has, with its figure. */
function find(items: readonly CorrelationItem<number>[], asked: CorrelationQuestion) {
  return correlateGroup(items, asked).map(({ items: found, figure }) => [
    found.map(({ source }) => source).join(' '),
    figure,
  ])
}

describe('event_count', () => {
  it('finds hits within the timespan, its ends included', () => {
    expect(find(hits([0], [30], [60]), question('event_count', { gte: 3 }))).toEqual([['0 1 2', 3]])
    expect(find(hits([0], [30], [61]), question('event_count', { gte: 3 }))).toEqual([])
  })

  it('makes one finding of windows that share hits, and two of those that do not', () => {
    const items = hits([0], [10], [50], [100], [500], [510])
    expect(find(items, question('event_count', { gte: 2 }))).toEqual([
      ['0 1 2 3', 3],
      ['4 5', 2],
    ])
  })

  it('holds every comparison', () => {
    expect(find(hits([0], [1], [2]), question('event_count', { gt: 1, lt: 3 }))).toEqual([['0 1', 2]])
  })

  it('looks at windows one after the other where few hits are asked for', () => {
    const items = hits([0], [1], [2], [100], [300], [301], [302])
    expect(find(items, question('event_count', { lt: 3 }))).toEqual([['3', 1]])
  })
})

describe('figures of values', () => {
  it('counts different values, those that left the window no longer', () => {
    const items = hits([0, 0, 'a'], [10, 0, 'a'], [20, 0, 'b'], [90, 0, 'c'])
    expect(find(items, question('value_count', { gte: 2 }))).toEqual([['0 1 2', 2]])
  })

  it('leaves out hits without a value', () => {
    const items = hits([0, 0, 'a'], [10, 0], [20, 0, 'b'])
    expect(find(items, question('value_count', { gte: 3 }))).toEqual([])
  })

  it('sums, means and medians numbers only', () => {
    const items = hits([0, 0, '10'], [1, 0, 'x'], [2, 0, '30'], [3, 0, '20'])
    expect(find(items, question('value_sum', { gte: 60 }))).toEqual([['0 1 2 3', 60]])
    expect(find(items, question('value_avg', { gt: 15, lt: 21 }))).toEqual([['0 1 2 3', 20]])
    expect(find(items, question('value_median', { eq: 20 }))).toEqual([['0 1 2 3', 20]])
  })
})

describe('temporal', () => {
  const all = { gte: 2 }

  it('asks for every rule within the timespan, in any order', () => {
    expect(find(hits([0, 1], [30, 0]), question('temporal', all, ['a', 'b']))).toEqual([['0 1', 2]])
    expect(find(hits([0, 1], [61, 0]), question('temporal', all, ['a', 'b']))).toEqual([])
    expect(find(hits([0, 0], [1, 0]), question('temporal', all, ['a', 'b']))).toEqual([])
  })

  it('asks for the order of the list where that is wanted', () => {
    const ordered = question('temporal_ordered', { gte: 3 }, ['a', 'b', 'c'])
    expect(find(hits([0, 0], [10, 1], [20, 2]), ordered)).toEqual([['0 1 2', 3]])
    expect(find(hits([0, 1], [10, 0], [20, 2]), ordered)).toEqual([])
    expect(find(hits([0, 1], [10, 0], [20, 1], [30, 2]), ordered)).toEqual([['0 1 2 3', 3]])
    // The first of them lies too far back.
    expect(find(hits([0, 0], [50, 1], [70, 2]), ordered)).toEqual([])
  })

  it('reads conditions in words', () => {
    const asked: CorrelationQuestion = {
      ...question('temporal', {}, ['a', 'b', 'c']),
      condition: {
        kind: 'expression',
        expression: {
          kind: 'and',
          of: [
            { kind: 'rule', rule: 'a' },
            { kind: 'not', of: { kind: 'rule', rule: 'c' } },
          ],
        },
      },
    }
    expect(find(hits([0, 0]), asked)).toEqual([['0', 1]])
    expect(find(hits([0, 2], [10, 0]), asked)).toEqual([])
  })
})
