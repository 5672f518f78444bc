import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Backend } from '../../backend/backend.ts'
import { CliError } from '../../cli-error.ts'
import { EXIT } from '../../exit-codes.ts'
import { removeEmpty } from './remove-empty.ts'

type Place = Pick<Backend, 'listTimelines' | 'deleteSketch'>

const SKETCH = { id: 7, name: 'case' }

vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }))

beforeEach(() => {
  vi.clearAllMocks()
})

describe('what an import that was cut off left', () => {
  it('is nothing in a sketch of before, whatever others have just begun in it', async () => {
    const { place, taken } = hold([timeline(1, 0), timeline(2, 0)])
    expect(await removeEmpty(place, SKETCH, false, new Set([1]))).toBeUndefined()
    expect(taken).toEqual([])
  })

  it('is taken away with the sketch made for it, once its timeline has gone', async () => {
    const { place, taken } = hold([timeline(2, 0)], { goneAfter: 2 })
    expect(await removeEmpty(place, SKETCH, true, new Set())).toBeUndefined()
    expect(taken).toEqual(['sketch 7'])
  })

  it('is kept, and said, where events were stored all the same', async () => {
    const { place, taken } = hold([timeline(2, 500)])
    expect(await removeEmpty(place, SKETCH, true, new Set())).toBe(
      'the sketch case keeps what was stored: 500 events in the timeline t2',
    )
    expect(taken).toEqual([])
  })

  it('is taken away at a later attempt, when the server did not answer at the first', async () => {
    const { place, taken } = hold([], { refusals: 1 })
    expect(await removeEmpty(place, SKETCH, true, new Set())).toBeUndefined()
    expect(taken).toEqual(['sketch 7'])
  })

  it('is told to be empty where that is known and only the sketch stays', async () => {
    const { place } = hold([])
    const kept: Place = { ...place, deleteSketch: () => Promise.reject(new Error('not yours')) }
    expect(await removeEmpty(kept, SKETCH, true, new Set())).toBe(
      'nothing was stored; the empty sketch case could not be taken away again (not yours): skein sketch delete 7',
    )
  })

  it('keeps a sketch in which somebody has begun something', async () => {
    const { place, taken } = hold([timeline(2, 0)])
    expect(await removeEmpty(place, SKETCH, true, new Set())).toBe(
      'nothing was stored; the empty sketch case could not be taken away again (there is still 1 timeline in it): skein sketch delete 7',
    )
    expect(taken).toEqual([])
  })

  it('is told to be empty where that was known before nobody answered any more', async () => {
    const { place } = hold([])
    let listings = 0
    const lost: Place = {
      listTimelines: async (id) => {
        listings += 1
        if (listings > 1) throw new Error('nobody answers')
        return await place.listTimelines(id)
      },
      deleteSketch: () => Promise.reject(new Error('hung up')),
    }
    expect(await removeEmpty(lost, SKETCH, true, new Set())).toBe(
      'nothing was stored; the empty sketch case could not be taken away again (nobody answers): skein sketch delete 7',
    )
  })

  it('is gone where the answer to its deletion was lost and there is no such sketch then', async () => {
    const { place } = hold([])
    let isGone = false
    const cut: Place = {
      listTimelines: async (id) => {
        if (isGone) throw new CliError('no such sketch', EXIT.notFound)
        return await place.listTimelines(id)
      },
      deleteSketch: async () => {
        isGone = true
        throw new Error('hung up')
      },
    }
    expect(await removeEmpty(cut, SKETCH, true, new Set())).toBeUndefined()
    expect(await removeEmpty(cut, SKETCH, true, new Set())).toContain('not known (no such sketch)')
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

/** A place that refuses its first calls, in which timelines go after some, and that notes what is taken away. */
function hold(
  timelines: readonly ReturnType<typeof timeline>[],
  { refusals = 0, goneAfter = Infinity } = {},
): { place: Place; taken: string[] } {
  const taken: string[] = []
  let calls = 0
  const place = {
    listTimelines: async () => {
      calls += 1
      if (calls <= refusals) throw new Error('nobody answers')
      return calls > goneAfter ? [] : timelines
    },
    deleteSketch: async (id: number) => void taken.push(`sketch ${id}`),
  }
  return { place: place as unknown as Place, taken }
}
