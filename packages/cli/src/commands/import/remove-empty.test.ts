import { describe, expect, it } from 'vitest'
import type { Backend } from '../../backend/backend.ts'
import { removeEmpty } from './remove-empty.ts'

type Place = Pick<Backend, 'listTimelines' | 'deleteTimeline' | 'deleteSketch'>

const SKETCH = { id: 7, name: 'case' }

describe('what an import that was cut off left', () => {
  it('is taken away where it holds nothing: timelines of before stay', async () => {
    const { place, taken } = hold([timeline(1, 0), timeline(2, 0)])
    expect(await removeEmpty(place, SKETCH, false, new Set([1]))).toBeUndefined()
    expect(taken).toEqual(['timeline 2'])
  })

  it('is taken away with the sketch made for it', async () => {
    const { place, taken } = hold([timeline(2, 0)])
    expect(await removeEmpty(place, SKETCH, true, new Set())).toBeUndefined()
    expect(taken).toEqual(['timeline 2', 'sketch 7'])
  })

  it('is kept, and said, where events were stored all the same', async () => {
    const { place, taken } = hold([timeline(2, 500)])
    expect(await removeEmpty(place, SKETCH, true, new Set())).toBe(
      'the sketch case keeps what was stored: 500 events in the timeline t2',
    )
    expect(taken).toEqual([])
  })

  it('is taken away at a later attempt, when the server still had its hand on it at the first', async () => {
    const { place, taken } = hold([timeline(2, 0)], { refusals: 1 })
    expect(await removeEmpty(place, SKETCH, true, new Set())).toBeUndefined()
    expect(taken).toEqual(['timeline 2', 'sketch 7'])
  })

  it('is told to be empty where that is known and only the sketch stays', async () => {
    const { place } = hold([timeline(2, 0)])
    const kept: Place = { ...place, deleteSketch: () => Promise.reject(new Error('not yours')) }
    expect(await removeEmpty(kept, SKETCH, true, new Set())).toBe(
      'nothing was stored; the empty sketch case could not be taken away again (not yours): skein sketch delete 7',
    )
  })

  it('is called unknown where nobody answers: never empty', async () => {
    const { place } = hold([timeline(2, 500)], { refusals: Infinity })
    expect(await removeEmpty(place, SKETCH, true, new Set())).toBe(
      'whether anything was stored is not known (nobody answers); see: skein timeline list --sketch 7',
    )
  })
})

function timeline(id: number, events: number): { id: number; name: string; events: number } {
  return { id, name: `t${id}`, events }
}

/** A place that refuses its first calls, and notes what is taken away. */
function hold(
  timelines: readonly ReturnType<typeof timeline>[],
  { refusals = 0 } = {},
): { place: Place; taken: string[] } {
  const taken: string[] = []
  let left = refusals
  const place = {
    listTimelines: async () => {
      left -= 1
      if (left >= 0) throw new Error('nobody answers')
      return timelines
    },
    deleteTimeline: async (_sketch: number, id: number) => void taken.push(`timeline ${id}`),
    deleteSketch: async (id: number) => void taken.push(`sketch ${id}`),
  }
  return { place: place as unknown as Place, taken }
}
