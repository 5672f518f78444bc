import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type ImportCase, makeLines, openImportCase } from './testing/import-case.ts'

let place: ImportCase
let sketchId: number

beforeEach(async () => {
  place = await openImportCase()
  sketchId = place.sketchId
})
afterEach(async () => {
  await place[Symbol.asyncDispose]()
})

it('an import says of a data source what went wrong, not what else is worth knowing', async () => {
  const odd = Buffer.concat([
    Buffer.from(makeLines(0, 3)),
    Buffer.from('{"message":"\\u00e9 '),
    Buffer.of(0xe9),
  ])
  const rest = Buffer.from('","datetime":"2024-01-01T00:00:00Z"}\n')
  const clock = 'Date,Time,message\n2024-01-01,10:00:00,one\n'
  const job = await place.importPaths([await place.writeInput('clock.csv', clock)])
  expect(job.error).toContain('were joined')
  const listSources = async (): Promise<readonly string[]> => {
    const [timeline] = await place.system.services.timelines.list(place.admin, sketchId)
    return timeline!.dataSources.map(({ errorMessage }) => errorMessage)
  }
  expect(await listSources()).toEqual([''])
  await place.importPaths([await place.writeInput('a.jsonl', Buffer.concat([odd, rest]))])
  expect((await listSources()).at(-1)).toContain('could not be decoded')
  await place.importPaths([
    await place.writeInput('b.exe', 'MZ\0\0 no evidence'),
    await place.writeInput('c.jsonl', makeLines(5, 6)),
  ])
  expect((await listSources()).at(-1)).toContain('b.exe')
})

it('an import ends as failed when rejected rows cannot be kept, and the process goes on', async () => {
  await rm(join(place.directory, 'rejects'), { recursive: true, force: true })
  await writeFile(join(place.directory, 'rejects'), 'a file stands where the folder was')
  const job = await place.importPaths([await place.writeInput('a.jsonl', `${makeLines(0, 3)}{"broken\n`)])
  expect(job).toMatchObject({ status: 'failed', files: [], hasRejects: false })
  expect(job.errorCode).toMatch(/^E[A-Z]+$/)
  expect(job.error).toMatch(/\w'?\. Nothing was stored\.$/)
})

it('an import that fails just before its commit is rolled back, and lets the next one in', async () => {
  place.changeDatabase(`CREATE TRIGGER full_disk BEFORE UPDATE OF is_final_commit ON imports BEGIN
    SELECT RAISE(FAIL, 'database or disk is full');
  END`)
  const path = await place.writeInput('a.jsonl', `${makeLines(0, 3)}{"broken\n`)
  const job = await place.importPaths([path])
  expect(job).toMatchObject({ status: 'failed', files: [], hasRejects: false, errorCode: 'ENOSPC' })
  expect(job.error).toBe('The import failed: database or disk is full. Nothing was stored.')
  expect(await readdir(join(place.directory, 'rejects'))).toEqual([])
  place.changeDatabase('DROP TRIGGER full_disk')
  expect(await place.importPaths([path])).toMatchObject({ status: 'done', hasRejects: true })
  expect(await place.countEvents()).toBe(3)
})

it('an import tells why it failed and lets the system close when its end cannot be recorded either', async () => {
  place.changeDatabase(`CREATE TRIGGER full_disk BEFORE UPDATE OF files_json ON imports BEGIN
    SELECT RAISE(FAIL, 'database or disk is full');
  END`)
  const job = await place.importPaths([await place.writeInput('a.jsonl', makeLines(0, 3))])
  expect(job).toMatchObject({ status: 'failed', errorCode: 'ENOSPC' })
  expect(job.error).toMatch(/^The import failed: database or disk is full\. .*could not be recorded/s)
  const { imports, timelines } = place.system.services
  const failed = { id: job.id, status: 'failed', error: job.error, endedAtMs: expect.any(Number) }
  expect(await imports.get(place.admin, job.id)).toMatchObject(failed)
  expect(await imports.list(place.admin, sketchId)).toMatchObject([failed])
  expect(await imports.listOpen(place.admin)).toEqual([])
  expect(await imports.cancel(place.admin, job.id)).toMatchObject(failed)
  const [timeline] = await timelines.list(place.admin, sketchId)
  expect(timeline?.status).toBe('processing')
  await place.system.close()
})

it('an import has its end written down once there is room again', async () => {
  place.changeDatabase(`CREATE TRIGGER full_disk BEFORE UPDATE OF ended_at_ms ON imports BEGIN
    SELECT RAISE(FAIL, 'database or disk is full');
  END`)
  const path = await place.writeInput('a.jsonl', makeLines(0, 3))
  const job = await place.importPaths([path])
  expect(job).toMatchObject({ status: 'failed', errorCode: 'ENOSPC', files: [{ stored: 3 }] })
  place.changeDatabase('DROP TRIGGER full_disk')
  await place.importPaths([path])
  const { imports, timelines } = place.system.services
  expect(await imports.get(place.admin, job.id)).toMatchObject({
    status: 'done',
    files: [{ stored: 3 }],
  })
  const [timeline] = await timelines.list(place.admin, sketchId)
  expect(timeline?.status).toBe('ready')
  await place.system.close()
})

it('an import ends for those who wait when the log fails', async () => {
  const path = await place.writeInput('a.jsonl', makeLines(0, 3))
  const started = await place.system.services.imports.start(place.admin, {
    sketchId,
    timeline: { name: 'evidence' },
    inputs: [{ path }],
  })
  place.changeDatabase('DROP TABLE audit_log')
  expect(await started.ended).toMatchObject({ status: 'done' })
  await expect(place.importPaths([path])).rejects.toThrow()
  const [latest] = await place.system.services.imports.list(place.admin, sketchId)
  expect(latest).toMatchObject({ status: 'rolled-back' })
  expect(latest?.error).toContain('could not be started')
  const [timeline] = await place.system.services.timelines.list(place.admin, sketchId)
  expect(timeline?.status).toBe('ready')
})

it('an import that is cancelled leaves nothing', async () => {
  const { imports } = place.system.services
  const { promise: arrived, resolve: onArrival } = Promise.withResolvers<void>()
  const { promise: never } = Promise.withResolvers<void>()
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(makeLines(0, 100))
    onArrival()
    await Promise.race([never, aborted])
  }
  const controller = new AbortController()
  const aborted = new Promise<void>((resolve) =>
    controller.signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  const started = await imports.start(place.admin, {
    sketchId,
    timeline: { name: 'cut' },
    inputs: [{ stream: endless(), name: '-' }],
    signal: controller.signal,
  })
  await arrived
  controller.abort()
  const job = await started.ended
  expect(job).toMatchObject({ status: 'rolled-back', files: [] })
  expect(job.error).toContain('Nothing was stored.')
  const [timeline] = await place.system.services.timelines.list(place.admin, sketchId)
  expect(timeline?.status).toBe('fail')
  expect((await place.system.services.timelines.stats([timeline!])).get(timeline!.id)?.eventCount).toBe(0)
})

it('an import whose end is written down late takes no earlier evidence out of sight', async () => {
  const path = await place.writeInput('a.jsonl', makeLines(0, 3))
  await place.importPaths([path])
  place.changeDatabase(`CREATE TRIGGER no_start BEFORE INSERT ON audit_log WHEN NEW.action = 'import.start' BEGIN
    SELECT RAISE(FAIL, 'database or disk is full');
  END`)
  place.changeDatabase(`CREATE TRIGGER no_end BEFORE UPDATE OF ended_at_ms ON imports BEGIN
    SELECT RAISE(FAIL, 'database or disk is full');
  END`)
  await expect(place.importPaths([path])).rejects.toThrow('disk is full')
  place.changeDatabase('DROP TRIGGER no_end')
  // What could not be written down is, before anything else is looked at.
  await expect(place.importPaths(['/nowhere/at/all'])).rejects.toMatchObject({ code: 'input-not-found' })
  const { imports, timelines } = place.system.services
  expect((await imports.list(place.admin, sketchId)).map(({ status }) => status)).toEqual([
    'rolled-back',
    'done',
  ])
  expect((await timelines.list(place.admin, sketchId)).map(({ status }) => status)).toEqual(['ready'])
})

it('an import keeps a timeline in sight of which the store cannot say what is in it', async () => {
  const path = await place.writeInput('a.jsonl', makeLines(0, 3))
  await place.importPaths([path])
  const damaged = new Error('the index is damaged')
  vi.spyOn(place.system.services.store, 'describeTimelines').mockRejectedValueOnce(damaged)
  const broken = await place.writeInput('b.jsonl', '{"a":')
  expect(await place.importPaths([broken])).toMatchObject({ status: 'failed', files: [] })
  const [timeline] = await place.system.services.timelines.list(place.admin, sketchId)
  expect(timeline?.status).toBe('ready')
})
