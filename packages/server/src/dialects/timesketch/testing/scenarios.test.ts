import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestServer, type TestClient, type TestServer } from './test-server.ts'

const SCENARIO = 'aaaaaaaa-0000-4000-8000-000000000001'
const FACET = 'aaaaaaaa-0000-4000-8000-000000000002'
const QUESTION = 'aaaaaaaa-0000-4000-8000-000000000003'
const OWN_QUESTION = 'aaaaaaaa-0000-4000-8000-000000000004'
const TEMPLATE = 'aaaaaaaa-0000-4000-8000-000000000005'

const FILES: Readonly<Record<string, string>> = {
  'dfiq/scenarios/S1.yaml': `{name: Data theft, description: Who took it, type: scenario, id: S1, uuid: ${SCENARIO}, tags: [theft], dfiq_version: 1.1.0}`,
  'dfiq/facets/F1.yaml': `{name: Downloads, type: facet, id: F1, uuid: ${FACET}, parent_ids: [S1], dfiq_version: 1.1.0}`,
  'dfiq/questions/Q1.yaml': `
name: Which files came?
type: question
id: Q1
uuid: ${QUESTION}
parent_ids: [${FACET}]
dfiq_version: 1.1.0
approaches:
  - name: Look at the browser
    description: Its history
    steps:
      - {stage: analysis, type: timesketch-searchtemplate, value: ${TEMPLATE}}
`,
  'dfiq/questions/Q2.yaml': `{name: Who is it?, type: question, uuid: ${OWN_QUESTION}, parent_ids: [S1], dfiq_version: '1.1'}`,
  'dfiq/questions/old.yaml': '{name: Too old, type: question, uuid: x, dfiq_version: 1.0.0}',
  'search-templates/t.yaml': `{id: ${TEMPLATE}, display_name: Browser, query_string: 'data_type:x'}`,
}

let server: TestServer
let owner: TestClient
let writer: TestClient
let reader: TestClient
let sketchId: number

beforeAll(async () => {
  server = await openTestServer()
  owner = await server.signIn('owner')
  writer = await server.signIn('writer')
  reader = await server.signIn('reader')
  sketchId = (await owner.post('/sketches/', { name: 'asked' })).json.objects[0].id
  const share = (users: string[], permissions: string) =>
    owner.post(`/sketches/${sketchId}/collaborators/`, { users, permissions })
  await share(['reader'], '["read"]')
  await share(['writer'], '["read", "write"]')
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

const path = (rest: string) => `/sketches/${sketchId}/${rest}`

describe('without DFIQ files', () => {
  test('there are no templates, and no scenario can be made', async () => {
    expect((await reader.get('/scenarios/')).json).toEqual({ objects: [] })
    expect((await reader.get('/settings/')).json.DFIQ_ENABLED).toBe(false)
    const answer = await owner.post(path('scenarios/'), { uuid: SCENARIO })
    expect([answer.status, answer.json.message]).toEqual([404, 'DFIQ is not configured on this server'])
  })

  test('people ask in their own words; the same question is there once', async () => {
    const ask = (client: TestClient, question_text: string) =>
      client.post(path('questions/'), { question_text })
    const first = await ask(owner, 'Who did it?')
    expect([first.status, first.json.objects[0]]).toMatchObject([
      200,
      {
        name: 'Who did it?',
        display_name: 'Who did it?',
        dfiq_identifier: null,
        description: null,
        spec_json: null,
        status: { id: 0, status: 'new', created_at: null, updated_at: null },
        approaches: [],
        conclusions: [],
        labels: [],
        uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    ])
    expect((await ask(owner, 'Who did it?')).json.objects[0].id).toBe(first.json.objects[0].id)
    expect((await ask(writer, 'Who did it?')).json.objects[0].id).not.toBe(first.json.objects[0].id)
    expect((await ask(owner, ' ')).json.message).toBe('Question is missing')
    expect((await reader.get(path('questions/'))).json.objects[0]).toHaveLength(2)
  })
})

describe('questions', () => {
  let id: number
  beforeAll(async () => {
    id = (await owner.post(path('questions/'), { question_text: 'When?' })).json.objects[0].id
  })

  test('are changed: name, status, priority, attributes', async () => {
    const change = {
      name: 'When exactly?',
      description: 'To the minute',
      status: 'verified',
      priority: '__ts_priority_high',
      attributes: [{ name: 'team', value: 'blue' }],
    }
    const { objects } = (await writer.post(path(`questions/${id}/`), change)).json
    expect(objects[0]).toMatchObject({
      name: 'When exactly?',
      description: 'To the minute',
      status: { status: 'verified' },
      labels: [{ name: '__ts_priority_high' }],
    })
    expect((await reader.get(path(`questions/${id}/`))).json.objects).toEqual(objects)
  })

  test.each([
    [
      { status: 'lost' },
      "Invalid question status: 'lost'. Valid statuses are: new, pending-review, rejected, verified",
    ],
    [{ priority: 'urgent' }, 'Invalid question priority value'],
    [{ attributes: [1] }, 'list of objects'],
  ])('%j is refused', async (change, message) => {
    const answer = await owner.post(path(`questions/${id}/`), change)
    expect([answer.status, answer.json.message]).toEqual([400, expect.stringContaining(message)])
  })

  test('have a conclusion of each person, changed and taken back by whom it is of', async () => {
    const conclude = (client: TestClient, conclusionText: string, automated = false) =>
      client.post(path(`questions/${id}/conclusions/`), { conclusionText, automated })
    const first = (await conclude(owner, 'at noon')).json.meta.new_conclusion_id
    expect((await conclude(owner, 'at one')).json.meta.new_conclusion_id).toBe(first)
    const byProgram = (await conclude(writer, 'by a program', true)).json.meta.new_conclusion_id
    const list = (await reader.get(path(`questions/${id}/conclusions/`))).json.objects[0]
    expect(list).toMatchObject([
      {
        id: first,
        conclusion: 'at one',
        automated: false,
        user: { username: 'owner' },
        conclusion_events: [],
      },
      { id: byProgram, automated: true, user: { username: null } },
    ])
    const one = (conclusion: number) => path(`questions/${id}/conclusions/${conclusion}/`)
    const foreign = await writer.post(one(first), { conclusionText: 'x' }, 'PUT')
    expect([foreign.status, foreign.json.message]).toEqual([403, 'You can only edit your own conclusion.'])
    const own = await owner.post(one(first), { conclusionText: 'at two' }, 'PUT')
    expect(own.json.objects[0].conclusions[0].conclusion).toBe('at two')
    expect(await writer.delete(one(first))).toMatchObject({ status: 403 })
    expect((await owner.delete(one(byProgram))).json.objects[0].conclusions).toHaveLength(1)
    expect((await owner.delete(one(byProgram))).json.message).toBe('No conclusion found with this ID')
  })

  test('are proved by events, whose label goes with the conclusion', async () => {
    const row = { message: 'm', datetime: '2024-02-01T00:00:00', timestamp_desc: 'x' }
    const sent = await owner.upload({
      sketch_id: sketchId,
      name: 't',
      events: JSON.stringify(row),
      data_label: 'x',
    })
    const index = sent.json.objects[0].searchindex.index_name
    const hit = (await owner.post(path('explore/'), { query: '*' })).json.objects[0]
    const concluded = await owner.post(path(`questions/${id}/conclusions/`), { conclusionText: 'proved' })
    const conclusion_id = concluded.json.meta.new_conclusion_id
    const mark = {
      annotation: '__ts_fact',
      annotation_type: 'label',
      events: { _id: hit._id, _index: index },
    }
    expect(await owner.post(path('event/annotate/'), { ...mark, conclusion_id })).toMatchObject({
      status: 201,
    })
    const elsewhere = (await owner.post('/sketches/', { name: 'elsewhere' })).json.objects[0].id
    const there = await owner.post(`/sketches/${elsewhere}/questions/`, { question_text: 'where?' })
    const theirs = await owner.post(
      `/sketches/${elsewhere}/questions/${there.json.objects[0].id}/conclusions/`,
      { conclusionText: 'here' },
    )
    for (const foreign of [theirs.json.meta.new_conclusion_id, 999_999]) {
      const refused = await owner.post(path('event/annotate/'), { ...mark, conclusion_id: foreign })
      expect([refused.status, refused.json.message]).toEqual([404, 'No conclusion found with this ID'])
    }
    const marked = (await owner.post(path('explore/'), { query: '*' })).json.objects[0]
    expect(marked._source.label).toEqual([`__ts_fact_${conclusion_id}`])
    const [question] = (await reader.get(path(`questions/${id}/`))).json.objects
    expect(question.conclusions[0].conclusion_events).toMatchObject([
      { document_id: hit._id, searchindex_name: index, sketch_id: sketchId },
    ])
    await owner.delete(path(`questions/${id}/conclusions/${conclusion_id}/`))
    const after = (await owner.post(path('explore/'), { query: '*' })).json.objects[0]
    expect(after._source.label).toEqual([])
  })

  test('are what searches are for, and history tells which', async () => {
    const search = (question: number) => owner.post(path('explore/'), { query: `q${question}`, question })
    expect(await search(id)).toMatchObject({ status: 200 })
    await owner.post(path('explore/'), { query: 'for nothing' })
    const history = (await owner.get(path(`searchhistory/?question=${id}`))).json.objects
    expect(history).toMatchObject([{ query_string: `q${id}`, question: id, scenario: null }])
    expect((await search(999_999)).json.message).toBe('Question is not part of this sketch.')
    expect(await owner.get(path('searchhistory/?question=999999'))).toMatchObject({ status: 404 })
  })

  test('of other sketches are not found', async () => {
    const other = (await owner.post('/sketches/', { name: 'other' })).json.objects[0].id
    const answer = await owner.get(`/sketches/${other}/questions/${id}/`)
    expect([answer.status, answer.json.message]).toEqual([404, 'No question found with this ID'])
  })
})

describe('with DFIQ files', () => {
  beforeAll(async () => {
    for (const [name, text] of Object.entries(FILES)) {
      const file = join(server.system.dataDirectory, 'config', name)
      await mkdir(join(file, '..'), { recursive: true })
      await writeFile(file, text)
    }
  })

  test('templates are listed with what belongs to them', async () => {
    expect((await reader.get('/scenarios/')).json.objects).toEqual([
      {
        id: 'S1',
        uuid: SCENARIO,
        name: 'Data theft',
        description: 'Who took it',
        tags: ['theft'],
        parent_ids: [],
        child_ids: [FACET, OWN_QUESTION],
        facets: [FACET],
        questions: [OWN_QUESTION],
      },
    ])
    const questions = (await reader.get('/questions/')).json.objects
    expect(questions.map((question: { name: string }) => question.name)).toEqual([
      'Which files came?',
      'Who is it?',
    ])
    expect(questions[0].approaches).toMatchObject([{ name: 'Look at the browser', notes: null }])
    expect((await reader.get('/settings/')).json.DFIQ_ENABLED).toBe(true)
  })

  test.each([{ uuid: SCENARIO }, { dfiq_id: 'S1' }, { display_name: 'Data theft' }])(
    'a scenario is copied by %j, with facets, questions and approaches',
    async (choice) => {
      const made = await owner.post(path('scenarios/'), choice)
      expect(made.status).toBe(200)
      const [scenario] = made.json.objects
      expect(scenario).toMatchObject({
        name: 'Data theft',
        dfiq_identifier: 'S1',
        status: [{ status: 'new' }],
        facets: [
          {
            name: 'Downloads',
            questions: [
              {
                name: 'Which files came?',
                approaches: [{ search_templates: [{ template_uuid: TEMPLATE }] }],
              },
            ],
          },
        ],
      })
      const at = path(`scenarios/${scenario.id}/`)
      expect((await reader.get(`${at}facets/`)).json.objects[0]).toEqual(scenario.facets)
      expect((await reader.get(`${at}questions/`)).json.objects[0]).toMatchObject([{ name: 'Who is it?' }])
      const facet = scenario.facets[0].id
      expect((await reader.get(`${at}facets/${facet}/questions/`)).json.objects[0]).toHaveLength(1)
    },
  )

  test('scenarios are renamed, closed and found by their state', async () => {
    const [scenario] = (await owner.post(path('scenarios/'), { uuid: SCENARIO })).json.objects
    const at = path(`scenarios/${scenario.id}/`)
    const renamed = (await owner.post(at, { scenario_name: 'This theft' })).json.objects[0]
    expect([renamed.name, renamed.display_name]).toEqual(['Data theft', 'This theft'])
    const closed = (await owner.post(`${at}status/`, { status: 'hidden' })).json.objects[0]
    expect(closed.status[0].status).toBe('hidden')
    expect((await reader.get(path('scenarios/?status=hidden'))).json.objects[0]).toHaveLength(1)
    expect(await reader.post(at, { scenario_name: 'x' })).toMatchObject({ status: 403 })
  })

  test('a question of a template comes with its approaches', async () => {
    const asked = await owner.post(path('questions/'), { template_id: 'Q1' })
    expect(asked.json.objects[0]).toMatchObject({
      uuid: QUESTION,
      approaches: [{ name: 'Look at the browser' }],
    })
    const unknown = await owner.post(path('questions/'), { uuid: 'nosuch' })
    expect([unknown.status, unknown.json.message]).toEqual([404, 'DFIQ Question template not found.'])
  })

  test('what there is no template of is told with what was asked for', async () => {
    const answer = await owner.post(path('scenarios/'), { uuid: 'nosuch' })
    expect([answer.status, answer.json.message]).toEqual([
      404,
      'No scenario template found matching the provided data: {"uuid": "nosuch"}',
    ])
  })
})
