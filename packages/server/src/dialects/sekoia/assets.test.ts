import type { Sekoia } from '@timeskein/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeAlert } from './testing/make-alert.ts'
import { openSekoia, type SekoiaPlace } from './testing/open-sekoia.ts'

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

async function makeKey(): Promise<string> {
  const { platformKeys } = at.place.system.services
  const { credentials } = await platformKeys.create(at.place.admin, { kind: 'sekoia', name: 'k' })
  return 'key' in credentials ? credentials.key : ''
}

test('hosts are assets, and more can be said of them', async () => {
  await makeAlert(at, 'a')
  const [seen] = await sekoia.assets.list({ search: 'lapt' }).toArray()
  expect(seen).toMatchObject({ name: 'laptop', type: 'host' })
  const made = await sekoia.assets.create({ name: 'server-1', type: 'host', criticality: 80, tags: ['dmz'] })
  expect(made).toMatchObject({ name: 'server-1', criticality: 80, tags: ['dmz'] })
  expect((await sekoia.assets.list({ criticality: 50 }).toArray()).map(({ name }) => name)).toEqual([
    'server-1',
  ])
  await expect(sekoia.assets.create({ name: 'server-1', type: 'host' })).rejects.toMatchObject({
    status: 409,
  })
  await expect(sekoia.assets.create({ name: 'joe', type: 'account' })).rejects.toMatchObject({ status: 400 })
  await sekoia.assets.delete(made.uuid)
  expect(await sekoia.assets.get(made.uuid)).toBeUndefined()
})

test('assets come in pages, narrowed or not, and the first version tells of hosts too', async () => {
  for (const name of ['h-1', 'h-2', 'h-3', 'other'])
    await sekoia.assets.create({ name, type: 'host', criticality: name === 'h-2' ? 80 : 10 })
  const all = await sekoia.assets.list({ pageSize: 2 }).toArray()
  expect(all.map(({ name }) => name)).toEqual(['h-1', 'h-2', 'h-3', 'other'])
  const headers = { authorization: `Bearer ${await makeKey()}`, 'content-type': 'application/json' }
  const list = async (path: string): Promise<unknown> => {
    const { items, total, has_more } = (await (await at.ask(path, { headers })).json()) as {
      items: { name: string }[]
      total: number
      has_more: boolean
    }
    return [items.map(({ name }) => name), total, has_more]
  }
  const path = '/v2/asset-management/assets'
  expect(await list(`${path}?type=host&limit=1&offset=1`)).toEqual([['h-2'], 4, true])
  expect(await list(`${path}?search=h-&limit=2&offset=2`)).toEqual([['h-3'], 3, false])
  expect(await list(`${path}?uuids=${all[3]!.uuid},${all[0]!.uuid}`)).toEqual([['h-1', 'other'], 2, false])
  expect(await list(`${path}?type=account`)).toEqual([[], 0, false])
  expect(await list(`${path}?criticality=50`)).toEqual([['h-2'], 1, false])
  expect(await list(`${path}?sort=name&direction=desc&limit=1`)).toEqual([['other'], 4, true])
  expect(await list('/v1/asset-management/assets?limit=1&offset=3')).toEqual([['other'], 4, false])
  expect(await list('/v1/asset-management/assets?range[criticality]=50,100')).toEqual([['h-2'], 1, false])
  const post = async (body: object): Promise<Response> =>
    await at.ask('/v1/asset-management/assets', { method: 'POST', headers, body: JSON.stringify(body) })
  expect(
    await (await post({ name: 'told', criticity: { value: 90 }, category: 'server' })).json(),
  ).toMatchObject({
    name: 'told',
    asset_type: { name: 'host' },
    category: { name: 'server' },
    criticity: { value: 90, display: 'high' },
  })
  expect((await post({ name: 'told' })).status).toBe(409)
  expect((await post({ name: 'joe', asset_type: 'account' })).status).toBe(400)
})
