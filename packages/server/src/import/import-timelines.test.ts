import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { makeTriageArchive } from '../testing/make-triage-archive.ts'
import type { ImportJob } from './import-service.ts'
import { EVERYTHING, type ImportCase, makeLines, openImportCase } from './testing/import-case.ts'

/** What happens when a timeline has been chosen, before it is taken. */
const onChosen = vi.hoisted(() => vi.fn<(timeline: { readonly name: string }) => Promise<void>>())
vi.mock('../services/timelines/choose-import-timeline.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../services/timelines/choose-import-timeline.ts')>()
  return {
    ...original,
    async chooseImportTimeline(...given: Parameters<typeof original.chooseImportTimeline>) {
      const chosen = await original.chooseImportTimeline(...given)
      if (chosen.name !== 'evidence') await onChosen(chosen)
      return chosen
    },
  }
})

/** What happens before a timeline is taken out of its sketch. */
const onDetach = vi.hoisted(() => vi.fn<() => Promise<void>>())
vi.mock('../services/timelines/detach-timeline.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../services/timelines/detach-timeline.ts')>()
  return {
    async detachTimeline(...given: Parameters<typeof original.detachTimeline>) {
      await onDetach()
      await original.detachTimeline(...given)
    },
  }
})

let place: ImportCase
let sketchId: number

beforeEach(async () => {
  place = await openImportCase()
  sketchId = place.sketchId
})
afterEach(async () => {
  await place[Symbol.asyncDispose]()
})

it('an import keeps kinds of sources apart, each with a data source of its own, and takes its own empty timeline away', async () => {
  const archive = await place.writeInput('case.zip', await makeTriageArchive())
  const job = await place.importPaths([archive], { bySource: true })
  expect(job.files.map(({ timeline }) => timeline?.name)).toEqual(['case csv', 'case csv', 'case jsonl'])
  const { timelines } = place.system.services
  const listed = await timelines.list(place.admin, sketchId)
  expect(listed.map(({ id, name, status }) => ({ id, name, status }))).toEqual([
    { id: job.files[0]?.timeline?.id, name: 'case csv', status: 'ready' },
    { id: job.files[2]?.timeline?.id, name: 'case jsonl', status: 'ready' },
  ])
  expect(
    listed.map(({ dataSources }) => dataSources.map((one) => [one.totalFileEvents, one.status])),
  ).toEqual([[[4, 'ready']], [[1, 'ready']]])
  const known = await place.system.services.imports.get(place.admin, job.id)
  expect(known.timelineId).toBe(listed[0]?.id)
})

it('an import puts files that stand by themselves into its own timeline, those of archives beside them into theirs', async () => {
  const archive = await place.writeInput('case.zip', await makeTriageArchive())
  const job = await place.importPaths([archive, await place.writeInput('a.jsonl', makeLines(0, 2))], {
    bySource: true,
  })
  const { timelines } = place.system.services
  const listed = await timelines.list(place.admin, sketchId)
  expect(listed.map(({ name }) => name)).toEqual(['evidence', 'case csv', 'case jsonl'])
  expect(job.timelineId).toBe(listed[0]?.id)
  expect((await timelines.stats(listed)).get(job.timelineId)?.eventCount).toBe(2)
})

it('an import that could not be taken leaves none of its own timelines where that is asked for, and those of others', async () => {
  const { imports, timelines } = place.system.services
  const list = async (): Promise<readonly string[]> =>
    (await timelines.list(place.admin, sketchId)).map(({ name }) => name)
  const importAs = async (name: string, path: string): Promise<ImportJob> => {
    const { ended } = await imports.start(place.admin, {
      sketchId,
      timeline: { name },
      inputs: [{ path }],
      leavesNoEmptyTimeline: true,
    })
    return await ended
  }
  const broken = await place.writeInput('broken.jsonl', '{"a":')
  const refused = await importAs('refused', broken)
  expect(refused).toMatchObject({ status: 'failed', files: [] })
  expect(refused.error).toContain('expected a field with the time')
  expect(await list()).toEqual([])
  // One that somebody has made, and one that was there before.
  const { id } = await timelines.chooseForImport(place.admin, sketchId, { name: 'of others' })
  await importAs('filled', await place.writeInput('good.jsonl', makeLines(0, 1)))
  expect(await importAs('filled', broken)).toMatchObject({ status: 'failed' })
  expect(await list()).toEqual(['of others', 'filled'])
  expect((await timelines.get(place.admin, sketchId, id)).status).toBe('new')
})

it('an import goes into another timeline where the chosen one was taken away as empty before it began', async () => {
  const { imports, timelines, explore } = place.system.services
  const start = async (path: string): Promise<Promise<ImportJob>[]> => {
    const request = {
      sketchId,
      timeline: { name: 'same' },
      inputs: [{ path }],
      leavesNoEmptyTimeline: true,
    }
    return [(await imports.start(place.admin, request)).ended]
  }
  const [broken] = await start(await place.writeInput('broken.jsonl', '{"a":'))
  const choose = timelines.chooseForImport.bind(timelines)
  vi.spyOn(timelines, 'chooseForImport').mockImplementationOnce(async (...wish) => {
    const chosen = await choose(...wish)
    await broken
    return chosen
  })
  const [good] = await start(await place.writeInput('good.jsonl', makeLines(0, 2)))
  expect(await good).toMatchObject({ status: 'done' })
  expect(await explore.count(place.admin, { sketchId, query: EVERYTHING })).toBe(2)
})

it('an import chooses another timeline for a file where the chosen one went away before it was taken', async () => {
  const { timelines } = place.system.services
  const { id } = await timelines.chooseForImport(place.admin, sketchId, { name: 'case csv' })
  onChosen.mockImplementationOnce(async () => await timelines.delete(place.admin, sketchId, id))
  const archive = await place.writeInput('case.zip', await makeTriageArchive())
  const job = await place.importPaths([archive], { bySource: true })
  expect(job).toMatchObject({ status: 'done' })
  expect(await place.countEvents()).toBe(job.files.reduce((sum, { stored }) => sum + stored, 0))
  const listed = await timelines.list(place.admin, sketchId)
  expect(listed.map(({ name, status }) => [name, status])).toEqual([
    ['case csv', 'ready'],
    ['case jsonl', 'ready'],
  ])
})

it('an import keeps its own timeline, though all of its events went to others, where another import has taken it', async () => {
  const { imports, timelines } = place.system.services
  const archive = await place.writeInput('case.zip', await makeTriageArchive())
  const other = await place.writeInput('a.jsonl', makeLines(0, 2))
  const started: Promise<ImportJob>[] = []
  onChosen.mockImplementationOnce(async ({ name }) => {
    expect(name).toBe('case csv')
    const request = { sketchId, timeline: { name: 'evidence' }, inputs: [{ path: other }] }
    started.push((await imports.start(place.admin, request)).ended)
  })
  await place.importPaths([archive], { bySource: true })
  expect(await started[0]).toMatchObject({ status: 'done', files: [{ stored: 2 }] })
  const listed = await timelines.list(place.admin, sketchId)
  expect(listed.map(({ name }) => name)).toEqual(['evidence', 'case csv', 'case jsonl'])
})

it('an import says in the audit log which empty timeline it took away', async () => {
  const archive = await place.writeInput('case.zip', await makeTriageArchive())
  const job = await place.importPaths([archive], { bySource: true })
  const entries = await place.system.services.audit.list(place.admin, { sketchId })
  const gone = entries.filter(({ action }) => action === 'timeline.delete')
  expect(gone).toMatchObject([{ details: { name: 'evidence', importId: job.id } }])
})

it('an import goes with its timeline', async () => {
  await place.importPaths([await place.writeInput('a.jsonl', makeLines(0, 5))])
  const { timelines, searchIndexes } = place.system.services
  const [timeline] = await timelines.list(place.admin, sketchId)
  await timelines.delete(place.admin, sketchId, timeline!.id)
  expect(await timelines.list(place.admin, sketchId)).toEqual([])
  expect((await place.system.services.store.listIndexes()).length).toBe(0)
  expect((await searchIndexes.find(timeline!.searchIndex.id))?.status).toBe('archived')
  const job = await place.importPaths([join(place.directory, 'a.jsonl')])
  expect(job.files[0]).toMatchObject({ stored: 5, duplicates: 0 })
})

it('an import that takes a timeline while it is being deleted is rolled back with it', async () => {
  const { imports, timelines } = place.system.services
  const { timelineId } = await place.importPaths([await place.writeInput('a.jsonl', makeLines(0, 5))])
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(makeLines(5, 9))
    for (;;) yield await new Promise((resolve) => setImmediate(resolve, new TextEncoder().encode('\n')))
  }
  const started: Promise<ImportJob>[] = []
  onDetach.mockImplementationOnce(async () => {
    const inputs = [{ stream: endless(), name: '-' }]
    const timeline = { id: timelineId }
    started.push((await imports.start(place.admin, { sketchId, timeline, inputs })).ended)
  })
  await timelines.delete(place.admin, sketchId, timelineId)
  expect(await started[0]).toMatchObject({ status: 'rolled-back', files: [] })
})

it('an import takes what it rejected and its place in the log along when its timeline or sketch is deleted', async () => {
  const { sketches, timelines, imports } = place.system.services
  const listRejects = (): Promise<string[]> => readdir(join(place.directory, 'rejects'))
  const bad = await place.writeInput('a.jsonl', `${makeLines(0, 3)}{"broken\n`)
  const other = await place.writeInput('b.jsonl', `${makeLines(3, 5)}{"broken\n`)
  const first = await place.importPaths([bad, other])
  expect(await listRejects()).toHaveLength(4)
  const kept = await place.importPaths([bad], { timeline: { name: 'kept' } })
  await timelines.delete(place.admin, sketchId, first.timelineId)
  const ofKept = [`${kept.id}.raw`, `${kept.id}.raw.reasons.jsonl`]
  expect((await listRejects()).toSorted()).toEqual(ofKept)
  expect((await imports.list(place.admin, sketchId)).map((job) => job.id)).toEqual([kept.id])
  await sketches.delete(place.admin, sketchId, { force: true })
  expect(await listRejects()).toEqual([])
  await expect(imports.get(place.admin, kept.id)).rejects.toMatchObject({ code: 'import-not-found' })
})
