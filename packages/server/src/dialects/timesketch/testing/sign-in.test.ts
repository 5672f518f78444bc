import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { notDurable } from '../../../errors/not-durable.ts'
import { openTestServer, type TestServer } from './test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await openTestServer()
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

describe('signing in', () => {
  test('the page carries one token in both places and sets a cookie', async () => {
    const page = await server.visitor().send('GET', '/login/?local_auth=1')
    const meta = /<meta name="csrf-token" content="([^"]+)"/.exec(page.text)?.[1]
    const field = /<input id="csrf_token" name="csrf_token" type="hidden" value="([^"]+)"/.exec(
      page.text,
    )?.[1]
    expect(meta).toBeTruthy()
    expect(field).toBe(meta)
    expect(page.headers.get('set-cookie')).toMatch(/^session=.+HttpOnly/)
  })

  test('the right password leads to the home page, which answers', async () => {
    const client = await server.signIn('anna')
    const home = await client.send('GET', '/')
    expect(home.status).toBe(200)
    expect(home.text).toContain('anna')
    expect((await client.send('GET', '/login/')).headers.get('location')).toBe('/')
  })

  test('tokens of Google are refused as on a server where it is not set up', async () => {
    const ask = (path: string, headers: Record<string, string> = {}) =>
      server.visitor().send('GET', path, { headers })
    const bearer = { authorization: 'Bearer of-google' }
    const answers = [
      await ask('/login/api_callback/?id_token=x'),
      await ask('/login/api_callback/', bearer),
      await ask('/login/api_callback/?id_token=x', bearer),
      await ask('/login/google_openid_connect/?code=1&state=2'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 400, 400])
    expect(answers[2]?.text).toContain('not set up on this server')
  })

  test('the token stays the same after signing in', async () => {
    const client = await server.signIn('berta')
    expect((await client.post('/sketches/', { name: 'x' })).status).toBe(201)
  })

  test('a wrong password answers 200 with the page again and escapes what was typed', async () => {
    const client = server.visitor()
    const answer = await client.signIn('<script>', 'x')
    expect(answer.status).toBe(200)
    expect(answer.text).not.toContain('<script>')
  })

  test('where nothing can be written it answers 503, not the page as if a password were wrong', async () => {
    using login = vi.spyOn(server.system.services.auth, 'login')
    login.mockRejectedValueOnce(notDurable('This was not done.', new Error('EIO')))
    const answer = await server.visitor().signIn('anna', 'x')
    expect([answer.status, answer.json]).toEqual([503, { message: 'This was not done.' }])
  })

  test('the style sheet is a file of its own, as the content security policy wants it', async () => {
    const visitor = server.visitor()
    const page = await visitor.send('GET', '/login/')
    expect(page.text).not.toContain('<style')
    const style = await visitor.send('GET', /href="([^"]+\.css)"/.exec(page.text)![1]!)
    expect(style.headers.get('content-type')).toContain('text/css')
  })

  test('no token is a 400 page', async () => {
    const body = new URLSearchParams({ username: 'a', password: 'b' })
    const answer = await server.visitor().send('POST', '/login/', { body })
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('<p>The CSRF token is missing.</p>')
  })

  test('signing out ends the session', async () => {
    const client = await server.signIn('clara')
    expect((await client.send('GET', '/logout/')).headers.get('location')).toBe('/login/')
    expect((await client.get('/users/me/')).status).toBe(302)
  })
})

describe('without a session', () => {
  test('reading leads to the sign-in page and back', async () => {
    const answer = await server.visitor().get('/sketches/?page=2')
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe('/login/?next=%2Fapi%2Fv1%2Fsketches%2F%3Fpage%3D2')
  })

  test('writing is refused for the token first', async () => {
    const answer = await server.visitor().post('/sketches/', { name: 'x' })
    expect(answer.status).toBe(400)
    expect(answer.json).toEqual({ message: 'The CSRF token is missing.' })
  })
})

describe('API keys', () => {
  test('work without session and token, within their scope', async () => {
    const { auth } = server.system.services
    const principal = await auth.localPrincipal('anna')
    const { key } = await auth.createApiKey(principal, { name: 'script', scopes: ['read'] })
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const visitor = server.visitor()
    expect((await visitor.send('GET', '/api/v1/users/me/', { headers })).json.objects[0].username).toBe(
      'anna',
    )
    const body = JSON.stringify({ name: 'x' })
    expect((await visitor.send('POST', '/api/v1/sketches/', { headers, body })).status).toBe(403)
  })

  test('that are unknown get 401 and no redirect', async () => {
    const headers = { authorization: `Bearer sk_${'x'.repeat(40)}` }
    expect((await server.visitor().send('GET', '/api/v1/users/me/', { headers })).status).toBe(401)
  })
})

describe('the audit log', () => {
  test('tells refusals in Timesketch’s words apart, by code where we have one, else by the words', async () => {
    const { services } = server.system
    const client = await server.signIn('wilma')
    const [sketch] = (await client.post('/sketches/', { name: 'x' })).json.objects
    expect((await client.get('/sketches/?scope=admin')).status).toBe(403)
    expect(
      (
        await client.send('DELETE', `/api/v1/sketches/${sketch.id}/?force=true`, {
          headers: { 'x-csrftoken': client.token },
        })
      ).status,
    ).toBe(403)
    const admin = await services.auth.localPrincipal(server.system.firstAdmin!.username)
    const entries = await services.audit.list(admin, { action: 'access.*', username: 'wilma', order: 'asc' })
    expect(entries.map(({ details }) => [details['code'], details['message']])).toEqual([
      ['timesketch', 'User is not an admin.'],
      ['force-needs-admin', 'Sketch cannot be deleted. User is not an admin'],
    ])
  })
})

describe('requests that no route takes', () => {
  test('a missing slash is 308 to the spelling with it', async () => {
    const client = await server.signIn('dora')
    const answer = await client.get('/users/1?a=b')
    expect(answer.status).toBe(308)
    expect(answer.headers.get('location')).toBe('/api/v1/users/1/?a=b')
  })

  test('two slashes at the beginning, of a client whose address ends in one, are 308 to one', async () => {
    const answer = await server.visitor().send('GET', '//api/v1/users/me/?a=b')
    expect(answer.status).toBe(308)
    expect(answer.headers.get('location')).toBe('/api/v1/users/me/?a=b')
  })

  test('another method is 405 with those there are', async () => {
    const client = await server.signIn('emma')
    const answer = await client.post('/sketches/', {}, 'PATCH')
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS')
  })

  test('OPTIONS tells the methods there are to anybody, TRACE is none of them', async () => {
    const options = await server.visitor().send('OPTIONS', '/api/v1/sketches/')
    expect([options.status, options.text]).toEqual([200, ''])
    expect(options.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS')
    const unknown = await server.visitor().send('OPTIONS', '/api/v1/nosuch/')
    expect([unknown.status, unknown.json.status]).toEqual([404, 404])
    // No client of ours can send one.
    const request = new Request('http://localhost/api/v1/sketches/')
    Object.defineProperty(request, 'method', { value: 'TRACE' })
    const trace = await server.app.fetch(request)
    expect([trace.status, trace.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, OPTIONS'])
    expect(await trace.json()).toEqual({ message: 'The method is not allowed for the requested URL.' })
  })

  test('an unknown path is 404 with a status in its body', async () => {
    const client = await server.signIn('frida')
    expect((await client.get('/nosuch/')).json.status).toBe(404)
    expect((await client.get('/sketches/abc/')).status).toBe(404)
  })

  test('JSON that is none is 400, another content type 415', async () => {
    const client = await server.signIn('greta')
    const headers = { 'x-csrftoken': client.token, 'content-type': 'application/json' }
    expect((await client.send('POST', '/api/v1/sketches/', { headers, body: '{not json' })).status).toBe(400)
    const form = { headers: { 'x-csrftoken': client.token }, body: 'name=x' }
    expect((await client.send('POST', '/api/v1/sketches/', form)).status).toBe(415)
  })
})
