import { expect, it } from 'vitest'
import { SharedLoad } from './shared-load.ts'

/** Readings that end when they are told to, or when their signal aborts. */
function hold(): { load: SharedLoad<string>; begun: PromiseWithResolvers<string>[] } {
  const begun: PromiseWithResolvers<string>[] = []
  const load = new SharedLoad((signal) => {
    const reading = Promise.withResolvers<string>()
    signal.addEventListener('abort', () => reading.reject(signal.reason), { once: true })
    begun.push(reading)
    return reading.promise
  })
  return { load, begun }
}

it('is read once for all who ask for it', async () => {
  const { load, begun } = hold()
  const all = [load.get(undefined), load.get(undefined)]
  begun[0]!.resolve('here')
  expect([await Promise.all(all), await load.get(undefined), begun.length]).toEqual([
    ['here', 'here'],
    'here',
    1,
  ])
})

it('goes on for whoever still waits when another one gives up', async () => {
  const { load, begun } = hold()
  const abort = new AbortController()
  const given = load.get(abort.signal)
  const waiting = load.get(undefined)
  abort.abort(new Error('enough'))
  await expect(given).rejects.toThrow('enough')
  begun[0]!.resolve('here')
  expect(await waiting).toBe('here')
})

it('is given up with the last who waits, and read anew for the next', async () => {
  const { load, begun } = hold()
  const abort = new AbortController()
  const given = load.get(abort.signal)
  abort.abort(new Error('enough'))
  await expect(given).rejects.toThrow('enough')
  await expect(begun[0]!.promise).rejects.toThrow('nobody waits')
  const next = load.get(undefined)
  begun[1]!.resolve('here')
  expect(await next).toBe('here')
})

it('is read anew after it has failed', async () => {
  const { load, begun } = hold()
  const first = load.get(undefined)
  begun[0]!.reject(new Error('no room'))
  await expect(first).rejects.toThrow('no room')
  void load.get(undefined)
  expect(begun.length).toBe(2)
  begun[1]!.resolve('here')
})

it('is not begun for those who only take what others asked for', async () => {
  const { load, begun } = hold()
  expect(await load.getIfAsked(undefined)).toBeUndefined()
  const asked = load.get(undefined)
  const taken = load.getIfAsked(undefined)
  begun[0]!.resolve('here')
  expect([await asked, await taken, begun.length]).toEqual(['here', 'here', 1])
})
