import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { makeTriageArchive } from '../../testing/make-triage-archive.ts'
import { openTemporarySystem } from '../../testing/temporary-system.ts'

vi.mock('./limits.ts', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  LARGE_SOURCE_BYTES: 1,
  FILLED_INDEX_EVENTS: 1,
}))

// Each file has a commit of its own: what is not committed counts as not there.
vi.mock('../../import/limits.ts', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  MAX_HELD_BYTES: 0,
}))

it('a large source goes to an index without events, one for each, and to the one it is in when it comes again', async () => {
  await using temporary = await openTemporarySystem()
  const { sketches, imports, timelines, store } = temporary.system.services
  const sketch = await sketches.create(temporary.admin, { name: 'case' })
  const path = join(temporary.directory, 'case.zip')
  await writeFile(path, await makeTriageArchive())
  const importArchive = async () => {
    const started = await imports.start(temporary.admin, {
      sketchId: sketch.id,
      timeline: { name: 'evidence' },
      inputs: [{ path }],
      bySource: true,
    })
    return await started.ended
  }
  const listPlaces = async () => {
    const listed = await timelines.list(temporary.admin, sketch.id)
    return listed.map(({ name, searchIndex }) => [name, searchIndex.indexName])
  }

  const first = await importArchive()
  const places = await listPlaces()
  expect(places.map(([name]) => name)).toEqual(['case csv', 'case jsonl'])
  expect(new Set(places.map(([, index]) => index)).size).toBe(2)
  expect((await store.listIndexes()).map(({ index }) => index).toSorted()).toEqual(
    places.map(([, index]) => index).toSorted(),
  )
  expect(first.files.map(({ stored, timeline }) => [timeline?.name, stored > 0])).toEqual([
    ['case csv', true],
    ['case csv', true],
    ['case jsonl', true],
  ])

  const again = await importArchive()
  expect(again.files.map(({ duplicates }) => duplicates)).toEqual(first.files.map(({ stored }) => stored))
  expect(await listPlaces()).toEqual(places)
})

it('a large source goes to another index than one that the store lost', async () => {
  await using temporary = await openTemporarySystem()
  const { sketches, imports, timelines, store } = temporary.system.services
  const sketch = await sketches.create(temporary.admin, { name: 'case' })
  const path = join(temporary.directory, 'evidence.csv')
  await writeFile(path, 'datetime,message\n2026-03-01T10:00:00Z,one\n')
  const before = await imports.start(temporary.admin, {
    sketchId: sketch.id,
    timeline: { name: 'before' },
    inputs: [{ path }],
  })
  await before.ended
  const lost = before.timeline.searchIndex.indexName
  await store.dropIndex(lost)
  const chosen = await timelines.chooseForImport(temporary.admin, sketch.id, { name: 'large', sizeBytes: 1 })
  expect(chosen.searchIndex.indexName).not.toBe(lost)
  expect(await store.describeTimelines(chosen.searchIndex.indexName)).toEqual([])
})

it('an import whose own timeline goes is one of the index of the timeline that its events are in', async () => {
  await using temporary = await openTemporarySystem()
  const { sketches, imports, timelines } = temporary.system.services
  const sketch = await sketches.create(temporary.admin, { name: 'case' })
  const path = join(temporary.directory, 'evidence.csv')
  await writeFile(path, 'datetime,message\n2026-03-01T10:00:00Z,one\n')
  const whole = await imports.start(temporary.admin, {
    sketchId: sketch.id,
    timeline: { name: 'before' },
    inputs: [{ path }],
  })
  await whole.ended
  const archive = join(temporary.directory, 'case.zip')
  await writeFile(archive, await makeTriageArchive())
  const started = await imports.start(temporary.admin, {
    sketchId: sketch.id,
    timeline: { name: 'evidence' },
    inputs: [{ path: archive }],
    bySource: true,
  })
  const job = await started.ended
  const listed = await timelines.list(temporary.admin, sketch.id)
  expect(listed.map(({ name }) => name)).toEqual(['before', 'case csv', 'case jsonl'])
  expect([job.timelineId, job.indexName]).toEqual([listed[1]!.id, listed[1]!.searchIndex.indexName])
  expect(listed[1]!.searchIndex.indexName).not.toBe(listed[0]!.searchIndex.indexName)
})
