import { describe, expect, it } from 'vitest'
import { readEventMarks } from './event-marks.ts'
import { MarkFolder, type MarkState } from './fold-marks.ts'
import { MarkList } from './mark-list.ts'
import type { MarkRecord } from './mark-record.ts'

let last = 0
function record(
  kind: MarkRecord['kind'],
  value: string,
  seqs: number[],
  changes: Partial<MarkRecord> = {},
): MarkRecord {
  const ordinal = ++last
  const rest = { json: undefined, sketchId: 1, userId: 1, atUs: 0n }
  return {
    operationId: `op-${ordinal}`,
    ordinal,
    kind,
    value,
    ...rest,
    seqs: Uint32Array.from(seqs),
    ...changes,
  }
}

function foldAll(marks: readonly MarkRecord[]): MarkState {
  return new MarkFolder().fold(MarkList.of(marks))
}

/** One operation of each kind, some on the same events. */
function listEachKind(): MarkRecord[] {
  return [
    record('tag', 'a', [1, 2]),
    record('label', 'star', [2, 3]),
    record('untag', 'a', [1]),
    record('label', 'star', [3, 4], { userId: 2 }),
    record('attribute', 'x', [1, 2], { json: 1 }),
    record('unlabel', 'star', [2], { userId: 2 }),
    record('attributes', 'x, y', [1, 2, 3], {
      gifts: [
        { name: 'x', json: 'one', seqs: Uint32Array.of(1) },
        { name: 'x', json: 'three', seqs: Uint32Array.of(3) },
        { name: 'y', json: 'two', seqs: Uint32Array.of(2) },
      ],
    }),
    record('attribute', 'x', [2], { json: 2 }),
  ]
}

describe('MarkFolder', () => {
  it('lets the last operation on a tag win, event by event', () => {
    const state = foldAll([
      record('tag', 'a', [1, 2, 3]),
      record('untag', 'a', [2, 9]),
      record('tag', 'a', [9]),
    ])
    expect([...state.tags.get('a')!]).toEqual([1, 3, 9])
    expect([...state.removedTags.get('a')!]).toEqual([2])
  })

  it('lets the last value of an attribute win, event by event', () => {
    const { attributes } = foldAll(listEachKind())
    const listed = [...attributes].map(([name, values]) => [
      name,
      Object.fromEntries(values.map(({ json, seqs }) => [JSON.stringify(json), [...seqs]])),
    ])
    expect(listed).toEqual([
      ['x', { '"one"': [1], '"three"': [3], '2': [2] }],
      ['y', { '"two"': [2] }],
    ])
  })

  it('gives the same whether marks are appended, come all at once, or are taken back and put in force again', () => {
    const marks = listEachKind()
    const folder = new MarkFolder()
    let list = MarkList.of([])
    for (const [at, mark] of marks.entries()) {
      list = list.append([mark])
      expect(folder.fold(list)).toEqual(foldAll(marks.slice(0, at + 1)))
    }
    const whole = folder.fold(list)
    expect(folder.fold(MarkList.of(marks))).toBe(whole)
    for (const gone of marks) {
      const without = marks.filter((mark) => mark !== gone)
      expect(folder.fold(MarkList.of(without))).toEqual(foldAll(without))
      expect(folder.fold(MarkList.of(marks))).toEqual(whole)
    }
    expect(folder.fold(MarkList.of(marks.slice(1))).tags.size).toBe(0)
  })

  it('does not look again at what it has folded when marks are appended', () => {
    const folder = new MarkFolder()
    const first = record('label', 'star', [1])
    const list = MarkList.of([first])
    folder.fold(list)
    Object.defineProperty(first, 'seqs', {
      get: () => {
        throw new Error('read again')
      },
    })
    const { labels } = folder.fold(list.append([record('label', 'star', [7])]))
    expect(labels.map(({ seqs }) => [...seqs])).toEqual([[1, 7]])
  })

  it('gives an event its marks', () => {
    const state = foldAll([
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

  it('gives an event its own of very many values', () => {
    const gifts = Array.from({ length: 1000 }, (_, at) => ({
      name: 'score',
      json: at,
      seqs: Uint32Array.of(2 * at),
    }))
    const seqs = gifts.map((gift) => gift.seqs[0]!)
    const state = foldAll([record('attributes', 'score', seqs, { gifts })])
    const marks = readEventMarks(state, [998, 7, 0])
    expect(marks.map(({ attributes }) => attributes['score'])).toEqual([499, undefined, 0])
  })
})
