import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSekoia, type SekoiaPlace } from '../testing/open-sekoia.ts'

let at: SekoiaPlace
let authorization: string
beforeAll(async () => {
  at = await openSekoia()
  const { credentials } = await at.place.system.services.platformKeys.create(at.place.admin, {
    kind: 'sekoia',
    name: 'raw',
    scopes: [],
  })
  authorization = `Bearer ${(credentials as { key: string }).key}`
})
afterAll(async () => {
  expect(at.problems).toEqual([])
  await at[Symbol.asyncDispose]()
})

test('phases of attacks are listed in their order, and found by both ids', async () => {
  const reply = await at.ask('/v1/sic/kill-chains?sort=order_id', { headers: { authorization } })
  const { items, total } = (await reply.json()) as {
    items: { uuid: string; short_id: string }[]
    total: number
  }
  expect(total).toBe(7)
  expect(items[0]).toMatchObject({ order_id: 1, name: 'Reconnaissance', stix_name: 'reconnaissance' })
  expect(items[5]).toMatchObject({ order_id: 6, stix_name: 'command-and-control' })
  for (const { uuid, short_id } of items) {
    expect(short_id).toMatch(/^KC[0-9A-Z]{10}$/)
    expect(await at.sekoia.alerts.getKillChain(short_id)).toEqual(await at.sekoia.alerts.getKillChain(uuid))
  }
  expect(await at.sekoia.alerts.getKillChain('KC0000000000')).toBeUndefined()
  await expect(at.sekoia.alerts.getKillChain('nonsense')).rejects.toMatchObject({ status: 400 })
})

test('owners of an asset are those that somebody said', async () => {
  const { uuid } = await at.sekoia.assets.create({ name: 'server-1', type: 'host' })
  const path = `/v1/asset-management/assets/${uuid}`
  const owners = async (): Promise<unknown> =>
    (await at.ask(`${path}/owners`, { headers: { authorization } })).json()
  expect(await owners()).toEqual({ items: [], total: 0 })
  const change = await at.ask(path, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ owners: ['ana'] }),
  })
  expect(change.status).toBe(200)
  expect(await owners()).toEqual({ items: ['ana'], total: 1 })
})

test.each([
  ['GET', '/v1/sic/custom_statuses/5a8f1a9c-0000-8000-8000-000000000000'],
  ['GET', '/v1/sic/custom_verdicts/5a8f1a9c-0000-8000-8000-000000000000'],
  ['GET', '/v1/sic/custom_priorities/5a8f1a9c-0000-8000-8000-000000000000'],
  ['PATCH', '/v1/sic/alerts/countermeasures/5a8f1a9c-0000-8000-8000-000000000000/activate'],
])('%s %s says that there is none', async (method, path) => {
  // The document has no such call, and the reply is not held against it.
  const request = new Request(`http://skein.test/sekoia${path}`, { method, headers: { authorization } })
  const reply = await at.app.fetch(request)
  expect([reply.status, await reply.json()]).toEqual([
    404,
    { message: expect.any(String), code: expect.any(String) },
  ])
})
