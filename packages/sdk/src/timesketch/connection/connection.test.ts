import { expect, test } from 'vitest'
import { connectTo, makeFakeServer, type SeenRequest } from '../testing/fake-server.ts'

test.each([
  [400, { message: 'There was an issue with your search query: [x] y' }, 'bad-query'],
  [400, { message: 'Unable to query on an archived sketch.' }, 'sketch-archived'],
  [400, { message: { event_id: 'Missing required parameter' } }, 'bad-request'],
  [403, { message: 'The user does not have write permission on the sketch.' }, 'forbidden'],
  [404, { message: 'No sketch found with this ID.' }, 'not-found'],
  [405, { message: 'The method is not allowed for the requested URL.' }, 'not-supported'],
  [500, { message: 'Internal Server Error' }, 'server-failure'],
])('a refusal with %i has a code and says what to do: %j', async (status, body, code) => {
  const server = makeFakeServer({
    'POST /api/v1/users/': () => Response.json(body, { status, headers: { 'x-request-id': 'r1' } }),
  })
  const client = await connectTo(server)
  const error = await client.users
    .create({ username: 'a', password: 'hidden' })
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({
    name: 'ApiError',
    status,
    code,
    requestId: 'r1',
    advice: expect.stringMatching(/\.$/) as string,
  })
  const said = typeof body.message === 'string' ? body.message : 'event_id: Missing required parameter'
  expect(String(error)).toContain(said)
  expect(String(error)).not.toContain('hidden')
  expect(server.seen.length).toBe(1)
})

test('an error page of a proxy is told by its paragraph, not whole', async () => {
  const html = '<html><body><h1>Bad</h1><p>The <b>gateway</b> is tired.</p></body></html>'
  const server = makeFakeServer({ 'POST /api/v1/users/': () => new Response(html, { status: 502 }) })
  const client = await connectTo(server)
  await expect(client.users.create({ username: 'a', password: 'b' })).rejects.toMatchObject({
    code: 'unavailable',
    message: 'POST /users/: 502: The gateway is tired.',
  })
})

test('what only asks is asked again, what acts is not', async () => {
  let busy = 2
  const server = makeFakeServer({
    'GET /api/v1/version/': () =>
      busy-- > 0
        ? new Response('', { status: 503, headers: { 'retry-after': '0' } })
        : { meta: { version: '20261014' }, objects: [] },
    'POST /api/v1/sketches/': () => new Response('', { status: 503, headers: { 'retry-after': '0' } }),
  })
  const client = await connectTo(server)
  expect((await client.version()).server).toBe('20261014')
  expect(server.seen.length).toBe(3)
  await expect(client.sketches.create({ name: 'x' })).rejects.toMatchObject({ status: 503 })
  expect(server.seen.length).toBe(4)
})

/** An answer of which only the beginning arrives. */
function breakOff(): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"meta": {"ver')),
    pull: (controller) =>
      controller.error(
        new TypeError('terminated', {
          cause: Object.assign(new Error('closed'), { code: 'UND_ERR_SOCKET' }),
        }),
      ),
  })
  return new Response(body, { headers: { 'x-request-id': 'r7' } })
}

test('an answer that breaks off is asked for again by what only asks, and by nothing else', async () => {
  let whole = 2
  const server = makeFakeServer({
    'GET /api/v1/version/': () => (whole-- > 0 ? breakOff() : { meta: { version: '20261014' }, objects: [] }),
    'POST /api/v1/sketches/': breakOff,
  })
  const client = await connectTo(server)
  expect((await client.version()).server).toBe('20261014')
  expect(server.seen.length).toBe(3)
  const error: unknown = await client.sketches.create({ name: 'x' }).catch((thrown: unknown) => thrown)
  expect(server.seen.length).toBe(4)
  expect(error).toMatchObject({
    code: 'no-connection',
    requestId: 'r7',
    message:
      'an answer broke off, from http://timesketch.test (POST /sketches/, UND_ERR_SOCKET): the server had begun it, then the connection ended',
    advice: expect.stringMatching(/^Ask again/) as string,
  })
})

test('a question that fails in the server is asked again, as the official client does; an act is not', async () => {
  let failing = 1
  const server = makeFakeServer({
    'GET /api/v1/version/': () =>
      failing-- > 0 ? new Response('', { status: 500 }) : { meta: { version: '20261014' }, objects: [] },
    'POST /api/v1/sketches/': () => new Response('', { status: 500 }),
  })
  const client = await connectTo(server)
  expect((await client.version()).server).toBe('20261014')
  await expect(client.sketches.create({ name: 'x' })).rejects.toMatchObject({ code: 'server-failure' })
  expect(server.seen.length).toBe(3)
})

test('an answer that is not what the API says is told with its beginning', async () => {
  const server = makeFakeServer({
    'GET /api/v1/version/': () => new Response('<html>hello'),
    'GET /api/v1/users/me/': () => ({ hello: 1 }),
  })
  const client = await connectTo(server)
  await expect(client.version()).rejects.toMatchObject({
    code: 'unexpected-answer',
    message: 'GET /version/: expected JSON, found "<html>hello"',
  })
  await expect(client.users.me()).rejects.toMatchObject({ code: 'unexpected-answer' })
})

test('what repeats a key is told without it, a refusal or not', async () => {
  const key = 'a-key-of-many-letters'
  const repeat = ({ headers }: SeenRequest): string => `no use for ${headers.get('authorization')}`
  const server = makeFakeServer({
    'GET /api/v1/version/': (request) => new Response(repeat(request)),
    'POST /api/v1/users/': (request) => Response.json({ message: repeat(request) }, { status: 400 }),
  })
  const client = await connectTo(server, { auth: { kind: 'api-key', key } })
  for (const call of [client.version(), client.users.create({ username: 'a', password: 'b' })]) {
    const error = await call.catch((thrown: unknown) => thrown)
    const told = JSON.stringify(error, [...Object.getOwnPropertyNames(error), 'cause'])
    expect(told).toContain('no use for Bearer …')
    expect(told).not.toContain(key.slice(0, 8))
  }
})

test('ids that would name another path are refused before anything is sent', async () => {
  const server = makeFakeServer({})
  const client = await connectTo(server)
  await expect(client.sigmaRules.get('..')).rejects.toThrow(RangeError)
  await expect(client.sigmaRules.get('a/../../users')).rejects.toMatchObject({ code: 'not-found' })
  expect(server.seen.map(({ path }) => path)).toEqual(['/api/v1/sigmarules/a%2F..%2F..%2Fusers/'])
})
