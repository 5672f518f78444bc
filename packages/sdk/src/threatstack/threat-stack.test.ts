import { hashHawkBody, printHawkHeader, readHawkHeader, signHawk, signHawkTime } from '@timeskein/model/hawk'
import { afterEach, expect, test, vi } from 'vitest'
import { ThreatStack } from './v1/threat-stack.ts'
import type { ThreatStackV2 } from './v2/threat-stack-v2.ts'

const KEY = 'kq3zWZ8mJtQe0nV4uYb1sD7xR2pL6hGf'

afterEach(() => {
  vi.useRealTimers()
})

/** A platform that answers by path, and what it was asked. */
function makeFetch(answer: (url: URL, request: Request) => Response | Promise<Response>): {
  readonly fetch: typeof globalThis.fetch
  readonly asked: { readonly url: URL; readonly request: Request }[]
} {
  const asked: { url: URL; request: Request }[] = []
  return {
    asked,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const one = { url: new URL(request.url), request }
      asked.push(one)
      return await answer(one.url, request.clone())
    },
  }
}

function makeV2(fetch: typeof globalThis.fetch): ThreatStackV2 {
  return ThreatStack.v2({ userId: 'u', organizationId: 'o', apiKey: KEY, fetch })
}

test('version 1: a walk asks page by page until an empty one, with the bare key and the organization', async () => {
  const { fetch, asked } = makeFetch((url) =>
    Response.json(url.searchParams.get('page') === '2' ? [] : [{ id: url.searchParams.get('page') }]),
  )
  const client = new ThreatStack({ apiKey: KEY, organizationId: 'o', fetch })
  const found = await client.agents
    .list({ start: '2017-05-01', end: '2017-05-31', fields: ['id', 'hostname'] })
    .toArray()
  expect(found).toEqual([{ id: '0' }, { id: '1' }])
  expect(asked.map(({ url }) => url.href)).toEqual(
    [0, 1, 2].map(
      (page) =>
        `https://app.threatstack.com/api/v1/agents?count=100&start=2017-05-01&end=2017-05-31&fields=id%2Chostname&page=${page}`,
    ),
  )
  expect(asked[0]!.request.headers.get('authorization')).toBe(KEY)
  expect(asked[0]!.request.headers.get('organization')).toBe('o')
})

test('version 1: a page that is named is asked for alone', async () => {
  const { fetch, asked } = makeFetch(() => Response.json([{ id: 'a' }]))
  await new ThreatStack({ apiKey: KEY, fetch }).agents.list({ page: 2, count: 10 }).toArray()
  expect(asked.map(({ url }) => url.search)).toEqual(['?count=10&page=2'])
})

test('version 1: what is not there is undefined, or an empty object for who asks for that', async () => {
  const { fetch } = makeFetch(() => Response.json({ status: 'error', message: 'none' }, { status: 404 }))
  const client = new ThreatStack({ apiKey: KEY, fetch })
  expect(await client.agents.get('x')).toBeUndefined()
  expect(await client.agents.get('x', { ifMissing: 'empty' })).toEqual({})
})

test('a refusal is told in the platform’s words and without the key', async () => {
  const { fetch } = makeFetch(() => Response.json({ status: 'error', message: 'bad start' }, { status: 400 }))
  const error = await new ThreatStack({ apiKey: KEY, fetch }).alerts
    .list()
    .toArray()
    .catch((thrown: Error) => thrown)
  expect(error).toMatchObject({ status: 400, code: 'bad-request', message: 'GET /alerts: 400: bad start' })
  expect(JSON.stringify(error) + String(error)).not.toContain(KEY)
})

test('version 2: requests are signed over path, query and body', async () => {
  const { fetch, asked } = makeFetch(() => Response.json({}))
  await makeV2(fetch).alerts.dismiss(['a'], { reason: 'MAINTENANCE' })
  const { url, request } = asked[0]!
  const { mac, hash, id, ext, ts, nonce } = readHawkHeader(request.headers.get('authorization')!)!
  expect([id, ext, url.href]).toEqual(['u', 'o', 'https://api.threatstack.com/v2/alerts/dismiss'])
  expect(hash).toBe(await hashHawkBody('{"ids":["a"],"dismissReason":"MAINTENANCE"}', 'application/json'))
  const artifacts = {
    ts: Number(ts),
    nonce: nonce!,
    method: 'POST',
    resource: url.pathname,
    host: url.hostname,
    port: 443,
  }
  expect(mac).toBe(await signHawk('header', KEY, { ...artifacts, hash, ext }))
})

test('version 2: lists follow tokens until null, and a nonce is never used twice', async () => {
  const { fetch, asked } = makeFetch((url) =>
    Response.json({
      agents: [{ id: url.searchParams.get('token') ?? 'first' }],
      token: url.searchParams.has('token') ? null : 'next',
    }),
  )
  expect(await makeV2(fetch).agents({ hostname: 'web' }).toArray()).toEqual([{ id: 'first' }, { id: 'next' }])
  expect(asked.map(({ url }) => url.search)).toEqual([
    '?status=online&hostname=web',
    '?status=online&hostname=web&token=next',
  ])
  const nonces = asked.map(({ request }) => readHawkHeader(request.headers.get('authorization')!)?.['nonce'])
  expect(new Set(nonces).size).toBe(2)
})

test('version 2: a poll asks for nothing behind its end, window by window', async () => {
  vi.useFakeTimers({ now: Date.UTC(2024, 4, 6) })
  const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString()
  const stored = Array.from({ length: 60 }, (_, ago) => ({ id: `a${ago}`, createdAt: day(ago) }))
  const { fetch, asked } = makeFetch((url) => {
    const [from = '', until = ''] = ['from', 'until'].map((name) => url.searchParams.get(name)!)
    return Response.json({
      alerts: stored.filter(({ createdAt }) => createdAt >= from && createdAt < until),
      token: null,
    })
  })
  const poll = makeV2(fetch).alerts.poll({ since: '40d', until: '30d', once: true })
  expect((await Array.fromAsync(poll)).map(({ id }) => id)).toEqual([
    ...['a34', 'a35', 'a36', 'a37', 'a38', 'a39', 'a40'],
    ...['a31', 'a32', 'a33'],
  ])
  expect(asked.map(({ url }) => [url.searchParams.get('from'), url.searchParams.get('until')])).toEqual([
    [day(40), day(33)],
    [day(33), day(30)],
  ])
  // What begins at its end has come there.
  expect(
    await Array.fromAsync(makeV2(fetch).alerts.poll({ since: '30d', until: '30d', once: true })),
  ).toEqual([])
  expect(asked).toHaveLength(2)
})

test('version 2: an answer that is signed is checked, one that was changed is refused', async () => {
  let body = '{"status":"ok"}'
  const { fetch } = makeFetch(async (url, request) => {
    const { ts, nonce } = readHawkHeader(request.headers.get('authorization')!)!
    const hash = await hashHawkBody('{"status":"ok"}', 'application/json')
    const artifacts = {
      ts: Number(ts),
      nonce: nonce!,
      method: 'GET',
      resource: url.pathname,
      host: url.hostname,
      port: 443,
    }
    const mac = await signHawk('response', KEY, { ...artifacts, hash })
    return new Response(body, {
      headers: { 'content-type': 'application/json', 'server-authorization': printHawkHeader({ mac, hash }) },
    })
  })
  await makeV2(fetch).selfTest()
  body = '{"status":"no"}'
  const hasty = ThreatStack.v2({ userId: 'u', organizationId: 'o', apiKey: KEY, fetch, retryCount: 0 })
  await expect(hasty.selfTest()).rejects.toMatchObject({ code: 'unexpected-answer' })
})

test('version 2: a clock that is wrong is set right once, by a time that the server signed', async () => {
  const serverTs = Math.floor(Date.now() / 1000) + 5000
  const { fetch, asked } = makeFetch(async (_, request) => {
    const { ts } = readHawkHeader(request.headers.get('authorization')!)!
    if (Math.abs(Number(ts) - serverTs) < 60) return Response.json({ severityCounts: [] })
    const tsm = await signHawkTime(KEY, serverTs)
    const header = printHawkHeader({ ts: serverTs, tsm, error: 'Stale timestamp' })
    return Response.json(
      { errors: ['Stale timestamp'] },
      { status: 401, headers: { 'www-authenticate': header } },
    )
  })
  const client = makeV2(fetch)
  expect(await client.alerts.severityCounts()).toEqual([])
  expect(await client.alerts.severityCounts()).toEqual([])
  expect(asked.length).toBe(3)
  const liar = makeFetch(() =>
    Response.json(
      { errors: ['x'] },
      { status: 401, headers: { 'www-authenticate': `Hawk ts="1", tsm="AAAA"` } },
    ),
  )
  await expect(makeV2(liar.fetch).alerts.severityCounts()).rejects.toMatchObject({ code: 'sign-in-needed' })
  expect(liar.asked.length).toBe(1)
})

test('the limit of requests is waited for, as its header says in milliseconds', async () => {
  vi.useFakeTimers()
  let limited = 1
  const { fetch, asked } = makeFetch(() =>
    limited-- > 0
      ? new Response('Too many', { status: 429, headers: { 'x-rate-limit-reset': '41500' } })
      : Response.json([]),
  )
  const done = new ThreatStack({ apiKey: KEY, fetch }).organizations.list().toArray()
  await vi.advanceTimersByTimeAsync(41_000)
  expect(asked.length).toBe(1)
  await vi.advanceTimersByTimeAsync(1000)
  expect(await done).toEqual([])
  expect(asked.length).toBe(2)
})

test('what is missing to sign in is told at once', () => {
  expect(() => new ThreatStack({ apiKey: '' })).toThrow('an apiKey is needed')
  expect(() => ThreatStack.v2({ apiKey: 'k', userId: 'u', organizationId: '' })).toThrow(
    'an organizationId is needed',
  )
})
