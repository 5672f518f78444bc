import { expect, test } from 'vitest'
import { MAX_RETRY_AFTER_MS } from './retry.ts'
import { createTransport, type Transport } from './transport.ts'

/** A transport to a server that refuses at first, and how often it was asked. */
function makeTransport(retryAfter: string): { transport: Transport; count: () => number } {
  let count = 0
  const transport = createTransport({
    baseUrl: 'http://skein.test',
    fetch: async () => {
      count++
      if (count > 1) return Response.json({ ok: true })
      return new Response(JSON.stringify({ code: 'too-busy', detail: 'Later.' }), {
        status: 503,
        headers: { 'retry-after': retryAfter },
      })
    },
  })
  return { transport, count: () => count }
}

test('a refusal that asks for a short wait is followed by another try', async () => {
  const { transport, count } = makeTransport('0')
  expect((await transport.send({ method: 'GET', path: '/x' })).status).toBe(200)
  expect(count()).toBe(2)
})

test.each([String(MAX_RETRY_AFTER_MS / 1000 + 1), '99999999999'])(
  'a refusal that asks for a wait of %s s is thrown at once',
  async (retryAfter) => {
    const { transport, count } = makeTransport(retryAfter)
    await expect(transport.send({ method: 'GET', path: '/x' })).rejects.toMatchObject({
      status: 503,
      code: 'too-busy',
    })
    expect(count()).toBe(1)
  },
)

test('a body that was refused is not sent again', async () => {
  const { transport, count } = makeTransport('0')
  await expect(transport.send({ method: 'POST', path: '/x', json: {} })).rejects.toMatchObject({
    status: 503,
  })
  expect(count()).toBe(1)
})

test('an act that was turned away as one too many is sent again: nothing was done', async () => {
  const statuses = [429, 200]
  const transport = createTransport({
    baseUrl: 'http://skein.test',
    fetch: async () => new Response('{}', { status: statuses.shift()!, headers: { 'retry-after': '0' } }),
  })
  expect((await transport.send({ method: 'POST', path: '/x', json: {} })).status).toBe(200)
})

test('arrays repeat their name in queries and forms, and what is undefined is left out', async () => {
  const seen: Request[] = []
  const transport = createTransport({
    baseUrl: 'http://skein.test',
    fetch: async (url, init) => {
      seen.push(new Request(url, init))
      return new Response('{}')
    },
  })
  const values = { group: ['epp', 'edr'], limit: 2, none: undefined }
  await transport.send({ method: 'POST', path: '/x', query: values, form: values })
  expect(seen[0]?.url).toBe('http://skein.test/x?group=epp&group=edr&limit=2')
  expect(seen[0]?.headers.get('content-type')).toMatch(/^application\/x-www-form-urlencoded/)
  expect(await seen[0]?.text()).toBe('group=epp&group=edr&limit=2')
})
