import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openSystem } from '../../open-system.ts'
import type { System } from '../../system.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'

const INDEX_NAME = 'ab'.repeat(16)

let temporary: TemporarySystem
beforeEach(async () => {
  temporary = await openTemporarySystem()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await temporary[Symbol.asyncDispose]()
})

async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

/** Imports one event into the named index, of a new sketch, and one row that is rejected. */
async function importInto(
  indexName: string,
  message: string,
): Promise<{ sketchId: number; timelineId: number }> {
  const { imports, sketches } = temporary.system.services
  const { id: sketchId } = await sketches.create(temporary.admin, { name: message })
  const lines = `{"datetime":"2024-01-01T00:00:00Z","message":"${message}"}\n{"datetime":"never"}\n`
  const started = await imports.start(temporary.admin, {
    sketchId,
    timeline: { name: 'evidence', indexName },
    inputs: [{ stream: streamOf(lines), name: '-' }],
  })
  await started.ended
  return { sketchId, timelineId: started.timeline.id }
}

async function messagesOf(system: System, sketchId: number): Promise<readonly unknown[]> {
  const admin = await system.services.auth.localPrincipal('admin')
  const { events } = await system.services.explore.search(admin, {
    sketchId,
    query: { kind: 'all' },
    size: 10,
  })
  return events.map((event) => event.get('message'))
}

/** Makes the next removal of a whole index fail. */
function failNextDrop(): void {
  const { store } = temporary.system.services
  vi.spyOn(store, 'dropIndex').mockRejectedValueOnce(new Error('the disk is away'))
}

it('what was imported under the name of an index that failed to be removed stays; what was to be removed goes', async () => {
  const { store, timelines, imports } = temporary.system.services
  const first = await importInto(INDEX_NAME, 'first')
  failNextDrop()
  await timelines.delete(temporary.admin, first.sketchId, first.timelineId)
  expect(await store.listIndexes()).toMatchObject([{ index: INDEX_NAME, eventCount: 1 }])

  const second = await importInto(INDEX_NAME, 'second')
  const other = await importInto('cd'.repeat(16), 'other')
  await timelines.delete(temporary.admin, other.sketchId, other.timelineId)
  expect(await messagesOf(temporary.system, second.sketchId)).toEqual(['second'])
  expect(await store.describeTimelines(INDEX_NAME)).toMatchObject([{ timelineId: second.timelineId }])
  expect(await imports.list(temporary.admin, first.sketchId)).toEqual([])
  const [kept] = await imports.list(temporary.admin, second.sketchId)
  const rejects = await readdir(join(temporary.directory, 'rejects'))
  expect(new Set(rejects.map((name) => name.split('.')[0]))).toEqual(new Set([kept!.id]))

  await temporary.system.close()
  await using after = await openSystem({ dataDirectory: temporary.directory })
  expect(after.recovery).toEqual([])
  expect(await messagesOf(after, second.sketchId)).toEqual(['second'])
})

it('an index that was made anew under such a name stays, also before its first timeline', async () => {
  const { store, sketches, searchIndexes } = temporary.system.services
  const first = await importInto(INDEX_NAME, 'first')
  failNextDrop()
  await sketches.delete(temporary.admin, first.sketchId, { force: true })
  const made = await searchIndexes.create(temporary.admin, { name: 'anew', indexName: INDEX_NAME })
  expect(made.created).toBe(true)
  const other = await importInto('cd'.repeat(16), 'other')
  await sketches.delete(temporary.admin, other.sketchId, { force: true })
  expect(await store.listIndexes()).toMatchObject([{ index: INDEX_NAME, eventCount: 0 }])
})

it('removals asked for at once come one after the other, each once', async () => {
  const { store, timelines } = temporary.system.services
  const made = [await importInto(INDEX_NAME, 'first'), await importInto('cd'.repeat(16), 'second')]
  const drop = vi.spyOn(store, 'dropIndex')
  await Promise.all(
    made.map(({ sketchId, timelineId }) => timelines.delete(temporary.admin, sketchId, timelineId)),
  )
  expect(drop.mock.calls.flat().toSorted()).toEqual([INDEX_NAME, 'cd'.repeat(16)])
})
