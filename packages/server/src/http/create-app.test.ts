import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTemporarySystem, type TemporarySystem } from '../testing/temporary-system.ts'
import type { DialectDeps, RouteDeclaration } from './app-types.ts'
import { type AppOptions, createApp, type ServerApp } from './create-app.ts'
import { answerProblem } from './problem.ts'

let temporary: TemporarySystem
let app: ServerApp
let keys: Record<string, string>
let sketchId: number

/** A dialect with one route of each kind, to hold the shell's checks against. */
function mountSample(_app: unknown, deps: DialectDeps): void {
  const router = deps.defineDialect({ name: 'sample', onError: answerProblem })
  router.public('GET', '/sample/open', (c) => c.json({ ok: true }))
  router.public('POST', '/sample/login', async (c, call) => {
    const opened = await call.services.auth.login({
      username: 'reader',
      password: 'correct horse',
      address: call.address,
      ...(call.session ? { session: call.session } : {}),
    })
    deps.setSessionCookie(c, opened.cookieValue)
    return new Response('in')
  })
  router.public('GET', '/sample/session', async (c, call) => {
    const opened = await call.services.auth.openSession(call.address)
    deps.setSessionCookie(c, opened.cookieValue)
    return c.json({ csrf: opened.session.csrfToken })
  })
  router.user('GET', '/sample/me', (c, call) => c.json({ me: call.principal.username }))
  router.user('POST', '/sample/me', async (c) => c.json(await c.req.json()), { maxBodyBytes: 100 })
  router.admin('GET', '/sample/admin', (c) => c.json({ ok: true }))
  router.sketch('GET', '/sample/sketches/:sketchId', 'read', (c, call) => c.json({ name: call.sketch.name }))
  router.sketch('POST', '/sample/sketches/:sketchId', 'write', (c) => c.json({ ok: true }))
  router.sketch('DELETE', '/sample/sketches/:sketchId', 'delete', (c) => c.json({ ok: true }))
  router.user('GET', '/sample/broken', () => {
    throw new Error('secret particulars')
  })
}

beforeAll(async () => {
  temporary = await openTemporarySystem()
  const { services } = temporary.system
  const owner = await temporary.addUser('owner')
  const reader = await temporary.addUser('reader')
  const stranger = await temporary.addUser('stranger')
  const sketch = await services.sketches.create(owner, { name: 'case' })
  sketchId = sketch.id
  await services.access.changeSketchGrants(owner, sketch.id, {
    grantUsers: ['reader'],
    permissions: ['read'],
  })
  keys = {}
  for (const principal of [owner, reader, stranger, temporary.admin]) {
    for (const scope of ['read', 'write', 'admin'] as const) {
      const { key } = await services.auth.createApiKey(principal, { name: scope, scopes: [scope] })
      keys[`${principal.username}/${scope}`] = key
    }
  }
  app = createApp(temporary.system, { dialects: [mountSample] })
})
afterAll(async () => {
  await temporary[Symbol.asyncDispose]()
})

async function call(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Response> {
  return await app.fetch(
    new Request(`http://localhost${path}`, { method, headers, ...(body === undefined ? {} : { body }) }),
  )
}

function withKey(name: string): Record<string, string> {
  return { authorization: `Bearer ${keys[name]}` }
}

/** What a caller must get from a declared route, worked out from its declaration alone. */
function expectedStatus(
  route: RouteDeclaration,
  who: string,
  scope: 'read' | 'write' | 'admin',
  id: number,
): number {
  if (route.permission === 'public') return 200
  const rank = { read: 0, write: 1, admin: 2 }
  if (rank[scope] < rank[route.keyScope]) return 403
  if (route.permission === 'user') return route.path === '/sample/broken' ? 500 : 200
  if (route.permission === 'admin') return who === 'admin' ? 200 : 403
  if (id !== sketchId) return 404
  const allowed: Record<string, readonly string[]> = {
    owner: ['sketch:read', 'sketch:write', 'sketch:delete'],
    reader: ['sketch:read'],
    stranger: [],
    admin: scope === 'admin' ? ['sketch:delete'] : [],
  }
  return allowed[who]!.includes(route.permission) ? 200 : 403
}

describe('declared routes', () => {
  it('let in whom they declare, for every caller, scope and id', async () => {
    const routes = (await app.listRoutes()).filter(
      (route) => route.dialect === 'sample' && !/login|session/.test(route.path),
    )
    const found: string[] = []
    const wanted: string[] = []
    for (const route of routes) {
      for (const who of ['owner', 'reader', 'stranger', 'admin']) {
        for (const scope of ['read', 'write', 'admin'] as const) {
          for (const id of route.path.includes(':sketchId') ? [sketchId, 999_999] : [sketchId]) {
            const path = route.path.replace(':sketchId', String(id))
            const response = await call(
              route.method,
              path,
              withKey(`${who}/${scope}`),
              route.method === 'POST' ? '{}' : undefined,
            )
            const line = `${route.method} ${path} ${who}/${scope}`
            found.push(`${line}: ${response.status}`)
            wanted.push(`${line}: ${expectedStatus(route, who, scope, id)}`)
          }
        }
      }
    }
    expect(found).toEqual(wanted)
    expect(found.length).toBeGreaterThan(90)
  })

  it('have whom they refuse entered in the audit log', async () => {
    await call('DELETE', `/sample/sketches/${sketchId}`, withKey('reader/write'))
    await call('GET', '/sample/me', { authorization: 'Bearer sk_unknown' })
    const entries = await temporary.system.services.audit.list(temporary.admin, { action: 'access.*' })
    const found = entries.map(({ username, action, result, details }) => ({
      username,
      action,
      result,
      ...details,
    }))
    expect(found).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          username: 'reader',
          action: 'access.refuse',
          result: 'refused',
          code: 'no-delete-permission',
        }),
        expect.objectContaining({ username: '', action: 'access.unknown', code: 'bad-api-key' }),
      ]),
    )
  })

  it('refuse whoever is nobody', async () => {
    for (const route of (await app.listRoutes()).filter((each) => each.permission !== 'public')) {
      const response = await call(route.method, route.path.replace(':sketchId', String(sketchId)))
      // What changes something asks for the CSRF token first, as Timesketch does.
      expect([route.path, response.status]).toEqual([route.path, route.csrf ? 400 : 401])
    }
  })
})

describe('sessions over HTTP', () => {
  it('need their CSRF token for what changes something, from the login on', async () => {
    const opened = await call('GET', '/sample/session')
    const { csrf } = (await opened.json()) as { csrf: string }
    const cookie = readCookie(opened)
    expect(opened.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Lax|SameSite=Lax.*HttpOnly/)
    expect((await call('POST', '/sample/login', { cookie })).status).toBe(400)
    const login = await call('POST', '/sample/login', { cookie, 'x-csrftoken': csrf })
    expect(login.status).toBe(200)
    const loggedIn = readCookie(login)
    expect(loggedIn).not.toBe(cookie)
    expect(await (await call('GET', '/sample/me', { cookie: loggedIn })).json()).toEqual({ me: 'reader' })
    expect((await call('GET', '/sample/me', { cookie })).status).toBe(401)
    const outcomes: [Record<string, string>, string][] = [
      [{ cookie: loggedIn }, 'csrf-missing'],
      [{ cookie: loggedIn, 'x-csrftoken': 'wrong' }, 'csrf-mismatch'],
      [{ 'x-csrftoken': csrf }, 'csrf-no-session'],
    ]
    for (const [headers, code] of outcomes) {
      const refused = await call('POST', '/sample/me', headers, '{}')
      expect(await refused.json()).toMatchObject({ status: 400, code })
    }
    const accepted = await call('POST', '/sample/me', { cookie: loggedIn, 'x-csrf-token': csrf }, '{"a":1}')
    expect(await accepted.json()).toEqual({ a: 1 })
  })
})

describe('every answer', () => {
  it('carries its request id and headers that keep browsers in bounds', async () => {
    const response = await call('GET', '/sample/open', { 'x-request-id': 'abc-1' })
    expect(response.headers.get('x-request-id')).toBe('abc-1')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
    const other = await call('GET', '/sample/open', { 'x-request-id': 'a b<script>' })
    expect(other.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('is a problem document without particulars when the server fails', async () => {
    const response = await call('GET', '/sample/broken', withKey('owner/read'))
    const text = await response.text()
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(JSON.parse(text)).toMatchObject({ status: 500, code: 'internal' })
    expect(text).not.toContain('secret particulars')
  })

  it('is a problem document where nothing is', async () => {
    expect(await (await call('GET', '/nothing/here')).json()).toMatchObject({
      status: 404,
      code: 'page-not-found',
    })
  })
})

describe('bodies', () => {
  it('are held to the limit of their route, declared or not', async () => {
    const declared = await call(
      'POST',
      '/sample/me',
      withKey('owner/write'),
      JSON.stringify({ a: 'x'.repeat(200) }),
    )
    expect(await declared.json()).toMatchObject({ status: 413, code: 'body-too-large', limit: 100 })
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let count = 0; count < 20; count++) controller.enqueue(new TextEncoder().encode(' '.repeat(50)))
        controller.close()
      },
    })
    const init = { method: 'POST', headers: withKey('owner/write'), body: stream, duplex: 'half' as const }
    const streamed = await app.fetch(new Request('http://localhost/sample/me', init))
    expect(streamed.status).toBe(413)
  })
})

describe('forms without a CSRF header', () => {
  const type = { 'content-type': 'application/x-www-form-urlencoded' }

  it('are read for their token up to a limit, declared or not', async () => {
    let asked = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        asked++
        controller.enqueue(new TextEncoder().encode('a'.repeat(65_536)))
      },
    })
    const init = { method: 'POST', headers: type, body: endless, duplex: 'half' as const }
    const streamed = await app.fetch(new Request('http://localhost/sample/login', init))
    expect(streamed.status).toBe(413)
    expect(asked).toBeLessThan(40)
    const declared = await call('POST', '/sample/login', { ...type, 'content-length': '9999999' }, 'a=1')
    expect(declared.status).toBe(413)
  })
})

describe('the watcher’s pages', () => {
  it('say that the system is well, and count', async () => {
    expect(await (await call('GET', '/healthz')).json()).toMatchObject({ status: 'ok' })
    const text = await (await call('GET', '/metrics')).text()
    expect(text).toContain('timeskein_request_seconds_count{method="GET",route="/sample/open",status="200"}')
  })
})

it('refuses a bad API key wherever it is sent', async () => {
  const response = await call('GET', '/sample/open', { authorization: 'Bearer sk_nonsense' })
  expect(await response.json()).toMatchObject({ status: 401, code: 'bad-api-key' })
})

describe('session cookies', () => {
  async function openSession(
    options: Pick<AppOptions, 'secureCookies' | 'trustedProxies'>,
    headers: Record<string, string>,
  ): Promise<string> {
    const own = createApp(temporary.system, { dialects: [mountSample], ...options })
    const response = await own.fetch(new Request('http://localhost/sample/session', { headers }))
    return response.headers.get('set-cookie') ?? ''
  }
  const proxied = { 'x-forwarded-for': '192.0.2.9', 'x-forwarded-proto': 'https' }

  it('are for HTTPS only where the client speaks it, to a trusted proxy too', async () => {
    expect(await openSession({}, {})).not.toContain('Secure')
    expect(await openSession({}, proxied)).not.toContain('Secure')
    expect(await openSession({ trustedProxies: { count: 1 } }, proxied)).toContain('Secure')
  })

  it('can be so always or never', async () => {
    expect(await openSession({ secureCookies: 'always' }, {})).toContain('Secure')
    const trustedProxies = { count: 1 }
    expect(await openSession({ secureCookies: 'never', trustedProxies }, proxied)).not.toContain('Secure')
  })
})

function readCookie(response: Response): string {
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

it('an app of one principal asks nobody who calls, and holds them to what they may do', async () => {
  const { services } = temporary.system
  const reader = await services.auth.localPrincipal('reader')
  const own = createApp(temporary.system, { dialects: [mountSample], principal: reader })
  const ask = async (method: string, path: string): Promise<number> =>
    (
      await own.fetch(
        new Request(`http://skein.test${path}`, { method, body: method === 'GET' ? null : '{}' }),
      )
    ).status
  expect(await ask('GET', '/sample/me')).toBe(200)
  expect(await ask('POST', '/sample/me')).toBe(200)
  expect(await ask('GET', `/sample/sketches/${sketchId}`)).toBe(200)
  expect(await ask('POST', `/sample/sketches/${sketchId}`)).toBe(403)
  expect(await ask('GET', '/sample/admin')).toBe(403)
})

it('a dialect on demand is loaded once, with the first request under its path, and again where that failed', async () => {
  let loads = 0
  const dialect = {
    path: '/sample',
    load: async () => {
      loads += 1
      if (loads === 1) throw new Error('not readable yet')
      return mountSample
    },
  }
  const own = createApp(temporary.system, { dialects: [dialect] })
  const ask = async (path: string): Promise<number> =>
    (await own.fetch(new Request(`http://skein.test${path}`, { headers: withKey('owner/read') }))).status
  expect(await ask('/healthz')).toBe(200)
  expect(await ask('/samples')).toBe(404)
  expect(loads).toBe(0)
  await expect(ask('/sample/me')).rejects.toThrow('not readable yet')
  expect(await Promise.all([ask('/sample/me'), ask(`/sample/sketches/${sketchId}`)])).toEqual([200, 200])
  const routes = await own.listRoutes()
  expect(routes.filter((route) => route.path === '/healthz')).toHaveLength(1)
  expect(routes.some((route) => route.dialect === 'sample')).toBe(true)
  expect(loads).toBe(2)
})
