import { expect, it } from 'vitest'
import type { StoredSegment } from '../snapshot.ts'
import { planMerges } from './plan-merges.ts'

/** Segments one after the other, of so many rows each; changes by number. */
function makeSegments(rowCounts: readonly number[], changes: Record<number, object> = {}): StoredSegment[] {
  let firstSeq = 0
  return rowCounts.map((rowCount, id) => {
    const segment: StoredSegment = {
      id,
      firstSeq,
      rowCount,
      timelineId: 1,
      importId: String(id),
      profile: { aliases: {}, constants: {} },
      minUs: 0n,
      maxUs: 0n,
      place: {
        generation: 1,
        dataAt: 0,
        sizes: { times: 0, nanos: 0, order: 0, hashes: 0, fieldIds: 0, terms: 0 },
      },
      readTimes: () => Promise.reject(new Error('not read here')),
      findTerms: () => Promise.reject(new Error('not read here')),
      chooseTerms: () => Promise.reject(new Error('not read here')),
      listsValues: () => Promise.reject(new Error('not read here')),
      ...changes[id],
    }
    firstSeq = segment.firstSeq + rowCount
    return segment
  })
}

const idsOf = (runs: StoredSegment[][]): number[][] => runs.map((run) => run.map(({ id }) => id))
const singles = (count: number): number[] => Array.from({ length: count }, () => 1)
const numbers = (from: number, end: number): number[] =>
  Array.from({ length: end - from }, (_, i) => from + i)

it('leaves few segments alone', () => {
  expect(planMerges(makeSegments(singles(64)))).toEqual([])
})

it('puts many single events into one segment', () => {
  expect(idsOf(planMerges(makeSegments(singles(65))))).toEqual([numbers(0, 65)])
})

it('keeps to 32,768 rows a segment', () => {
  const runs = planMerges(makeSegments(Array.from({ length: 100 }, () => 1000)))
  expect(runs.map((run) => run.length)).toEqual([32, 32, 32, 4])
})

it('stops at large segments, gaps, other timelines and other profiles', () => {
  const segments = makeSegments([...singles(30), 20_000, ...singles(60)], {
    50: { firstSeq: 40_000 },
    60: { timelineId: 2 },
    70: { profile: { aliases: { message: 'Message' }, constants: {} } },
  })
  expect(idsOf(planMerges(segments))).toEqual([
    numbers(0, 30),
    numbers(31, 50),
    numbers(50, 60),
    numbers(61, 70),
    numbers(71, 91),
  ])
})
