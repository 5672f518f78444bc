import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

it('come one after the other under one name, also after a failure, and at once under different names', async () => {
  const turns = new Turns()
  const first = Promise.withResolvers<void>()
  const seen: string[] = []
  const begin = (name: string, what: string, work: Promise<void>): Promise<string> =>
    turns.take(name, async () => {
      seen.push(what)
      await work
      return what
    })
  const failing = begin('a', 'first', first.promise)
  const behind = [begin('a', 'second', Promise.resolve()), begin('a', 'third', Promise.resolve())]
  expect(await begin('b', 'elsewhere', Promise.resolve())).toBe('elsewhere')
  expect(seen).toEqual(['first', 'elsewhere'])
  first.reject(new Error('no luck'))
  await expect(failing).rejects.toThrow('no luck')
  expect(await Promise.all(behind)).toEqual(['second', 'third'])
  expect(seen).toEqual(['first', 'elsewhere', 'second', 'third'])
})
