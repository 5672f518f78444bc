import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gzipSync } from 'node:zlib'
import type { Query } from '@timeskein/query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeTriageArchive } from '../testing/make-triage-archive.ts'
import { openTemporarySystem, type TemporarySystem } from '../testing/temporary-system.ts'
import type { ImportJob, ImportRequest } from './import-service.ts'

let temporary: TemporarySystem
let sketchId: number

beforeEach(async () => {
  temporary = await openTemporarySystem()
  sketchId = (await temporary.system.services.sketches.create(temporary.admin, { name: 'case' })).id
})
afterEach(async () => {
  await temporary[Symbol.asyncDispose]()
})

const EVERYTHING: Query = { kind: 'all' }

function makeLines(from: number, to: number): string {
  let text = ''
  for (let number = from; number < to; number++) {
    text += `${JSON.stringify({ datetime: new Date(1_700_000_000_000 + number * 1000).toISOString(), message: `event ${number}`, timestamp_desc: 'Logged', number })}\n`
  }
  return text
}

async function writeInput(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(temporary.directory, name)
  await writeFile(path, content)
  return path
}

function changeDatabase(statement: string): void {
  const database = new DatabaseSync(join(temporary.directory, 'metadata.sqlite'))
  database.exec(statement)
  database.close()
}

/** What the metadata database fails over from now on. */
function dropTable(name: string): void {
  changeDatabase(`DROP TABLE ${name}`)
}

async function importPaths(paths: readonly string[], more: Partial<ImportRequest> = {}): Promise<ImportJob> {
  const started = await temporary.system.services.imports.start(temporary.admin, {
    sketchId,
    timeline: { name: 'evidence' },
    inputs: paths.map((path) => ({ path })),
    ...more,
  })
  return await started.ended
}

async function countEvents(): Promise<number> {
  const { explore } = temporary.system.services
  return await explore.count(temporary.admin, { sketchId, query: EVERYTHING })
}

describe('an import', () => {
  it('stores rows, makes them searchable and accounts for each', async () => {
    const path = await writeInput('a.jsonl', `${makeLines(0, 3)}{"broken\n{"message":"undated"}\n`)
    const job = await importPaths([path])
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
    const result = await temporary.system.services.explore.search(temporary.admin, {
      sketchId,
      query: { kind: 'term', field: 'number', value: 1 },
      size: 10,
    })
    expect(result.total).toBe(1)
    expect(result.events[0]?.event.source).toBe(makeLines(1, 2).trimEnd())
    const [timeline] = await temporary.system.services.timelines.list(temporary.admin, sketchId)
    expect(timeline).toMatchObject({ name: 'evidence', status: 'ready' })
    expect(timeline?.dataSources[0]).toMatchObject({
      status: 'ready',
      totalFileEvents: 5,
      errorMessage: expect.stringMatching(
        /^3 out of 5 events imported\. The most common reason is '.*' \(1\), first: .{10,}\.$/,
      ) as string,
    })
  })

  it('says of a data source what went wrong, not what else is worth knowing', async () => {
    const odd = Buffer.concat([
      Buffer.from(makeLines(0, 3)),
      Buffer.from('{"message":"\\u00e9 '),
      Buffer.of(0xe9),
    ])
    const rest = Buffer.from('","datetime":"2024-01-01T00:00:00Z"}\n')
    const job = await importPaths([await writeInput('a.jsonl', Buffer.concat([odd, rest]))])
    expect(job.error).toContain('no UTF-8')
    const listSources = async (): Promise<readonly string[]> => {
      const [timeline] = await temporary.system.services.timelines.list(temporary.admin, sketchId)
      return timeline!.dataSources.map(({ errorMessage }) => errorMessage)
    }
    expect(await listSources()).toEqual([''])
    await importPaths([
      await writeInput('b.exe', 'MZ\0\0 no evidence'),
      await writeInput('c.jsonl', makeLines(5, 6)),
    ])
    expect((await listSources()).at(-1)).toContain('b.exe')
  })

  async function readRejects(
    job: ImportJob,
    file?: number,
    kind: 'raw' | 'reasons' = 'raw',
  ): Promise<string> {
    const { imports } = temporary.system.services
    return await new Response(await imports.readRejects(temporary.admin, job.id, kind, file)).text()
  }

  it('keeps what it rejected, to be mended and imported again', async () => {
    const csv = 'datetime,message,timestamp_desc\n2024-01-01T00:00:00Z,"one, two",t\nnever,three,t\n'
    const job = await importPaths([await writeInput('a.csv', csv)])
    expect(job.files[0]).toMatchObject({
      format: expect.stringMatching(/^csv/) as string,
      stored: 1,
      rejected: 1,
    })
    const rejects = await readRejects(job)
    expect(rejects).toBe('datetime,message,timestamp_desc\nnever,three,t\n')
    const [reason] = (await readRejects(job, 1, 'reasons')).trim().split('\n')
    expect(JSON.parse(reason!)).toMatchObject({ line: 3, reason: 'bad-time' })
    await importPaths([await writeInput('mended.csv', rejects.replace('never', '2024-01-02T00:00:00Z'))])
    expect(await countEvents()).toBe(2)
  })

  it('tells for each reason where it was first and why, in few words', async () => {
    const broken = `{"broken ${'x'.repeat(5000)}`
    const lines = [makeLines(0, 2), broken, `\n{"datetime":"${'y'.repeat(5000)}"}\n`, broken, '\n']
    const job = await importPaths([await writeInput('a.jsonl', lines.join(''))])
    const { reasons, first_rejects = {} } = job.files[0]!
    expect(reasons).toEqual({ 'bad-json': 2, 'bad-time': 1 })
    expect(first_rejects).toMatchObject({ 'bad-json': { line: 3 }, 'bad-time': { line: 4 } })
    for (const { detail } of Object.values(first_rejects)) expect(detail).toMatch(/^.{10,1000}$/)
  })

  it('keeps the rejected rows of each file apart, each under its own header', async () => {
    const job = await importPaths([
      await writeInput('a.csv', 'datetime,message\n2024-01-01T00:00:00Z,x\nnever,three\n'),
      await writeInput('b.jsonl', makeLines(0, 2)),
      await writeInput('c.jsonl', `${makeLines(0, 1)}{"broken\n`),
      await writeInput('d.tsv', 'when\t"odd\tname"\n2024-01-01T00:00:00Z\tx\nnever\tfour\n'),
    ])
    expect(job.files.map((file) => file.rejected)).toEqual([1, 0, 1, 1])
    expect(await readRejects(job, 1)).toBe('datetime,message\nnever,three\n')
    await expect(readRejects(job, 2)).rejects.toMatchObject({ code: 'reject-file-not-found' })
    expect(await readRejects(job, 3)).toBe('{"broken\n')
    expect(await readRejects(job, 4)).toBe('when\t"odd\tname"\nnever\tfour\n')
    expect(await readRejects(job)).toBe(
      'datetime,message\nnever,three\n{"broken\nwhen\t"odd\tname"\nnever\tfour\n',
    )
  })

  it('files of one folder have their own headers too', async () => {
    await mkdir(join(temporary.directory, 'folder'))
    for (const name of ['a', 'b', 'c', 'd'])
      await writeInput(`folder/${name}.csv`, `datetime,${name}\n2024-01-01T00:00:00Z,x\nnever,three\n`)
    const job = await importPaths([join(temporary.directory, 'folder')])
    expect(job.files.map((file) => file.rejected)).toEqual([1, 1, 1, 1])
    for (const [i, name] of ['a', 'b', 'c', 'd'].entries())
      expect(await readRejects(job, i + 1)).toBe(`datetime,${name}\nnever,three\n`)
  })

  it('tells which entries of an archive were not read, and each problem by itself', async () => {
    const job = await importPaths([
      await writeInput('case.zip', await makeTriageArchive()),
      await writeInput('noise.bin', new Uint8Array([0, 1, 2, 3, 250, 251, 0, 0, 7])),
      await writeInput('empty.csv', ''),
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

  it('keeps kinds of sources apart, each with a data source of its own, and takes its own empty timeline away', async () => {
    const archive = await writeInput('case.zip', await makeTriageArchive())
    const job = await importPaths([archive], { bySource: true })
    expect(job.files.map(({ timeline }) => timeline?.name)).toEqual(['case csv', 'case csv', 'case jsonl'])
    const { timelines } = temporary.system.services
    const listed = await timelines.list(temporary.admin, sketchId)
    expect(listed.map(({ id, name, status }) => ({ id, name, status }))).toEqual([
      { id: job.files[0]?.timeline?.id, name: 'case csv', status: 'ready' },
      { id: job.files[2]?.timeline?.id, name: 'case jsonl', status: 'ready' },
    ])
    expect(
      listed.map(({ dataSources }) => dataSources.map((one) => [one.totalFileEvents, one.status])),
    ).toEqual([[[4, 'ready']], [[1, 'ready']]])
    const known = await temporary.system.services.imports.get(temporary.admin, job.id)
    expect(known.timelineId).toBe(listed[0]?.id)
  })

  it('puts files that stand by themselves into its own timeline, those of archives beside them into theirs', async () => {
    const archive = await writeInput('case.zip', await makeTriageArchive())
    const job = await importPaths([archive, await writeInput('a.jsonl', makeLines(0, 2))], { bySource: true })
    const { timelines } = temporary.system.services
    const listed = await timelines.list(temporary.admin, sketchId)
    expect(listed.map(({ name }) => name)).toEqual(['evidence', 'case csv', 'case jsonl'])
    expect(job.timelineId).toBe(listed[0]?.id)
    expect((await timelines.stats(listed)).get(job.timelineId)?.eventCount).toBe(2)
  })

  it('adds only what is new when a file comes again, or a longer version of it', async () => {
    const first = await importPaths([await writeInput('a.jsonl', makeLines(0, 10) + makeLines(9, 10))])
    expect(first.files[0]).toMatchObject({ stored: 11, duplicates: 0 })
    const again = await importPaths([join(temporary.directory, 'a.jsonl')])
    expect(again.files[0]).toMatchObject({ read: 11, stored: 0, duplicates: 11 })
    const longer = await importPaths([await writeInput('a.jsonl', makeLines(0, 10) + makeLines(9, 15))])
    expect(longer.files[0]).toMatchObject({ read: 16, stored: 5, duplicates: 11 })
    expect(await countEvents()).toBe(16)
    const kept = await importPaths([join(temporary.directory, 'a.jsonl')], { keepKnownRows: true })
    expect(kept.files[0]).toMatchObject({ stored: 16, duplicates: 0 })
  })

  it('knows the rows of an entry that comes again in another archive', async () => {
    const archive = await makeTriageArchive()
    // The same entries, and a comment of one byte behind them.
    const other = Buffer.concat([archive.subarray(0, -2), Buffer.from([1, 0, 0x21])])
    const first = await importPaths([await writeInput('case.zip', archive)])
    const again = await importPaths([await writeInput('other.zip', other)])
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

  it('reads several files, streams and packed ones, and goes on after one that is none', async () => {
    const stream = async function* (): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(makeLines(20, 25))
    }
    const started = await temporary.system.services.imports.start(temporary.admin, {
      sketchId,
      timeline: { name: 'mixed' },
      inputs: [
        { path: await writeInput('a.jsonl.gz', gzipSync(makeLines(0, 5))) },
        {
          path: await writeInput('b.exe', new Uint8Array([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0, 4, 0])),
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
    expect(await countEvents()).toBe(10)
  })

  it('refuses an input that is not there before anything is begun', async () => {
    await expect(importPaths(['/nowhere/at/all'])).rejects.toMatchObject({ code: 'input-not-found' })
    expect(await temporary.system.services.timelines.list(temporary.admin, sketchId)).toEqual([])
  })

  it('ends as failed when rejected rows cannot be kept, and the process goes on', async () => {
    await rm(join(temporary.directory, 'rejects'), { recursive: true, force: true })
    await writeFile(join(temporary.directory, 'rejects'), 'a file stands where the folder was')
    const job = await importPaths([await writeInput('a.jsonl', `${makeLines(0, 3)}{"broken\n`)])
    expect(job).toMatchObject({ status: 'failed', files: [], hasRejects: false })
    expect(job.errorCode).toMatch(/^E[A-Z]+$/)
    expect(job.error).toMatch(/\w'?\. Nothing was stored\.$/)
  })

  it('that fails just before its commit is rolled back, and lets the next one in', async () => {
    changeDatabase(`CREATE TRIGGER full_disk BEFORE UPDATE OF is_final_commit ON imports BEGIN
      SELECT RAISE(FAIL, 'database or disk is full');
    END`)
    const path = await writeInput('a.jsonl', `${makeLines(0, 3)}{"broken\n`)
    const job = await importPaths([path])
    expect(job).toMatchObject({ status: 'failed', files: [], hasRejects: false, errorCode: 'ENOSPC' })
    expect(job.error).toBe('The import failed: database or disk is full. Nothing was stored.')
    expect(await readdir(join(temporary.directory, 'rejects'))).toEqual([])
    changeDatabase('DROP TRIGGER full_disk')
    expect(await importPaths([path])).toMatchObject({ status: 'done', hasRejects: true })
    expect(await countEvents()).toBe(3)
  })

  it('tells why it failed and lets the system close when its end cannot be recorded either', async () => {
    changeDatabase(`CREATE TRIGGER full_disk BEFORE UPDATE OF files_json ON imports BEGIN
      SELECT RAISE(FAIL, 'database or disk is full');
    END`)
    const job = await importPaths([await writeInput('a.jsonl', makeLines(0, 3))])
    expect(job).toMatchObject({ status: 'failed', errorCode: 'ENOSPC' })
    expect(job.error).toMatch(/^The import failed: database or disk is full\. .*could not be recorded/s)
    const { imports, timelines } = temporary.system.services
    const failed = { id: job.id, status: 'failed', error: job.error, endedAtMs: expect.any(Number) }
    expect(await imports.get(temporary.admin, job.id)).toMatchObject(failed)
    expect(await imports.list(temporary.admin, sketchId)).toMatchObject([failed])
    expect(await imports.listOpen(temporary.admin)).toEqual([])
    expect(await imports.cancel(temporary.admin, job.id)).toMatchObject(failed)
    const [timeline] = await timelines.list(temporary.admin, sketchId)
    expect(timeline?.status).toBe('processing')
    await temporary.system.close()
  })

  it('has its end written down once there is room again', async () => {
    changeDatabase(`CREATE TRIGGER full_disk BEFORE UPDATE OF ended_at_ms ON imports BEGIN
      SELECT RAISE(FAIL, 'database or disk is full');
    END`)
    const path = await writeInput('a.jsonl', makeLines(0, 3))
    const job = await importPaths([path])
    expect(job).toMatchObject({ status: 'failed', errorCode: 'ENOSPC', files: [{ stored: 3 }] })
    changeDatabase('DROP TRIGGER full_disk')
    await importPaths([path])
    const { imports, timelines } = temporary.system.services
    expect(await imports.get(temporary.admin, job.id)).toMatchObject({
      status: 'done',
      files: [{ stored: 3 }],
    })
    const [timeline] = await timelines.list(temporary.admin, sketchId)
    expect(timeline?.status).toBe('ready')
    await temporary.system.close()
  })

  it('tells of bytes that are no text', async () => {
    const text = makeLines(0, 3).replace('event 1', 'event \xff')
    const job = await importPaths([await writeInput('a.jsonl', Buffer.from(text, 'latin1'))], {
      reading: { encoding: 'utf-8' },
    })
    expect(job.status).toBe('done')
    expect(job.files[0]?.remarks).toEqual([expect.stringContaining('1 line held bytes')])
    expect(job.error).toMatch(/a\.jsonl: 1 line held bytes that are no UTF-8; it is kept with U\+FFFD/)
  })

  it('ends for those who wait when the log fails', async () => {
    const path = await writeInput('a.jsonl', makeLines(0, 3))
    const started = await temporary.system.services.imports.start(temporary.admin, {
      sketchId,
      timeline: { name: 'evidence' },
      inputs: [{ path }],
    })
    dropTable('audit_log')
    expect(await started.ended).toMatchObject({ status: 'done' })
    await expect(importPaths([path])).rejects.toThrow()
    const [latest] = await temporary.system.services.imports.list(temporary.admin, sketchId)
    expect(latest).toMatchObject({ status: 'rolled-back' })
    expect(latest?.error).toContain('could not be started')
    const [timeline] = await temporary.system.services.timelines.list(temporary.admin, sketchId)
    expect(timeline?.status).toBe('ready')
  })

  it('that is cancelled leaves nothing', async () => {
    const { imports } = temporary.system.services
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
    const started = await imports.start(temporary.admin, {
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
    const [timeline] = await temporary.system.services.timelines.list(temporary.admin, sketchId)
    expect(timeline?.status).toBe('fail')
    expect((await temporary.system.services.timelines.stats([timeline!])).get(timeline!.id)?.eventCount).toBe(
      0,
    )
  })

  it('that could not be taken leaves none of its own timelines where that is asked for, and those of others', async () => {
    const { imports, timelines } = temporary.system.services
    const list = async (): Promise<readonly string[]> =>
      (await timelines.list(temporary.admin, sketchId)).map(({ name }) => name)
    const importAs = async (name: string, path: string): Promise<ImportJob> => {
      const { ended } = await imports.start(temporary.admin, {
        sketchId,
        timeline: { name },
        inputs: [{ path }],
        leavesNoEmptyTimeline: true,
      })
      return await ended
    }
    const broken = await writeInput('broken.jsonl', '{"a":')
    const refused = await importAs('refused', broken)
    expect(refused).toMatchObject({ status: 'failed', files: [] })
    expect(refused.error).toContain('expected a field with the time')
    expect(await list()).toEqual([])
    // One that somebody has made, and one that was there before.
    const { id } = await timelines.chooseForImport(temporary.admin, sketchId, { name: 'of others' })
    await importAs('filled', await writeInput('good.jsonl', makeLines(0, 1)))
    expect(await importAs('filled', broken)).toMatchObject({ status: 'failed' })
    expect(await list()).toEqual(['of others', 'filled'])
    expect((await timelines.get(temporary.admin, sketchId, id)).status).toBe('new')
  })

  it('goes into another timeline where the chosen one was taken away as empty before it began', async () => {
    const { imports, timelines, explore } = temporary.system.services
    const start = async (path: string): Promise<Promise<ImportJob>[]> => {
      const request = {
        sketchId,
        timeline: { name: 'same' },
        inputs: [{ path }],
        leavesNoEmptyTimeline: true,
      }
      return [(await imports.start(temporary.admin, request)).ended]
    }
    const [broken] = await start(await writeInput('broken.jsonl', '{"a":'))
    const choose = timelines.chooseForImport.bind(timelines)
    vi.spyOn(timelines, 'chooseForImport').mockImplementationOnce(async (...wish) => {
      const chosen = await choose(...wish)
      await broken
      return chosen
    })
    const [good] = await start(await writeInput('good.jsonl', makeLines(0, 2)))
    expect(await good).toMatchObject({ status: 'done' })
    expect(await explore.count(temporary.admin, { sketchId, query: EVERYTHING })).toBe(2)
  })

  it('reads large inputs in other threads, in order, and tells how far it is', async () => {
    const path = await writeInput('large.jsonl', makeLines(0, 20_000))
    const { imports, explore } = temporary.system.services
    const started = await imports.start(temporary.admin, {
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
    const page = await explore.search(temporary.admin, { sketchId, query: EVERYTHING, size: 3, sort: 'desc' })
    expect(page.events.map((event) => event.get('number'))).toEqual([19_999, 19_998, 19_997])
  })

  it('tells the viewers of its sketch how far it is', async () => {
    const { changes, imports } = temporary.system.services
    const controller = new AbortController()
    const feed = changes.subscribe(sketchId, controller.signal)
    const text = `${makeLines(0, 3)}{"broken\n`
    const job = await importPaths([await writeInput('a.jsonl', text)])
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
    expect((await imports.get(temporary.admin, job.id)).progress).toBeUndefined()
  })

  it('goes with its timeline', async () => {
    await importPaths([await writeInput('a.jsonl', makeLines(0, 5))])
    const { timelines, searchIndexes } = temporary.system.services
    const [timeline] = await timelines.list(temporary.admin, sketchId)
    await timelines.delete(temporary.admin, sketchId, timeline!.id)
    expect(await timelines.list(temporary.admin, sketchId)).toEqual([])
    expect((await temporary.system.services.store.listIndexes()).length).toBe(0)
    expect((await searchIndexes.find(timeline!.searchIndex.id))?.status).toBe('archived')
    const job = await importPaths([join(temporary.directory, 'a.jsonl')])
    expect(job.files[0]).toMatchObject({ stored: 5, duplicates: 0 })
  })

  it('takes what it rejected and its place in the log along when its timeline or sketch is deleted', async () => {
    const { sketches, timelines, imports } = temporary.system.services
    const listRejects = (): Promise<string[]> => readdir(join(temporary.directory, 'rejects'))
    const bad = await writeInput('a.jsonl', `${makeLines(0, 3)}{"broken\n`)
    const other = await writeInput('b.jsonl', `${makeLines(3, 5)}{"broken\n`)
    const first = await importPaths([bad, other])
    expect(await listRejects()).toHaveLength(4)
    const kept = await importPaths([bad], { timeline: { name: 'kept' } })
    await timelines.delete(temporary.admin, sketchId, first.timelineId)
    const ofKept = [`${kept.id}.raw`, `${kept.id}.raw.reasons.jsonl`]
    expect((await listRejects()).toSorted()).toEqual(ofKept)
    expect((await imports.list(temporary.admin, sketchId)).map((job) => job.id)).toEqual([kept.id])
    await sketches.delete(temporary.admin, sketchId, { force: true })
    expect(await listRejects()).toEqual([])
    await expect(imports.get(temporary.admin, kept.id)).rejects.toMatchObject({ code: 'import-not-found' })
  })

  it('needs write', async () => {
    const stranger = await temporary.addUser('stranger')
    const request = { sketchId, timeline: { name: 'x' }, inputs: [{ path: '/etc/hostname' }] }
    await expect(temporary.system.services.imports.start(stranger, request)).rejects.toMatchObject({
      code: 'no-write-permission',
    })
  })
})
