import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp, type Listening, listen, mountSkein, openSystem } from '@timeskein/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
    const sketches = await runSkein(['sketch', 'list', '--json', ...where])
    expect(JSON.parse(sketches.out)).toEqual([])
  })
})

/** A pipe that is held open: once the text is read and more is asked for, `onSilence` is called and nothing comes. */
async function* fallSilent(text: string, onSilence: () => void): AsyncGenerator<Uint8Array> {
  if (text !== '') yield Buffer.from(text)
  onSilence()
  await new Promise(() => {})
}
