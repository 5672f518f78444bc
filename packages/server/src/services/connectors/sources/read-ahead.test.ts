import { expect, it } from 'vitest'
import { readAhead } from './read-ahead.ts'

const { signal } = new AbortController()

/** Counts what was asked for; `stopped` once the reading has ended. */
function makeSource(count: number, failure?: Error) {
  const told = { asked: 0, stopped: false }
  return {
    told,
    async *read(own: AbortSignal) {
      try {
        for (let number = 0; number < count; number++) {
          told.asked++
          own.throwIfAborted()
          yield { number }
        }
        if (failure) throw failure
      } finally {
        told.stopped = true
      }
    },
  }
}

/** What can be done without waiting for anything else is done. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('gives everything in its order', async () => {
  const { read } = makeSource(50)
  const items = await Array.fromAsync(readAhead(read, { most: 3, signal }))
  expect(items.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, number) => number))
})

it('reads on while an item is worked on, as far as it may', async () => {
  const { told, read } = makeSource(50)
  for await (const { number } of readAhead(read, { most: 3, signal })) {
    await settle()
    expect(told.asked).toBe(Math.min(50, number + 4))
  }
})

it('gives what came before a failure first', async () => {
  const items: number[] = []
  const walk = async (): Promise<void> => {
    const { read } = makeSource(4, new Error('the platform is gone'))
    for await (const { number } of readAhead(read, { most: 10, signal })) {
      await settle()
      items.push(number)
    }
  }
  await expect(walk()).rejects.toThrow('the platform is gone')
  expect(items).toEqual([0, 1, 2, 3])
})

it('ends the reading for whoever stops early, also in the middle of a request', async () => {
  const { told, read } = makeSource(50)
  for await (const _ of readAhead(read, { most: 3, signal })) break
  expect(told.stopped).toBe(true)
  expect(told.asked).toBeLessThanOrEqual(4)

  let isAborted = false
  const hanging = readAhead(
    async function* (own) {
      yield {}
      await new Promise<void>((resolve) => {
        own.addEventListener('abort', () => {
          isAborted = true
          resolve()
        })
      })
    },
    { most: 3, signal },
  )
  for await (const _ of hanging) {
    await settle()
    break
  }
  expect(isAborted).toBe(true)
})

it('ends with the reason of whoever aborts it', async () => {
  const caller = new AbortController()
  const { read } = makeSource(50)
  const walk = async (): Promise<void> => {
    for await (const _ of readAhead(read, { most: 3, signal: caller.signal }))
      caller.abort(new Error('enough'))
  }
  await expect(walk()).rejects.toThrow('enough')
})
