import { expect, test } from 'vitest'
import { openEmbeddedStore } from '../../open-embedded-store.ts'
import { openTemporarySystem } from '../../testing/temporary-system.ts'

test('a mark that is asked again, of what is left, is planned as what is left', async () => {
  await using place = await openTemporarySystem({
    openStore: async (directory) => {
      const store = await openEmbeddedStore(directory)
      const { markAll } = store
      store.markAll = async (operations) => {
        // As it is asked before a timeline that is in the way is dropped.
        for (const { beforeWrite } of operations) await beforeWrite?.(['dropped'], { matched: 7, changed: 7 })
        return await markAll.call(store, operations)
      }
      return store
    },
  })
  const { admin } = place
  const { events, marks, sketches } = place.system.services
  const { id: sketchId } = await sketches.create(admin, { name: 'case' })
  const source = { message: 'event' }
  await events.create(admin, sketchId, { timeUs: 1_700_000_000_000_000n, source })
  const all = { query: { kind: 'all' }, queryText: '*' } as const
  expect(await marks.addTags(admin, sketchId, ['a', 'b'], all)).toMatchObject({ matched: 1, changed: 1 })
  expect(await marks.history(admin, sketchId)).toMatchObject([{ matched: 1, changed: 1, state: 'done' }])
})
