import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { AppEnv } from '../app-types.ts'
import { acceptSocket, acceptUpgrade } from './accept-upgrade.ts'
import type { TextSocket } from './text-socket.ts'

let server: Server
let url: string
const opened: TextSocket[] = []

beforeAll(async () => {
  const app = new Hono<AppEnv>()
  app.get('/echo', (c) => {
    const isOpen = acceptSocket(c, (socket) => socket.onText((text) => socket.send(`heard ${text}`)))
    return isOpen ? c.body(null, 204) : c.text('a socket was expected', 426)
  })
  app.get('/closed', (c) => c.text('not for you', 403))
  server = createServer()
  server.on('upgrade', async (incoming, stream, head) => {
    const fetch = (asked: Request, env: unknown) => app.fetch(asked, env as AppEnv['Variables'])
    const socket = await acceptUpgrade({ fetch, listRoutes: async () => [] }, incoming, stream, head)
    if (socket) opened.push(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

/** What a client is told, to the end of its connection. */
async function converse(
  path: string,
  texts: readonly string[],
  origin?: string,
): Promise<{ heard: string[]; code: number }> {
  const heard: string[] = []
  const socket = new WebSocket(`ws://${url}${path}`, origin === undefined ? {} : { origin })
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  socket.on('open', () => {
    for (const text of texts) socket.send(text)
  })
  socket.on('message', (data) => {
    heard.push(String(data))
    if (heard.length === texts.length) socket.close(1000)
  })
  socket.on('close', resolve)
  socket.on('error', reject)
  return { code: await promise, heard }
}

test('texts go both ways, and the end is told', async () => {
  expect(await converse('/echo', ['one', 'zwei ✓'])).toEqual({
    heard: ['heard one', 'heard zwei ✓'],
    code: 1000,
  })
  expect(opened.at(-1)?.signal.aborted).toBe(true)
})

test('a route that opens none answers as to any request', async () => {
  await expect(converse('/closed', ['one'])).rejects.toThrow('Unexpected server response: 403')
})

test('a page of another site opens none, one of the same site does', async () => {
  for (const origin of ['http://other.test', 'null', `http://${url}0`, 'http://'])
    await expect(converse('/echo', ['one'], origin)).rejects.toThrow('Unexpected server response: 403')
  for (const origin of [`http://${url}`, `https://${url}`])
    expect(await converse('/echo', ['one'], origin)).toEqual({ heard: ['heard one'], code: 1000 })
})

test('a message that is too long ends the connection', async () => {
  expect(await converse('/echo', ['x'.repeat(1_048_577)])).toEqual({ heard: [], code: 1009 })
})

test('a handshake that is none gets the answer of the route', async () => {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
  const asked = request(`http://${url}/echo`, { headers: { connection: 'upgrade', upgrade: 'websocket' } })
  asked.on('response', (answer) => resolve(answer.resume().statusCode))
  asked.on('error', reject)
  asked.end()
  expect(await promise).toBe(426)
})
