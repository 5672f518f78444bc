import { expect, it } from 'vitest'
import type { Change } from './change-feed.ts'
import { createChangeFeed, MAX_WAITING_CHANGES } from './create-change-feed.ts'

function change(revision: number): Change {
  return { sketchId: 1, revision, kind: 'marks', details: {} }
}

function subscribe(feed: ReturnType<typeof createChangeFeed>) {
  const controller = new AbortController()
  const iterator = feed.subscribe(1, controller.signal)[Symbol.asyncIterator]()
  return { controller, next: async () => (await iterator.next()).value as Change | undefined }
}

it('tells every change from the call on, also those before it is read', async () => {
  const feed = createChangeFeed()
  const reader = subscribe(feed)
  for (let revision = 1; revision <= MAX_WAITING_CHANGES; revision++) feed.publish(change(revision))
  for (let revision = 1; revision <= MAX_WAITING_CHANGES; revision++)
    expect(await reader.next()).toMatchObject({ revision, kind: 'marks' })
  feed.publish({ ...change(7), sketchId: 2 })
  feed.publish(change(8))
  expect(await reader.next()).toMatchObject({ revision: 8 })
  reader.controller.abort()
  expect(await reader.next()).toBeUndefined()
})

it('says to a reader that is too slow how many changes it missed, and where to go on', async () => {
  const feed = createChangeFeed()
  const slow = subscribe(feed)
  const quick = subscribe(feed)
  const published = 2 * MAX_WAITING_CHANGES + 10
  for (let revision = 1; revision <= published; revision++) {
    feed.publish(change(revision))
    expect(await quick.next()).toMatchObject({ revision, kind: 'marks' })
  }
  const resync = await slow.next()
  expect(resync?.kind).toBe('resync')
  const dropped = Number(resync?.details['dropped'])
  expect(resync?.revision).toBe(dropped)
  for (let revision = dropped + 1; revision <= published; revision++)
    expect(await slow.next()).toMatchObject({ revision, kind: 'marks' })
})

it('ends at once for a signal that has aborted', async () => {
  const feed = createChangeFeed()
  const iterator = feed.subscribe(1, AbortSignal.abort())[Symbol.asyncIterator]()
  feed.publish(change(1))
  expect((await iterator.next()).done).toBe(true)
})
