import { request } from 'node:http'
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
