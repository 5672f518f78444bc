import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { readInTurns } from './read-in-turns.ts'

/** As long work does: nobody else gets a turn. */
function work(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

test('all are read in their order, and others get their turn before the last', async () => {
  const said: string[] = []
  const others = setImmediate().then(() => said.push('others'))
  const keys = Array.from({ length: 2500 }, (_, at) => at)
  const found = await readInTurns(keys, async (some) => {
    work(25)
    said.push(`${some.length}`)
    return some.map((key) => key * 2)
  })
  await others
  expect(found).toEqual(keys.map((key) => key * 2))
  expect(said.filter((one) => one !== 'others')).toEqual(['1000', '1000', '500'])
  expect(said.indexOf('others')).toBeLessThan(3)
})

test('what is given up is read no further', async () => {
  const giveUp = new AbortController()
  const reading = readInTurns(
    Array.from({ length: 3000 }, () => 0),
    async (some) => {
      giveUp.abort(new Error('gone'))
      return some
    },
    giveUp.signal,
  )
  await expect(reading).rejects.toThrow('gone')
})
