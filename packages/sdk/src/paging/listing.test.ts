import { expect, test } from 'vitest'
import { Listing, type Page } from './listing.ts'

/** A list of five numbers in pages of two, and the cursors that were asked for. */
function makeList(): { list: Listing<number>; asked: (string | undefined)[] } {
  const asked: (string | undefined)[] = []
  const list = new Listing<number>('GET /numbers', async (cursor) => {
    asked.push(cursor)
    const at = Number(cursor ?? 0)
    const items = [1, 2, 3, 4, 5].slice(at, at + 2)
    return { items, next: at + 2 < 5 ? String(at + 2) : undefined, total: 5 }
  })
  return { list, asked }
}

test('items come page by page, in order', async () => {
  const { list, asked } = makeList()
  expect(asked).toEqual([])
  expect(await list.toArray()).toEqual([1, 2, 3, 4, 5])
  expect(asked).toEqual([undefined, '2', '4'])
})

test('stopping early asks for no further page', async () => {
  const { list, asked } = makeList()
  expect(await list.toArray({ limit: 2 })).toEqual([1, 2])
  expect(await list.first()).toBe(1)
  expect(await list.toArray({ limit: 0 })).toEqual([])
  expect(asked).toEqual([undefined, undefined])
})

test('pages tell how many there are in all', async () => {
  const { list } = makeList()
  const pages: Page<number>[] = []
  for await (const page of list.pages()) pages.push(page)
  expect(pages.map(({ items }) => items.length)).toEqual([2, 2, 1])
  expect((await list.firstPage()).total).toBe(5)
})

test('a list can begin anywhere', async () => {
  const list = new Listing<string>(
    'GET /x',
    async (cursor) => ({ items: [cursor ?? ''], next: undefined }),
    'b',
  )
  expect(await list.toArray()).toEqual(['b'])
})

test('a page that names itself as the next one ends the walk with an error', async () => {
  const list = new Listing<number>('GET /loop', async () => ({ items: [1], next: 'same' }))
  await expect(list.toArray()).rejects.toMatchObject({ code: 'unexpected-answer', request: 'GET /loop' })
})
