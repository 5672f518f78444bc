import { describe, expect, it } from 'vitest'
import type { MarkRecord } from '../index-handle.ts'
import { readEventMarks } from './event-marks.ts'
import { MarkFolder } from './fold-marks.ts'

let last = 0
function record(
  kind: MarkRecord['kind'],
  value: string,
  seqs: number[],
  changes: Partial<MarkRecord> = {},
): MarkRecord {
  const operationId = `op-${++last}`
  const rest = { json: undefined, sketchId: 1, userId: 1, atUs: 0n, active: true }
  return { operationId, kind, value, ...rest, seqs: Uint32Array.from(seqs), ...changes }
}

describe('MarkFolder', () => {
  it('lets the last operation on a tag win, event by event', () => {
    const state = new MarkFolder().fold([
      record('tag', 'a', [1, 2, 3]),
      record('untag', 'a', [2, 9]),
      record('tag', 'a', [9]),
    ])
    expect([...state.tags.get('a')!]).toEqual([1, 3, 9])
    expect([...state.removedTags.get('a')!]).toEqual([2])
  })

  it('gives the same whether marks come one by one, all at once, or are taken back', () => {
    const marks = [
      record('tag', 'a', [1, 2]),
      record('label', 'star', [2, 3]),
      record('untag', 'a', [1]),
      record('label', 'star', [3, 4], { userId: 2 }),
      record('attribute', 'x', [1, 2], { json: 1 }),
      record('unlabel', 'star', [2], { userId: 2 }),
      record('attribute', 'x', [2], { json: 2 }),
    ]
    const folder = new MarkFolder()
    for (let count = 1; count <= marks.length; count++) {
      const some = marks.slice(0, count)
      expect(folder.fold(some)).toEqual(new MarkFolder().fold(some))
    }
    expect(folder.fold([...marks])).toBe(folder.fold(marks))
    const without = marks.filter((_, at) => at !== 2 && at !== 5)
    expect(folder.fold(without)).toEqual(new MarkFolder().fold(without))
    const back = marks.map((mark, at) => (at === 0 ? { ...mark, active: false } : mark))
    expect(folder.fold(back).tags.size).toBe(0)
  })

  it('gives an event its marks', () => {
    const state = new MarkFolder().fold([
      record('tag', 'a', [1, 2]),
      record('untag', 'b', [2]),
      record('label', 'star', [2], { sketchId: 7, userId: 3 }),
      record('attribute', 'constructor', [2], { json: { deep: true } }),
    ])
    const [none, marked] = readEventMarks(state, [0, 2])
    expect(none).toEqual({ tags: [], removedTags: [], labels: [], attributes: {} })
    expect(marked).toEqual({
      tags: ['a'],
      removedTags: ['b'],
      labels: [{ name: 'star', sketchId: 7, userId: 3 }],
      attributes: { constructor: { deep: true } },
    })
  })
})
