import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryCursor } from './cursor-store.ts'
import { Listing } from './listing.ts'
import { Poll, type PollOptions } from './poll.ts'
import { readRisingWindows } from './rising-windows.ts'

interface Item {
  readonly id: string
  readonly time: string
}

const NOW = Date.UTC(2024, 4, 6, 12)
const PAGE = 2

/** A moment, by seconds before (-) or after now. */
function at(seconds: number): string {
  return new Date(NOW + seconds * 1000).toISOString()
}

/** A platform whose items are in `stored`, and the moments it was asked from. */
function makePlatform(
  stored: Item[],
  isUnordered = false,
): { poll: (options?: PollOptions) => Poll<Item>; asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    poll: (options) =>
      new Poll<Item>(
        {
          list: (since) =>
            new Listing<Item>('GET /items', async (cursor) => {
              if (cursor === undefined) asked.push(since)
              const all = stored
                .filter(({ time }) => time >= since)
                .toSorted((a, b) => (isUnordered ? 0 : Date.parse(a.time) - Date.parse(b.time)))
              const start = Number(cursor ?? 0)
              const next = start + PAGE < all.length ? String(start + PAGE) : undefined
              return { items: all.slice(start, start + PAGE), next }
            }),
          isUnordered,
          readTime: ({ time }) => time,
          readKey: ({ id }) => id,
        },
        options,
      ),
  }
}

async function readIds(poll: Poll<Item>): Promise<string[]> {
  return (await Array.fromAsync(poll)).map(({ id }) => id)
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
})
afterEach(() => {
  vi.useRealTimers()
})

test('each item comes once, also several of one moment over pages and over looks', async () => {
  const stored = ['a', 'b', 'c'].map((id) => ({ id, time: at(-3600) }))
  const { poll } = makePlatform(stored)
  const cursor = memoryCursor()
  expect(await readIds(poll({ since: '2h', once: true, cursor }))).toEqual(['a', 'b', 'c'])
  stored.push({ id: 'd', time: at(-3600) }, { id: 'e', time: at(-3500) })
  expect(await readIds(poll({ once: true, cursor }))).toEqual(['d', 'e'])
  expect(await readIds(poll({ once: true, cursor }))).toEqual([])
})

test('what is written late with an earlier time is found, within the overlap', async () => {
  const stored = [{ id: 'a', time: at(-5) }]
  const { poll } = makePlatform(stored)
  const cursor = memoryCursor()
  await readIds(poll({ since: '1h', once: true, cursor }))
  stored.push({ id: 'late', time: at(-20) })
  expect(await readIds(poll({ once: true, cursor, overlap: '30s' }))).toEqual(['late'])
})

test('a later look goes back by the overlap behind the newest item, and no further', async () => {
  const { poll, asked } = makePlatform([{ id: 'a', time: at(-3600) }])
  const cursor = memoryCursor()
  await readIds(poll({ since: '2h', once: true, cursor }))
  await readIds(poll({ once: true, cursor }))
  expect(asked).toEqual([at(-7200), at(-3630)])
})

test('a program that dies amid a batch gets it once more, and nothing twice that it had finished', async () => {
  const { poll } = makePlatform(['a', 'b', 'c'].map((id, place) => ({ id, time: at(place - 100) })))
  const cursor = memoryCursor()
  const seen: string[] = []
  for await (const { id } of poll({ since: '1h', cursor })) {
    seen.push(id)
    if (id === 'c') break
  }
  expect(seen).toEqual(['a', 'b', 'c'])
  expect(await readIds(poll({ once: true, cursor }))).toEqual(['c'])
})

test('batches bring the cursor that belongs to them', async () => {
  const { poll } = makePlatform(['a', 'b', 'c'].map((id, place) => ({ id, time: at(place - 100) })))
  const batches = await Array.fromAsync(poll({ since: '1h', once: true }).batches())
  expect(batches.map(({ items, isCaughtUp }) => [items.map(({ id }) => id), isCaughtUp])).toEqual([
    [['a', 'b'], false],
    [['c'], true],
  ])
  expect(await readIds(poll({ cursor: batches[0]!.cursor, once: true }))).toEqual(['c'])
})

test('what is late is found however far this machine’s clock is ahead of the platform’s', async () => {
  const stored = [{ id: 'a', time: at(-5) }]
  const { poll } = makePlatform(stored)
  const cursor = memoryCursor()
  await readIds(poll({ since: '1h', once: true, cursor }))
  vi.setSystemTime(NOW + 3_600_000)
  await readIds(poll({ once: true, cursor }))
  stored.push({ id: 'late', time: at(-20) })
  expect(await readIds(poll({ once: true, cursor }))).toEqual(['late'])
})

test('items of no shape are passed on, and the poll goes on behind them', async () => {
  const items = [
    { id: 'a', time: at(-9) },
    null,
    { id: 'b', time: 'soon' },
    { time: at(-8) },
    { id: 'c', time: at(-7) },
  ]
  const poll = new Poll<Item>(
    {
      list: (since) =>
        new Listing<Item>('GET /items', async () => ({
          items: items.filter((item) => !(item && item.time < since)) as Item[],
          next: undefined,
        })),
      readTime: ({ time }) => new Date(time).toISOString(),
      readKey: ({ id }) => id,
    },
    { since: '1h', once: true },
  )
  const [batch] = await Array.fromAsync(poll.batches())
  expect(batch!.items).toEqual(items)
  expect(JSON.parse(batch!.cursor)).toMatchObject({ latest: at(-7) })
})

test('it waits, looks again, and ends when aborted', async () => {
  const stored = [{ id: 'a', time: at(-60) }]
  const { poll, asked } = makePlatform(stored)
  const stop = new AbortController()
  const walk = poll({ since: '1h', every: '10s', signal: stop.signal })[Symbol.asyncIterator]()
  expect((await walk.next()).value?.id).toBe('a')
  stored.push({ id: 'b', time: at(-50) })
  const second = walk.next()
  await vi.advanceTimersByTimeAsync(10_000)
  expect((await second).value?.id).toBe('b')
  expect(asked.length).toBe(2)
  const third = walk.next()
  stop.abort(new Error('enough'))
  await expect(third).rejects.toThrow('enough')
})

test('begins now when nothing says otherwise', async () => {
  const { poll, asked } = makePlatform([{ id: 'old', time: at(-60) }])
  expect(await readIds(poll({ once: true }))).toEqual([])
  expect(asked).toEqual([at(0)])
})

test.each(['', 'x', '{}', '{"v":2,"since":"a","latest":"a","seen":[]}'])(
  '%j is no cursor',
  async (cursor) => {
    const { poll } = makePlatform([])
    await expect(readIds(poll({ cursor, once: true }))).rejects.toMatchObject({ code: 'bad-config' })
  },
)

test('without an order nothing is passed over when the program dies amid a look', async () => {
  const { poll } = makePlatform(
    ['new', 'mid', 'old'].map((id, place) => ({ id, time: at(-place - 1000) })),
    true,
  )
  const [first] = await Array.fromAsync(poll({ since: '1h', once: true }).batches())
  expect(first?.items.map(({ id }) => id)).toEqual(['new', 'mid'])
  expect(await readIds(poll({ cursor: first!.cursor, once: true }))).toEqual(['old'])
})

test('a list in no order is walked by windows, and forgets what lies behind them', async () => {
  const DAY = 86_400
  // Newest first, from two months ago on.
  const stored = Array.from({ length: 60 }, (_, day) => ({ id: `d${day}`, time: at(-day * DAY) }))
  const poll = (cursor?: string): Poll<Item> =>
    new Poll<Item>(
      {
        list: (since) => ({
          pages: () =>
            readRisingWindows({
              since,
              list: (from, until) =>
                new Listing<Item>('GET /items', async () => ({
                  items: stored.filter(({ time }) => time >= from && (until === undefined || time <= until)),
                  next: undefined,
                })).pages(),
              readTime: ({ time }) => time,
            }),
        }),
        isUnordered: true,
        readTime: ({ time }) => time,
        readKey: ({ id }) => id,
      },
      { since: '60d', once: true, ...(cursor === undefined ? {} : { cursor }) },
    )
  const batches = await Array.fromAsync(poll().batches())
  expect(batches.flatMap(({ items }) => items)).toHaveLength(60)
  expect(new Set(batches.flatMap(({ items }) => items.map(({ id }) => id))).size).toBe(60)
  const known = batches.map(({ cursor }) => (JSON.parse(cursor) as { seen: unknown[] }).seen.length)
  expect(Math.max(...known)).toBeLessThanOrEqual(17)
  // Ended between two windows it goes on there.
  const middle = batches.at(4)!
  const rest = (await Array.fromAsync(poll(middle.cursor))).map(({ id }) => id)
  const before = batches.slice(0, 5).flatMap(({ items }) => items.map(({ id }) => id))
  expect([...before, ...rest].toSorted()).toEqual(stored.map(({ id }) => id).toSorted())
})

test('what is near comes once, also over pages of a later look', async () => {
  const { poll } = makePlatform(['a', 'b', 'c', 'd', 'e'].map((id, place) => ({ id, time: at(place - 25) })))
  const cursor = memoryCursor()
  expect(await readIds(poll({ since: '1h', once: true, cursor }))).toHaveLength(5)
  vi.setSystemTime(NOW + 8000)
  expect(await readIds(poll({ once: true, cursor }))).toEqual([])
})

test.each(['', 'soon'])(
  'windows that end at no time are refused before anything is asked for: %j',
  async (until) => {
    let asked = 0
    const windows = readRisingWindows({
      since: at(0),
      until,
      list: () => {
        asked += 1
        return new Listing<Item>('GET /items', async () => ({ items: [], next: undefined })).pages()
      },
      readTime: ({ time }) => time,
    })
    await expect(windows.next()).rejects.toThrow(RangeError)
    expect(asked).toBe(0)
  },
)
