import type { Sekoia } from '@timeskein/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSekoia, type SekoiaPlace } from './testing/open-sekoia.ts'
import { RULE } from './testing/rule.ts'

let at: SekoiaPlace
let sekoia: Sekoia

beforeEach(async () => {
  at = await openSekoia()
  sekoia = at.sekoia
})
afterEach(async () => {
  await at[Symbol.asyncDispose]()
  expect(at.problems).toEqual([])
})

test('a key tells what it is and whose', async () => {
  expect((await sekoia.validate()).identity).toMatch(/^apikey:[0-9a-f-]{36}$/)
  const me = await sekoia.me()
  const [community] = await sekoia.communities.list().toArray()
  expect(me.community).toBe(community!.uuid)
  expect((await sekoia.communities.getUser(me.uuid))!.uuid).toBe(me.uuid)
  const roles = await sekoia.communities.listRoles(me.community).toArray()
  expect(roles.map(({ name }) => name)).toEqual(['Guest', 'Analyst', 'Admin'])
  const invitation = await sekoia.communities.invite({
    email: 'john.doe@example.com',
    communities: { [me.community]: [roles[1]!.uuid] },
  })
  expect(invitation.email).toBe('john.doe@example.com')
  expect((await at.place.system.services.invitations.list(at.place.admin))[0]?.role).toBe('Analyst')
})

test('a key with permissions may do what they say and nothing else', async () => {
  const reader = await at.connect(['SIC_READ_ALERTS'])
  await reader.alerts.list().toArray()
  for (const refused of [
    () => reader.rules.list().toArray(),
    () => reader.rules.create(RULE),
    () => reader.search('*').first(),
    () => reader.cases.create({ title: 'x' }),
  ])
    await expect(refused()).rejects.toMatchObject({ status: 403, code: 'AU202' })
  const confReader = await at.connect(['SIC_READ_CONF'])
  await confReader.rules.list().toArray()
})

test('keys that were good say why they are so no longer', async () => {
  const { auth, platformKeys } = at.place.system.services
  const tell = async (expiresAtMs?: number, isRevoked = false): Promise<unknown> => {
    const { id, credentials } = await platformKeys.create(at.place.admin, {
      kind: 'sekoia',
      name: 'x',
      ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    })
    if (isRevoked) await auth.revokeApiKey(at.place.admin, id)
    const { key } = credentials as { key: string }
    return await (await at.ask('/v1/me', { headers: { authorization: `Bearer ${key}` } })).json()
  }
  expect(await tell(Date.now() - 1000)).toEqual({ message: 'The token has expired', code: 'T301' })
  expect(await tell(undefined, true)).toEqual({ message: 'Token revoked', code: 'T302' })
})

test('an act without a key is refused as one with a wrong key', async () => {
  for (const [method, path] of [
    ['POST', '/v1/sic/cases'],
    ['PATCH', '/v1/sic/alerts/AL0000000000'],
    ['DELETE', '/v1/sic/cases/CA0000000000'],
  ] as const) {
    const answer = await at.ask(path, { method, ...(method === 'DELETE' ? {} : { body: '{}' }) })
    expect([answer.status, await answer.json()]).toEqual([
      401,
      { message: 'The token is invalid', code: 'T300' },
    ])
  }
})

test('both prefixes answer, and paths that are none say so', async () => {
  expect((await at.ask('/api/v1/me')).status).toBe(401)
  expect(await (await at.ask('/v1/me', { headers: { authorization: 'Bearer nothing' } })).json()).toEqual({
    message: 'The token is invalid',
    code: 'T300',
  })
  const missing = await at.app.fetch(new Request('http://skein.test/sekoia/v1/nothing'))
  expect(missing.status).toBe(404)
  expect(await missing.json()).toMatchObject({ code: 'page-not-found' })
})
