import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unverifiedFetch } from './unverified-fetch.ts'

let url: string
let close: () => void
beforeEach(async () => {
  const server = createServer(async (request, response) => {
    const parts = await Array.fromAsync(request)
    response.writeHead(request.url === '/moved' ? 302 : 201, {
      location: '/elsewhere',
      'set-cookie': ['a=1', 'b=2'],
    })
    const { method, headers } = request
    response.end(
      JSON.stringify({ method, type: headers['content-type'], body: Buffer.concat(parts).toString() }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  close = () => server.close()
})
afterEach(() => close())

test('requests and answers are those of fetch', async () => {
  const form = new FormData()
  form.set('name', 'välue')
  const response = await unverifiedFetch(`${url}/x`, { method: 'POST', body: form })
  expect(response.status).toBe(201)
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  const seen = (await response.json()) as { type: string; body: string }
  expect(seen.type).toMatch(/^multipart\/form-data; boundary=/)
  expect(seen.body).toContain('välue')
})

test('redirects are left to the session', async () => {
  const response = await unverifiedFetch(`${url}/moved`)
  expect([response.status, response.headers.get('location')]).toEqual([302, '/elsewhere'])
})

test('it can be aborted', async () => {
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(unverifiedFetch(url, { signal })).rejects.toThrow()
})
