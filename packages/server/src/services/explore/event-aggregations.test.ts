import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import { countOverTime, countValues } from './event-aggregations.ts'
import { prepareQuestion } from './read-question.ts'

const HOUR_US = 3_600_000_000n
const START_US = 1_700_006_400_000_000n

let temporary: TemporarySystem
let sketchId: number

beforeAll(async () => {
  temporary = await openTemporarySystem()
  const { events, sketches } = temporary.system.services
  sketchId = (await sketches.create(temporary.admin, { name: 'case' })).id
  for (const [hour, user] of [
    [0n, 'ana'],
    [0n, 'bob'],
    [5n, 'ana'],
  ] as const)
    await events.create(temporary.admin, sketchId, {
      timeUs: START_US + hour * HOUR_US,
      source: { message: 'event', user },
    })
})
afterAll(async () => {
  await temporary[Symbol.asyncDispose]()
})

it('counts over time by a typed interval, without the hours in which nothing happened', async () => {
  const { explore } = temporary.system.services
  const question = prepareQuestion(sketchId, { query: '' })
  expect(await countOverTime(explore, temporary.admin, question, 'hour')).toEqual({
    interval: 'hour',
    buckets: [
      { time: '2023-11-15T00:00:00+00:00', count: 2 },
      { time: '2023-11-15T05:00:00+00:00', count: 1 },
    ],
  })
  const fitting = await countOverTime(explore, temporary.admin, question)
  expect(fitting.interval).not.toBe('')
  expect(fitting.buckets.map((bucket) => bucket.count)).toEqual([2, 1])
})

it('counts values, the commonest first, and says how many events are beyond them', async () => {
  const { explore } = temporary.system.services
  const question = prepareQuestion(sketchId, { query: '*' })
  expect(await countValues(explore, temporary.admin, question, 'user', 1)).toEqual({
    buckets: [{ value: 'ana', count: 2 }],
    otherCount: 1,
  })
})

it.each(['0h', '-1h', '99999999d', 'fortnight', '1.5h', ''])(
  'refuses the interval "%s" by name',
  async (interval) => {
    const { explore } = temporary.system.services
    const question = prepareQuestion(sketchId, { query: '' })
    await expect(countOverTime(explore, temporary.admin, question, interval)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'bad-interval',
      message: expect.stringContaining(`found "${interval}"`) as string,
    })
  },
)
