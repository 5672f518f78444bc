import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestServer, type TestClient, type TestServer } from './test-server.ts'

let server: TestServer
let owner: TestClient
let reader: TestClient
let sketchId: number
let timelineId: number

beforeAll(async () => {
  server = await openTestServer()
  owner = await server.signIn('owner')
  reader = await server.signIn('reader')
  sketchId = (await owner.post('/sketches/', { name: 'analysed' })).json.objects[0].id
  await owner.post(`/sketches/${sketchId}/collaborators/`, { users: ['reader'], permissions: '["read"]' })
  timelineId = await upload(sketchId, 'browser')
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

async function upload(sketch: number, name: string): Promise<number> {
  const urls = [
    'https://www.google.com/search?q=how+to+hide',
    'https://a.cloudfront.net/x',
    'https://example.com/',
  ]
  const events = urls
    .map((url, n) =>
      JSON.stringify({
        datetime: `2024-02-01T0${n}:00:00`,
        timestamp_desc: 'v',
        message: url,
        url,
        source_short: 'WEBHIST',
      }),
    )
    .join('\n')
  const sent = await owner.upload({ sketch_id: sketch, name, events, data_label: 'generic' })
  if (!sent.json.objects) throw new Error(sent.text)
  return sent.json.objects[0].id
}
const path = (rest = '') => `/sketches/${sketchId}/analyzer/${rest}`
const start = (body: object, client = owner) => client.post(path(), body)

interface WireAnalysis {
  readonly id: number
  readonly analyzer_name: string
  readonly parameters: string
  readonly result: string | null
  readonly status: readonly [{ readonly status: string }]
}

async function finish(sessionId: number): Promise<readonly WireAnalysis[]> {
  const { analyzers, auth } = server.system.services
  await analyzers.wait(await auth.localPrincipal('owner'), sketchId, sessionId)
  return (await reader.get(path(`sessions/${sessionId}/`))).json.objects[0].analyses
}

describe('analyzers', () => {
  test('are listed', async () => {
    const list: { name: string }[] = (await reader.get(path())).json
    expect(list.find(({ name }) => name === 'domain')).toEqual({
      name: 'domain',
      display_name: 'Domain',
      description: expect.any(String),
      is_multi: false,
      is_dfiq: false,
    })
    expect(list.find(({ name }) => name === 'tagger')).toMatchObject({ is_multi: true })
  })

  test('run with what they depend on, once; their analyses are told by session and by timeline', async () => {
    const answer = await start({ timeline_ids: [timelineId], analyzer_names: ['domain'] })
    const session = answer.json.objects[0][0]
    const [first] = session.analyses
    expect(first).toMatchObject({
      analysissession_id: session.id,
      analyzer_name: 'feature_extraction',
      log: null,
      result: null,
      user: { username: 'owner' },
      timeline: { id: timelineId, searchindex: {} },
      status: [{ status: 'PENDING' }],
    })
    expect(JSON.parse(first.parameters)).toMatchObject({ feature_name: 'email_addresses' })
    const analyses = await finish(session.id)
    expect(analyses.map(({ status }) => status[0].status)).toEqual(analyses.map(() => 'DONE'))
    const result = JSON.parse(analyses.at(-1)!.result!)
    expect(result).toMatchObject({
      analyzer_identifier: 'domain',
      analyzer_name: 'Domain',
      result_status: 'SUCCESS',
      result_priority: 'NOTE',
      result_summary: '3 domains discovered (3 TLDs) and 1 known CDN networks found.',
      platform_meta_data: {
        sketch_id: sketchId,
        timeline_id: timelineId,
        created_tags: ['rare-domain', 'known-cdn'],
      },
    })
    const ofTimeline = (await reader.get(`/sketches/${sketchId}/timelines/${timelineId}/analysis/`)).json
    expect(ofTimeline.objects[0].map(({ id }: WireAnalysis) => id)).toEqual(analyses.map(({ id }) => id))

    expect((await start({ timeline_ids: [timelineId], analyzer_names: ['domain'] })).json).toEqual({
      meta: {},
      objects: [],
    })
    const again = { timeline_ids: [timelineId], analyzer_names: ['tag*'], analyzer_force_run: true }
    const forced = (await start(again)).json.objects[0][0]
    expect((await finish(forced.id)).every(({ analyzer_name }) => analyzer_name === 'tagger')).toBe(true)
  })

  test('that read what others wrote find it, and keep searches, aggregations and a story', async () => {
    const answer = await start({ timeline_ids: [timelineId], analyzer_names: ['browser_search'] })
    const analyses = await finish(answer.json.objects[0][0].id)
    expect(analyses.at(-1)!.result).toBe('Browser Search completed with 1 search results extracted.')
    const found = await owner.post(`/sketches/${sketchId}/explore/`, {
      query: 'tag:"browser-search"',
      filter: {},
      fields: 'tag,__ts_emojis,human_readable,domain,search_string,search_engine,search_day',
    })
    expect(found.json.objects.map((hit: { _source: object }) => hit._source)).toMatchObject([
      {
        tag: ['rare-domain', 'browser-search'],
        search_string: 'how to hide',
        search_engine: 'Google',
        search_day: 'D:2024-02-01',
        __ts_emojis: ['&#x1F50E'],
        human_readable: ['[browser_search] Google search query: how to hide'],
        domain: 'www.google.com',
      },
    ])
    const { meta } = (await owner.get(`/sketches/${sketchId}/`)).json
    expect(meta.views).toMatchObject([{ name: 'Browser Search' }])
    expect(meta.stories).toMatchObject([{ title: 'Browser Artifacts - browser' }])
    const aggregations = (await owner.get(`/sketches/${sketchId}/aggregation/`)).json.objects[0]
    expect(aggregations.map(({ name }: { name: string }) => name)).toEqual([
      'Domain Analyzer: (browser)',
      'Top 20 browser search queries (browser)',
      'Top 20 days of search queries (browser)',
      'Top 20 Search Engines (browser)',
    ])
    const [{ agg_type: aggregator_name, parameters }] = aggregations
    const run = { aggregator_name, aggregator_parameters: JSON.parse(parameters) }
    const table = (await reader.post(`/sketches/${sketchId}/aggregation/explore/`, run)).json.objects[0]
    expect(table.top_terms.labels).toContain('www.google.com')
    const story = await owner.post(`/sketches/${sketchId}/stories/${meta.stories[0].id}/`, {
      export_format: 'markdown',
    })
    expect(story.text).toContain('how to hide')

    const force = { timeline_ids: [timelineId], analyzer_names: ['browser_search'], analyzer_force_run: true }
    await finish((await start(force)).json.objects[0][0].id)
    const after = (await owner.get(`/sketches/${sketchId}/`)).json.meta
    expect([after.views.length, after.stories.length]).toEqual([1, 1])
    expect((await owner.get(`/sketches/${sketchId}/aggregation/`)).json.objects[0]).toHaveLength(4)
  })

  test('active sessions are counted', async () => {
    expect((await reader.get(path('sessions/active/'))).json).toEqual({
      objects: [
        {
          total_tasks: 0,
          total_sessions: 0,
          tasks_status_count: { PENDING: 0, STARTED: 0, ERROR: 0, DONE: 0 },
          sessions: [],
          detailed_sessions: false,
        },
      ],
    })
    const force = { timeline_ids: [timelineId], analyzer_names: ['domain'], analyzer_force_run: true }
    const { id, analyses } = (await start(force)).json.objects[0][0]
    const [active] = (await reader.get(path('sessions/active/?include_details=true'))).json.objects
    expect(active).toMatchObject({ total_tasks: analyses.length, total_sessions: 1, sessions: [id] })
    expect(active.detailed_sessions[0].objects[0]).toMatchObject({ id })
    await finish(id)
  })

  test('a session is ended by whoever may write', async () => {
    const list: { name: string }[] = (await reader.get(path())).json
    // So many that the last one has not run yet.
    const names = list.map(({ name }) => name)
    const force = { timeline_ids: [timelineId], analyzer_names: names, analyzer_force_run: true }
    const { id } = (await start(force)).json.objects[0][0]
    const [ended] = (await owner.delete(path(`sessions/${id}/`))).json.objects
    expect((await reader.delete(path(`sessions/${id}/`))).status).toBe(403)
    const states = ended.analyses.map(({ status }: WireAnalysis) => status[0].status)
    expect(new Set(states)).not.toContain('PENDING')
    expect(ended.analyses.at(-1)).toMatchObject({ result: 'Cancelled by owner.' })
    expect((await owner.delete(path('sessions/999999/'))).status).toBe(404)
  })

  test('a timeline that nothing was run over has no analyses', async () => {
    const other = await upload(sketchId, 'other')
    expect((await reader.get(`/sketches/${sketchId}/timelines/${other}/analysis/`)).json).toEqual({
      meta: {},
      objects: [],
    })
  })
})

describe('refused', () => {
  test.each([
    [{}, 403, 'Unable to run an analyzer without any data submitted.'],
    [{ analyzer_names: ['domain'] }, 400, 'Need to provide a timeline ID'],
    [{ timeline_ids: [], analyzer_names: ['domain'] }, 400, 'Need to provide a timeline ID'],
    [{ timeline_ids: [999_999], analyzer_names: ['domain'] }, 403, 'Timeline is not part of this sketch'],
    [{ timeline_ids: ['x'], analyzer_names: ['domain'] }, 403, 'Timeline is not part of this sketch'],
    [{ timeline_ids: [1], analyzer_names: 'domain' }, 400, 'Analyzer names needs to be a list of analyzers.'],
    [{ timeline_ids: [1], analyzer_names: ['nonsense'] }, 400, 'No analyzers found to run.'],
    [{ timeline_ids: [1] }, 400, 'No analyzers found to run.'],
    [
      { timeline_ids: [1], analyzer_names: ['domain'], analyzer_kwargs: ['x'] },
      400,
      'Kwargs needs to be a dictionary of parameters.',
    ],
    [
      { timeline_ids: [1], analyzer_names: ['domain'], analyzer_kwargs: { domain: 'x' } },
      400,
      'Kwargs needs to be a dictionary of parameters.',
    ],
  ])('%j', async (body, status, message) => {
    const answer = await start(body)
    expect([answer.status, answer.json]).toEqual([status, { message }])
  })

  test('to readers, of other sketches, of what is not there', async () => {
    const body = { timeline_ids: [timelineId], analyzer_names: ['domain'] }
    expect((await start(body, reader)).status).toBe(403)
    const foreign = (await owner.post('/sketches/', { name: 'other' })).json.objects[0].id
    expect((await owner.post(`/sketches/${foreign}/analyzer/`, body)).json).toEqual({
      message: 'Timeline is not part of this sketch',
    })
    expect((await owner.get(`/sketches/${foreign}/timelines/${timelineId}/analysis/`)).json).toEqual({
      message: 'No timeline found with this ID.',
    })
    const session = await owner.get(`/sketches/${foreign}/analyzer/sessions/1/`)
    expect([session.status, session.json]).toEqual([
      404,
      { message: 'No analyzer session found with this ID.' },
    ])
  })
})

test('Sigma rules of the library run as an analyzer', async () => {
  const session = (await start({ timeline_ids: [timelineId], analyzer_names: ['sigma'] })).json.objects[0][0]
  const [analysis] = await finish(session.id)
  expect(analysis).toMatchObject({ analyzer_name: 'sigma', status: [{ status: 'DONE' }] })
  expect(analysis?.result).toMatch(/^0 events tagged by \d+ rules$/)
})
