import { expect, test } from 'vitest'
import { connectTo, type FakeServer, makeFakeServer } from '../testing/fake-server.ts'

/** A server with so many events that scrolls with the same id for ever. */
function makeServer(total: number, fail?: (page: number) => void): FakeServer {
  let at = 0
  let pages = 0
  return makeFakeServer({
    'POST /api/v1/sketches/1/explore/': ({ body }) => {
      const { scroll_id, filter, enable_scroll } = JSON.parse(body)
      if (scroll_id === undefined) at = 0
      fail?.(pages)
      pages += 1
      const size = Math.min(filter.size, total - at)
      const objects = Array.from({ length: size }, (_, n) => ({
        _id: String(at + n),
        _index: 'i',
        _source: { n: at + n },
      }))
      at += size
      return { meta: { es_total_count: total, scroll_id: enable_scroll ? 'same' : '' }, objects }
    },
  })
}

async function idsOf(server: FakeServer, pageSize: number, take?: number): Promise<string[]> {
  const search = (await connectTo(server)).sketch(1).search('*').withPageSize(pageSize)
  return await Array.fromAsync((take === undefined ? search : search.take(take)).events(), ({ id }) => id)
}

test('pages follow one another until all events are there, and none is asked for in vain', async () => {
  const server = makeServer(10)
  expect(await idsOf(server, 4)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
  expect(server.seen.length).toBe(3)
  expect(server.seen.map(({ body }) => JSON.parse(body).scroll_id)).toEqual([undefined, 'same', 'same'])
})

test('a limit ends the pages, within a page too', async () => {
  const server = makeServer(10)
  expect(await idsOf(server, 4, 6)).toEqual(['0', '1', '2', '3', '4', '5'])
  expect(server.seen.length).toBe(2)
  const small = makeServer(10)
  expect(await idsOf(small, 4, 3)).toEqual(['0', '1', '2'])
  expect(JSON.parse(small.seen[0]?.body ?? '')).toMatchObject({ enable_scroll: false, filter: { size: 3 } })
  expect(await idsOf(makeServer(10), 4, 0)).toEqual([])
})

test('nothing found is one question', async () => {
  const server = makeServer(0)
  expect(await idsOf(server, 4)).toEqual([])
  expect(server.seen.length).toBe(1)
})

test('the next page is fetched ahead, and no more than that', async () => {
  const server = makeServer(100)
  const events = (await connectTo(server)).sketch(1).search('*').withPageSize(10).events()
  await events.next()
  await new Promise(setImmediate)
  expect(server.seen.length).toBe(2)
  await events.return(undefined)
  expect(server.seen.length).toBe(2)
})

test('a page asked for by scrolling is never asked for twice: the cursor has moved on', async () => {
  const server = makeServer(10, (page) => {
    if (page === 1) throw new TypeError('fetch failed')
  })
  await expect(idsOf(server, 4)).rejects.toMatchObject({ name: 'ConnectionError' })
  expect(server.seen.length).toBe(2)
})

test('the first page is asked for again when the connection breaks', async () => {
  let failed = false
  const server = makeServer(3, () => {
    if (failed) return
    failed = true
    throw new TypeError('fetch failed')
  })
  expect(await idsOf(server, 4)).toEqual(['0', '1', '2'])
})
