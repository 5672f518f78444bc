import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type {
  TestAnswer,
  TestClient,
} from '../../packages/server/src/dialects/timesketch/testing/test-server.ts'
import type { World } from './world.ts'

const SCENARIO = 'aaaaaaaa-0000-4000-8000-000000000001'
const FACET = 'aaaaaaaa-0000-4000-8000-000000000002'
const QUESTION = 'aaaaaaaa-0000-4000-8000-000000000003'
const TEMPLATE = 'aaaaaaaa-0000-4000-8000-000000000004'

const SIGMA_RULE = `title: Own
logsource: {product: linux}
detection: {words: [own], condition: words}
`

/** What the recorded server did not have. */
const CONFIG: Readonly<Record<string, string>> = {
  'dfiq/s.yaml': `{name: Data theft, type: scenario, id: S1, uuid: ${SCENARIO}, dfiq_version: 1.1.0}`,
  'dfiq/f.yaml': `{name: Downloads, type: facet, id: F1, uuid: ${FACET}, parent_ids: [S1], dfiq_version: 1.1.0}`,
  'dfiq/q.yaml': `{name: What came?, type: question, id: Q1, uuid: ${QUESTION}, parent_ids: [${FACET}], dfiq_version: 1.1.0}`,
  'search-templates/t.yaml': `{id: ${TEMPLATE}, display_name: Of a user, query_string: 'user:x'}`,
}

const EVENT = { message: 'a row', datetime: '2024-01-01T00:00:00Z', timestamp_desc: 'x', user: 'ana' }

/** A request that the recording does not have, and whether its answer was what a real server's sources say. */
export interface OwnRequest {
  readonly method: string
  readonly path: string
  readonly expected: number
  readonly found: number
}

/** Asks what was not recorded: each resource once, with a request that it carries out. */
export async function askOwnRequests(world: World, dataDirectory: string): Promise<readonly OwnRequest[]> {
  for (const [name, text] of Object.entries(CONFIG)) {
    const path = join(dataDirectory, 'config', name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
  const asked: OwnRequest[] = []
  const ask: Ask = async (client, request, body, expected = 200) => {
    const [method = '', path = ''] = request.split(' ')
    const answer = await send(client, method, path, body)
    asked.push({ method, path: `/api/v1${path}`, expected, found: answer.status })
    return answer.json?.objects?.[0]
  }
  const [test, admin] = [world.client('test'), world.client('admin')]
  await askSketch(test, ask)
  await askCase(test, ask)
  await askOthers(test, admin, ask)
  return asked
}

/**
 * Sends a request, written as `POST /sketches/`.
 *
 * @param expected - The status of its answer. @default 200
 * @returns The first object of the answer.
 */
// biome-ignore lint/suspicious/noExplicitAny: what is looked at of an answer is an id, a name or a list
type Ask = (client: TestClient, request: string, body?: unknown, expected?: number) => Promise<any>

async function askSketch(test: TestClient, ask: Ask): Promise<void> {
  const { id: sketch } = await ask(test, 'POST /sketches/', { name: 'beyond the recording' }, 201)
  const at = `/sketches/${sketch}`
  const sent = await test.upload({ sketch_id: sketch, name: 'rows', events: JSON.stringify(EVENT) })
  const timeline = sent.json.objects[0]
  const source = await ask(test, `POST ${at}/datasource/`, { timeline_id: timeline.id, provider: 'p' }, 201)
  await ask(test, `POST ${at}/datasource/${source.id}/`, { context: 'seized' })
  const names = { timeline_id: timeline.id, searchindex_name: timeline.searchindex.index_name }
  await ask(test, `POST ${at}/event/add_timeline_id/`, names)
  const bars = { agg_type: 'field_bucket', parameters: { field: 'user' }, chart_type: 'barchart' }
  const one = await ask(test, `POST ${at}/aggregation/`, { name: 'a', ...bars }, 201)
  const group = await ask(test, `POST ${at}/aggregation/group/`, { name: 'g', aggregations: [one.id] }, 201)
  await ask(test, `POST ${at}/aggregation/group/${group.id}/`, { name: 'h', aggregations: [one.id] }, 201)
  const graph = await ask(test, `POST ${at}/graphs/`, { name: 'g', elements: [] }, 201)
  await ask(test, `POST ${at}/graphs/${graph.id}/`, { name: 'h', elements: [] }, 201)
  await ask(test, `DELETE ${at}/graphs/${graph.id}/`)
  const analysis = { timeline_ids: [timeline.id], analyzer_names: ['domain'] }
  const [session] = await ask(test, `POST ${at}/analyzer/`, analysis)
  await ask(test, `DELETE ${at}/analyzer/sessions/${session.id}/`)
  await ask(test, `POST ${at}/llm/`, { feature: 'nl2q', question: 'Who?' }, 500)
}

async function askCase(test: TestClient, ask: Ask): Promise<void> {
  const { id: sketch } = await ask(test, 'POST /sketches/', { name: 'asked' }, 201)
  const at = `/sketches/${sketch}`
  const scenario = await ask(test, `POST ${at}/scenarios/`, { uuid: SCENARIO })
  const one = `${at}/scenarios/${scenario.id}/`
  await ask(test, `GET ${one}`)
  await ask(test, `POST ${one}`, { scenario_name: 'Who took it' })
  await ask(test, `POST ${one}status/`, { status: 'active' })
  const [facet] = await ask(test, `GET ${one}facets/`)
  await ask(test, `GET ${one}questions/`)
  const [question] = await ask(test, `GET ${one}facets/${facet.id}/questions/`)
  const asked = `${at}/questions/${question.id}/`
  await ask(test, `POST ${asked}`, { description: 'the first thing' })
  await test.post(`${asked}conclusions/`, { conclusionText: 'an archive' })
  const [conclusion] = (await test.get(`${asked}conclusions/`)).json.objects[0]
  await ask(test, `PUT ${asked}conclusions/${conclusion.id}/`, { conclusionText: 'two archives' })
  await ask(test, `DELETE ${asked}conclusions/${conclusion.id}/`)
}

async function askOthers(test: TestClient, admin: TestClient, ask: Ask): Promise<void> {
  const names = { searchindex_name: 'spare', es_index_name: 'c'.repeat(32) }
  const index = await ask(test, 'POST /searchindices/', names, 201)
  await ask(test, `POST /searchindices/${index.id}/`, { description: 'for later' })
  await ask(test, `DELETE /searchindices/${index.id}/`)
  await ask(test, 'POST /searchtemplates/', {}, 400)
  const [template] = await ask(test, 'GET /searchtemplates/')
  await ask(test, `GET /searchtemplates/${template.id}/`)
  await ask(test, `POST /searchtemplates/${template.id}/parse/`, { user: 'ana' })
  const { id: sketch } = await ask(admin, 'POST /sketches/', { name: 'a template' }, 201)
  const kept = { name: 'Kept', query: 'user:ana', filter: {}, new_searchtemplate: true }
  await ask(admin, `POST /sketches/${sketch}/views/`, kept, 201)
  const templates: { id: number; name: string }[] = await ask(test, 'GET /searchtemplates/')
  await ask(admin, `DELETE /searchtemplates/${templates.find(({ name }) => name === 'Kept')?.id}/`)
  const [{ rule_uuid: rule }] = (await test.get('/sigmarules/')).json.objects
  await ask(test, 'GET /sigma/')
  await ask(test, `GET /sigma/rule/${rule}/`)
  await ask(test, 'POST /sigma/text/', { content: SIGMA_RULE })
  await ask(test, 'POST /users/me/', { password: 'another one for everybody' })
}

function send(client: TestClient, method: string, path: string, body: unknown): Promise<TestAnswer> {
  if (method === 'GET') return client.get(path)
  return method === 'DELETE' ? client.delete(path) : client.post(path, body, method)
}
