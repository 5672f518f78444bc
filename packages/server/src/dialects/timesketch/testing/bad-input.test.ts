import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RouteDeclaration } from '../../../http/app-types.ts'
import { openTestServer, type TestAnswer, type TestClient, type TestServer } from './test-server.ts'

let server: TestServer
let client: TestClient
let sketchId: number
let timelineId: number
let event: { _id: string; _index: string }
beforeAll(async () => {
  server = await openTestServer()
  client = await server.signIn('anna')
  sketchId = await makeSketch()
  event = await findEvent()
  timelineId = (await client.get(`/sketches/${sketchId}/timelines/`)).json.objects[0][0].id
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

async function makeSketch(): Promise<number> {
  const { id } = (await client.post('/sketches/', { name: 'case' })).json.objects[0]
  const events = JSON.stringify({ message: 'm', datetime: '2024-01-01T00:00:00Z', timestamp_desc: 'x' })
  await client.upload({ sketch_id: id, name: 'rows', events })
  return id
}

async function findEvent(): Promise<typeof event> {
  const { json } = await client.post(`/sketches/${sketchId}/explore/`, { query: '*', filter: {} })
  const { _id, _index } = json.objects[0]
  return { _id, _index }
}

/** Every member that some route reads. */
const MEMBERS =
  'name description query filter dsl fields count enable_scroll scroll_id file_name events annotation annotation_type tag_string tags_to_remove attributes date_string timestamp_desc message title content export_format agg_type aggregator aggregator_name aggregator_parameters aggregation_dsl parameters chart_type labels label_action orientation aggregations plugin config refresh elements graph_config graph_cache_id uuid dfiq_id question_text conclusionText status values ontology action_value timeline timeline_ids timeline_name color users groups remove_users remove_groups permissions public action url rule_yaml settings password username searchindex_name es_index_name search_id from_searchtemplate_id new_searchtemplate start_date end_date rule_names analyzer_names analyzer_kwargs parent question scenario facet original_filename data_label context provider error_message display_name feature form_data action_type scenario_id template_id'.split(
    ' ',
  )
const ODD: readonly (readonly [what: string, value: unknown])[] = [
  ['null', null],
  ['numbers', 5],
  ['negative numbers', -1],
  ['numbers beyond all', 1e308],
  ['truth', true],
  ['texts', 'x'],
  ['texts of nothing', ''],
  ['long texts', 'x'.repeat(10_000)],
  ['texts with NUL', '\u0000'],
  ['texts of broken JSON', '{"a": ['],
  ['texts of a list', '[[]]'],
  ['names of prototypes', '__proto__'],
  ['lists', []],
  ['lists of nothing', [null, null]],
  ['lists of lists', [[[]]]],
  ['lists of objects', [{}, { _id: {}, _index: [], id: {} }]],
  ['objects', {}],
  ['objects of prototypes', JSON.parse('{"__proto__": {"x": 1}, "constructor": {"prototype": []}}')],
]
/** Routes whose recorded answer is 500: a server without a provider of language models. */
const ANSWERS_500: ReadonlySet<string> = new Set(['POST /api/v1/sketches/:sketchId{[0-9]+}/llm/'])

function fillPath(route: RouteDeclaration): string {
  return route.path
    .replace(/:sketchId(\{[^}]*\})?/, String(sketchId))
    .replace(/:timelineId(\{[^}]*\})?/, String(timelineId))
    .replace(/:(\w+)(\{[^}]*\})?/g, (_, name: string) => (name.endsWith('Id') ? '1' : 'nothing'))
}

/** Routes that do what they do without a body, after which there is nothing more to ask. */
const ENDS: ReadonlySet<string> = new Set([
  'DELETE /api/v1/sketches/:sketchId{[0-9]+}/',
  'DELETE /api/v1/sketches/:sketchId{[0-9]+}/timelines/:timelineId{[0-9]+}/',
])

/** Routes that read a body, the sign-in aside. */
async function listWriting(): Promise<readonly RouteDeclaration[]> {
  return (await server.app.listRoutes()).filter(
    ({ dialect, method, path }) =>
      dialect === 'timesketch' &&
      method !== 'GET' &&
      path.startsWith('/api/v1') &&
      !path.includes('*') &&
      !ENDS.has(`${method} ${path}`),
  )
}

function send(route: RouteDeclaration, body: string): Promise<TestAnswer> {
  const headers = { 'content-type': 'application/json', 'x-csrftoken': client.token }
  return client.send(route.method, fillPath(route), { headers, body })
}

async function listFaults(bodyOf: (route: RouteDeclaration) => string): Promise<readonly string[]> {
  const faults: string[] = []
  for (const route of await listWriting()) {
    const name = `${route.method} ${route.path}`
    const { status, text } = await send(route, bodyOf(route))
    if (status >= 500 && !ANSWERS_500.has(name)) faults.push(`${name}: ${status} ${text.slice(0, 200)}`)
    if (status === 302) faults.push(`${name}: the session is gone`)
    if (/\n\s+at |\.ts:\d+|node_modules|SQLITE/.test(text))
      faults.push(`${name}: tells of its insides: ${text}`)
  }
  const { json } = await client.get(`/sketches/${sketchId}/`)
  expect(json.objects?.[0]).toMatchObject({ status: [{ status: 'new' }] })
  return faults
}

describe('bodies that no route can read', () => {
  test.each([
    ['no JSON', '{not json'],
    ['nothing', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"text"'],
    ['a number', '5'],
    ['lists in lists without end', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['objects in objects without end', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
  ])('%s', async (_, body) => {
    expect(await listFaults(() => body)).toEqual([])
  })
})

describe('members of a kind that was not expected', () => {
  test.each(ODD)('%s', async (_, value) => {
    const body = JSON.stringify(Object.fromEntries(MEMBERS.map((member) => [member, value])))
    expect(await listFaults(() => body)).toEqual([])
  })
})

describe('one member of another kind in a body that is right', () => {
  const filter = {
    size: 5,
    from: 0,
    indices: ['_all'],
    order: 'asc',
    chips: [],
    fields: [{ field: 'message' }],
  }
  const chip = { type: 'term', field: 'user', value: 'x', operator: 'must', active: true }
  const aggregation = { field: 'user', limit: '10', supported_charts: 'table' }
  test.each<[path: string, body: () => Readonly<Record<string, unknown>>]>([
    [
      'explore/',
      () => ({ query: '*', filter, dsl: '', count: false, fields: 'message', enable_scroll: false }),
    ],
    ['explore/query/', () => ({ query: '*', filter })],
    ['exportstream/', () => ({ query: '*', filter: {}, fields: 'message' })],
    ['views/', () => ({ name: 'v', description: 'd', query: '*', filter, dsl: '', labels: '[]' })],
    ['stories/', () => ({ title: 's', content: '[]' })],
    ['aggregation/explore/', () => ({ aggregator_name: 'field_bucket', aggregator_parameters: aggregation })],
    [
      'aggregation/',
      () => ({ name: 'a', agg_type: 'field_bucket', parameters: aggregation, chart_type: 'table' }),
    ],
    ['graphs/', () => ({ name: 'g', graph_config: {}, elements: [{ group: 'nodes', data: { id: 'a' } }] })],
    ['graph/', () => ({ plugin: 'winservice', config: { filter: {} }, refresh: true })],
    ['attribute/', () => ({ name: 'n', values: ['v'], ontology: 'text' })],
    ['questions/', () => ({ question_text: 'who?' })],
    [
      'event/create/',
      () => ({ date_string: '2024-01-01', timestamp_desc: 'd', message: 'm', attributes: {}, tag: [] }),
    ],
    ['event/annotate/', () => ({ annotation: 'x', annotation_type: 'label', events: [event] })],
    ['event/tagging/', () => ({ tag_string: '["x"]', events: [event], verbose: true })],
    ['event/untag/', () => ({ tags_to_remove: ['x'], events: [event] })],
    [
      'event/attributes/',
      () => ({ events: [{ ...event, attributes: [{ attr_name: 'a', attr_value: 'b' }] }] }),
    ],
    [
      'data/find/',
      () => ({ timeline_ids: [timelineId], start_date: '2024', end_date: '2025', rule_names: ['x'] }),
    ],
  ])('%s', async (path, makeBody) => {
    const body = makeBody()
    expect((await client.post(`/sketches/${sketchId}/${path}`, body)).status).toBeLessThan(500)
    const faults: string[] = []
    for (const member of Object.keys(body))
      for (const [what, value] of ODD) {
        const answer = await client.post(`/sketches/${sketchId}/${path}`, { ...body, [member]: value })
        if (answer.status >= 500) faults.push(`${member} of ${what}: ${answer.text.slice(0, 200)}`)
      }
    expect(faults).toEqual([])
  })

  test.each(Object.keys(filter))('the filter’s %s', async (member) => {
    const faults: string[] = []
    for (const [what, value] of ODD) {
      const body = { query: '*', filter: { ...filter, [member]: value } }
      const answer = await client.post(`/sketches/${sketchId}/explore/`, body)
      if (answer.status >= 500) faults.push(`${what}: ${answer.text.slice(0, 200)}`)
    }
    expect(faults).toEqual([])
  })

  test.each(Object.keys(chip))('a chip’s %s', async (member) => {
    const faults: string[] = []
    for (const type of ['term', 'label', 'datetime_range', 'datetime_interval'])
      for (const [what, value] of ODD) {
        const body = { query: '*', filter: { ...filter, chips: [{ ...chip, type, [member]: value }] } }
        const answer = await client.post(`/sketches/${sketchId}/explore/`, body)
        if (answer.status >= 500) faults.push(`${type}, ${what}: ${answer.text.slice(0, 200)}`)
      }
    expect(faults).toEqual([])
  })
})

describe('what Timesketch answers', () => {
  test.each<[what: string, path: string, body: unknown, status: number, message: string]>([
    [
      'a sketch without a name',
      'sketches/',
      { name: '' },
      400,
      'Unable to validate form data: This field is required.',
    ],
    [
      'a view without a name',
      'SKETCH/views/',
      { name: '', query: '*', filter: {} },
      400,
      'Unable to save view',
    ],
    ['an aggregation without a name', 'SKETCH/aggregation/', { name: '' }, 400, 'Unable to'],
    [
      'an index without a name',
      'searchindices/',
      { searchindex_name: '', es_index_name: 'x' },
      400,
      'Unable to',
    ],
    ['a question of no words', 'SKETCH/questions/', { question_text: '' }, 400, ''],
    [
      'an unknown aggregator',
      'SKETCH/aggregation/explore/',
      { aggregator_name: 'x', aggregator_parameters: {} },
      404,
      'There is no aggregator "x"',
    ],
    ['an unknown graph', 'SKETCH/graph/', { plugin: 'x', config: {} }, 404, ''],
    [
      'no JSON',
      'sketches/',
      undefined,
      400,
      'The browser (or proxy) sent a request that this server could not understand.',
    ],
  ])('%s', async (_, path, body, status, message) => {
    const full = `/${path.replace('SKETCH', `sketches/${sketchId}`)}`
    const headers = { 'content-type': 'application/json', 'x-csrftoken': client.token }
    const text = body === undefined ? '{"name": ' : JSON.stringify(body)
    const answer = await client.send('POST', `/api/v1${full}`, { headers, body: text })
    expect([answer.status, String(answer.json.message).slice(0, message.length)]).toEqual([status, message])
  })

  test('a token whose session has ended is none', async () => {
    const gone = await server.signIn('gone')
    await gone.send('GET', '/logout/')
    const answer = await gone.post('/sketches/', { name: 'x' })
    expect([answer.status, answer.json.message]).toEqual([400, 'The CSRF session token is missing.'])
  })

  test('a body that is too long is refused before it is read to its end', async () => {
    const answer = await client.post('/sketches/', { name: 'x', description: 'x'.repeat(17 * 1024 * 1024) })
    expect(answer.status).toBe(413)
    expect(answer.json.message).toMatch(/16 MiB|16777216|16,777,216/)
  })

  test('lists of which each entry is work have an end', async () => {
    const names = Array.from({ length: 1001 }, (_, at) => `name${at}`)
    const refusals: [path: string, body: unknown, message: string][] = [
      ['', { labels: names, label_action: 'add' }, 'At most 1000 labels'],
      ['collaborators/', { users: names }, 'At most 1000 users and groups'],
      ['collaborators/', { users: names.slice(0, 600), remove_groups: names.slice(0, 600) }, 'At most 1000'],
      [
        'event/tagging/',
        { tag_string: JSON.stringify(names), events: [event] },
        'Cannot tag with more than 500',
      ],
    ]
    for (const [path, body, message] of refusals) {
      const answer = await client.post(`/sketches/${sketchId}/${path}`, body)
      expect([answer.status, answer.json.message]).toEqual([400, expect.stringContaining(message)])
    }
  })

  test('names are as long as their characters', async () => {
    for (const [length, status] of [
      [255, 201],
      [256, 400],
    ] as const) {
      const name = '🔥'.repeat(length)
      expect((await client.post('/sketches/', { name })).status).toBe(status)
      const view = { name, query: '*', filter: {} }
      expect((await client.post(`/sketches/${sketchId}/views/`, view)).status).toBe(status)
    }
  })

  test('labels are added all or none', async () => {
    const id = await makeSketch()
    const labels = ['one', 'Two', 'two', 'x'.repeat(256)]
    expect((await client.post(`/sketches/${id}/`, { labels, label_action: 'add' })).status).toBe(400)
    expect((await client.get(`/sketches/${id}/`)).json.meta.sketch_labels).toEqual([])
    await client.post(`/sketches/${id}/`, { labels: labels.slice(0, 3), label_action: 'add' })
    expect((await client.get(`/sketches/${id}/`)).json.meta.sketch_labels).toEqual(['one', 'Two'])
  })

  test('a rule of the data finder that is named twice is told twice', async () => {
    const names = ['windows_login', 'nothing', 'windows_login']
    const dates = { start_date: '2024-01-01', end_date: '2024-02-01' }
    const body = { ...dates, rule_names: names, timeline_ids: [timelineId] }
    const { objects } = (await client.post(`/sketches/${sketchId}/data/find/`, body)).json
    expect(objects.map((entry: object) => Object.keys(entry)[0])).toEqual(names)
    expect(objects[0]).toEqual(objects[2])
  })

  test('a form of very many fields harms nothing', async () => {
    const fields = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`field${at}`, 'x']))
    const answer = await client.upload({ ...fields, sketch_id: sketchId, name: 'x', events: '{}' })
    expect([400, 413]).toContain(answer.status)
    const form = new URLSearchParams()
    for (let at = 0; at < 20_000; at += 1) form.append(`field${at}`, 'x')
    expect((await server.visitor().send('POST', '/login/', { body: form })).status).toBeLessThan(500)
  })
})
