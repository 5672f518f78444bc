import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { DialectDeps } from './http/app-types.ts'
import { createApp } from './http/create-app.ts'
import { answerProblem } from './http/problem.ts'
import { type Listening, listen } from './listen.ts'
import { openTemporarySystem, type TemporarySystem } from './testing/temporary-system.ts'

let temporary: TemporarySystem
let listening: Listening
let events: { aborted: Promise<void>; entered: Promise<void>; release: () => void }

beforeEach(async () => {
  temporary = await openTemporarySystem()
  const aborted = Promise.withResolvers<void>()
  const entered = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  events = { aborted: aborted.promise, entered: entered.promise, release: () => released.resolve() }
  const mount = (_app: unknown, deps: DialectDeps): void => {
    const router = deps.defineDialect({ name: 'sample', onError: answerProblem })
    router.public('POST', '/echo', async (c) => c.text(String((await c.req.arrayBuffer()).byteLength)), {
      csrf: false,
      maxBodyBytes: 1000,
    })
    router.public('GET', '/wait', async (c, call) => {
      call.signal.addEventListener('abort', () => aborted.resolve(), { once: true })
      entered.resolve()
      await Promise.race([released.promise, aborted.promise])
      return c.text('done')
    })
  }
  listening = await listen(createApp(temporary.system, { dialects: [mount] }), temporary.system, { port: 0 })
})
afterEach(async () => {
  await listening.stop(0)
  await temporary[Symbol.asyncDispose]()
})

it('answers on a port of this machine', async () => {
  expect(listening.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  const response = await fetch(`${listening.url}/healthz`)
  expect(response.status).toBe(200)
})

it('refuses a port that no browser asks', async () => {
  const app = createApp(temporary.system, { dialects: [] })
  await expect(listen(app, temporary.system, { port: 6000 })).rejects.toMatchObject({ code: 'blocked-port' })
})

it('holds bodies of undeclared length to their limit', async () => {
  const send = async (bytes: number): Promise<Response> => {
    const body = new Blob([new Uint8Array(bytes)]).stream()
    return await fetch(`${listening.url}/echo`, { method: 'POST', body, duplex: 'half' })
  }
  expect(await (await send(900)).text()).toBe('900')
  expect((await send(5000)).status).toBe(413)
})

/** A connection on which lines were sent, with the first of the answer. Its own side stays open. */
async function send(lines: readonly string[]): Promise<{ readonly socket: Socket; readonly answer: string }> {
  const { hostname, port } = new URL(listening.url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  socket.once('data', (bytes) => resolve(bytes.toString('latin1').split('\r\n')[0]!))
  socket.once('error', reject)
  return { socket, answer: await promise }
}

it('says what is wrong with requests that are too large to be read, or are none', async () => {
  const response = await fetch(`${listening.url}/healthz`, { headers: { 'x-long': 'x'.repeat(20_000) } })
  expect([response.status, response.headers.get('content-type'), await response.json()]).toMatchObject([
    431,
    'application/problem+json',
    { status: 431, code: 'headers-too-large', detail: expect.stringMatching(/at most 16384 bytes/) },
  ])
  const { answer, socket } = await send(['nonsense'])
  expect(answer).toBe('HTTP/1.1 400 Bad Request')
  socket.destroy()
})

it('passes over an offer to speak another protocol', async () => {
  const offer = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABk' }
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
  const asked = request(`${listening.url}/echo`, { method: 'POST', headers: offer })
  asked.on('response', (response) => resolve(response.resume().statusCode))
  asked.on('error', reject)
  asked.end('a body')
  expect(await promise).toBe(200)
})

it.each([
  ['/nothing', 'x', '404'],
  ['/nothing', '[::1', '400'],
  ['//', 'x', '400'],
])('refuses a socket at %s of the host %s, and stops though the client stays', async (path, host, status) => {
  const lines = [`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: Upgrade', 'Upgrade: websocket']
  const { socket, answer } = await send(lines)
  expect(answer).toContain(`HTTP/1.1 ${status} `)
  await listening.stop(50)
  socket.destroy()
})

it('tells a handler when its client has gone', async () => {
  const call = request(`${listening.url}/wait`)
  call.on('error', () => {})
  call.end()
  await events.entered
  call.destroy()
  await events.aborted
})

it('lets requests finish when it is stopped, and takes no more', async () => {
  const answer = fetch(`${listening.url}/wait`)
  await events.entered
  const stopped = listening.stop(30_000)
  await expect(fetch(`${listening.url}/healthz`)).rejects.toThrow()
  events.release()
  expect(await (await answer).text()).toBe('done')
  await stopped
})

it('refuses a port that is taken', async () => {
  const port = Number(new URL(listening.url).port)
  await expect(listen(createApp(temporary.system), temporary.system, { port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
})
