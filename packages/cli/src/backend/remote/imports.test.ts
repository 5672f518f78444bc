import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { SkeinClient } from '@timeskein/sdk'
import { createApp, mountSkein, openSystem, type ServerApp, type System } from '@timeskein/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EXIT } from '../../exit-codes.ts'
import { exitCodeOfImport, toCliError } from '../../failures.ts'
import type { ImportFilesRequest } from '../backend.ts'
import { createImportCalls } from './imports.ts'

let folder: string
let system: System
let app: ServerApp
let apiKey: string
let request: ImportFilesRequest

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-remote-'))
  system = await openSystem({ dataDirectory: join(folder, 'data') })
  app = createApp(system, { dialects: [mountSkein] })
  const admin = await system.services.auth.localPrincipal('admin')
  apiKey = (await system.services.auth.createApiKey(admin, { name: 'test', scopes: ['write'] })).key
  const sketch = await system.services.sketches.create(admin, { name: 'case' })
  const names = ['a.csv', 'b.csv', 'c.csv']
  for (const name of names)
    await writeFile(join(folder, name), `datetime,message\n2026-03-01T10:00:00Z,${name}\n`)
  request = {
    sketchId: sketch.id,
    timeline: 'evidence',
    files: names.map((name) => ({ path: join(folder, name) })),
    reading: {},
    signal: new AbortController().signal,
    onProgress: () => {},
  }
})
afterAll(async () => {
  await system.close({ deadlineMs: 0 })
  await rm(folder, { recursive: true, force: true })
})

/** The calls of a client whose server is gone after so many files were sent. */
function callsUntil(files: number) {
  let made = 0
  const client = new SkeinClient({
    baseUrl: 'http://skein.test',
    apiKey,
    fetch: async (url, init) => {
      if (init?.method === 'POST') made += 1
      if (made > files) throw new TypeError('fetch failed')
      return await app.fetch(new Request(url, init))
    },
  })
  return createImportCalls({ client, options: { signal: request.signal } })
}

test('what is stored is told when the server goes away before a later file', async () => {
  const { report } = await callsUntil(1).importFiles(request)
  expect(report.files).toMatchObject([{ path: join(folder, 'a.csv'), read: 1, stored: 1 }])
  expect(report.problems).toEqual([
    `${join(folder, 'b.csv')} was not taken: no answer from http://skein.test: is the server running there? Not sent after it: ${join(folder, 'c.csv')}.`,
  ])
  expect(exitCodeOfImport(report.error_code)).toBe(EXIT.unavailable)
})

test('what was stored before Ctrl-C is told, and that it was pressed', async () => {
  const interruption = new AbortController()
  const client = new SkeinClient({
    baseUrl: 'http://skein.test',
    apiKey,
    fetch: async (url, init) => {
      if (interruption.signal.aborted) throw interruption.signal.reason
      const answer = await app.fetch(new Request(url, init))
      if (init?.method === 'POST') interruption.abort()
      return answer
    },
  })
  const { report } = await createImportCalls({ client, options: { signal: request.signal } }).importFiles({
    ...request,
    timeline: 'interrupted',
    signal: interruption.signal,
  })
  expect(report.files).toMatchObject([{ path: join(folder, 'a.csv'), stored: 1 }])
  expect(exitCodeOfImport(report.error_code)).toBe(EXIT.interrupted)
})

test('the rows that the server has stored are told before its answer comes', async () => {
  const { promise: watched, resolve: onWatch } = Promise.withResolvers<void>()
  const { promise: told, resolve: onRows } = Promise.withResolvers<void>()
  const client = new SkeinClient({
    baseUrl: 'http://skein.test',
    apiKey,
    fetch: async (url, init) => {
      const isWatch = init?.method !== 'POST'
      if (!isWatch) await watched
      const answer = await app.fetch(new Request(url, init))
      if (isWatch) onWatch()
      else await told
      return answer
    },
  })
  const rows = new Map<string, number>()
  await createImportCalls({ client, options: { signal: request.signal } }).importFiles({
    ...request,
    timeline: 'watched',
    files: request.files.slice(0, 1),
    onProgress: (progress) => {
      rows.set(progress.file, progress.rows)
      if (progress.rows > 0) onRows()
    },
  })
  expect([...rows]).toEqual([[join(folder, 'a.csv'), 1]])
})

test('what is told late of a file is not taken for the next one of the same name', async () => {
  const { promise: watched, resolve: onWatch } = Promise.withResolvers<void>()
  const { promise: secondSent, resolve: onSecond } = Promise.withResolvers<void>()
  const { promise: told, resolve: onRows } = Promise.withResolvers<void>()
  const holdBack = new TransformStream<Uint8Array, Uint8Array>({
    transform: async (part, output) => {
      await secondSent
      output.enqueue(part)
    },
  })
  let sent = 0
  const client = new SkeinClient({
    baseUrl: 'http://skein.test',
    apiKey,
    fetch: async (url, init) => {
      if (init?.method !== 'POST') {
        const answer = await app.fetch(new Request(url, init))
        onWatch()
        return new Response(answer.body!.pipeThrough(holdBack), answer)
      }
      await watched
      sent += 1
      if (sent === 2) onSecond()
      const answer = await app.fetch(new Request(url, init))
      if (sent === 2) await told
      return answer
    },
  })
  const rows = new Set<number>()
  await createImportCalls({ client, options: { signal: request.signal } }).importFiles({
    ...request,
    timeline: 'of one name',
    files: ['one', 'two\n2026-03-01T10:00:00Z,three\n2026-03-01T10:00:00Z,four'].map((messages) => ({
      stdin: Readable.from([Buffer.from(`datetime,message\n2026-03-01T10:00:00Z,${messages}\n`)]),
    })),
    onProgress: (progress) => {
      if (progress.rows === 0) return
      rows.add(progress.rows)
      onRows()
    },
  })
  expect([...rows]).toEqual([3])
})

test('nothing to tell is a failure with its own exit code', async () => {
  const error: unknown = await callsUntil(0)
    .importFiles(request)
    .catch((thrown: unknown) => thrown)
  expect(toCliError(error)?.exitCode).toBe(EXIT.unavailable)
})

test('nothing is sent when one of the files is not there', async () => {
  const files = [...request.files, { path: join(folder, 'gone.csv') }]
  const error: unknown = await callsUntil(0)
    .importFiles({ ...request, files })
    .catch((thrown: unknown) => thrown)
  expect(toCliError(error)).toMatchObject({
    exitCode: EXIT.notFound,
    message: expect.stringContaining('gone.csv') as string,
  })
})

test('what is sent is read no further once its call is over', async () => {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  const client = new SkeinClient({
    baseUrl: 'http://skein.test',
    apiKey,
    // As the platform's: it holds on to the body of a call that has failed.
    fetch: async (_url, init) => {
      if (init?.body instanceof ReadableStream) {
        reader = init.body.getReader()
        await reader.read()
      }
      throw new TypeError('fetch failed')
    },
  })
  const stdin = (async function* () {
    for (let part = 0; part < 1000; part++) yield Buffer.alloc(65_536)
  })()
  const calls = createImportCalls({ client, options: { signal: request.signal } })
  await expect(calls.importFiles({ ...request, files: [{ stdin }] })).rejects.toThrow('no answer')
  const readOn = async (): Promise<void> => {
    while (!(await reader?.read())?.done);
  }
  await expect(readOn()).rejects.toThrow()
})
