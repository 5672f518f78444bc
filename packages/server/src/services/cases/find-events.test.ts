import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { openEmbeddedStore } from '../../open-embedded-store.ts'
import { openTemporarySystem } from '../../testing/temporary-system.ts'

test('a case takes many events by the handles of their platform with two questions to the store', async () => {
  const searches = vi.fn()
  await using place = await openTemporarySystem({
    async openStore(path) {
      const store = await openEmbeddedStore(path)
      const search = store.search.bind(store)
      store.search = (request) => {
        searches()
        return search(request)
      }
      return store
    },
  })
  const { cases, imports, sketches } = place.system.services
  const { id: sketchId } = await sketches.create(place.admin, { name: 'pulled' })
  const path = join(place.directory, 'events.json')
  const handles = Array.from({ length: 30 }, (_, number) => `there ${number}`)
  const timestamp = '2026-01-01T00:00:00Z'
  await writeFile(
    path,
    JSON.stringify(handles.map((handle) => ({ __event_id: handle, timestamp, message: 'm' }))),
  )
  const { ended } = await imports.start(place.admin, {
    sketchId,
    timeline: { name: 'sekoia' },
    inputs: [{ path }],
  })
  expect(await ended).toMatchObject({ status: 'done' })
  const { uid } = await cases.create(place.admin, { title: 'Case' })

  searches.mockClear()
  await cases.addEvents(place.admin, uid, handles)
  expect(searches).toHaveBeenCalledTimes(2)
  await expect(cases.addEvents(place.admin, uid, ['there 1', 'nowhere'])).rejects.toThrow(/nowhere/)
})
