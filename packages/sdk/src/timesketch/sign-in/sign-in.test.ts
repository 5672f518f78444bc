import { expect, test } from 'vitest'
import {
  connectTo,
  envelope,
  type FakeServer,
  makeFakeServer,
  type SeenRequest,
} from '../testing/fake-server.ts'
import type { OAuthTokens } from './oauth-tokens.ts'

const ME = { id: 1, username: 'alice', admin: false, active: true, groups: [{ name: 'ir' }] }
const PAGE = '<meta name="csrf-token" content="tok"><input id="csrf_token" value="tok">'

function page(html: string, cookie = 'session=one; HttpOnly'): Response {
  return new Response(html, { headers: { 'content-type': 'text/html', 'set-cookie': cookie } })
}

function redirect(location: string, cookie?: string): Response {
  const headers = new Headers({ location })
  if (cookie !== undefined) headers.set('set-cookie', cookie)
  return new Response(null, { status: 302, headers })
}

const isMe = (): unknown => envelope(ME)

function last(server: FakeServer): SeenRequest | undefined {
  return server.seen.at(-1)
}

test('the form is filled in as a browser does it: token, cookie, referrer', async () => {
  const server = makeFakeServer({
    'GET /login/': () => page(PAGE),
    'POST /login/': () => redirect('/', 'session=two'),
    'GET /': () => page('home', 'session=two'),
    'GET /api/v1/users/me/': isMe,
  })
  const auth = { kind: 'password', username: 'alice', password: 'p&w' } as const
  const client = await connectTo(server, { auth })
  expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /login/?local_auth=1',
    'POST /login/?local_auth=1',
    'GET /',
  ])
  expect(server.seen[1]?.body).toBe('username=alice&password=p%26w&csrf_token=tok')
  expect(server.seen[1]?.headers.get('cookie')).toBe('session=one')
  expect((await client.users.me()).groups).toEqual(['ir'])
  expect(last(server)?.headers.get('cookie')).toBe('session=two')
  expect(last(server)?.headers.get('x-csrftoken')).toBe('tok')
  expect(last(server)?.headers.get('referer')).toBe('http://timesketch.test/')
})

test('a page that stays on the form is a refusal', async () => {
  const server = makeFakeServer({ 'GET /login/': () => page(PAGE), 'POST /login/': () => page(PAGE) })
  const auth = { kind: 'password', username: 'alice', password: 'secret' } as const
  const error = await connectTo(server, { auth }).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name: 'SignInError', status: 401 })
  expect(String(error)).not.toContain('secret')
})

test.each([
  [403, 'Check the user name, and the password, key or token.'],
  [503, 'Try again later, or look into the log of the server.'],
])('a refusal of %i has the id of the request and says what to do', async (status, advice) => {
  const refuse = (): Response => new Response('', { status, headers: { 'x-request-id': 'r5' } })
  const server = makeFakeServer({ 'GET /login/': () => page(PAGE), 'POST /login/': refuse })
  const auth = { kind: 'password', username: 'alice', password: 'secret' } as const
  await expect(connectTo(server, { auth })).rejects.toMatchObject({ status, requestId: 'r5', advice })
})

test('a redirect to another server is refused, with nothing sent there', async () => {
  const server = makeFakeServer({ 'GET /login/': () => redirect('https://elsewhere.test/login/') })
  const auth = { kind: 'password', username: 'alice', password: 'secret' } as const
  await expect(connectTo(server, { auth })).rejects.toThrow(
    'https://elsewhere.test: give that address instead',
  )
  expect(server.seen.length).toBe(1)
})

test('a path before the API is kept', async () => {
  const server = makeFakeServer({ 'GET /proxy/api/v1/users/me/': isMe })
  const client = await connectTo(server, { url: 'http://timesketch.test/proxy/' })
  expect((await client.users.me()).username).toBe('alice')
  expect(last(server)?.headers.get('authorization')).toBe('Bearer sk_test')
})

test('HTTP basic goes with every request, in UTF-8', async () => {
  const server = makeFakeServer({ 'GET /': () => page(PAGE), 'GET /api/v1/users/me/': isMe })
  const client = await connectTo(server, { auth: { kind: 'http-basic', username: 'älice', password: 'p' } })
  await client.users.me()
  const header = last(server)?.headers.get('authorization') ?? ''
  expect(Buffer.from(header.replace('Basic ', ''), 'base64').toString()).toBe('älice:p')
  expect(last(server)?.headers.get('x-csrftoken')).toBe('tok')
})

test('a token is asked for at every request', async () => {
  let count = 0
  const server = makeFakeServer({ 'GET /': () => page(PAGE), 'GET /api/v1/users/me/': isMe })
  const token = async (): Promise<string> => `t${++count}`
  const client = await connectTo(server, { auth: { kind: 'token', token } })
  await client.users.me()
  expect(server.seen.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer t1', 'Bearer t2'])
})

const OVER: OAuthTokens = {
  accessToken: 'old',
  refreshToken: 'refresh',
  idToken: 'old id',
  scopes: ['openid'],
  tokenUrl: 'http://timesketch.test/token',
  clientId: 'client',
  clientSecret: 'secret',
  expiresAt: '2020-01-01T00:00:00Z',
}

test('OAuth tokens that have ended are renewed, kept, and shown to the server', async () => {
  const server = makeFakeServer({
    'POST /token': () => ({
      access_token: 'new',
      id_token: 'new id',
      expires_in: 3600,
      token_type: 'Bearer',
    }),
    'GET /login/api_callback/': () => page('<h1>Authenticated</h1>'),
    'GET /': () => page(PAGE),
  })
  const kept: OAuthTokens[] = []
  await connectTo(server, {
    auth: { kind: 'oauth', tokens: OVER, onRenewed: (tokens) => void kept.push(tokens) },
  })
  expect(Object.fromEntries(new URLSearchParams(server.seen[0]?.body))).toMatchObject({
    grant_type: 'refresh_token',
    refresh_token: 'refresh',
  })
  expect(kept).toMatchObject([{ accessToken: 'new', idToken: 'new id', refreshToken: 'refresh' }])
  expect(server.seen[1]?.path).toBe('/login/api_callback/?id_token=new+id')
  expect(server.seen[1]?.headers.get('authorization')).toBe('Bearer new')
})

test('tokens that cannot be renewed say so, and are not told', async () => {
  const server = makeFakeServer({
    'POST /token': () =>
      Response.json({ error: 'invalid_grant', error_description: 'gone' }, { status: 400 }),
  })
  const error = await connectTo(server, { auth: { kind: 'oauth', tokens: OVER } }).catch(String)
  expect(error).toContain('invalid_grant (gone)')
  expect(error).not.toContain('refresh ')
})

test('a service account signs its assertion and renews nothing before its time', async () => {
  const pair = await crypto.subtle.generateKey(
    {
      name: 'RSASSA-PKCS1-v1_5',
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: 'SHA-256',
    },
    true,
    ['sign', 'verify'],
  )
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', pair.privateKey)).toString('base64')
  const server = makeFakeServer({
    'POST /token': () => ({ id_token: 'service token' }),
    'GET /': () => page(PAGE),
    'GET /api/v1/users/me/': isMe,
  })
  const key = {
    client_email: 'robot@x.test',
    private_key: `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`,
    token_uri: 'http://timesketch.test/token',
  }
  const client = await connectTo(server, { auth: { kind: 'service-account', key, audience: 'proxy' } })
  await client.users.me()
  expect(last(server)?.headers.get('authorization')).toBe('Bearer service token')
  expect(server.seen.filter(({ path }) => path === '/token').length).toBe(1)
  const assertion = new URLSearchParams(server.seen[0]?.body).get('assertion') ?? ''
  const [header = '', claims = '', signature = ''] = assertion.split('.')
  const signed = new TextEncoder().encode(`${header}.${claims}`)
  const bytes = Buffer.from(signature, 'base64url')
  expect(await crypto.subtle.verify('RSASSA-PKCS1-v1_5', pair.publicKey, bytes, signed)).toBe(true)
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
    iss: 'robot@x.test',
    target_audience: 'proxy',
    aud: 'http://timesketch.test/token',
  })
})
