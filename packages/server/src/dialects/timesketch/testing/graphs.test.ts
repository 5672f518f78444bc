import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestServer, type TestClient, type TestServer } from './test-server.ts'

let server: TestServer
let owner: TestClient
let reader: TestClient
let sketchId: number
let timelineId: number
let index: string

beforeAll(async () => {
  server = await openTestServer()
  owner = await server.signIn('owner')
  reader = await server.signIn('reader')
  sketchId = (await owner.post('/sketches/', { name: 'drawn' })).json.objects[0].id
  await owner.post(`/sketches/${sketchId}/collaborators/`, { users: ['reader'], permissions: '["read"]' })
  const sent = await upload('services', [
    { event_identifier: 7045, computer_name: 'pc', strings: ['evil', 'c:\\evil.exe', 'user mode', 'auto'] },
  ])
  timelineId = sent.id
  index = sent.searchindex.index_name
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

async function upload(name: string, rows: readonly object[]) {
  const time = { datetime: '2024-02-01T00:00:00', timestamp_desc: 'x', message: 'm' }
  const events = rows.map((row) => JSON.stringify({ ...time, ...row })).join('\n')
  return (await owner.upload({ sketch_id: sketchId, name, events, data_label: 'generic' })).json.objects[0]
}
const path = (rest = '') => `/sketches/${sketchId}/graphs/${rest}`

describe('graph plugins', () => {
  const draw = (body: object) =>
    reader.post(`/sketches/${sketchId}/graph/`, { plugin: 'winservice', ...body })
  const elementsOf = (answer: { json: { objects: { graph_elements: string }[] } }) =>
    JSON.parse(answer.json.objects[0]!.graph_elements)

  test('are listed', async () => {
    const names = (await reader.get('/graphs/')).json.map((plugin: { name: string }) => plugin.name)
    expect(names).toEqual(['winlogins', 'winservice', 'chromedownloads'])
  })

  test('draw what NetworkX reads; their edges name events', async () => {
    const config = { filter: { indices: [index] } }
    const answer = await draw({ config })
    expect(answer.json.objects[0]).toMatchObject({ graph_config: `{"filter": {"indices": ["${index}"]}}` })
    const graph = elementsOf(answer)
    expect(graph).toMatchObject({ data: [], directed: true, multigraph: true })
    expect(graph.elements.nodes.map((node: { data: { label: string } }) => node.data.label)).toEqual([
      'pc',
      'UNKNOWN',
      'evil',
    ])
    expect(graph.elements.edges[0].data).toMatchObject({
      label: 'auto (1)',
      events: { [index]: [expect.any(String)] },
    })
  })

  test('come back as they were drawn until the sketch changes, or somebody wants them anew', async () => {
    const drawnAt = async (body: object) => (await draw(body)).json.objects[0].updated_at
    const first = await drawnAt({})
    expect(await drawnAt({})).toBe(first)
    expect(await drawnAt({ refresh: true })).not.toBe(first)
    const strings = ['second', 'x', 'user mode', 'auto']
    await upload('more', [{ event_identifier: 7045, computer_name: 'srv', strings }])
    expect(elementsOf(await draw({})).elements.nodes).toHaveLength(5)
    expect(elementsOf(await draw({ timeline_ids: [timelineId] })).elements.nodes).toHaveLength(3)
  })

  test.each([
    [{ plugin: 'nonsense' }, 404, 'there are winlogins, winservice, chromedownloads'],
    [{ plugin: '' }, 400, 'name of a graph plugin'],
    [{ timeline_ids: 'x' }, 400, 'list of integers'],
  ])('%j is refused', async (body, status, message) => {
    const answer = await draw(body)
    expect([answer.status, answer.json.message]).toEqual([status, expect.stringContaining(message)])
  })
})

describe('saved graphs', () => {
  const elements = [
    { group: 'nodes', data: { id: 'a', label: 'A' }, position: { x: 1, y: 2 } },
    { group: 'nodes', data: { id: 'b', label: 'B' } },
    { group: 'edges', data: { id: 'ab', source: 'a', target: 'b' } },
  ]

  test('are made, listed, read in both forms, changed and deleted', async () => {
    const made = await owner.post(path(), { name: 'G', elements, graph_config: { layout: 'spring' } })
    expect([made.status, made.json.objects[0]]).toMatchObject([201, { name: 'G', description: null }])
    const { id } = made.json.objects[0]
    expect((await reader.get(path())).json.objects).toEqual([[made.json.objects[0]]])
    expect((await reader.get(`/sketches/${sketchId}/`)).json.objects[0].graphs).toEqual(made.json.objects)
    expect((await reader.get(path(`${id}/`))).json.objects[0]).toMatchObject({
      graph_config: '{"layout": "spring"}',
      graph_elements: {
        data: [],
        directed: true,
        multigraph: true,
        elements: {
          nodes: [{ data: { id: 'a', label: 'A' } }, { data: { id: 'b', label: 'B' } }],
          edges: [{ data: { id: 'ab', source: 'a', target: 'b' } }],
        },
      },
    })
    const raw = (await reader.get(path(`${id}/?format=cytoscape`))).json.objects[0]
    expect(JSON.parse(raw.graph_elements)).toEqual(elements)
    const changed = await owner.post(path(`${id}/`), { description: 'told' })
    expect([changed.status, changed.json.objects[0]]).toMatchObject([201, { name: 'G', description: 'told' }])
    expect(await reader.delete(path(`${id}/`))).toMatchObject({ status: 403 })
    expect((await owner.delete(path(`${id}/`))).text).toBe('200\n')
    expect((await owner.get(path(`${id}/`))).json.message).toBe('No graph found with this ID.')
  })

  test.each([
    [{ elements }, '1 to 255 characters'],
    [{ name: 'x', elements: [{ group: 'people', data: {} }] }, 'element 1 is not like that'],
    [{ name: 'x', elements: [null] }, 'element 1 is not like that'],
    [{ name: 'x', elements: 'no json' }, 'JSON text of a list'],
    [{ name: 'x', elements: [], graph_config: 3 }, 'object or text'],
  ])('%j is refused', async (body, message) => {
    const answer = await owner.post(path(), body)
    expect([answer.status, answer.json.message]).toEqual([400, expect.stringContaining(message)])
  })
})
