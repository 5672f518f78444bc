import type { Query } from '@timeskein/query'
import { describe, expect, it } from 'vitest'
import { type LeafQuery, type Predicate, PredicateTable } from '../plan/predicate.ts'
import { runAtOnce } from '../plan/run-steps.ts'
import { ValueTester } from './value-tester.ts'

const like = (pattern: string, caseInsensitive = true): LeafQuery => ({
  kind: 'wildcard',
  field: 'a',
  pattern,
  whole: true,
  caseInsensitive,
  anyType: true,
})

function predicatesOf(queries: readonly Query[]): readonly Predicate[] {
  const table = new PredicateTable()
  for (const query of queries) table.add(query as LeafQuery)
  return table.all
}

function countSteps<Made>(steps: Generator<void, Made, undefined>): number {
  let count = 0
  while (!steps.next().done) count++
  return count
}

describe('ValueTester', () => {
  const queries = [
    like('abc'),
    like('*abc*'),
    like('abc*'),
    like('*abc'),
    like('a?c*'),
    like('*ABC*', false),
    like('*x*abc'),
    like(''),
  ]
  const tester = runAtOnce(ValueTester.make(predicatesOf(queries)))

  it.each([
    ['abc', [0, 1, 2, 3, 4]],
    ['ABC', [0, 1, 2, 3, 4, 5]],
    ['x abc', [1, 3, 6]],
    ['abc x', [1, 2, 4]],
    ['', [7]],
    ['\ufdd0abc\ufdd1', [1]],
  ])('tells what %j answers, at once and in steps', (text, expected) => {
    expect(tester.test(text, 'string').sort()).toEqual(expected)
    expect(runAtOnce(tester.testInSteps(text, 'string')).sort()).toEqual(expected)
  })

  it('tells of each line what it says of the whole value, and with the last one what no literal tells', () => {
    const lined = runAtOnce(
      ValueTester.make(
        predicatesOf([like('abc*'), like('*abc'), like('*abc*'), like('*b\nab*'), like('\n'), like('*')]),
      ),
    )
    const look = (line: string, isFirst: boolean, isLast: boolean): readonly (readonly number[])[] => {
      const { sure, maybe } = lined.lookAtLine(line, { isFirst, isLast })
      return [[...sure].sort(), [...new Set(maybe)].sort()]
    }
    expect(look('abc', true, false)).toEqual([[0, 2], [3]])
    expect(look('abc', false, false)).toEqual([[2], [3]])
    expect(look('abc', false, true)).toEqual([
      [1, 2],
      [3, 4, 5],
    ])
    expect(look('x', false, false)).toEqual([[], []])
  })

  it('is made in as many steps as there are predicates, at least', () => {
    const many = Array.from({ length: 500 }, (_, n) => like(`*word${n}*`))
    expect(countSteps(ValueTester.make(predicatesOf(many)))).toBeGreaterThanOrEqual(500)
  })

  it('looks at a text in a step for each predicate that literals leave open', () => {
    const open = runAtOnce(
      ValueTester.make(predicatesOf([like('*one*two*'), like('*two*three*'), like('*four*')])),
    )
    expect(countSteps(open.testInSteps('one two three four', 'string'))).toBe(2)
  })
})
