import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { StoredEvent } from '@timeskein/model'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeTemporaryDirectory, openTemporarySystem } from '../../testing/temporary-system.ts'
import type { ServiceContext } from '../service-context.ts'
import { createJobExportService } from './export-service.ts'
import type { SearchJobService } from './search-job-service.ts'

const DAY_MS = 86_400_000

let directory: string
beforeEach(async () => {
  directory = await makeTemporaryDirectory()
})
afterEach(async () => {
  await rm(directory, { recursive: true })
})

/** A job that said it found three events, of which two are left. */
function makeJobs(): SearchJobService {
  const event = (number: number): StoredEvent => ({
    index: 'i',
    id: `${number}`,
    seq: number,
    timelineId: 1,
    timeUs: 0n,
    nanos: 0,
    source: `{"number":${number}}`,
    profile: { aliases: {}, constants: {} },
    marks: { tags: [], removedTags: [], labels: [], attributes: {} },
  })
  return {
    readEvents: async () => ({ events: [], total: 3 }),
    async *scanEvents() {
      yield [event(1)]
      yield [event(2)]
    },
  } as unknown as SearchJobService
}

test('an export tells as many events as its file has, and is gone with its file after a day', async () => {
  await using place = await openTemporarySystem()
  let nowMs = 0
  // Of the context this service has no more.
  const context = {
    audit: place.system.services.audit,
    log: place.system.log,
    now: () => nowMs,
  } as ServiceContext
  const files = join(directory, 'exports')
  const exports = createJobExportService(context, makeJobs(), files)
  const { admin } = place
  const { uid, secret, total } = await exports.start(admin, 'j', ['number'])
  expect(total).toBe(3)
  await expect.poll(() => exports.get(admin, uid).status).toBe('done')
  expect(exports.get(admin, uid)).toMatchObject({ total: 2, done: 2, expiresAtMs: DAY_MS })
  const bytes = Buffer.from(await new Response(exports.open(secret).stream).arrayBuffer())
  expect(gunzipSync(bytes).toString()).toBe('{"number":1}\n{"number":2}\n')
  nowMs = DAY_MS
  const isGone = { code: 'export-not-found' }
  expect(() => exports.get(admin, uid)).toThrow(expect.objectContaining(isGone) as Error)
  expect(() => exports.latest(admin, 'j')).toThrow(expect.objectContaining(isGone) as Error)
  expect(() => exports.open(secret)).toThrow(expect.objectContaining(isGone) as Error)
})

test('files are removed when their time is over, though nobody asks', async () => {
  await using place = await openTemporarySystem()
  vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] })
  try {
    const context = {
      audit: place.system.services.audit,
      log: place.system.log,
      now: Date.now,
    } as ServiceContext
    const exports = createJobExportService(context, makeJobs(), directory)
    const { uid } = await exports.start(place.admin, 'j', undefined)
    while (exports.get(place.admin, uid).status === 'running') await new Promise(setImmediate)
    const [name] = await readdir(directory)
    expect(name).toMatch(/\.json\.gz$/)
    await vi.advanceTimersByTimeAsync(DAY_MS + 1000)
    while (existsSync(join(directory, name!))) await new Promise(setImmediate)
  } finally {
    vi.useRealTimers()
  }
})
