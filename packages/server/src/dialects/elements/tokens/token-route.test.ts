import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ElementsPlace, openElementsPlace, SLOW_START_MS } from '../testing/elements-place.ts'

let place: ElementsPlace
let client: { readonly client_id: string; readonly client_secret: string }
let reader: typeof client

beforeAll(async () => {
  place = await openElementsPlace()
  client = await makeClient()
  reader = await makeClient(['connect.api.read'])
}, SLOW_START_MS)
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

async function makeClient(scopes: readonly string[] = []): Promise<typeof client> {
  const { credentials } = await place.temporary.system.services.platformKeys.create(place.ana, {
    kind: 'elements',
    name: 'k',
    scopes,
  })
  if (!('client_id' in credentials)) throw new Error('no client')
  return credentials
}

/** Asks for a token. @param form - What is undefined is left out. */
async function askToken(
  who: string | undefined,
  form: Record<string, string | undefined> = {},
  headers: Record<string, string> = { 'user-agent': 'test' },
): Promise<Response> {
  const values = { grant_type: 'client_credentials', scope: 'connect.api.read', ...form }
  return await place.app.fetch(
    new Request('http://localhost/elements/as/token.oauth2', {
      method: 'POST',
      headers: { ...headers, ...(who === undefined ? {} : { authorization: `Basic ${btoa(who)}` }) },
      body: new URLSearchParams(
        Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined),
      ),
    }),
  )
}

function secretOf({ client_id, client_secret }: typeof client): string {
  return `${client_id}:${client_secret}`
}

test('a client gets a token for what it asks for, or for all it may have', async () => {
  const answer = await askToken(secretOf(client))
  expect([answer.status, await answer.json()]).toEqual([
    200,
    { access_token: expect.any(String) as string, token_type: 'Bearer', expires_in: 1799 },
  ])
  expect(answer.headers.get('x-transaction')).toMatch(/^0000-[0-9a-f]{16}$/)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect((await askToken(secretOf(client), { scope: undefined })).status).toBe(200)
  expect((await askToken(secretOf(client), { scope: 'connect.api.read connect.api.write' })).status).toBe(200)
})

test.each<[string, () => string | undefined, Record<string, string>, number, string]>([
  ['no credentials', () => undefined, {}, 401, 'invalid_client'],
  ['a wrong secret', () => `${client.client_id}:wrong`, {}, 401, 'invalid_client'],
  ['an unknown client', () => 'fusion_0:wrong', {}, 401, 'invalid_client'],
  ['another grant', () => secretOf(client), { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ['an unknown scope', () => secretOf(client), { scope: 'everything' }, 400, 'invalid_scope'],
  [
    'a scope that the client may not have',
    () => secretOf(reader),
    { scope: 'connect.api.read connect.api.write' },
    400,
    'invalid_scope',
  ],
  ['another parameter', () => secretOf(client), { client_id: 'x' }, 400, 'invalid_request'],
])('%s is refused in the words of OAuth', async (_, who, form, status, error) => {
  const answer = await askToken(who(), form)
  expect([answer.status, await answer.json()]).toEqual([
    status,
    { error, error_description: expect.any(String) as string },
  ])
  expect(answer.headers.get('x-transaction')).toMatch(/^0000-/)
})

test('whoever does not name their program is refused, everywhere', async () => {
  const answer = await askToken(secretOf(client), {}, {})
  expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([
    400,
    'invalid_request',
  ])
  const call = await place.ask('/whoami/v1/whoami', { headers: { 'user-agent': '' } })
  expect([call.status, await call.json()]).toMatchObject([400, { code: 400001 }])
})

test('without a token, with a foreign or an expired one, nothing is answered', async () => {
  for (const token of ['', 'v1.AAAA', 'x'.repeat(5000)]) {
    const answer = await place.ask('/devices/v1/devices', { token })
    expect([answer.status, await answer.json()]).toMatchObject([401, { code: 401000 }])
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  }
  const act = await place.app.fetch(
    new Request('http://localhost/elements/devices/v1/operations', {
      method: 'POST',
      headers: { 'user-agent': 'test' },
      body: '{}',
    }),
  )
  expect(act.status).toBe(401)
  const token = await place.makeToken()
  expect((await place.ask('/devices/v1/devices', { token })).status).toBe(200)
  await place.passTime(1799_000)
  const late = await place.ask('/devices/v1/devices', { token })
  expect([late.status, JSON.stringify(await late.json())]).toEqual([401, expect.stringContaining('expired')])
})

test('a token for reading changes nothing, and one of a revoked client reads nothing', async () => {
  const { auth } = place.temporary.system.services
  const token = await place.makeToken(place.ana, 'connect.api.read')
  const act = await place.ask('/devices/v1/operations', {
    token,
    method: 'POST',
    body: JSON.stringify({ operation: 'scanForMalware', targets: ['x'] }),
  })
  expect([act.status, await act.json()]).toMatchObject([403, { code: 403000 }])
  expect((await place.ask('/devices/v1/devices', { token })).status).toBe(200)
  for (const { id } of await auth.listApiKeys(place.ana)) await auth.revokeApiKey(place.ana, id)
  expect((await place.ask('/devices/v1/devices', { token })).status).toBe(401)
})
