import { hashHawkBody, readHawkHeader, signHawk } from '@timeskein/model/hawk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestPlatform, type TestPlatform } from '../testing/test-platform.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await openTestPlatform(true)
})
afterAll(async () => {
  await platform[Symbol.asyncDispose]()
})

test('the self-test is answered, and its answer is signed over its body', async () => {
  const reply = await platform.call('GET', '/help/hawk/self-test', undefined, { nonce: 'selftest' })
  expect([reply.status, reply.json]).toEqual([200, { status: 'ok' }])
  const { mac, hash } = readHawkHeader(reply.headers.get('server-authorization')!)!
  expect(hash).toBe(await hashHawkBody(reply.text, 'application/json'))
  const ts = Math.floor(Date.now() / 1000)
  const macs = await Promise.all(
    [ts, ts - 1, ts - 2].map((at) =>
      signHawk('response', platform.credentials.key, {
        ts: at,
        nonce: 'selftest',
        method: 'GET',
        resource: '/threatstack/help/hawk/self-test',
        host: 'localhost',
        port: 80,
        hash,
      }),
    ),
  )
  expect(macs).toContain(mac)
})

test('a wrong key, a changed body, a body without a hash, and a used nonce are refused', async () => {
  const body = { ids: ['x'], dismissReason: 'MAINTENANCE' }
  for (const [signing, text] of [
    [{ key: 'wrong' }, 'Bad mac'],
    [{ signedBody: '{}' }, 'Bad payload hash'],
    [{ withoutHash: true }, 'Missing payload hash'],
  ] as const) {
    const reply = await platform.call('POST', '/alerts/dismiss', body, signing)
    expect([reply.status, reply.json]).toEqual([401, { errors: [expect.stringContaining(text)] }])
    expect(reply.headers.get('www-authenticate')).toMatch(/^Hawk error="/)
  }
  const replayed = { nonce: 'once', ts: Math.floor(Date.now() / 1000) }
  expect((await platform.call('GET', '/help/hawk/self-test', undefined, replayed)).status).toBe(200)
  const again = await platform.call('GET', '/help/hawk/self-test', undefined, replayed)
  expect([again.status, again.json]).toEqual([401, { errors: [expect.stringContaining('nonce')] }])
})

test('a request that was sent before is refused however its id and its time are spelled', async () => {
  const { user_id: id, org_id: ext, key } = platform.credentials
  const ts = Math.floor(Date.now() / 1000)
  const artifacts = { method: 'GET', resource: '/threatstack/help/hawk/self-test', host: 'localhost' }
  const nonce = 'respelled'
  const mac = await signHawk('header', key, { ...artifacts, port: 80, ts, nonce, ext })
  const send = async (spelling: { id?: string; ts?: string }): Promise<number> => {
    const { id: spelledId = id, ts: spelledTs = String(ts) } = spelling
    const authorization = `Hawk id="${spelledId}", ts="${spelledTs}", nonce="${nonce}", ext="${ext}", mac="${mac}"`
    const url = `http://localhost${artifacts.resource}`
    return (await platform.fetch(new Request(url, { headers: { authorization } }))).status
  }
  expect(await send({})).toBe(200)
  const whole = id.padEnd(32, '0')
  for (const spelling of [
    {},
    { ts: `0${ts}` },
    { ts: `00${ts}` },
    { id: id.toUpperCase() },
    { id: whole },
    { id: `${id.slice(0, 8)}-${id.slice(8)}` },
  ])
    expect([spelling, await send(spelling)]).toEqual([spelling, 401])
})

test('what was signed before the server started is refused', async () => {
  platform.restart()
  const before = Math.floor(performance.timeOrigin / 1000) - 1
  const reply = await platform.call('GET', '/help/hawk/self-test', undefined, { ts: before })
  expect([reply.status, reply.json]).toEqual([401, { errors: [expect.stringContaining('started')] }])
})

test('a clock that is wrong is told the time, signed', async () => {
  const reply = await platform.call('GET', '/help/hawk/self-test', undefined, { ts: 1_700_000_000 })
  expect(reply.status).toBe(401)
  const challenge = readHawkHeader(reply.headers.get('www-authenticate')!)!
  expect(challenge).toMatchObject({ error: 'Stale timestamp', tsm: expect.any(String) })
  expect(Math.abs(Number(challenge['ts']) - Date.now() / 1000)).toBeLessThan(60)
})

test.each(['', 'Hawk', 'Hawk id="x"', 'Hawk id="x", id="y"', 'Bearer x', `Hawk ${'x'.repeat(9000)}`])(
  'the header %j lets nobody in',
  async (authorization) => {
    const request = new Request('http://localhost/threatstack/v2/alerts?status=active', {
      headers: { authorization },
    })
    const reply = await platform.fetch(request)
    expect([reply.status, reply.json]).toEqual([401, { errors: [expect.any(String)] }])
  },
)

test('a signed request into another organization is in the audit log, with who signed it', async () => {
  const ext = 'e'.repeat(24)
  await platform.call('GET', '/rulesets', undefined, { ext })
  const { place, ana } = platform
  const [entry] = await place.system.services.audit.list(place.admin, { action: 'access.*' })
  expect(entry).toMatchObject({
    username: ana.username,
    action: 'access.refuse',
    result: 'refused',
    details: { code: 'other-organisation', message: expect.stringContaining(ext) },
  })
})

test('nobody is told how requests are signed, and asked for no more', async () => {
  for (const [method, path, said] of [
    ['GET', '/v2/agents', /Hawk scheme/],
    ['POST', '/v2/alerts/dismiss', /Hawk scheme/],
    ['GET', '/api/v1/agents', /API key/],
  ] as const) {
    const request = new Request(`http://localhost/threatstack${path}`, { method })
    const reply = await platform.fetch(request)
    expect([reply.status, reply.text]).toEqual([401, expect.stringMatching(said)])
  }
})

test('another organization, and a key that was revoked, are refused', async () => {
  const foreign = await platform.call('GET', '/rulesets', undefined, { ext: 'f'.repeat(24) })
  expect([foreign.status, foreign.json]).toEqual([403, { errors: [expect.stringContaining('organization')] }])
  expect(foreign.headers.get('server-authorization')).toMatch(/^Hawk mac=/)
  const { platformKeys, auth } = platform.place.system.services
  const made = await platformKeys.create(platform.ana, { kind: 'threatstack-v2', name: 'short' })
  const key = 'key' in made.credentials ? made.credentials.key : ''
  expect((await platform.call('GET', '/rulesets', undefined, { key })).status).toBe(200)
  await auth.revokeApiKey(platform.ana, made.id)
  expect((await platform.call('GET', '/rulesets', undefined, { key })).status).toBe(401)
})
