import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestServer, type TestClient, type TestServer } from './test-server.ts'

let server: TestServer
let owner: TestClient
let other: TestClient
let admin: TestClient
beforeAll(async () => {
  server = await openTestServer()
  owner = await server.signIn('owner')
  other = await server.signIn('other')
  admin = await server.signIn('chief', { isAdmin: true })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

async function makeSketch(name: string): Promise<number> {
  return (await owner.post('/sketches/', { name, description: 'd' })).json.objects[0].id
}

test('a new sketch has the shape the client reads', async () => {
  const made = (await owner.post('/sketches/', { name: 'Käse', description: 'd' })).json.objects[0]
  expect(made).toMatchObject({
    name: 'Käse',
    status: [{ status: 'new' }],
    label_string: '',
    timelines: [],
    all_permissions: '{"user/owner": ["read", "write", "delete"], "is_public": false}',
    my_permissions: '["read", "write", "delete"]',
  })
  const { meta } = (await owner.get(`/sketches/${made.id}/`)).json
  for (const key of [
    'aggregators',
    'views',
    'emojis',
    'mappings',
    'attributes',
    'filter_labels',
    'permissions',
  ]) {
    expect(meta).toHaveProperty(key)
  }
})

test('a name is needed, of at most 255 characters', async () => {
  const needed = 'Unable to validate form data: This field is required.'
  const id = await makeSketch('named')
  expect((await owner.post('/sketches/', {})).json.message).toBe(needed)
  for (const path of ['/sketches/', `/sketches/${id}/`])
    expect((await owner.post(path, { name: ' \t' })).json.message).toBe(needed)
  expect((await owner.post('/sketches/', { name: 'x'.repeat(256) })).json.message).toContain('less than 255')
})

test('others get 403, administrators a restricted view, missing ones 404', async () => {
  const id = await makeSketch('closed')
  expect((await other.get(`/sketches/${id}/`)).status).toBe(403)
  const seen = (await admin.get(`/sketches/${id}/`)).json.objects[0]
  expect(seen.status).toEqual([{ id: 0, status: 'admin_view' }])
  expect((await owner.get('/sketches/999999/')).status).toBe(404)
  expect((await admin.get('/sketches/999999/')).json.message).toBe('No sketch found with this ID.')
})

test('collaborators read, and need write to write', async () => {
  const id = await makeSketch('shared')
  const path = `/sketches/${id}/collaborators/`
  expect((await owner.post(path, { users: ['other', 'nobody'], permissions: '["read"]' })).text).toBe('200\n')
  expect((await other.get(`/sketches/${id}/`)).json.meta.collaborators.users).toEqual(['other'])
  const refused = await other.post(`/sketches/${id}/`, { name: 'mine' })
  expect([refused.status, refused.json.message]).toEqual([
    403,
    'User does not have write access controls on sketch.',
  ])
  expect((await other.post(path, { users: ['chief'] })).json.message).toBe(
    'The user does not have write permission on the sketch.',
  )
  expect((await owner.post(path, { remove_users: ['owner'] })).json.message).toBe(
    'Cannot revoke permissions from the sketch owner.',
  )
})

test.each([
  ['{"other":["read"]}', 400, [false, false]],
  ['"read"', 400, [false, false]],
  ['7', 400, [false, false]],
  ['[]', 200, [false, false]],
  ['["nosuch"]', 200, [false, false]],
  ['["read"]', 200, [true, false]],
  [undefined, 200, [true, true]],
] as const)(
  'permissions given as %s grant what they say and no more',
  async (permissions, status, granted) => {
    const id = await makeSketch('granted')
    const answer = await owner.post(`/sketches/${id}/collaborators/`, {
      users: ['other'],
      ...(permissions === undefined ? {} : { permissions }),
    })
    expect(answer.status).toBe(status)
    const canRead = (await other.get(`/sketches/${id}/`)).status === 200
    const canWrite = (await other.post(`/sketches/${id}/`, { name: 'mine' })).status !== 403
    expect([canRead, canWrite]).toEqual(granted)
  },
)

test('labels are added once and taken away; other actions are refused', async () => {
  const id = await makeSketch('labelled')
  const add = { labels: ['alpha', 'ALPHA'], label_action: 'add' }
  expect((await owner.post(`/sketches/${id}/`, add)).json.objects[0].label_string).toBe('["alpha"]')
  const remove = { labels: ['alpha'], label_action: 'remove' }
  expect((await owner.post(`/sketches/${id}/`, remove)).json.objects[0].label_string).toBe('')
  expect((await owner.post(`/sketches/${id}/`, { labels: ['a'], label_action: 'x' })).json.message).toBe(
    "Label actions needs to be either 'add' or 'remove', not [x]",
  )
})

test('archived sketches say so everywhere', async () => {
  const id = await makeSketch('old')
  expect((await owner.post(`/sketches/${id}/archive/`, { action: 'archive' })).json.message).toBe(
    `Sketch ${id} has been archived.`,
  )
  expect((await owner.get(`/sketches/${id}/archive/`)).json.meta.is_archived).toBe(true)
  expect((await owner.post(`/sketches/${id}/explore/`, {})).status).toBe(400)
  expect((await owner.post(`/sketches/${id}/exportstream/`, {})).status).toBe(403)
  expect((await owner.delete(`/sketches/${id}/`)).json.message).toBe(
    'Unable to delete a sketch that is already archived.',
  )
  expect((await owner.post(`/sketches/${id}/archive/`, { action: 'unarchive' })).status).toBe(200)
  expect((await owner.post(`/sketches/${id}/archive/`, { action: 'unarchive' })).status).toBe(400)
  expect((await owner.post(`/sketches/${id}/archive/`, { action: 'burn' })).status).toBe(404)
})

test('protected sketches stay; force is for administrators', async () => {
  const id = await makeSketch('kept')
  await owner.post(`/sketches/${id}/`, { labels: ['protected'] })
  expect((await owner.delete(`/sketches/${id}/`)).json.message).toBe(
    'Sketch with the label [protected] cannot be deleted.',
  )
  await owner.post(`/sketches/${id}/`, { labels: ['protected'], label_action: 'remove' })
  expect((await owner.delete(`/sketches/${id}/?force=true`)).json.message).toBe(
    'Sketch cannot be deleted. User is not an admin',
  )
  expect((await owner.delete(`/sketches/${id}/`)).text).toBe('200\n')
  expect((await owner.get(`/sketches/${id}/`)).status).toBe(404)
  expect((await admin.get(`/sketches/${id}/`)).json.objects[0].status[0].status).toBe('deleted')
})

test('the list has pages, and none beyond the last', async () => {
  const page = await owner.get('/sketches/?per_page=2&page=1')
  expect(page.json.objects).toHaveLength(2)
  expect(page.json.meta).toMatchObject({
    has_next: true,
    next_page: 2,
    prev_page: null,
    current_user: 'owner',
  })
  expect((await owner.get('/sketches/?page=9999')).status).toBe(404)
  expect((await owner.get('/sketches/?page=x')).json.message).toEqual({
    page: "invalid literal for int() with base 10: 'x'",
  })
  expect((await owner.get('/sketches/?scope=admin')).status).toBe(403)
  expect((await owner.get('/sketches/?scope=nonsense')).json.objects).toEqual([])
})

test('attributes keep their kind', async () => {
  const id = await makeSketch('facts')
  const path = `/sketches/${id}/attribute/`
  expect((await owner.post(path, { name: 'n', values: [7], ontology: 'int' })).status).toBe(201)
  expect((await owner.post(path, { name: 'n', values: [8], ontology: 'int' })).json.action).toBe('update')
  expect((await owner.post(path, { name: 'n', values: ['x'], ontology: 'int' })).status).toBe(400)
  expect((await owner.get(path)).json).toEqual({ n: { value: 8, ontology: 'int' } })
  expect((await owner.delete(path, { name: 'n', ontology: 'int' })).text).toBe('200\n')
  expect((await owner.delete(path, { name: 'n', ontology: 'int' })).status).toBe(400)
})

test('saved searches are kept as written, with the filter keys the client counts on', async () => {
  const id = await makeSketch('searches')
  const path = `/sketches/${id}/views/`
  const filter = { from: 5, size: 40, chips: [] }
  const made = (await owner.post(path, { name: 'V', query: 'ä', filter, dsl: '' })).json.objects[0]
  expect(JSON.parse(made.query_filter)).toEqual({
    size: 40,
    chips: [],
    fields: [{ field: 'datetime' }, { field: 'timestamp_desc' }, { field: 'message' }],
  })
  expect(made.query_dsl).toBe('""')
  const read = (await owner.get(`${path}${made.id}/`)).json.objects[0]
  expect(JSON.parse(read.query_filter)).toMatchObject({ from: 0, order: 'asc', indices: [] })
  expect((await owner.delete(`${path}${made.id}/`)).text).toBe('200\n')
  expect((await owner.get(`${path}${made.id}/`)).json).toEqual({
    meta: { deleted: true, name: 'V' },
    objects: [],
  })
  expect((await owner.get(`${path}999/`)).status).toBe(404)
})

test('administrators destroy what was only marked deleted', async () => {
  const id = await makeSketch('twice')
  await owner.delete(`/sketches/${id}/`)
  expect((await owner.delete(`/sketches/${id}/?force=true`)).status).toBe(404)
  expect((await admin.delete(`/sketches/${id}/`)).status).toBe(404)
  expect((await admin.delete(`/sketches/${id}/?force=true`)).status).toBe(200)
  expect((await admin.get(`/sketches/${id}/`)).status).toBe(404)
})

test('the last activity is the last writing into a sketch, not a change of its name', async () => {
  const id = await makeSketch('busy')
  const lastActivity = async (): Promise<string> =>
    (await owner.get(`/sketches/${id}/`)).json.meta.last_activity
  await owner.post(`/sketches/${id}/`, { name: 'busier' })
  expect(await lastActivity()).toBe('')
  expect((await owner.post(`/sketches/${id}/views/`, { query: 'x', filter: {} })).status).toBe(400)
  expect(await lastActivity()).toBe('')
  await owner.post(`/sketches/${id}/stories/`, { title: 'a story', content: '[]' })
  expect(await lastActivity()).toMatch(/^\d{4}-\d\d-\d\dT/)
})

test('an uploaded sketch was active, and events that were in no file name none', async () => {
  const id = await makeSketch('events')
  const events = JSON.stringify({ message: 'm', datetime: '2024-01-01T00:00:00Z', timestamp_desc: 'd' })
  const { json } = await owner.upload({ sketch_id: id, name: 'rows', events })
  expect(json.objects[0].datasources[0].original_filename).toBe('')
  expect((await owner.get(`/sketches/${id}/`)).json.meta.last_activity).not.toBe('')
})

test('a data source is made for a timeline, listed, found and told anew; of another sketch it is none', async () => {
  const id = await makeSketch('sources')
  const events = JSON.stringify({ message: 'm', datetime: '2024-01-01T00:00:00Z', timestamp_desc: 'd' })
  const timeline = (await owner.upload({ sketch_id: id, name: 'rows', events })).json.objects[0].id
  const path = `/sketches/${id}/datasource/`
  const made = await owner.post(path, { timeline_id: timeline, provider: 'p', original_filename: 'disk.raw' })
  expect([made.status, made.json.objects[0]]).toMatchObject([201, { provider: 'p', context: 'N/A' }])
  const one = `${path}${made.json.objects[0].id}/`
  const changed = await owner.post(one, { context: 'seized' })
  expect([changed.status, changed.json.objects[0]]).toMatchObject([200, { provider: 'p', context: 'seized' }])
  expect((await owner.get(one)).json.objects[0]).toMatchObject({
    original_filename: 'disk.raw',
    context: 'seized',
  })
  expect((await owner.get(path)).json.meta).toEqual({ number_of_timelines: 1, number_of_sources: 2 })
  const elsewhere = one.replace(`/${id}/`, `/${await makeSketch('no sources')}/`)
  expect([(await owner.get(elsewhere)).status, (await owner.post(elsewhere, {})).status]).toEqual([404, 404])
  expect((await owner.post(path, {})).json.message).toContain('without a timeline identifier')
})

test('an index that nothing has come of yet has no status', async () => {
  const { json } = await owner.post('/searchindices/', { searchindex_name: 'i', es_index_name: 'fresh' })
  expect(json.objects[0].status).toEqual([])
})

test('a saved search is told with all keys of a filter, its own first', async () => {
  const id = await makeSketch('views')
  const made = await owner.post(`/sketches/${id}/views/`, {
    name: 'v',
    query: 'x',
    filter: { size: 5, fields: [{ field: 'message' }] },
  })
  const view = (await owner.get(`/sketches/${id}/views/${made.json.objects[0].id}/`)).json.objects[0]
  expect(Object.keys(JSON.parse(view.query_filter))).toEqual([
    ...['size', 'fields', 'from', 'terminate_after', 'indices', 'exclude', 'order', 'chips'],
  ])
})
