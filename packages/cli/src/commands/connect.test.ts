import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ALL_DIALECTS, createApp, type Listening, listen, openSystem } from '@timeskein/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXIT } from '../exit-codes.ts'
import { openPlace, type TestPlace } from '../testing/open-place.ts'
import { runSkein, type SkeinRun } from '../testing/run-skein.ts'

const ITEMS = [1, 2, 3].map((number) => ({
  id: `event-${number}`,
  severity: 'warning',
  engine: 'deepGuard',
  action: 'blocked',
  acknowledged: false,
  clientTimestamp: `2026-03-0${number}T10:00:00Z`,
  serverTimestamp: `2026-03-0${number}T10:00:00.000Z`,
  persistenceTimestamp: `2026-03-0${number}T10:00:00.000Z`,
  device: { id: 'd1', name: 'WS-1' },
  details: { alertType: 'x', filePath: 'C:\\x.exe' },
}))

let folder: string
let platform: Listening
let credentials: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-connect-'))
  const data = ['--data', join(folder, 'platform'), '--quiet']
  await writeFile(join(folder, 'items.json'), JSON.stringify({ items: ITEMS }))
  await runSkein(['import', join(folder, 'items.json'), '--sketch', 'seed', ...data])
  credentials = (await runSkein(['key', 'create', '--for', 'elements', '--json', ...data])).out
  const system = await openSystem({ dataDirectory: join(folder, 'platform') })
  platform = await listen(createApp(system, { dialects: ALL_DIALECTS }), system, { port: 0 })
}, 60_000)
afterAll(async () => {
  await platform.stop(0)
  await rm(folder, { recursive: true, force: true })
})

describe.each(['data directory', 'server'] as const)('with a %s', (kind) => {
  let place: TestPlace
  const run = (args: readonly string[], stdin = ''): Promise<SkeinRun> =>
    runSkein([...args, ...place.where], { stdin })
  beforeAll(async () => {
    place = await openPlace(kind, join(folder, kind))
  }, 60_000)
  afterAll(async () => {
    await place[Symbol.asyncDispose]()
  })

  test('a platform is connected to, pulled, told of and forgotten', { timeout: 60_000 }, async () => {
    const add = ['connect', 'add', 'elements', '--name', 'edr', '--sketch', 'case', '--secret-stdin']
    const url = ['--url', `${platform.url}/elements`]
    const wrong = await run([...add, ...url, '--client-id', 'fusion_0'], 'nonsense')
    expect(wrong).toMatchObject({ exitCode: EXIT.badInput, err: expect.stringMatching(/credentials/) })
    expect(JSON.parse((await run(['sketch', 'list', '--json'])).out)).toEqual([])
    expect(await run([...add, ...url], credentials)).toMatchObject({
      exitCode: EXIT.ok,
      out: expect.stringMatching(/^WithSecure Elements knows client/),
    })
    const first = JSON.parse((await run(['pull', '--since', '2026-02-01', '--json', '--quiet'])).out)
    expect(first).toMatchObject({ edr: { read: 4, new: 4, updated: 0, unchanged: 0, rejected: 0 } })
    expect((await run(['pull', 'edr', '--quiet'])).out).toMatch(/^edr: \d+ read, 0 new, 0 updated/)
    expect(JSON.parse((await run(['count', '*', '--sketch', 'case', '--json'])).out)).toEqual({ count: 4 })
    const [told] = JSON.parse((await run(['connect', 'list', '--json'])).out)
    expect(told).toMatchObject({ name: 'edr', platform: 'elements', state: 'ok', counts: { new: 4 } })
    expect(JSON.stringify(told)).not.toContain(JSON.parse(credentials).client_secret)
    expect((await run(['connect', 'test', 'edr'])).out).toMatch(/^WithSecure Elements knows client/)
    const change = ['connect', 'set-secret', 'edr', '--secret-stdin']
    expect((await run(change, 'nonsense')).err).toMatch(/refuses the credentials/)
    expect((await run(change, credentials)).out).toMatch(/^WithSecure Elements knows client/)
    expect(JSON.parse((await run(['connect', 'rejects', 'edr', '--json'])).out)).toEqual({
      total: 0,
      rejects: [],
    })
    await run(['connect', 'remove', 'edr'])
    expect((await run(['pull', 'edr'])).exitCode).toBe(EXIT.notFound)
  })

  test('what is asked for wrongly is told', { timeout: 60_000 }, async () => {
    const add = ['connect', 'add', 'elements', '--name', 'x', '--sketch', 's', '--secret-stdin']
    for (const [words, stdin, message] of [
      [['connect', 'add', 'splunk'], '', /elements, threatstack, sekoia is expected/],
      [['connect', 'add', 'elements', '--name', 'x', '--sketch', 's'], '', /--secret-stdin/],
      [add, '', /expects the secret on standard input/],
      [add, 'secret', /client id/],
      [add, '{"a":1}', /client_secret or a key/],
      [[...add, '--client-id', 'c', '--url', 'http://169.254.169.254/'], 'secret', /private network/],
      [[...add, '--client-id', 'c', '--url', 'gopher://x'], 'secret', /address of a platform/],
      [
        ['connect', 'add', 'sekoia', '--name', 'x', '--sketch', 's', '--client-id', 'c', '--secret-stdin'],
        'secret',
        /by the API key alone/,
      ],
      [['pull', 'nobody'], '', /There is no connector/],
      [['pull', '--since', 'now+1d'], '', /--since expects a date .* not in the future; found "now\+1d"/],
      [['pull', '--since', 'bananas'], '', /--since expects a date .* found "bananas"/],
      [['connect', 'test'], '', /needs the name/],
      [['connect', 'set-secret', 'x'], '', /--secret-stdin/],
      [['connect', 'rejects', 'nobody'], '', /There is no connector/],
    ] as const) {
      const outcome = await run(words, stdin)
      expect([outcome.exitCode === EXIT.ok, outcome.err]).toEqual([false, expect.stringMatching(message)])
    }
  })
})
