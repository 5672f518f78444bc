import { expect, test } from 'vitest'
import { readRows } from './aggregations/aggregation-rows.ts'
import { makeChartSpec } from './aggregations/chart-spec.ts'
import { textBlock } from './stories/story-blocks.ts'
import { connectTo, envelope, makeFakeServer } from './testing/fake-server.ts'

// Answers in the shapes that Timesketch 20261014 gives.
const USER = { id: 1, username: 'alice', name: 'alice', admin: false, active: true, groups: [] }
const DATES = { created_at: '2026-11-21T23:17:36.201935', updated_at: '2026-11-21T23:17:36' }

test('blocks of a story that nobody knows here stay as they are when it is edited', async () => {
  const strange = {
    componentName: 'TsSavedVisualization',
    componentProps: { name: 'v', savedVisualization: 7 },
    content: '',
    edit: false,
    showPanel: false,
    isActive: false,
  }
  let content = JSON.stringify([strange])
  const story = (): unknown => envelope({ id: 3, title: 'T', content, user: USER, labels: [], ...DATES })
  const server = makeFakeServer({
    'GET /api/v1/sketches/1/stories/3/': story,
    'POST /api/v1/sketches/1/stories/3/': ({ body }) => {
      content = JSON.parse(body).content
      return story()
    },
  })
  const { stories } = (await connectTo(server)).sketch(1)
  const edited = await stories.addBlock(3, textBlock('# Head'), { at: 0 })
  expect(edited.blocks).toEqual([
    { kind: 'text', text: '# Head' },
    { kind: 'other', component: 'TsSavedVisualization', raw: strange },
  ])
  expect(JSON.parse(content)[1]).toEqual(strange)
  expect(edited.createdAt).toBe('2026-11-21T23:17:36.201935Z')
  await expect(stories.moveBlock(3, 5, 0)).rejects.toThrow(RangeError)
})

test('a session of analyzers is told at each change until it has ended', async () => {
  const states = [
    ['PENDING', 'PENDING'],
    ['DONE', 'ERROR'],
  ]
  const analysis = (id: number, status: string | undefined): unknown => ({
    id,
    analyzer_name: `a${id}`,
    analysissession_id: 2,
    parameters: '{"x": 1}',
    result: id === 1 ? '{"result_status": "SUCCESS"}' : 'text',
    log: null,
    status: [{ id: 1, status, ...DATES }],
    timeline: { id: 9, name: 'one' },
    user: USER,
    ...DATES,
  })
  const server = makeFakeServer({
    'GET /api/v1/sketches/1/analyzer/sessions/2/': () => {
      const [first, second] = (states.length > 1 ? states.shift() : states[0]) ?? []
      return envelope({ id: 2, user: USER, analyses: [analysis(1, first), analysis(2, second)], ...DATES })
    },
    'GET /api/v1/sketches/1/analyzer/sessions/active/': () =>
      envelope({ sessions: [2], total_sessions: 1, total_tasks: 2, tasks_status_count: {} }),
  })
  const { analyzers } = (await connectTo(server)).sketch(1)
  expect(await analyzers.activeSessions()).toEqual([2])
  const seen = await Array.fromAsync(analyzers.watch(2))
  expect(seen.map((session) => session.analyses.map(({ status }) => status))).toEqual([
    ['PENDING', 'PENDING'],
    ['DONE', 'ERROR'],
  ])
  expect(seen[1]?.analyses[0]).toMatchObject({
    parameters: { x: 1 },
    resultDetails: { result_status: 'SUCCESS' },
    timelineId: 9,
  })
  expect(seen[1]?.analyses[1]).toMatchObject({ result: 'text', resultDetails: undefined })
})

test('graphs are read in each of the forms a server gives them', async () => {
  const nodes = [{ data: { id: 'a', label: 'A' } }]
  const networkx = { data: [], directed: true, multigraph: true, elements: { nodes, edges: [] } }
  const list = [{ group: 'nodes', data: { id: 'a', label: 'A' } }]
  const graph = { id: 1, name: 'G', description: null, user: USER, graph_config: '', ...DATES }
  for (const graph_elements of [networkx, JSON.stringify(networkx), JSON.stringify(list)]) {
    const server = makeFakeServer({
      'GET /api/v1/sketches/1/graphs/1/': () => envelope({ ...graph, graph_elements }),
    })
    const read = await (await connectTo(server)).sketch(1).graphs.get(1)
    expect(read.elements).toEqual({ nodes: [{ id: 'a', label: 'A' }], edges: [] })
    expect(read.description).toBe('')
  }
})

test('empty lists of models have no list in them', async () => {
  const server = makeFakeServer({ 'GET /api/v1/': () => ({ meta: {}, objects: [] }) })
  const client = await connectTo(server)
  const sketch = client.sketch(1)
  const lists = await Promise.all([
    sketch.stories.list(),
    sketch.timelines.list(),
    sketch.graphs.list(),
    sketch.savedSearches.list(),
    sketch.scenarios.list(),
    sketch.questions.list(),
    client.indices.list(),
    client.sigmaRules.list(),
  ])
  expect(lists).toEqual(lists.map(() => []))
})

test('rows are found wherever they lie in an aggregation', () => {
  expect(readRows([{ field_bucket: { buckets: [{ user: 'a', count: 2 }] } }])).toEqual([
    { user: 'a', count: 2, bucket_name: 'field_bucket' },
  ])
  expect(readRows([{ date_histogram: { buckets: [[{ year: 2024, count: 1 }]] } }])).toEqual([
    { year: 2024, count: 1, bucket_name: 'date_histogram' },
  ])
  const columns = { buckets: { value_count: [12, 7] }, labels: ['x', 'y'], chart_type: 'column' }
  expect(readRows([{ top_terms: columns }])).toEqual([
    { label: 'x', value_count: 12, bucket_name: 'top_terms' },
    { label: 'y', value_count: 7, bucket_name: 'top_terms' },
  ])
})

test.each(['barchart', 'hbarchart', 'circlechart', 'linechart', 'table', 'heatmap'])(
  'rows become a chart: %s',
  (type) => {
    const rows = [{ user: 'a', count: 2, bucket_name: 'x', big: 12345678901234567890n }]
    const spec = makeChartSpec(rows, { type, title: 'Users', color: 'red' })
    expect(spec).toMatchObject({ title: 'Users', data: { values: [{ user: 'a', count: 2 }] } })
    expect(() => JSON.stringify(spec)).not.toThrow()
    expect('mark' in spec || 'layer' in spec).toBe(true)
  },
)

test('a key that is taken away from a timeline leaves name and colour as they are', async () => {
  const timeline = {
    id: 9,
    name: 'one',
    color: 'AABBCC',
    description: 'd',
    status: [],
    searchindex: {},
    user: USER,
  }
  const server = makeFakeServer({
    'GET /api/v1/sketches/1/timelines/9/': () => envelope(timeline, { lines_indexed: 3 }),
    'POST /api/v1/sketches/1/timelines/9/': () => 200,
  })
  const { timelines } = (await connectTo(server)).sketch(1)
  await timelines.update(9, { description: 'other' })
  expect(JSON.parse(server.seen.at(-1)?.body ?? '')).toEqual({
    name: 'one',
    color: 'AABBCC',
    description: 'other',
  })
  await timelines.removeLabels(9, ['x'])
  expect(JSON.parse(server.seen.at(-1)?.body ?? '')).toEqual({
    name: 'one',
    color: 'AABBCC',
    labels: '["x"]',
    label_action: 'remove',
  })
})
