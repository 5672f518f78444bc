import { describe, expect, it } from 'vitest'
import type { Segment } from '../../index-handle.ts'
import {
  cutToSegment,
  hasSeq,
  intersectSeqs,
  sortSeqs,
  subtractSeqs,
  uniteAllSeqs,
  uniteSeqs,
} from './seq-list.ts'

const list = (...seqs: number[]): Uint32Array<ArrayBuffer> => Uint32Array.from(seqs)

describe('lists of row numbers', () => {
  it('are put in order without repeats', () => {
    expect([...sortSeqs(list(3, 1, 3, 2, 1))]).toEqual([1, 2, 3])
    expect([...sortSeqs(list(1, 2, 9))]).toEqual([1, 2, 9])
  })

  it('are united, intersected and subtracted', () => {
    const [a, b] = [list(1, 3, 5, 7), list(2, 3, 7, 9)]
    expect([...uniteSeqs(a, b)]).toEqual([1, 2, 3, 5, 7, 9])
    expect([...intersectSeqs(a, b)]).toEqual([3, 7])
    expect([...subtractSeqs(a, b)]).toEqual([1, 5])
    expect([...uniteSeqs(list(), b)]).toEqual([...b])
  })

  it('come to the same where one is much longer', () => {
    const long = Uint32Array.from({ length: 100 }, (_, at) => at * 2)
    for (const short of [list(0), list(198), list(1), list(500), list(0, 7, 50, 199), list(4, 198)]) {
      const [inLong, inShort] = [new Set(long), new Set(short)]
      const united = [...inLong.union(inShort)].toSorted((a, b) => a - b)
      const shared = [...short].filter((seq) => inLong.has(seq))
      expect([...uniteSeqs(long, short)]).toEqual(united)
      expect([...uniteSeqs(short, long)]).toEqual(united)
      expect([...intersectSeqs(long, short)]).toEqual(shared)
      expect([...intersectSeqs(short, long)]).toEqual(shared)
      expect([...subtractSeqs(long, short)]).toEqual([...long].filter((seq) => !inShort.has(seq)))
      expect([...subtractSeqs(short, long)]).toEqual([...short].filter((seq) => !inLong.has(seq)))
    }
  })

  it('are united in any number', () => {
    expect([...uniteAllSeqs([])]).toEqual([])
    expect([...uniteAllSeqs([list(3, 4), list(1, 4), list(2)])]).toEqual([1, 2, 3, 4])
  })

  it('are looked into by halving', () => {
    const seqs = list(2, 4, 8)
    expect([1, 2, 3, 4, 8, 9].filter((seq) => hasSeq(seqs, seq))).toEqual([2, 4, 8])
  })

  it('are cut to a segment, counted from its first row', () => {
    const segment = { firstSeq: 10, rowCount: 5 } as Segment
    expect([...cutToSegment(list(9, 10, 12, 14, 15), segment)]).toEqual([0, 2, 4])
    expect(cutToSegment(list(1, 20), segment).count).toBe(0)
  })
})
