import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OpenApiDocument } from '../platform/testing/check-reply.ts'
import { openSekoia, type SekoiaPlace } from './testing/open-sekoia.ts'

let at: SekoiaPlace
let headers: Readonly<Record<string, string>>

beforeEach(async () => {
  at = await openSekoia()
  const { credentials } = await at.place.system.services.platformKeys.create(at.place.admin, {
    kind: 'sekoia',
    name: 'lists',
    scopes: [],
  })
  headers = { authorization: `Bearer ${(credentials as { key: string }).key}` }
})
afterEach(async () => {
  await at[Symbol.asyncDispose]()
  expect(at.problems).toEqual([])
})

/** Fields that the platform's documentation and public programs name. */
const DOCUMENTED: Readonly<Record<string, string>> = {
  '/v1/sic/alerts':
    'community_uuid entity_name entity_uuid status_uuid status_name type_category type_value source target node stix_object rule_uuid rule_name detection_type uuid title asset_uuid urgency_display case_short_id assignee custom_status_uuid verdict_uuid short_id',
  '/v1/sic/cases': 'community_uuid status_uuid status_name created_by tags assignees alert_uuid short_id',
  '/v1/sic/conf/rules-catalog/rules':
    'name type severity enabled created_by description payload goal references is_private last_compilation_success updated_by_type',
  '/v1/sic/conf/rules-catalog/multi-tenant/rules': 'type',
  '/v1/sic/conf/intakes': 'name format_uuid',
  '/v1/ingest/formats': 'name',
  '/v1/asset-management/assets': 'uuid name category_name category_uuid type_name type_uuid',
  '/v1/notebooks/queries': 'uuid name visualization is_shared created_by',
}

test('lists take every field that the platform documents, to match and not to match', async () => {
  for (const [path, fields] of Object.entries(DOCUMENTED))
    for (const field of fields.split(' '))
      for (const kind of ['match', 'nomatch'])
        expect((await ask(`${path}?${kind}[${field}]=x`)).status, `${path} ${kind}[${field}]`).toBe(200)
})

test('every list refuses a field that it does not have, in the shape of its refusals, and says which it has', async () => {
  const document = await readDocument()
  const lists = Object.entries(document.paths).flatMap(([path, { get }]) => {
    const { parameters = [] } = (get ?? {}) as { parameters?: readonly { name: string }[] }
    const names = parameters.map(({ name }) => name)
    return names.includes('limit') && !path.includes('{')
      ? [{ path: path.replace('/sekoia', ''), names }]
      : []
  })
  expect(lists.length).toBeGreaterThan(10)
  for (const { path, names } of lists) {
    const reply = await ask(`${path}?match[nothing]=x`)
    const isOfQueries = path.includes('/notebooks/')
    expect(reply.status, path).toBe(isOfQueries ? 422 : 400)
    const body = (await reply.json()) as { detail: unknown }
    const refusal = (isOfQueries ? body.detail : body) as { code: string; message: string }
    expect(refusal.code, path).toBe('unknown-field')
    expect(refusal.message, path).toContain('cannot be narrowed by match[nothing]')
    for (const name of names) {
      const [, field] = /^match\[(.*)\]$/.exec(name) ?? []
      if (field !== undefined) expect(refusal.message, path).toContain(field)
    }
  }
})

test('a parameter that comes twice is refused with how several values are written', async () => {
  const reply = await ask('/v1/sic/alerts?match[title]=a&match[title]=b')
  expect(reply.status).toBe(400)
  expect(await reply.json()).toMatchObject({
    message:
      'The query string cannot be accepted: match[title]: it was expected once; several values stand in one, with commas between them',
  })
})

test('a stretch of time that ends before it begins is refused', async () => {
  const reply = await ask('/v1/sic/alerts?date[created_at]=2026-02-01,2026-01-01')
  expect(reply.status).toBe(400)
  expect(await reply.json()).toEqual({
    code: 'bad-time-range',
    message:
      'date[created_at] ends before it begins: the lesser value was expected first, found "2026-02-01,2026-01-01".',
  })
})

test('invitations are narrowed by their address', async () => {
  const { community } = await at.sekoia.me()
  const [role] = await at.sekoia.communities.listRoles(community).toArray()
  for (const email of ['a@example.com', 'b@example.com'])
    await at.sekoia.communities.invite({ email, communities: { [community]: [role!.uuid] } })
  const found = await (await ask('/v1/invitations?match[email]=a@example.com')).json()
  expect(found).toMatchObject({ total: 1, items: [{ email: 'a@example.com' }] })
})

async function readDocument(): Promise<OpenApiDocument> {
  const reply = await at.app.fetch(new Request('http://skein.test/sekoia/openapi.json'))
  return (await reply.json()) as OpenApiDocument
}

async function ask(path: string): Promise<Response> {
  return await at.ask(path, { headers })
}

test('formats refuse a page that is no number by the name it was asked for by', async () => {
  for (const [index, status] of [
    ['x', 400],
    ['-1', 400],
    ['', 200],
    ['0', 200],
    ['1', 200],
  ] as const)
    expect((await ask(`/v1/ingest/formats?sizePage=1&indexPage=${index}`)).status, index).toBe(status)
  const reply = await (await ask('/v1/ingest/formats?indexPage=x')).json()
  expect(reply).toMatchObject({
    message: 'indexPage: a whole number from 0 to 99999999 was expected, found "x".',
  })
})
