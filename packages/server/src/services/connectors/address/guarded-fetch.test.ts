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

test('a redirect is not followed, wherever it leads', async () => {
  const asked: string[] = []
  const server = http.createServer((request, response) => {
    asked.push(request.url ?? '')
    const { port } = server.address() as AddressInfo
    response.writeHead(302, { location: `http://127.0.0.1:${port}/inner` }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    using guarded = makeGuardedFetch({ isPrivateAllowed: false, isLoopbackAllowed: true })
    const { port } = server.address() as AddressInfo
    const answer = await guarded.fetch(`http://127.0.0.1:${port}/outer`)
    expect(answer.status).toBe(302)
    expect(asked).toEqual(['/outer'])
  } finally {
    server.close()
  }
})

test('a name that leads to this machine is not called, unless its address was written out', async () => {
  using guarded = makeGuardedFetch({ isPrivateAllowed: false, isLoopbackAllowed: false })
  for (const host of ['localhost', '127.1', '0x7f000001', '2130706433', '[::1]', '[::ffff:7f00:1]'])
    await expect(guarded.fetch(`http://${host}:1/`)).rejects.toMatchObject({ code: 'private-address' })
})
