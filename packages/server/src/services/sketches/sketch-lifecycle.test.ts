import { expect, test, vi } from 'vitest'
import { openTemporarySystem } from '../../testing/temporary-system.ts'
import { listTimelines } from '../timelines/load-timelines.ts'

vi.mock('../timelines/load-timelines.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../timelines/load-timelines.ts')>()
  return { ...original, listTimelines: vi.fn(original.listTimelines) }
})

test('a sketch that is removed takes along the timelines that it got meanwhile', async () => {
  await using place = await openTemporarySystem()
  const { sketches, timelines, store } = place.system.services
  const { id } = await sketches.create(place.admin, { name: 'case' })
  await timelines.chooseForImport(place.admin, id, { name: 'first' })
  const original = vi.mocked(listTimelines).getMockImplementation()!
  vi.mocked(listTimelines).mockImplementationOnce(async (...given) => {
    const listed = await original(...given)
    // A label of its own makes an index of its own.
    await timelines.chooseForImport(place.admin, id, { name: 'second', dataLabel: 'second' })
    expect(await store.listIndexes()).toHaveLength(2)
    return listed
  })
  await sketches.delete(place.admin, id, { force: true })
  expect(await store.listIndexes()).toEqual([])
})
