import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import type { UpgradeBindings } from '../../../http/web-socket/accept-upgrade.ts'
import { TextSocket } from '../../../http/web-socket/text-socket.ts'
import { openSekoia, type SekoiaPlace } from '../testing/open-sekoia.ts'
import { LOOK_MS } from './open-socket.ts'
import { MAX_SOCKETS } from './socket-limits.ts'

/** The other end of a socket. */
class Client extends EventEmitter {
  readonly bufferedAmount = 0
  readonly heard: Record<string, unknown>[] = []
  readonly closed = Promise.withResolvers<number>()
  #waiting: (() => void)[] = []

  send(text: string): void {
    this.heard.push(JSON.parse(text) as Record<string, unknown>)
    for (const tell of this.#waiting.splice(0)) tell()
  }
  close(code: number): void {
    this.closed.resolve(code)
  }
  ping(): void {}
  terminate(): void {}

  ask(question: unknown): void {
    this.emit('message', Buffer.from(JSON.stringify(question)))
  }
  /** Until so many texts came. */
  async hear(count: number): Promise<Record<string, unknown>[]> {
    while (this.heard.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    return this.heard
  }
}

const QUESTION = { aggregation: 'count', range: ['2026-01-01', '2026-01-02'], minutes_per_bucket: 60 }
const LIVE = '/live'
const STATISTICS = '/v1/events/stats'

let at: SekoiaPlace
let key: string
let keyId: number

beforeEach(async () => {
  at = await openSekoia()
  const { platformKeys } = at.place.system.services
  const made = await platformKeys.create(at.place.admin, { kind: 'sekoia', name: 'sockets' })
  key = 'key' in made.credentials ? made.credentials.key : ''
  keyId = made.id
})
afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  await at[Symbol.asyncDispose]()
})

async function open(path: string): Promise<{ readonly status: number; readonly client: Client }> {
  const client = new Client()
  let isOpen = false
  const bindings: Pick<UpgradeBindings, 'acceptSocket'> = {
    acceptSocket(serve) {
      isOpen = true
      serve(new TextSocket(client as unknown as WebSocket))
    },
  }
  const headers = {
    cookie: `other=1; access_token_cookie=${key}`,
    'sec-websocket-version': '13',
    'sec-websocket-key': 'x',
  }
  const { status } = await at.app.fetch(new Request(`http://skein.test/sekoia${path}`, { headers }), bindings)
  return { status: isOpen ? 101 : status, client }
}

test('the cookie lets in where a socket is asked for, and nowhere else', async () => {
  expect((await open(LIVE)).status).toBe(101)
  const headers = { cookie: `access_token_cookie=${key}` }
  for (const [method, path] of [
    ['GET', '/v1/sic/conf/intakes'],
    ['GET', LIVE],
    ['POST', '/v1/sic/conf/entities'],
  ] as const) {
    const answer = await at.ask(path, { method, headers, ...(method === 'POST' && { body: '{"name":"x"}' }) })
    expect([path, answer.status >= 400 && answer.status !== 426]).toEqual([path, true])
  }
  expect(await at.sekoia.entities.list().toArray()).toEqual([])
})

test('a socket tells of searches to keys that may search, and to no others', async () => {
  const { platformKeys, searchJobs } = at.place.system.services
  const watch = vi.spyOn(searchJobs, 'watch')
  for (const [scope, count] of [
    ['SIC_READ_ALERTS', 0],
    ['SIC_READ_INTAKES', 1],
  ] as const) {
    const made = await platformKeys.create(at.place.admin, { kind: 'sekoia', name: 's', scopes: [scope] })
    key = 'key' in made.credentials ? made.credentials.key : ''
    expect((await open(LIVE)).status).toBe(101)
    expect(watch).toHaveBeenCalledTimes(count)
  }
})

test.each([LIVE, STATISTICS])('the socket %s ends soon after its key was revoked', async (path) => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const { client } = await open(path)
  const { auth } = at.place.system.services
  const identify = vi.spyOn(at.place.system.services.platformKeys, 'principalOf')
  vi.advanceTimersByTime(LOOK_MS)
  await expect.poll(() => identify.mock.settledResults.length).toBe(1)
  await auth.revokeApiKey(at.place.admin, keyId)
  vi.advanceTimersByTime(2 * LOOK_MS)
  expect(await client.closed.promise).toBe(1008)
})

test('questions are answered one after the other, and the one under way is given up with the socket', async () => {
  const { searchJobs } = at.place.system.services
  let running = 0
  let most = 0
  const signals: (AbortSignal | undefined)[] = []
  const release: (() => void)[] = []
  vi.spyOn(searchJobs, 'countOverTime').mockImplementation(async (_principal, _request, signal) => {
    running += 1
    most = Math.max(most, running)
    signals.push(signal)
    await new Promise<void>((resolve) => release.push(resolve))
    running -= 1
    return []
  })
  const { client } = await open(STATISTICS)
  for (let count = 0; count < 3; count += 1) client.ask(QUESTION)
  for (const count of [1, 2]) {
    await expect.poll(() => release.length).toBe(count)
    release[count - 1]!()
    await client.hear(count)
  }
  await expect.poll(() => release.length).toBe(3)
  expect([most, signals.at(-1)?.aborted]).toEqual([1, false])
  client.emit('close')
  expect(signals.at(-1)?.aborted).toBe(true)
  release.at(-1)!()
})

test('a question of a range that ends before it begins is told why it has no answer', async () => {
  const { client } = await open(STATISTICS)
  client.ask({ ...QUESTION, range: QUESTION.range.toReversed() })
  expect(await client.hear(1)).toEqual([
    {
      code: 'bad-time-range',
      message: 'The range ends before it begins: range[0] "2026-01-02", range[1] "2026-01-01".',
    },
  ])
})

test('whoever asks much faster than is answered is cut off', async () => {
  const { client } = await open(STATISTICS)
  for (let count = 0; count < 10; count += 1) client.ask(QUESTION)
  expect(await client.closed.promise).toBe(1008)
})

test('questions over a socket count as requests', async () => {
  const { platformLimits } = at.place.system.services
  vi.spyOn(platformLimits, 'requestsPerMinute').mockResolvedValue(2)
  const { client } = await open(STATISTICS)
  for (let count = 1; count <= 3; count += 1) {
    client.ask(QUESTION)
    await client.hear(count)
  }
  expect(client.heard.map(({ code }) => code)).toEqual([undefined, undefined, 'rate-limited'])
})

test('a user has so many sockets and no more, until one of them ends', async () => {
  const opened = await Promise.all(Array.from({ length: MAX_SOCKETS }, () => open(LIVE)))
  expect(new Set(opened.map(({ status }) => status))).toEqual(new Set([101]))
  expect((await open(STATISTICS)).status).toBe(429)
  opened[0]!.client.emit('close')
  expect((await open(STATISTICS)).status).toBe(101)
})
