import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeTriageArchive } from '../testing/make-triage-archive.ts'
import { EVERYTHING, type ImportCase, makeLines, openImportCase } from './testing/import-case.ts'

let place: ImportCase
let sketchId: number

beforeEach(async () => {
  place = await openImportCase()
  sketchId = place.sketchId
})
afterEach(async () => {
  await place[Symbol.asyncDispose]()
})

it('an import stores rows, makes them searchable and accounts for each', async () => {
  const path = await place.writeInput('a.jsonl', `${makeLines(0, 3)}{"broken\n{"message":"undated"}\n`)
  const job = await place.importPaths([path])
  expect(job).toMatchObject({ status: 'done', hasRejects: true })
  const [account] = job.files
  expect(account).toMatchObject({
    path,
    format: 'jsonl/timesketch',
    read: 5,
    stored: 3,
    rejected: 2,
    duplicates: 0,
  })
  expect(account?.sha256).toMatch(/^[0-9a-f]{64}$/)
  expect(Object.values(account!.reasons).reduce((sum, count) => sum + count)).toBe(2)
  const result = await place.system.services.explore.search(place.admin, {
    sketchId,
    query: { kind: 'term', field: 'number', value: 1 },
    size: 10,
  })
  expect(result.total).toBe(1)
  expect(result.events[0]?.event.source).toBe(makeLines(1, 2).trimEnd())
  const [timeline] = await place.system.services.timelines.list(place.admin, sketchId)
  expect(timeline).toMatchObject({ name: 'evidence', status: 'ready' })
  expect(timeline?.dataSources[0]).toMatchObject({
    status: 'ready',
    totalFileEvents: 5,
    errorMessage: expect.stringMatching(
      /^3 out of 5 events imported\. The most common reason is '.*' \(1\), first: .{10,}\.$/,
    ) as string,
  })
})

it('an import tells which entries of an archive were not read, and each problem by itself', async () => {
  const job = await place.importPaths([
    await place.writeInput('case.zip', await makeTriageArchive()),
    await place.writeInput('noise.bin', new Uint8Array([0, 1, 2, 3, 250, 251, 0, 0, 7])),
    await place.writeInput('empty.csv', ''),
  ])
  expect(job.files.map(({ path, read }) => [path.split('!')[1], read])).toEqual([
    ['host1/Security.csv', 2],
    ['host2/Security.csv', 2],
    ['web.jsonl', 1],
  ])
  expect(job.refused).toEqual([
    {
      path: expect.stringMatching(/case\.zip!tool\.exe$/),
      reason: expect.stringMatching(/^it is a Windows program/),
      refusal: 'not-understood',
    },
  ])
  expect(job.problems).toHaveLength(2)
  expect(job.error?.split('\n')).toEqual([
    ...job.problems!,
    expect.stringMatching(/tool\.exe was not read: /),
  ])
})

it('an import adds only what is new when a file comes again, or a longer version of it', async () => {
  const first = await place.importPaths([
    await place.writeInput('a.jsonl', makeLines(0, 10) + makeLines(9, 10)),
  ])
  expect(first.files[0]).toMatchObject({ stored: 11, duplicates: 0 })
  const again = await place.importPaths([join(place.directory, 'a.jsonl')])
  expect(again.files[0]).toMatchObject({ read: 11, stored: 0, duplicates: 11 })
  const longer = await place.importPaths([
    await place.writeInput('a.jsonl', makeLines(0, 10) + makeLines(9, 15)),
  ])
  expect(longer.files[0]).toMatchObject({ read: 16, stored: 5, duplicates: 11 })
  expect(await place.countEvents()).toBe(16)
  const kept = await place.importPaths([join(place.directory, 'a.jsonl')], { keepKnownRows: true })
  expect(kept.files[0]).toMatchObject({ stored: 16, duplicates: 0 })
})

it('an import knows the rows of an entry that comes again in another archive', async () => {
  const archive = await makeTriageArchive()
  // The same entries, and a comment of one byte behind them.
  const other = Buffer.concat([archive.subarray(0, -2), Buffer.from([1, 0, 0x21])])
  const first = await place.importPaths([await place.writeInput('case.zip', archive)])
  const again = await place.importPaths([await place.writeInput('other.zip', other)])
  expect(again.files.map(({ sha256 }) => sha256)).toEqual(first.files.map(({ sha256 }) => sha256))
  expect(new Set(first.files.map(({ sha256 }) => sha256)).size).toBe(first.files.length)
  for (const [job, name, bytes] of [
    [first, 'case.zip', archive],
    [again, 'other.zip', other],
  ] as const) {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    for (const file of job.files)
      expect(file.archive).toEqual({ path: expect.stringMatching(new RegExp(`${name}$`)), sha256 })
  }
  for (const { read, stored, duplicates, rejected } of again.files) {
    expect(stored).toBe(0)
    expect(duplicates).toBe(read - rejected)
  }
})

it('an import reads several files, streams and packed ones, and goes on after one that is none', async () => {
  const stream = async function* (): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(makeLines(20, 25))
  }
  const started = await place.system.services.imports.start(place.admin, {
    sketchId,
    timeline: { name: 'mixed' },
    inputs: [
      { path: await place.writeInput('a.jsonl.gz', gzipSync(makeLines(0, 5))) },
      {
        path: await place.writeInput('b.exe', new Uint8Array([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0, 4, 0])),
        name: 'b.exe',
      },
      { stream: stream(), name: '-' },
    ],
  })
  const job = await started.ended
  expect(job.files.map((file) => [file.stored, file.rejected])).toEqual([
    [5, 0],
    [5, 0],
  ])
  expect(job.status).toBe('failed')
  expect(job.error).toContain('b.exe')
  expect(await place.countEvents()).toBe(10)
})

it('an import refuses an input that is not there before anything is begun', async () => {
  await expect(place.importPaths(['/nowhere/at/all'])).rejects.toMatchObject({ code: 'input-not-found' })
  expect(await place.system.services.timelines.list(place.admin, sketchId)).toEqual([])
})

it('an import tells of bytes that are no text', async () => {
  const text = makeLines(0, 3).replace('event 1', 'event \xff')
  const job = await place.importPaths([await place.writeInput('a.jsonl', Buffer.from(text, 'latin1'))], {
    reading: { encoding: 'utf-8' },
  })
  expect(job.status).toBe('done')
  expect(job.files[0]?.remarks).toEqual([expect.stringContaining('1 line held bytes')])
  expect(job.error).toMatch(/a\.jsonl: 1 line held bytes that are no UTF-8; it is kept with U\+FFFD/)
})

it('an import reads large inputs in other threads, in order, and tells how far it is', async () => {
  const path = await place.writeInput('large.jsonl', makeLines(0, 20_000))
  const { imports, explore } = place.system.services
  const started = await imports.start(place.admin, {
    sketchId,
    timeline: { name: 'large' },
    inputs: [{ path }],
  })
  const phases = new Set<string>()
  for await (const progress of imports.watch(started.job.id)) phases.add(progress.phase)
  const job = await started.ended
  expect(job).toMatchObject({ status: 'done', error: undefined })
  expect(job.files[0]).toMatchObject({ read: 20_000, stored: 20_000 })
  expect([...phases]).toContain('ended')
  const page = await explore.search(place.admin, { sketchId, query: EVERYTHING, size: 3, sort: 'desc' })
  expect(page.events.map((event) => event.get('number'))).toEqual([19_999, 19_998, 19_997])
})

it('an import tells the viewers of its sketch how far it is', async () => {
  const { changes, imports } = place.system.services
  const controller = new AbortController()
  const feed = changes.subscribe(sketchId, controller.signal)
  const text = `${makeLines(0, 3)}{"broken\n`
  const job = await place.importPaths([await place.writeInput('a.jsonl', text)])
  const told: unknown[] = []
  for await (const { kind, details } of feed) {
    if (kind !== 'import-progress') continue
    expect(details).toMatchObject({ importId: job.id, timelineId: job.timelineId })
    told.push(details['phase'])
    if (details['phase'] !== 'ended') continue
    expect(details).toMatchObject({ bytesDone: text.length, rowsStored: 3, rowsRejected: 1 })
    break
  }
  controller.abort()
  expect(told[0]).toBe('queued')
  expect((await imports.get(place.admin, job.id)).progress).toBeUndefined()
})

it('an import needs write', async () => {
  const stranger = await place.addUser('stranger')
  const request = { sketchId, timeline: { name: 'x' }, inputs: [{ path: '/etc/hostname' }] }
  await expect(place.system.services.imports.start(stranger, request)).rejects.toMatchObject({
    code: 'no-write-permission',
  })
})
