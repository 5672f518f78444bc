import { access, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Principal } from '../../auth/principal.ts'
import { listDataPaths } from '../../data-paths.ts'
import { openSystem } from '../../open-system.ts'
import type { System } from '../../system.ts'
import { copyRemains } from '../../testing/copy-remains.ts'
import { makeTemporaryDirectory } from '../../testing/temporary-system.ts'
import type { ImportJob, StartedImport } from '../import-service.ts'
import { AcceptedBacklog } from './accepted-backlog.ts'

const ROWS = 1000
const LINES = Array.from(
  { length: ROWS },
  (_, row) =>
    `{"message":"event ${row}","datetime":"2026-01-01T00:00:00Z","timestamp_desc":"Logged","row":${row}}\n`,
).join('')

let directory = ''
let image = ''
beforeEach(async () => {
  directory = await makeTemporaryDirectory()
  image = await makeTemporaryDirectory()
})
afterEach(async () => {
  for (const place of [directory, image]) await rm(place, { recursive: true, force: true })
})

const open = (place: string, stays: boolean): Promise<System> =>
  openSystem({ dataDirectory: place, starterRules: false, looksAtUnseenEvents: stays })

interface Accepted {
  readonly admin: Principal
  readonly sketchId: number
  readonly importId: string
}

/** Makes a sketch with an import that goes on until `letGo` is called: one at a time into an index, so that others wait behind it. */
async function holdIndex(
  { services }: System,
  admin: Principal,
): Promise<{ sketchId: number; timelineId: number; letGo: () => Promise<void> }> {
  const { id: sketchId } = await services.sketches.create(admin, { name: 'case' })
  const isHeld = Promise.withResolvers<void>()
  const held = new AbortController()
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(LINES)
    isHeld.resolve()
    await new Promise<void>((resolve) => held.signal.addEventListener('abort', () => resolve()))
  }
  const { timeline, ended } = await services.imports.start(admin, {
    sketchId,
    timeline: { name: 'evidence' },
    inputs: [{ stream: endless(), name: '-' }],
    signal: held.signal,
  })
  await isHeld.promise
  const letGo = async (): Promise<void> => {
    held.abort()
    await ended
  }
  return { sketchId, timelineId: timeline.id, letGo }
}

/** Leaves in `image` what a crash would leave between the acknowledgement of an import and its work. */
async function acceptAndCrash(): Promise<Accepted> {
  await using system = await open(directory, false)
  const admin = await system.services.auth.localPrincipal('admin')
  const { letGo, ...place } = await holdIndex(system, admin)
  const { job, ended } = await accept(system, admin, place)
  await copyRemains(directory, image)
  await rm(join(image, 'lock.json'))
  await letGo()
  await ended
  return { admin, sketchId: place.sketchId, importId: job.id }
}

async function accept(
  { services, dataDirectory }: System,
  admin: Principal,
  { sketchId, timelineId }: { sketchId: number; timelineId: number },
  { text = LINES, signal }: { text?: string; signal?: AbortSignal } = {},
): Promise<StartedImport> {
  const path = join(listDataPaths(dataDirectory).uploads, 'some.events')
  await writeFile(path, text)
  return await services.imports.start(admin, {
    sketchId,
    timeline: { id: timelineId },
    inputs: [{ path, name: 'events.jsonl', isTemporary: true }],
    dataSource: { originalFilename: '' },
    keepKnownRows: true,
    accept: signal ? { signal } : {},
  })
}

function edit(sql: string): void {
  using database = new DatabaseSync(listDataPaths(image).database)
  database.exec(sql)
}

async function count({ services }: System, { admin, sketchId }: Accepted): Promise<number> {
  const query = { kind: 'term', field: 'timestamp_desc.keyword', value: 'Logged' } as const
  return await services.explore.count(admin, { sketchId, query })
}

/** What a process that stays makes of the image: the import's end, how many events there are, and what its start said. */
async function resume(accepted: Accepted): Promise<{ job: ImportJob; events: number; codes: string[] }> {
  await using system = await open(image, true)
  const job = await system.services.imports.waitForEnd(accepted.importId)
  return { job, events: await count(system, accepted), codes: system.recovery.map(({ code }) => code) }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const fileOf = (place: string): Promise<boolean> =>
  access(join(listDataPaths(place).uploads, 'some.events')).then(
    () => true,
    () => false,
  )

describe('an accepted import', () => {
  it('is carried out by the next process that stays, once, and the start says so', async () => {
    const accepted = await acceptAndCrash()
    {
      await using visit = await open(image, false)
      expect(visit.recovery.map(({ code }) => code)).toEqual(['import-rolled-back', 'import-due'])
      expect(visit.recovery[1]?.message).toBe(
        `The import of uploaded events (${accepted.importId}) had been accepted and was not done when the process ended: a server on this data directory carries it out.`,
      )
      expect(await visit.services.imports.get(accepted.admin, accepted.importId)).toMatchObject({
        status: 'queued',
      })
      const [timeline] = await visit.services.timelines.list(accepted.admin, accepted.sketchId)
      expect(timeline?.status).toBe('processing')
    }
    expect(await resume(accepted)).toMatchObject({
      job: { status: 'done', files: [{ read: ROWS, stored: ROWS }] },
      events: ROWS,
      codes: ['import-due'],
    })
    expect(await fileOf(image)).toBe(false)
    expect(await resume(accepted)).toMatchObject({ job: { status: 'done' }, events: ROWS, codes: [] })
    await using last = await open(image, false)
    const [timeline] = await last.services.timelines.list(accepted.admin, accepted.sketchId)
    expect(timeline?.status).toBe('ready')
  })

  it('is done again where its work was cut off, and not where that was committed', async () => {
    const accepted = await acceptAndCrash()
    const running = `UPDATE imports SET status = 'running', started_at_ms = 1 WHERE accepted_json IS NOT NULL`
    const begun = `, files_json = '[{"path":"events.jsonl","stored":5,"rejected":0}]', is_final_commit = 1`
    edit(running.replace(' WHERE', `${begun} WHERE`))
    expect(await resume(accepted)).toMatchObject({ job: { status: 'done' }, events: ROWS })
    await writeFile(join(listDataPaths(image).uploads, 'some.events'), LINES)
    edit(running)
    expect(await resume(accepted)).toMatchObject({
      job: { status: 'done', files: [{ stored: ROWS }] },
      events: ROWS,
      codes: ['import-recognised', 'upload-removed'],
    })
  })

  it('is carried out where the audit log has no room for the word', async () => {
    const accepted = await acceptAndCrash()
    edit(`CREATE TRIGGER full BEFORE INSERT ON audit_log WHEN NEW.action = 'import.resume' BEGIN
      SELECT RAISE(ABORT, 'database or disk is full'); END`)
    expect(await resume(accepted)).toMatchObject({ job: { status: 'done' }, events: ROWS })
  })

  it('is not done again where the store has it, whatever the log says', async () => {
    const accepted = await acceptAndCrash()
    expect(await resume(accepted)).toMatchObject({ job: { status: 'done' }, events: ROWS })
    await writeFile(join(listDataPaths(image).uploads, 'some.events'), LINES)
    const putBack = `status = 'queued', files_json = '[]', is_final_commit = 0`
    edit(`UPDATE imports SET ${putBack} WHERE accepted_json IS NOT NULL`)
    expect(await resume(accepted)).toMatchObject({
      job: { status: 'done' },
      events: ROWS,
      codes: ['import-recognised', 'upload-removed'],
    })
  })

  describe('whose commit fails behind the moment from which it is durable', () => {
    /** Lets the next commit fail when it is done, or before. */
    function failNextCommit({ services: { store } }: System, isDone = true): void {
      const begin = store.beginImport.bind(store)
      vi.spyOn(store, 'beginImport').mockImplementationOnce(async (target) => {
        const transaction = await begin(target)
        const commit = transaction.commit.bind(transaction)
        transaction.commit = async () => {
          if (isDone) await commit()
          throw new Error('the store gave up: No space left on device')
        }
        return transaction
      })
    }

    it('is done, and once', async () => {
      await using system = await open(image, false)
      const admin = await system.services.auth.localPrincipal('admin')
      const { letGo, ...place } = await holdIndex(system, admin)
      const { job, ended } = await accept(system, admin, place)
      failNextCommit(system)
      await letGo()
      expect(await ended).toMatchObject({ status: 'done', files: [{ stored: ROWS }] })
      expect(await count(system, { admin, sketchId: place.sketchId, importId: job.id })).toBe(ROWS)
    })

    it('is left to the next start where the store never can say so', async () => {
      const system = await open(image, false)
      const admin = await system.services.auth.localPrincipal('admin')
      const { letGo, ...place } = await holdIndex(system, admin)
      const { job, ended } = await accept(system, admin, place)
      failNextCommit(system)
      const asked = vi.spyOn(system.services.store, 'hasImport')
      asked.mockRejectedValue(new Error('the store is closed'))
      await letGo()
      while (asked.mock.calls.length === 0) await nextTurn()
      await system.close({ deadlineMs: 0 })
      expect(await ended).toMatchObject({ status: 'running' })
      expect(await fileOf(image)).toBe(true)
      const accepted = { admin, sketchId: place.sketchId, importId: job.id }
      expect(await resume(accepted)).toMatchObject({
        job: { status: 'done', files: [{ stored: ROWS }] },
        events: ROWS,
        codes: ['import-recognised', 'upload-removed'],
      })
    })

    it.each([
      ['has it', 'done', ROWS],
      ['has nothing of it', 'done', ROWS],
      ['never can, and it is cancelled', 'failed', 0],
    ] as const)('is asked about again until the store can say that it %s', async (answer, status, stored) => {
      await using system = await open(image, false)
      const admin = await system.services.auth.localPrincipal('admin')
      const { letGo, ...place } = await holdIndex(system, admin)
      const { job, ended } = await accept(system, admin, place)
      failNextCommit(system, answer !== 'has nothing of it')
      const asked = vi.spyOn(system.services.store, 'hasImport')
      const closed = new Error('the store is closed')
      const isLost = answer.startsWith('never')
      if (isLost) asked.mockRejectedValue(closed)
      else asked.mockRejectedValueOnce(closed).mockRejectedValueOnce(closed)
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      onTestFinished(() => void vi.useRealTimers())
      await letGo()
      let hasEnded = false
      void ended.then(() => {
        hasEnded = true
      })
      while (asked.mock.calls.length < 3) await vi.advanceTimersByTimeAsync(30_000).then(nextTurn)
      if (isLost) void system.services.imports.cancel(admin, job.id)
      while (!hasEnded) await vi.advanceTimersByTimeAsync(30_000).then(nextTurn)
      vi.useRealTimers()
      const files = stored === 0 ? [] : [{ stored }]
      expect(await ended).toMatchObject({ status, files })
      expect(await system.services.imports.get(admin, job.id)).toMatchObject({ status })
      if (isLost) return
      expect(await fileOf(image)).toBe(false)
      expect(await count(system, { admin, sketchId: place.sketchId, importId: job.id })).toBe(ROWS)
    })
  })

  it('is given up where its work was cut off again and again, and what was uploaded is kept', async () => {
    const accepted = await acceptAndCrash()
    edit(`UPDATE imports SET cut_off_count = 10`)
    const { job, codes } = await resume(accepted)
    expect(job).toMatchObject({ status: 'rolled-back', files: [] })
    expect(job.error).toContain('it was cut off 10 times. What was uploaded is kept')
    expect(codes).toEqual(['import-rolled-back', 'import-rolled-back'])
    await resume(accepted)
    expect(await fileOf(image)).toBe(true)
  })

  it.each([
    ['its timeline was deleted', `UPDATE timelines SET status = 'deleted'`, 'its timeline is deleted'],
    ['its file is gone', undefined, 'cannot be read any more'],
  ])('is given up, in words, when %s', async (_, sql, why) => {
    const accepted = await acceptAndCrash()
    if (sql !== undefined) edit(sql)
    else await rm(join(listDataPaths(image).uploads, 'some.events'))
    const { job, codes } = await resume(accepted)
    expect(job).toMatchObject({ status: 'rolled-back', files: [] })
    expect(job.error).toContain(why)
    expect(codes).toContain('import-rolled-back')
    expect(await fileOf(image)).toBe(false)
  })

  it('waits to be accepted where much waits already, and leaves nothing where its uploader hangs up', async () => {
    await using system = await open(image, false)
    const { imports, auth } = system.services
    const admin = await auth.localPrincipal('admin')
    const { letGo, ...place } = await holdIndex(system, admin)
    const enter = vi.spyOn(AcceptedBacklog.prototype, 'enter')
    onTestFinished(() => enter.mockRestore())
    const large = await accept(system, admin, place)
    // Nothing but its size counts while it waits.
    const huge = join(listDataPaths(image).uploads, 'huge.events')
    await writeFile(huge, '')
    await truncate(huge, 2 * 1024 ** 3)
    const inputs = [{ path: huge, name: 'events.jsonl', isTemporary: true }]
    const timeline = { id: place.timelineId }
    const next = imports.start(admin, { sketchId: place.sketchId, timeline, inputs, accept: {} })
    const uploader = new AbortController()
    const waiting = accept(system, admin, place, { signal: uploader.signal })
    while (enter.mock.calls.length < 3) await nextTurn()
    uploader.abort(new Error('hung up'))
    await expect(waiting).rejects.toThrow('hung up')
    expect(await imports.list(admin, place.sketchId)).toHaveLength(2)
    await letGo()
    await large.ended
    const accepted = await next
    expect((await imports.cancel(admin, accepted.job.id)).status).toBe('rolled-back')
  })

  it('waits where the disk is full', async () => {
    await using system = await open(image, false)
    const admin = await system.services.auth.localPrincipal('admin')
    const { id: sketchId } = await system.services.sketches.create(admin, { name: 'case' })
    const { timeline, ended } = await system.services.imports.start(admin, {
      sketchId,
      timeline: { name: 'evidence' },
      inputs: [{ stream: new Blob([LINES]).stream(), name: '-' }],
    })
    await ended
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    const begin = vi.spyOn(system.services.store, 'beginImport').mockRejectedValueOnce(full)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const { job, ended: acceptedEnded } = await accept(system, admin, { sketchId, timelineId: timeline.id })
    const findStatus = async (): Promise<string> => (await system.services.imports.get(admin, job.id)).status
    while (begin.mock.calls.length === 0 || (await findStatus()) !== 'queued') await nextTurn()
    expect(await fileOf(image)).toBe(true)
    let hasEnded = false
    void acceptedEnded.then(() => {
      hasEnded = true
    })
    while (!hasEnded) await vi.advanceTimersByTimeAsync(30_000).then(nextTurn)
    expect(await acceptedEnded).toMatchObject({ status: 'done', files: [{ stored: ROWS }] })
    expect(await fileOf(image)).toBe(false)
  })

  it.each([1, 10])(
    'is tried again, and its file kept, where a fault is not of its evidence (%i times)',
    async (faults) => {
      await using system = await open(image, false)
      const admin = await system.services.auth.localPrincipal('admin')
      const { letGo, ...place } = await holdIndex(system, admin)
      const { ended } = await accept(system, admin, place)
      const begin = vi.spyOn(system.services.store, 'beginImport')
      for (let fault = 0; fault < faults; fault++)
        begin.mockRejectedValueOnce(new Error('Out of Memory Error: failed to allocate data'))
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      onTestFinished(() => void vi.useRealTimers())
      await letGo()
      let hasEnded = false
      void ended.then(() => {
        hasEnded = true
      })
      while (!hasEnded) await vi.advanceTimersByTimeAsync(30_000).then(nextTurn)
      const job = await ended
      const isDone = faults === 1
      expect(job).toMatchObject(isDone ? { status: 'done', files: [{ stored: ROWS }] } : { status: 'failed' })
      expect(await fileOf(image)).toBe(!isDone)
      if (isDone) return
      expect(job.error).toContain('failed to allocate data. Nothing was stored.')
      expect(job.error).toContain(
        'tried 10 times. What was uploaded is kept in the data directory, as uploads/some.events',
      )
      vi.useRealTimers()
      await system.close()
      await using next = await open(image, false)
      expect(next.recovery).toEqual([])
      expect(await fileOf(image)).toBe(true)
    },
  )

  it('is left to the next process by one that is stopped before it is done', async () => {
    const first = await open(image, true)
    const admin = await first.services.auth.localPrincipal('admin')
    const { id: sketchId } = await first.services.sketches.create(admin, { name: 'case' })
    const { timeline, ended } = await first.services.imports.start(admin, {
      sketchId,
      timeline: { name: 'evidence' },
      inputs: [{ stream: new Blob([LINES]).stream(), name: '-' }],
    })
    await ended
    const more = LINES.repeat(100)
    const started = await accept(first, admin, { sketchId, timelineId: timeline.id }, { text: more })
    await first.close({ deadlineMs: 0 })
    expect(await started.ended).toMatchObject({ status: 'queued', files: [] })
    expect(await fileOf(image)).toBe(true)
    const accepted = { admin, sketchId, importId: started.job.id }
    expect(await resume(accepted)).toMatchObject({
      job: { status: 'done' },
      events: ROWS * 101,
      codes: ['import-due'],
    })
  })

  it('holds up no stop where it only waits to be tried again', async () => {
    const system = await open(image, true)
    const admin = await system.services.auth.localPrincipal('admin')
    const { letGo, ...place } = await holdIndex(system, admin)
    const { job, ended } = await accept(system, admin, place)
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    const begin = vi.spyOn(system.services.store, 'beginImport').mockRejectedValue(full)
    await letGo()
    const findStatus = async (): Promise<string> => (await system.services.imports.get(admin, job.id)).status
    while (begin.mock.calls.length === 0 || (await findStatus()) !== 'queued') await nextTurn()
    await system.close({ deadlineMs: 600_000 })
    expect(await ended).toMatchObject({ status: 'queued', files: [] })
    expect(await fileOf(image)).toBe(true)
  })
})
