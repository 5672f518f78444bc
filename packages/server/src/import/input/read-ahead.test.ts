import { expect, it } from 'vitest'
import { readAhead } from './read-ahead.ts'

/** Numbers, and what was done in which order. */
async function* count(log: string[], end: number): AsyncGenerator<number> {
  try {
    for (let i = 1; i <= end; i++) {
      log.push(`made ${i}`)
      yield i
    }
  } finally {
    log.push('closed')
  }
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

it('makes items while one is used, as long as there is room', async () => {
  const log: string[] = []
  let room = 2
  const hasRoom = (): boolean => room-- > 0
  for await (const item of readAhead(count(log, 6), hasRoom)) {
    await settle()
    log.push(`used ${item}`)
    if (item === 3) room = 1
  }
  expect(log).toEqual([
    ...['made 1', 'made 2', 'made 3', 'used 1', 'used 2', 'used 3'],
    ...['made 4', 'used 4', 'made 5', 'used 5', 'made 6', 'used 6', 'closed'],
  ])
})

it('makes an item that is asked for though there is no room', async () => {
  const log: string[] = []
  for await (const item of readAhead(count(log, 2), () => false)) {
    await settle()
    log.push(`used ${item}`)
  }
  expect(log).toEqual(['made 1', 'used 1', 'made 2', 'used 2', 'closed'])
})

it('what was made last decides whether there is room', async () => {
  const log: string[] = []
  for await (const item of readAhead(count(log, 3), (made) => made === 1)) {
    await settle()
    log.push(`used ${item}`)
  }
  expect(log).toEqual(['made 1', 'made 2', 'used 1', 'used 2', 'made 3', 'used 3', 'closed'])
})

it('small items do not pile up', async () => {
  const log: string[] = []
  for await (const item of readAhead(count(log, 100), () => true)) {
    if (item > 1) break
    for (let turn = 0; turn < 100; turn++) await settle()
  }
  expect(log.length).toBeLessThan(40)
})

it('closes the sequence when the caller stops', async () => {
  const log: string[] = []
  for await (const item of readAhead(count(log, 3), () => false)) if (item === 1) break
  expect(log).toEqual(['made 1', 'closed'])
})

it('a failure comes behind the items before it', async () => {
  const used: number[] = []
  async function* fail(): AsyncGenerator<number> {
    yield 1
    throw new Error('broken')
  }
  const use = async (): Promise<void> => {
    for await (const item of readAhead(fail(), () => true)) {
      await settle()
      used.push(item)
    }
  }
  await expect(use()).rejects.toThrow('broken')
  expect(used).toEqual([1])
})
