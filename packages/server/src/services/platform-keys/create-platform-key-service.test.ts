import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Principal } from '../../auth/principal.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import type { PlatformKeyKind } from './platform-key-service.ts'

const FROM = { address: '127.0.0.1' }
let place: TemporarySystem
let ana: Principal

beforeEach(async () => {
  place = await openTemporarySystem()
  ana = await place.addUser('ana')
})
afterEach(async () => {
  await place[Symbol.asyncDispose]()
})

/** The members of new credentials, whichever they are. */
interface Made {
  readonly id: number
  readonly key?: string
  readonly user_id?: string
  readonly org_id?: string
  readonly client_id?: string
  readonly client_secret?: string
}

async function create(kind: PlatformKeyKind, scopes?: readonly string[]): Promise<Made> {
  const { id, credentials } = await place.system.services.platformKeys.create(ana, {
    kind,
    name: 'k',
    ...(scopes === undefined ? {} : { scopes }),
  })
  return { id, ...credentials }
}

test('a key of one API opens no other, and acts as its user with its scopes', async () => {
  const { platformKeys, auth } = place.system.services
  const { id, key } = await create('threatstack')
  expect(await platformKeys.principalOf('threatstack', key!, FROM)).toMatchObject({
    username: 'ana',
    via: 'api-key',
    apiKeyId: id,
    scopes: new Set(['read']),
  })
  expect(await platformKeys.principalOf('sekoia', key!, FROM)).toBeUndefined()
  expect(await auth.principalOfApiKey(key!, FROM)).toBeUndefined()
  const own = await auth.createApiKey(ana, { name: 'own', scopes: ['read'] })
  expect(await platformKeys.principalOf('threatstack', own.key, FROM)).toBeUndefined()
})

test('the key of Hawk can be read again, and nothing in the database tells it', async () => {
  const { platformKeys } = place.system.services
  const { user_id, org_id, key } = await create('threatstack-v2')
  expect([user_id, org_id]).toEqual([
    expect.stringMatching(/^[0-9a-f]{24}$/),
    expect.stringMatching(/^[0-9a-f]{24}$/),
  ])
  await create('threatstack-v2', ['read'])
  const found = await platformKeys.findSigningKeys(user_id!, FROM)
  expect(found.map((one) => one.key)).toContain(key)
  expect(found).toHaveLength(2)
  expect(await found[0]!.use()).toMatchObject({ username: 'ana' })
  expect(await platformKeys.findSigningKeys('f'.repeat(24), FROM)).toEqual([])
  const database = await readFile(join(place.directory, 'metadata.sqlite'))
  const log = await readFile(join(place.directory, 'metadata.sqlite-wal')).catch(() => Buffer.alloc(0))
  expect(Buffer.concat([database, log]).includes(key!)).toBe(false)
})

test('a client gets at most what it was made for, and a token no more than it asked for', async () => {
  const { platformKeys } = place.system.services
  const { client_id, client_secret, id } = await create('elements', ['connect.api.read'])
  expect(await platformKeys.findClient(client_id!, client_secret!)).toEqual({
    keyId: id,
    permissions: ['connect.api.read'],
  })
  expect(await platformKeys.findClient(client_id!, 'els_wrong')).toBeUndefined()
  expect(await platformKeys.findClient('fusion_none', client_secret!)).toBeUndefined()
  const both = ['connect.api.read', 'connect.api.write']
  expect(await platformKeys.principalOfToken(id, both, FROM)).toMatchObject({
    scopes: new Set(['read']),
    permissions: new Set(['connect.api.read']),
  })
  const wide = await create('elements')
  expect(await platformKeys.principalOfToken(wide.id, both, FROM)).toMatchObject({
    scopes: new Set(['read', 'write']),
    permissions: new Set(both),
  })
  expect(await platformKeys.principalOfToken(wide.id, ['connect.api.read'], FROM)).toMatchObject({
    scopes: new Set(['read']),
  })
})

test('permissions of Sekoia by name bound the scopes; words of ours leave them open', async () => {
  const { platformKeys } = place.system.services
  const named = await create('sekoia', ['SIC_READ_ALERTS', 'COMMUNITY_LIST_MEMBER'])
  expect(await platformKeys.principalOf('sekoia', named.key!, FROM)).toMatchObject({
    scopes: new Set(['read']),
    permissions: new Set(['SIC_READ_ALERTS', 'COMMUNITY_LIST_MEMBER']),
  })
  const writes = await create('sekoia', ['SIC_WRITE_ALERTS'])
  expect((await platformKeys.principalOf('sekoia', writes.key!, FROM))?.scopes).toContain('write')
  const whole = await platformKeys.principalOf('sekoia', (await create('sekoia')).key!, FROM)
  expect(whole?.permissions).toBeUndefined()
  expect(whole?.scopes).toEqual(new Set(['read', 'write']))
})

test('all kinds are listed and revoked with our own, and at once', async () => {
  const { platformKeys, auth } = place.system.services
  const v1 = await create('threatstack')
  const v2 = await create('threatstack-v2')
  const client = await create('elements')
  const listed = await auth.listApiKeys(ana)
  expect(listed.map(({ kind }) => kind)).toEqual(['elements', 'threatstack-v2', 'threatstack'])
  const [signing] = await platformKeys.findSigningKeys(v2.user_id!, FROM)
  for (const { id } of [v1, v2, client]) await auth.revokeApiKey(ana, id)
  expect(await platformKeys.principalOf('threatstack', v1.key!, FROM)).toBeUndefined()
  expect(await platformKeys.findSigningKeys(v2.user_id!, FROM)).toEqual([])
  expect(signing).toBeDefined()
  expect(await platformKeys.findClient(client.client_id!, client.client_secret!)).toBeUndefined()
  expect(await platformKeys.principalOfToken(client.id, ['connect.api.read'], FROM)).toBeUndefined()
})

test.each([
  ['threatstack', ['connect.api.read'], 'takes the scopes read, write, admin; found "connect.api.read"'],
  ['elements', ['SIC_READ_ALERTS'], 'or connect.api.read, connect.api.write; found "SIC_READ_ALERTS"'],
  ['sekoia', ['nothing'], 'found "nothing"'],
  ['sekoia', ['NOTHING'], 'permissions such as SIC_READ_ALERTS; found "NOTHING"'],
  ['sekoia', ['read', 'SIC_WRITE_ALERTS'], 'either one of the scopes'],
] as const)('%s refuses the scopes %s', async (kind, scopes, text) => {
  await expect(create(kind, scopes)).rejects.toMatchObject({
    code: 'bad-scopes',
    message: expect.stringContaining(text) as string,
  })
})

test('nobody makes keys for others, or with more than they have', async () => {
  const { platformKeys } = place.system.services
  const input = { kind: 'elements', name: 'k' } as const
  await expect(platformKeys.create(ana, { ...input, userId: place.admin.userId })).rejects.toMatchObject({
    code: 'not-an-admin',
  })
  const narrow: Principal = { ...ana, scopes: new Set(['read']) }
  await expect(platformKeys.create(narrow, input)).rejects.toMatchObject({ code: 'key-scope' })
})
