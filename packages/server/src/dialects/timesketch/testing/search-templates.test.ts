import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestServer, type TestClient, type TestServer } from './test-server.ts'

const FILE = `
- id: 11111111-2222-4333-8444-555555555555
  short_name: by-user
  display_name: Events of a user
  description: What a user did
  query_string: 'user:{{ user }} AND path:/home'
- display_name: says nothing to ask
`

let server: TestServer
let owner: TestClient
let admin: TestClient
let sketchId: number
let folder: string

beforeAll(async () => {
  server = await openTestServer()
  owner = await server.signIn('owner')
  admin = await server.signIn('boss', { isAdmin: true })
  sketchId = (await owner.post('/sketches/', { name: 'case' })).json.objects[0].id
  folder = join(server.system.dataDirectory, 'config', 'search-templates')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'users.yaml'), FILE)
  await writeFile(join(folder, 'broken.yaml'), 'a: [')
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

async function list() {
  const { objects, meta } = (await owner.get('/searchtemplates/')).json
  return { templates: objects[0] ?? [], collection: meta.collection }
}

test('templates are those of the files; what cannot be read keeps nobody from the rest', async () => {
  const { templates } = await list()
  expect(templates).toMatchObject([
    {
      name: 'Events of a user',
      short_name: 'by-user',
      template_uuid: '11111111-2222-4333-8444-555555555555',
      query_string: 'user:{{ user }} AND path:/home',
      user: { id: 0, username: null },
    },
  ])
  const { id } = templates[0]
  expect((await owner.get(`/searchtemplates/${id}/`)).json.objects).toEqual(templates)
  const { meta } = (await owner.get(`/sketches/${sketchId}/`)).json
  expect(meta.searchtemplates).toEqual([{ id, name: 'Events of a user' }])
})

test('gaps are filled in, and what the query language reads is escaped', async () => {
  const [{ id }] = (await list()).templates
  const answer = await owner.post(`/searchtemplates/${id}/parse/`, { user: 'a.b' })
  expect(answer.json).toEqual({ objects: [{ query_string: 'user:a\\.b AND path:\\/home' }], meta: {} })
  expect(await owner.post('/searchtemplates/999999/parse/', {})).toMatchObject({ status: 404 })
})

test('a saved search says which template it was made from', async () => {
  const [{ id }] = (await list()).templates
  const body = { name: 'Eve', query: 'user:eve', filter: {}, from_searchtemplate_id: id }
  const made = await owner.post(`/sketches/${sketchId}/views/`, body)
  expect([made.status, made.json.objects[0].searchtemplate]).toMatchObject([
    201,
    { id, name: 'Events of a user' },
  ])
  expect((await list()).collection).toEqual([
    { search_id: made.json.objects[0].id, template_id: id, sketch_id: sketchId },
  ])
  expect((await admin.get('/searchtemplates/')).json.meta.collection).toEqual([])
  const unknown = await owner.post(`/sketches/${sketchId}/views/`, {
    ...body,
    from_searchtemplate_id: 999_999,
  })
  expect(unknown).toMatchObject({ status: 404 })
})

test('administrators make one of a saved search, and take it away again; a file keeps its own', async () => {
  const body = {
    name: 'Kept',
    query: 'x',
    filter: { chips: [{ type: 'datetime_range' }, { type: 'term' }] },
    new_searchtemplate: true,
  }
  expect(await owner.post(`/sketches/${sketchId}/views/`, body)).toMatchObject({ status: 403 })
  const own = (await admin.post('/sketches/', { name: 'own' })).json.objects[0].id
  expect(await admin.post(`/sketches/${own}/views/`, body)).toMatchObject({ status: 201 })
  const kept = (await list()).templates.find((template: { name: string }) => template.name === 'Kept')
  expect(JSON.parse(kept.query_filter).chips).toEqual([{ type: 'term' }])
  expect((await owner.delete(`/searchtemplates/${kept.id}/`)).json.message).toBe(
    'User does not have delete permission.',
  )
  expect((await admin.delete(`/searchtemplates/${kept.id}/`)).text).toBe('200\n')
  const [{ id }] = (await list()).templates
  expect((await admin.delete(`/searchtemplates/${id}/`)).json.message).toContain('users.yaml')
})

test('a file that changes is read again', async () => {
  await writeFile(join(folder, 'users.yaml'), FILE.replace('Events of a user', 'All that a user did'))
  expect((await list()).templates[0].name).toBe('All that a user did')
})
