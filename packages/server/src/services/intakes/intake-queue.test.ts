import type { EventStore, ImportTarget } from '@timeskein/store'
import { expect, test } from 'vitest'
import { IntakeQueue, type WaitingBatch } from './intake-queue.ts'

const event = { id: 'e', timeUs: 0n, source: { message: 'e' } }

/** A store that writes when it is told to, and not to indexes that are full. */
function makeStore(): { store: EventStore; stored: string[]; open: () => void } {
  const stored: string[] = []
  const gate = Promise.withResolvers<void>()
  const beginImport = async ({ index }: ImportTarget): Promise<unknown> => {
    await gate.promise
    if (index === 'full') throw new Error('no room')
    const end = async (): Promise<void> => {}
    return {
      append: async ({ rowCount }: { rowCount: number }) => void stored.push(`${index} ${rowCount}`),
      commit: end,
      [Symbol.asyncDispose]: end,
    }
  }
  // Of a store the queue calls this only.
  return { store: { beginImport } as unknown as EventStore, stored, open: gate.resolve }
}

function batchOf(index: string, count: number, timelineId = 1): WaitingBatch {
  return { place: { index, timelineId, constants: {} }, events: new Array(count).fill(event) }
}

test('there is room for all batches of a request, or none of them is taken', async () => {
  const { store, stored, open } = makeStore()
  const queue = new IntakeQueue({ store })
  const first = queue.add([batchOf('a', 150_000)])
  await expect(queue.add([batchOf('a', 1), batchOf('b', 50_000, 2)])).rejects.toMatchObject({
    code: 'intake-busy',
  })
  const small = queue.add([batchOf('b', 2, 2)])
  open()
  await Promise.all([first, small])
  const counts = Object.groupBy(stored, (text) => text.split(' ')[0]!)
  expect(counts['a']).toHaveLength(30)
  expect(counts['b']).toEqual(['b 2'])
})

test('what fails is told beside what is stored', async () => {
  const { store, stored, open } = makeStore()
  open()
  const outcomes = await new IntakeQueue({ store }).add([batchOf('a', 1), batchOf('full', 1, 2)])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect(stored).toEqual(['a 1'])
})
