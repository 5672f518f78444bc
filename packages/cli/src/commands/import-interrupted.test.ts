import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp, type Listening, listen, mountSkein, openSystem } from '@timeskein/server'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { EXIT } from '../exit-codes.ts'
import { runSkein } from '../testing/run-skein.ts'

describe.each(['data directory', 'server'] as const)('with a %s', (kind) => {
  let folder: string
  let where: string[]
  let server: Listening | undefined

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skein-interrupted-'))
    const data = join(folder, 'data')
    if (kind === 'data directory') where = ['--data', data]
    else {
      const system = await openSystem({ dataDirectory: data })
      const admin = await system.services.auth.localPrincipal('admin')
      const { key } = await system.services.auth.createApiKey(admin, { name: 'test', scopes: ['admin'] })
      server = await listen(createApp(system, { dialects: [mountSkein] }), system, { port: 0 })
      where = ['--server', server.url, '--api-key', key]
    }
  })
  afterAll(async () => {
    await server?.stop(0)
    await rm(folder, { recursive: true, force: true })
  })

  test.each([
    ['nothing', ''],
    ['a line', 'datetime,message\n2026-03-01T10:00:00Z,in\n'],
  ])('Ctrl-C ends an import that waits for its input after %s, and leaves nothing', async (_what, text) => {
    const interruption = new AbortController()
    const run = await runSkein(['import', '-', '-s', 'half', ...where], {
      stdin: fallSilent(text, () => interruption.abort()),
      signal: interruption.signal,
    })
    expect(run.exitCode, run.err).toBe(EXIT.interrupted)
    await expectNothing()
  })

  test('Ctrl-C ends an import that waits for the writer of a named pipe', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const interruption = new AbortController()
    const run = runSkein(['import', pipe, '-s', 'half', ...where], { signal: interruption.signal })
    // That the pipe can be opened for writing without waiting says that somebody reads it.
    const writer = await vi.waitUntil(() => openForWriting(pipe), { timeout: 20_000 })
    interruption.abort()
    expect((await run).exitCode).toBe(EXIT.interrupted)
    closeSync(writer)
    await expectNothing()
  })

  test('what a named pipe gives is imported, and a message says where that is no evidence', async () => {
    const pipe = join(folder, 'full')
    execFileSync('mkfifo', [pipe])
    const run = runSkein(['import', pipe, '-s', 'piped', '--json', ...where])
    await writeFile(pipe, 'datetime,message\n2026-03-01T10:00:00Z,in\n')
    expect(JSON.parse((await run).out).files).toMatchObject([{ path: pipe, stored: 1 }])
    const other = runSkein(['import', pipe, '-s', 'piped', ...where])
    await writeFile(pipe, 'no evidence')
    expect((await other).exitCode).toBe(EXIT.badInput)
    await runSkein(['sketch', 'delete', 'piped', '--yes', ...where])
  })

  async function expectNothing(): Promise<void> {
    const sketches = await runSkein(['sketch', 'list', '--json', ...where])
    expect(JSON.parse(sketches.out)).toEqual([])
  }
})

/** Opens a pipe that somebody reads; undefined while nobody does. */
function openForWriting(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch {
    // ENXIO: nobody has it open for reading.
    return undefined
  }
}

/** A pipe that is held open: once the text is read and more is asked for, `onSilence` is called and nothing comes. */
async function* fallSilent(text: string, onSilence: () => void): AsyncGenerator<Uint8Array> {
  if (text !== '') yield Buffer.from(text)
  onSilence()
  await new Promise(() => {})
}
