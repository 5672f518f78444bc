import { expect, test } from 'vitest'
import { AnalysisQueue } from './analysis-queue.ts'

/** A queue whose sessions run until they are let go. */
function makeQueue() {
  const queue = new AnalysisQueue()
  const events: string[] = []
  const gates = new Map<number, PromiseWithResolvers<void>>()
  const add = (sessionId: number, timelineId: number): void => {
    const gate = Promise.withResolvers<void>()
    gates.set(sessionId, gate)
    queue.add({
      sessionId,
      timelineId,
      size: 1,
      async run(signal) {
        if (signal.aborted) {
          events.push(`skip ${sessionId}: ${(signal.reason as Error).message}`)
          return
        }
        events.push(`start ${sessionId}`)
        signal.addEventListener('abort', () => gate.resolve(), { once: true })
        await gate.promise
        events.push(`end ${sessionId}`)
      },
    })
  }
  const finish = async (sessionId: number): Promise<void> => {
    gates.get(sessionId)!.resolve()
    await queue.waitForEnd(sessionId)
  }
  return { queue, events, add, finish }
}

test('sessions of one timeline run one after the other, of others beside them, two at most', async () => {
  const { queue, events, add, finish } = makeQueue()
  for (const [session, timeline] of [
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 3],
  ] as const)
    add(session, timeline)
  expect(events).toEqual(['start 1', 'start 3'])
  expect(queue.openCount).toBe(4)
  await finish(1)
  expect(events.slice(2)).toEqual(['end 1', 'start 2'])
  await finish(3)
  await finish(2)
  await finish(4)
  expect(events.slice(4)).toEqual(['end 3', 'start 4', 'end 2', 'end 4'])
  expect(queue.openCount).toBe(0)
  await queue.waitForEnd(99)
})

test('one that waits is cancelled without its turn, one that runs is told', async () => {
  const { queue, events, add } = makeQueue()
  add(1, 1)
  add(2, 1)
  await queue.cancel(2, new Error('enough'))
  await queue.cancel(1, new Error('enough'))
  await queue.cancel(1, new Error('again'))
  expect(events).toEqual(['start 1', 'skip 2: enough', 'end 1'])
})

test('stopping ends all', async () => {
  const { queue, events, add } = makeQueue()
  add(1, 1)
  add(2, 1)
  add(3, 2)
  await queue.stop(new Error('stop'))
  expect(events.toSorted()).toEqual(['end 1', 'end 3', 'skip 2: stop', 'start 1', 'start 3'])
  expect([queue.isStopping, queue.openCount]).toEqual([true, 0])
})
