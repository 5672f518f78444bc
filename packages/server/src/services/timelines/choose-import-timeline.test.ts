import { afterEach, beforeEach, expect, it } from 'vitest'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'

let temporary: TemporarySystem
beforeEach(async () => {
  temporary = await openTemporarySystem()
})
afterEach(async () => {
  await temporary[Symbol.asyncDispose]()
})

it('first imports into one name at once make one timeline, and into several names one index', async () => {
  const { sketches, timelines, store } = temporary.system.services
  const { id } = await sketches.create(temporary.admin, { name: 'case' })
  const names = ['evidence', 'evidence', 'more', 'evidence', 'more']
  const chosen = await Promise.all(
    names.map((name) => timelines.chooseForImport(temporary.admin, id, { name })),
  )
  expect(chosen.map((timeline) => timeline.name)).toEqual(names)
  expect((await timelines.list(temporary.admin, id)).map((timeline) => timeline.name)).toEqual([
    'evidence',
    'more',
  ])
  expect(await store.listIndexes()).toHaveLength(1)
})
