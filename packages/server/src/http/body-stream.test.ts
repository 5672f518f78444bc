import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AppEnv } from './app-types.ts'
import { limitBody } from './body-limit.ts'
import { openBody } from './body-stream.ts'

const BYTES = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251))
const LIMIT = 1_000_000

const app = new Hono<AppEnv>()
app.onError((_error, c) => c.json({ refused: true }, 413))
app.all('/', async (c) => {
  limitBody(c, LIMIT)
  const body = openBody(c)
  if (body === undefined) return c.json({ has: false })
  const isConnection = body === (c.env as { incoming?: unknown } | undefined)?.incoming
  const found = await buffer(body)
  return c.json({ isConnection, isWhole: found.equals(BYTES) })
})

describe('a body over a connection', () => {
  let server: Server
  let url = ''

  beforeAll(async () => {
    const { promise, resolve } = Promise.withResolvers<AddressInfo>()
    // Without TLS and HTTP/2 settings what `serve` makes is a plain HTTP server.
    server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, resolve) as Server
    url = `http://127.0.0.1:${(await promise).port}/`
  })
  afterAll(() => {
    server.close()
  })

  const send = async (body: Uint8Array<ArrayBuffer> | ReadableStream): Promise<unknown> => {
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', duplex: 'half', body }
    const response = await fetch(url, init)
    return await response.json()
  }

  it('is the connection itself when its length was told', async () => {
    expect(await send(BYTES)).toEqual({ isConnection: true, isWhole: true })
  })

  it('is counted when its length was not told', async () => {
    expect(await send(new Blob([BYTES]).stream())).toEqual({ isConnection: false, isWhole: true })
    const large = new Blob(Array.from({ length: 4 }, () => BYTES)).stream()
    expect(await send(large)).toEqual({ refused: true })
  })

  it('is refused by the length that was told', async () => {
    expect(await send(Buffer.alloc(LIMIT + 1))).toEqual({ refused: true })
  })
})

it('is whole without a connection, too', async () => {
  const answer = await app.request('/', { method: 'POST', body: BYTES })
  expect(await answer.json()).toEqual({ isConnection: false, isWhole: true })
  expect(await (await app.request('/')).json()).toEqual({ has: false })
})
