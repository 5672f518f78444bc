import { describe, expect, it } from 'vitest'
import { runInOrder } from './run-in-order.ts'

async function* count(to: number, log: string[] = []): AsyncGenerator<number> {
  try {
    for (let i = 0; i < to; i++) {
      log.push(`asked ${i}`)
      yield i
    }
  } finally {
    log.push('closed')
  }
}

/** Tasks that end when they are told to. */
function makeGate(): {
  readonly run: (item: number) => Promise<number>
  readonly open: (item: number) => void
} {
  const gates = new Map<number, PromiseWithResolvers<number>>()
  const gateOf = (item: number): PromiseWithResolvers<number> => {
    const gate = gates.get(item) ?? Promise.withResolvers<number>()
    gates.set(item, gate)
    return gate
  }
  return { run: (item) => gateOf(item).promise, open: (item) => gateOf(item).resolve(item * 10) }
}

describe('runInOrder', () => {
  it('yields in the order of the items, whichever task ends first', async () => {
    const gate = makeGate()
    for (const item of [2, 1, 0, 3]) gate.open(item)
    expect(await Array.fromAsync(runInOrder(count(4), 2, gate.run))).toEqual([0, 10, 20, 30])
  })

  it('asks for no more items than it has places for', async () => {
    const log: string[] = []
    const gate = makeGate()
    gate.open(0)
    const results = runInOrder(count(9, log), 3, gate.run)
    await results.next()
    expect(log).toEqual(['asked 0', 'asked 1', 'asked 2'])
    for (const item of [1, 2]) gate.open(item)
    await results.return(undefined)
    expect(log.at(-1)).toBe('closed')
  })

  it('passes a failure on in its turn and closes the sequence', async () => {
    const log: string[] = []
    const fail = async (item: number): Promise<number> => {
      if (item === 1) throw new Error('no')
      return item
    }
    const results = runInOrder(count(9, log), 2, fail)
    expect((await results.next()).value).toBe(0)
    await expect(results.next()).rejects.toThrow('no')
    expect(log.at(-1)).toBe('closed')
  })
})
