import { getPlatformKind } from '@timeskein/ingest/platforms'
import { expect, it } from 'vitest'
import { readWindows } from './read-windows.ts'

const kind = getPlatformKind('threatstack-alert')
const DAY_MS = 86_400_000

/** Walks items of a platform by their times; which windows were asked for, and the times that were reached. */
async function walk(
  times: readonly string[],
  since: string,
): Promise<{ reached: string[]; asked: [string, string | undefined][]; read: number }> {
  const asked: [string, string | undefined][] = []
  const reached: string[] = []
  let read = 0
  const pages = readWindows<string>(kind, {
    since,
    async *list(from, until) {
      asked.push([from, until])
      yield {
        items: times.filter((time) => time >= from && (until === undefined || time <= until)).reverse(),
      }
    },
    readTime: (time) => time,
  })
  for await (const { groups, upTo } of pages) {
    for (const { records } of groups) read += records.length
    if (upTo !== undefined) reached.push(upTo)
  }
  return { asked, reached, read }
}

it('walks from the oldest to the newest, the last window without an end, and comes as far as items say', async () => {
  const since = new Date(Date.now() - 20 * DAY_MS).toISOString()
  const times = [19, 18, 3].map((days) => new Date(Date.now() - days * DAY_MS).toISOString())
  const { asked, reached, read } = await walk(times, since)
  expect(read).toBe(3)
  expect(reached).toEqual([times[1], times[2]])
  expect(asked[0]![0]).toBe(since)
  expect(asked.map(([, until]) => until === undefined)).toEqual([false, false, true])
})

it('reads what a platform has whose clock is ahead of this one', async () => {
  const ahead = new Date(Date.now() + 2 * DAY_MS).toISOString()
  expect(await walk([ahead], new Date(Date.now() - DAY_MS).toISOString())).toMatchObject({
    read: 1,
    reached: [ahead],
  })
})

it('goes nowhere where nothing is, nor by what has no time', async () => {
  expect((await walk([], '2012-01-01T00:00:00.000Z')).reached).toEqual([])
  const pages = readWindows<string | null>(kind, {
    since: new Date().toISOString(),
    async *list() {
      yield { items: ['never', null] }
    },
    readTime: (time) => time ?? undefined,
  })
  expect((await Array.fromAsync(pages)).map(({ upTo }) => upTo)).toEqual([undefined])
})
