import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { makeGuardedFetch } from './guarded-fetch.ts'

test('connections are kept for the next call, and closed with it', async () => {
  const closed = Promise.withResolvers<void>()
  let connections = 0
  const server = http.createServer((_, response) => {
    response.end('hello')
  })
  server.keepAliveTimeout = 600_000
  server.on('connection', (socket) => {
    connections += 1
    socket.on('close', () => closed.resolve())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  try {
    {
      using guarded = makeGuardedFetch({ isPrivateAllowed: false, isLoopbackAllowed: true })
      for (let call = 0; call < 3; call++) expect(await (await guarded.fetch(url)).text()).toBe('hello')
      expect(connections).toBe(1)
    }
    await closed.promise
  } finally {
    server.close()
  }
})
