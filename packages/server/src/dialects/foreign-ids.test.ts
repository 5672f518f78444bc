import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RouteDeclaration } from '../http/app-types.ts'
import { openTestServer, type TestClient, type TestServer } from './timesketch/testing/test-server.ts'

/** Stands in everything that the other sketch holds. */
const SECRET = 'secretword'

let server: TestServer
let owner: TestClient
let stranger: TestClient
let own: number
let foreign: number
/** What the other sketch holds, by the name of the path parameter. */
let ids: Readonly<Record<string, number>>
let event: { _id: string; _index: string }

beforeAll(async () => {
  server = await openTestServer()
  owner = await server.signIn('owner')
  stranger = await server.signIn('stranger')
  own = await make('/sketches/', { name: 'own' }, owner)
  foreign = await make('/sketches/', { name: `case ${SECRET}` }, stranger)
  const row = { message: SECRET, datetime: '2024-01-01T00:00:00Z', timestamp_desc: 'x', user: SECRET }
  for (const [client, sketchId] of [
    [owner, own],
    [stranger, foreign],
  ] as const) {
    const events = JSON.stringify(client === owner ? { ...row, message: 'plain', user: 'plain' } : row)
    await client.upload({ sketch_id: sketchId, name: client === owner ? 'plain' : SECRET, events })
  }
  ids = await fill()
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

async function make(path: string, body: unknown, client: TestClient = stranger): Promise<number> {
  const { json, text } = await client.post(path, body)
  const object = [json.objects].flat(3)[0]
  if (typeof object?.id !== 'number') throw new Error(`POST ${path} made nothing: ${text}`)
  return object.id
}

/** One of everything in the other sketch. */
async function fill(): Promise<Record<string, number>> {
  const at = `/sketches/${foreign}`
  const [timeline] = (await stranger.get(`${at}/timelines/`)).json.objects[0]
  const found = (await stranger.post(`${at}/explore/`, { query: '*', filter: {} })).json.objects[0]
  event = { _id: found._id, _index: found._index }
  const aggregation = {
    name: SECRET,
    agg_type: 'field_bucket',
    parameters: { field: 'user' },
    chart_type: 'table',
  }
  const aggregationId = await make(`${at}/aggregation/`, aggregation)
  const questionId = await make(`${at}/questions/`, { question_text: SECRET })
  const concluded = await stranger.post(`${at}/questions/${questionId}/conclusions/`, {
    conclusionText: SECRET,
  })
  return {
    timelineId: timeline.id,
    dataSourceId: timeline.datasources[0].id,
    searchIndexId: timeline.searchindex.id,
    viewId: await make(`${at}/views/`, { name: SECRET, query: SECRET, filter: {} }),
    storyId: await make(`${at}/stories/`, { title: SECRET, content: '[]' }),
    aggregationId,
    groupId: await make(`${at}/aggregation/group/`, {
      name: SECRET,
      parameters: '{}',
      aggregations: JSON.stringify([aggregationId]),
    }),
    graphId: await make(`${at}/graphs/`, {
      name: SECRET,
      elements: [{ group: 'nodes', data: { id: SECRET } }],
    }),
    questionId,
    conclusionId:
      [concluded.json.objects].flat(3)[0].conclusions?.[0]?.id ?? [concluded.json.objects].flat(3)[0].id,
  }
}

/** What nobody can make here without files of templates, or without waiting. */
const NOT_MADE: ReadonlySet<string> = new Set(['scenarioId', 'facetId', 'sessionId', 'indexName'])

function listParameters(route: RouteDeclaration): readonly string[] {
  return [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name!).filter((name) => name !== 'sketchId')
}

function fillPath(route: RouteDeclaration): string {
  return route.path
    .replace(/:sketchId(\{[^}]*\})?/, String(own))
    .replace(/:(\w+)(\{[^}]*\})?/g, (_, name: string) => String(ids[name] ?? 999_999))
}

/** Bodies that are right but for whose it is. */
const BODIES: Readonly<Record<string, unknown>> = {
  timelineId: { name: 'mine', color: 'AA00BB' },
  viewId: { name: 'mine', query: '*', filter: {} },
  storyId: { title: 'mine', content: '[]' },
  aggregationId: {
    name: 'mine',
    agg_type: 'field_bucket',
    parameters: { field: 'user' },
    chart_type: 'table',
  },
  groupId: { name: 'mine', parameters: '{}', aggregations: '[1]' },
  graphId: { name: 'mine', elements: [] },
  questionId: { name: 'mine', status: 'verified', conclusionText: 'mine' },
  conclusionId: { conclusionText: 'mine' },
  dataSourceId: { original_filename: 'mine', status: 'fail', error_message: 'mine' },
}

async function readForeign(): Promise<string> {
  const at = `/sketches/${foreign}`
  const paths = ['/timelines/', '/views/', '/stories/', '/aggregation/', '/aggregation/group/', '/graphs/']
  const more = [...paths, '/questions/', `/questions/${ids['questionId']}/conclusions/`, '/datasource/']
  const answers = await Promise.all(more.map((path) => stranger.get(at + path)))
  return answers.map(({ text }) => text).join('')
}

test('things of another sketch are not there under one’s own, whatever is asked of them', async () => {
  const before = await readForeign()
  const wrong: string[] = []
  let checked = 0
  for (const route of await server.app.listRoutes()) {
    const parameters = listParameters(route)
    if (!route.path.includes(':sketchId') || parameters.length === 0) continue
    if (parameters.every((name) => NOT_MADE.has(name))) continue
    expect(Object.keys(ids), route.path).toEqual(
      expect.arrayContaining(parameters.filter((name) => !NOT_MADE.has(name))),
    )
    const path = fillPath(route).replace('/api/v1', '')
    const answer =
      route.method === 'GET'
        ? await owner.get(path)
        : await owner.post(path, BODIES[parameters.at(-1)!] ?? {}, route.method)
    checked += 1
    if (![403, 404].includes(answer.status) || answer.text.includes(SECRET))
      wrong.push(`${route.method} ${route.path}: ${answer.status} ${answer.text.slice(0, 200)}`)
  }
  expect(wrong).toEqual([])
  expect(checked).toBeGreaterThan(25)
  expect(await readForeign()).toBe(before)
})

test.each<[what: string, method: string, path: string, body: () => unknown]>([
  [
    'a timeline in a search',
    'POST',
    'explore/',
    () => ({ query: '*', filter: { indices: [ids['timelineId']] } }),
  ],
  ['an index in a search', 'POST', 'explore/', () => ({ query: '*', filter: { indices: [event._index] } })],
  [
    'a timeline in a file',
    'POST',
    'exportstream/',
    () => ({ query: '*', filter: { indices: [ids['timelineId']] } }),
  ],
  [
    'a timeline in DSL',
    'POST',
    'explore/',
    () => ({ dsl: { query: { term: { __ts_timeline_id: ids['timelineId'] } } }, filter: {} }),
  ],
  [
    'a timeline of a count',
    'POST',
    'aggregation/explore/',
    () => ({
      aggregator_name: 'field_bucket',
      aggregator_parameters: { field: 'user' },
      indices: [ids['timelineId']],
    }),
  ],
  ['an index that is added', 'POST', 'timelines/', () => ({ timeline: ids['searchIndexId'] })],
  [
    'an aggregation in a group',
    'POST',
    'aggregation/group/',
    () => ({ name: 'mine', parameters: '{}', aggregations: JSON.stringify([ids['aggregationId']]) }),
  ],
  [
    'a timeline of a graph',
    'POST',
    'graph/',
    () => ({ plugin: 'winservice', config: { filter: { timelineIds: [ids['timelineId']] } }, refresh: true }),
  ],
  [
    'a timeline that is looked through',
    'POST',
    'data/find/',
    () => ({
      timeline_ids: [ids['timelineId']],
      start_date: '2024-01-01T00:00:00',
      end_date: '2024-12-31T00:00:00',
      rule_names: ['x'],
    }),
  ],
  [
    'a question that is searched for',
    'POST',
    'explore/',
    () => ({ query: '*', filter: {}, question: ids['questionId'] }),
  ],
  [
    'an event that is commented',
    'POST',
    'event/annotate/',
    () => ({ annotation: 'x', annotation_type: 'comment', events: [event] }),
  ],
  ['an event that is tagged', 'POST', 'event/tagging/', () => ({ tag_string: '["mine"]', events: [event] })],
  ['an event whose tag is taken', 'POST', 'event/untag/', () => ({ tags_to_remove: ['x'], events: [event] })],
  [
    'an event that gets an attribute',
    'POST',
    'event/attributes/',
    () => ({ events: [{ ...event, attributes: [{ attr_name: 'mine', attr_value: 'x' }] }] }),
  ],
])('%s of another sketch stays closed', async (_, method, path, body) => {
  const before = await readForeign()
  const answer = await owner.post(`/sketches/${own}/${path}`, body(), method)
  expect(answer.text).not.toContain(SECRET)
  expect(answer.status).toBeLessThan(500)
  expect(await readForeign()).toBe(before)
  const { json } = await stranger.post(`/sketches/${foreign}/explore/`, {
    query: '*',
    filter: {},
    fields: '*',
  })
  expect(JSON.stringify(json.objects)).not.toContain('mine')
  expect(json.objects[0]._source.label).toEqual([])
})

test('an event of another sketch is not told', async () => {
  const answer = await owner.get(
    `/sketches/${own}/event/?searchindex_id=${event._index}&event_id=${event._id}`,
  )
  expect([400, 403, 404]).toContain(answer.status)
  expect(answer.text).not.toContain(SECRET)
})
