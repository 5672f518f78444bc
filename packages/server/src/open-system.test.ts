import { type FileHandle, open, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { EventStore } from '@timeskein/store'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLogger } from './log.ts'
import { openEmbeddedStore } from './open-embedded-store.ts'
import { openSystem } from './open-system.ts'
import { toApiTimeline } from './services/api-rows.ts'
import type { Timeline } from './services/timelines/timeline-service.ts'
import type { System } from './system.ts'
import { copyRemains } from './testing/copy-remains.ts'
import { makeTemporaryDirectory } from './testing/temporary-system.ts'

let directory: string

beforeEach(async () => {
  directory = await makeTemporaryDirectory()
})
afterEach(async () => {
  await rm(directory, { recursive: true, force: true })
})

const LINES = Array.from(
  { length: 5 },
  (_, number) => `{"datetime":"2024-01-01T00:00:0${number}Z","message":"event ${number}"}\n`,
).join('')

async function importLines(
  system: System,
  name = 'evidence',
): Promise<{ sketchId: number; importId: string }> {
  const { auth, imports, sketches } = system.services
  const admin = await auth.localPrincipal('admin')
  const sketch = await sketches.create(admin, { name: 'case' })
  const started = await imports.start(admin, {
    sketchId: sketch.id,
    timeline: { name },
    inputs: [{ stream: toStream(LINES), name: '-' }],
  })
  await started.ended
  return { sketchId: sketch.id, importId: started.job.id }
}

async function* toStream(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}

async function countEvents(system: System, sketchId: number): Promise<number> {
  const admin = await system.services.auth.localPrincipal('admin')
  return await system.services.explore.count(admin, { sketchId, query: { kind: 'all' } })
}

/** Takes the events of a timeline of a closed system away, as if they had never been committed. */
async function emptyTimeline({ id, searchIndex }: Timeline): Promise<void> {
  await using store = await openEmbeddedStore(join(directory, 'indexes'))
  await store.dropTimeline(searchIndex.indexName, id)
}

/** Changes the metadata of a closed system, to the state a crash at the wrong moment leaves. */
function editDatabase(sql: string): void {
  const database = new DatabaseSync(join(directory, 'metadata.sqlite'))
  database.exec(sql)
  database.close()
}

describe('opening a data directory', () => {
  it('makes an administrator on the first run only, and keeps everything', async () => {
    const first = await openSystem({ dataDirectory: directory })
    expect(first.firstAdmin?.username).toBe('admin')
    const { sketchId } = await importLines(first)
    await first.close()
    const second = await openSystem({ dataDirectory: directory })
    expect(second.firstAdmin).toBeUndefined()
    expect(second.recovery).toEqual([])
    expect(await countEvents(second, sketchId)).toBe(5)
    expect(second.checkDatabase()).toEqual([])
    await second.close()
  })

  it('keeps a second one out, and lets it in afterwards', async () => {
    const first = await openSystem({ dataDirectory: directory })
    await expect(openSystem({ dataDirectory: directory })).rejects.toMatchObject({
      code: 'data-directory-locked',
    })
    await first.close()
    await (await openSystem({ dataDirectory: directory })).close()
  })

  it('refuses what a newer program wrote, and leaves it as it is', async () => {
    await (await openSystem({ dataDirectory: directory })).close()
    editDatabase(`INSERT INTO schema_versions VALUES (999, 'later', 0)`)
    await expect(openSystem({ dataDirectory: directory })).rejects.toMatchObject({
      code: 'schema-too-new',
      details: { found: 999 },
    })
    await expect(readFile(join(directory, 'lock.json'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('recovery after a crash', () => {
  it('rolls back an import that was cut off, says so, and takes the lock over', async () => {
    const running = await openSystem({ dataDirectory: directory })
    const { sketchId } = await importLines(running)
    const admin = await running.services.auth.localPrincipal('admin')
    const { promise: isReading, resolve: onReading } = Promise.withResolvers<void>()
    const controller = new AbortController()
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(LINES.repeat(1000))
      onReading()
      await new Promise<void>((resolve) => controller.signal.addEventListener('abort', () => resolve()))
    }
    const started = await running.services.imports.start(admin, {
      sketchId,
      timeline: { name: 'cut' },
      inputs: [{ stream: endless(), name: '-' }],
      signal: controller.signal,
    })
    await isReading
    // What is on disk now is what a crash would leave.
    const image = await makeTemporaryDirectory()
    await copyRemains(directory, image)
    controller.abort()
    await started.ended
    await running.close()

    await writeFile(
      join(image, 'lock.json'),
      JSON.stringify({ pid: process.pid, host: hostname(), startedAt: 'before', processStart: 'another' }),
    )
    const recovered = await openSystem({ dataDirectory: image })
    expect(recovered.recovery.map((note) => note.code)).toEqual(['stale-lock', 'import-rolled-back'])
    const job = await recovered.services.imports.get(admin, started.job.id)
    expect(job).toMatchObject({ status: 'rolled-back', files: [] })
    expect(job.error).toBe(
      `The import of standard input (${started.job.id}) was cut off by the end of the process and was rolled back whole; import again.`,
    )
    // The sketch has other events: there is nothing to say of it.
    expect(recovered.recovery[1]?.message).toBe(job.error)
    expect(await countEvents(recovered, sketchId)).toBe(5)
    await recovered.close()
    await rm(image, { recursive: true })
  })

  it('tells of a sketch that is left without events, and nothing more of a file once it has been imported', async () => {
    const file = join(directory, 'events.jsonl')
    await writeFile(file, LINES)
    const before = await openSystem({ dataDirectory: directory })
    const admin = await before.services.auth.localPrincipal('admin')
    const { id: sketchId } = await before.services.sketches.create(admin, { name: 'half' })
    const request = { sketchId, timeline: { name: 'events' }, inputs: [{ path: file }] }
    const { ended, timeline } = await before.services.imports.start(admin, request)
    await ended
    await before.close()
    await emptyTimeline(timeline)
    editDatabase(`UPDATE imports SET status = 'running', ended_at_ms = NULL, is_final_commit = 0`)

    await using after = await openSystem({ dataDirectory: directory })
    const note = after.recovery.find(({ code }) => code === 'import-rolled-back') ?? expect.fail('no note')
    expect(note.message).toContain(
      `import again. The sketch half (${sketchId}) holds no events: delete it if`,
    )
    const findProblem = async (): Promise<string> => {
      const [found] = await after.services.timelines.list(admin, sketchId)
      return toApiTimeline(found ?? expect.fail('no timeline'), undefined).problem
    }
    expect(await findProblem()).toContain('was rolled back whole')
    const again = await after.services.imports.start(admin, { ...request, timeline: { id: timeline.id } })
    expect(await again.ended).toMatchObject({ status: 'done' })
    expect(await findProblem()).toBe('')
  })

  it('has nothing to say of the sketch of an import that somebody has deleted', async () => {
    const file = join(directory, 'events.jsonl')
    await writeFile(file, LINES)
    const before = await openSystem({ dataDirectory: directory })
    const admin = await before.services.auth.localPrincipal('admin')
    const { id: sketchId } = await before.services.sketches.create(admin, { name: 'half' })
    const request = { sketchId, timeline: { name: 'events' }, inputs: [{ path: file }] }
    const { ended, timeline } = await before.services.imports.start(admin, request)
    await ended
    await before.close()
    await emptyTimeline(timeline)
    editDatabase(
      `UPDATE imports SET status = 'running', ended_at_ms = NULL, is_final_commit = 0;
       UPDATE sketches SET status = 'deleted'`,
    )
    await using after = await openSystem({ dataDirectory: directory })
    const note = after.recovery.find(({ code }) => code === 'import-rolled-back') ?? expect.fail('no note')
    expect(note.message).toMatch(/import again\.$/)
  })

  it('recognises an import that was committed and not recorded', async () => {
    const before = await openSystem({ dataDirectory: directory })
    const { importId, sketchId } = await importLines(before)
    await before.close()
    editDatabase(
      `UPDATE imports SET status = 'running', ended_at_ms = NULL; UPDATE timelines SET status = 'processing'`,
    )
    const after = await openSystem({ dataDirectory: directory })
    expect(after.recovery.map((note) => note.code)).toEqual(['import-recognised'])
    const admin = await after.services.auth.localPrincipal('admin')
    const job = await after.services.imports.get(admin, importId)
    expect(job).toMatchObject({ status: 'done', error: undefined })
    expect(job.files[0]).toMatchObject({ read: 5, stored: 5 })
    expect((await after.services.timelines.list(admin, sketchId))[0]?.status).toBe('ready')
    expect(await countEvents(after, sketchId)).toBe(5)
    await after.close()
  })

  it('does not take a commit that was begun for one that was carried out', async () => {
    const before = await openSystem({ dataDirectory: directory })
    const { importId, sketchId } = await importLines(before)
    await before.close()
    editDatabase(`UPDATE imports SET status = 'running', ended_at_ms = NULL, is_final_commit = 1,
      files_json = json_insert(files_json,
        '$[#]', json(json_set(files_json -> 0, '$.path', 'second')),
        '$[#]', json(json_set(files_json -> 0, '$.path', 'known', '$.stored', 0, '$.duplicates', 5)),
        '$[#]', json(json_set(files_json -> 0, '$.path', 'third')))`)
    const after = await openSystem({ dataDirectory: directory })
    const admin = await after.services.auth.localPrincipal('admin')
    const job = await after.services.imports.get(admin, importId)
    expect(job).toMatchObject({ status: 'failed', files: [{ path: '-', stored: 5 }] })
    expect(job.files).toHaveLength(1)
    expect(job.error).toContain('cut off')
    expect(await countEvents(after, sketchId)).toBe(5)
    await after.close()
  })

  it('still knows which inputs could not be read', async () => {
    const before = await openSystem({ dataDirectory: directory })
    const admin = await before.services.auth.localPrincipal('admin')
    const sketch = await before.services.sketches.create(admin, { name: 'case' })
    const started = await before.services.imports.start(admin, {
      sketchId: sketch.id,
      timeline: { name: 'evidence' },
      inputs: [
        { stream: toStream('MZ\0\0\x03 no evidence'), name: 'b.exe' },
        { stream: toStream(LINES), name: '-' },
      ],
    })
    await started.ended
    await before.close()
    editDatabase(`UPDATE imports SET status = 'running', ended_at_ms = NULL`)
    const after = await openSystem({ dataDirectory: directory })
    const job = await after.services.imports.get(admin, started.job.id)
    expect(job).toMatchObject({ status: 'failed', files: [{ stored: 5 }] })
    expect(job.error).toContain('b.exe')
    await after.close()
  })

  it('looks at events that came before the last process ended, where it is told to stay', async () => {
    const first = await openSystem({ dataDirectory: directory, starterRules: false })
    const admin = await first.services.auth.localPrincipal('admin')
    await first.services.rules.create(
      admin,
      'title: Third\nlogsource: {product: any}\ndetection: {s: {message: event 3}, condition: s}\n',
    )
    const { id: sketchId } = await first.services.sketches.create(admin, { name: 'case' })
    await first.services.detections.setLive(admin, sketchId, false)
    const { ended } = await first.services.imports.start(admin, {
      sketchId,
      timeline: { name: 'evidence' },
      inputs: [{ stream: toStream(LINES), name: '-' }],
    })
    await ended
    await first.close()
    editDatabase('UPDATE sketch_detection SET is_live = 1')

    const open = async (looksAtUnseenEvents: boolean): Promise<number | undefined> => {
      await using system = await openSystem({
        dataDirectory: directory,
        starterRules: false,
        looksAtUnseenEvents,
      })
      return (await system.services.detections.waitForLive(admin, sketchId))?.hits
    }
    expect(await open(false)).toBeUndefined()
    expect(await open(true)).toBe(1)
    expect(await open(true)).toBeUndefined()
  })

  it('asks the store for unseen events only where the last process did not end well', async () => {
    const asked: string[] = []
    const open = (looksAtUnseenEvents: boolean): Promise<System> =>
      openSystem({
        dataDirectory: directory,
        looksAtUnseenEvents,
        openStore: async (path) => {
          const store = await openEmbeddedStore(path)
          const { readValues } = store
          store.readValues = (...question) => {
            asked.push('values')
            return readValues.apply(store, question)
          }
          return store
        },
      })
    const first = await open(true)
    const { sketchId } = await importLines(first)
    const admin = await first.services.auth.localPrincipal('admin')
    await first.services.detections.waitForLive(admin, sketchId)
    await first.close()
    const openLater = async (): Promise<number> => {
      asked.length = 0
      await using system = await open(true)
      await system.services.detections.waitForLive(admin, sketchId)
      return asked.length
    }
    expect(await openLater()).toBe(0)
    const gone = { pid: 2 ** 22, host: hostname(), startedAt: new Date(0).toISOString() }
    await writeFile(join(directory, 'lock.json'), JSON.stringify(gone))
    expect(await openLater()).toBe(1)
    expect(await openLater()).toBe(0)
  })

  it('settles marks that were under way against what the store holds', async () => {
    const before = await openSystem({ dataDirectory: directory })
    const { sketchId } = await importLines(before)
    const admin = await before.services.auth.localPrincipal('admin')
    const target = { query: { kind: 'all' } as const, queryText: '*' }
    const done = await before.services.marks.addTags(admin, sketchId, ['seen'], target)
    await before.close()
    editDatabase(`UPDATE mark_operations SET state = 'pending';
      INSERT INTO mark_operations (id, sketch_id, user_id, kind, value, indexes_json, matched, changed, state, at_ms)
      SELECT 'lost', sketch_id, user_id, kind, 'lost', indexes_json, 0, 0, 'pending', at_ms FROM mark_operations`)
    const after = await openSystem({ dataDirectory: directory })
    const history = await after.services.marks.history(admin, sketchId)
    expect(history.map((record) => [record.id, record.state])).toEqual([
      ['lost', 'failed'],
      [done.operationId, 'done'],
    ])
    await after.close()
  })

  it('knows a mark as whole though it has no event in some timeline', async () => {
    const before = await openSystem({ dataDirectory: directory })
    const { sketchId } = await importLines(before)
    const admin = await before.services.auth.localPrincipal('admin')
    const started = await before.services.imports.start(admin, {
      sketchId,
      timeline: { name: 'elsewhere', dataLabel: 'other' },
      inputs: [{ stream: toStream('{"datetime":"2024-01-02T00:00:00Z","message":"apart"}\n'), name: '-' }],
    })
    await started.ended
    expect(await before.services.store.listIndexes()).toHaveLength(2)
    const target = { query: { kind: 'term', field: 'message', value: 'apart' } as const, queryText: 'apart' }
    await before.services.marks.addTags(admin, sketchId, ['seen'], target)
    await before.close()
    editDatabase(`UPDATE mark_operations SET state = 'pending'`)
    const after = await openSystem({ dataDirectory: directory })
    expect((await after.services.marks.history(admin, sketchId)).map((record) => record.state)).toEqual([
      'done',
    ])
    await after.close()
  })

  it('completes removals that were noted', async () => {
    const before = await openSystem({ dataDirectory: directory })
    const { sketchId } = await importLines(before)
    const admin = await before.services.auth.localPrincipal('admin')
    const [timeline] = await before.services.timelines.list(admin, sketchId)
    await before.close()
    editDatabase(`UPDATE timelines SET sketch_id = NULL, status = 'archived';
      UPDATE search_indexes SET status = 'archived';
      INSERT INTO store_cleanups (index_name, timeline_id, created_at_ms)
      VALUES ('${timeline!.searchIndex.indexName}', NULL, 0), ('${'0'.repeat(32)}', 7, 0)`)
    const after = await openSystem({ dataDirectory: directory })
    expect(after.recovery).toMatchObject([{ code: 'cleaned-up' }])
    expect(await after.services.store.listIndexes()).toEqual([])
    expect(await after.services.imports.list(admin, sketchId)).toEqual([])
    await after.close()
  })
})

describe('a store that cannot be closed', () => {
  const openStubborn = async (path: string): Promise<EventStore> => {
    const store = await openEmbeddedStore(path)
    const dispose = store[Symbol.asyncDispose].bind(store)
    store[Symbol.asyncDispose] = async () => {
      await dispose()
      throw new Error('the store does not close')
    }
    return store
  }

  it('leaves neither the database open nor the directory locked', async () => {
    const system = await openSystem({ dataDirectory: directory, openStore: openStubborn })
    await expect(system.close()).rejects.toThrow('the store does not close')
    await expect(system.checkHealth()).rejects.toThrow()
    await (await openSystem({ dataDirectory: directory })).close()
  })

  it('does not hide why a directory could not be opened', async () => {
    const openBroken = async (path: string): Promise<EventStore> => {
      const store = await openStubborn(path)
      store.listIndexes = () => Promise.reject(new Error('the store cannot be read'))
      return store
    }
    const first = await openSystem({ dataDirectory: directory })
    await importLines(first)
    await first.close()
    editDatabase(
      "INSERT INTO mark_operations (id, sketch_id, user_id, kind, value, indexes_json, matched, changed, state, at_ms) VALUES ('x', 1, 1, 'tag', 'a', '[]', 0, 0, 'pending', 1)",
    )
    await expect(openSystem({ dataDirectory: directory, openStore: openBroken })).rejects.toThrow(
      'the store cannot be read',
    )
    await (await openSystem({ dataDirectory: directory })).close()
  })
})

it('says in its log what the disk said where the metadata database could not be put on it', async () => {
  const lines: string[] = []
  const logger = createLogger({ destination: { write: (line) => void lines.push(line) } })
  await using system = await openSystem({ dataDirectory: directory, starterRules: false, logger })
  const { auth, sketches } = system.services
  const admin = await auth.localPrincipal('admin')
  const handle = await open(join(directory, 'file'), 'w')
  using disk = vi.spyOn(Object.getPrototypeOf(handle) as FileHandle, 'datasync')
  await handle.close()
  disk.mockRejectedValueOnce(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }))
  await expect(sketches.create(admin, { name: 'case' })).rejects.toMatchObject({ code: 'not-durable' })
  expect(lines.filter((line) => line.includes('EIO: i/o error'))).toHaveLength(1)
})
