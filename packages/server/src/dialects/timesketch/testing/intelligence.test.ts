import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestServer, type TestClient, type TestServer } from './test-server.ts'

let server: TestServer
let owner: TestClient
let sketchId: number
let timelineId: number

beforeAll(async () => {
  server = await openTestServer()
  owner = await server.signIn('owner')
  sketchId = (await owner.post('/sketches/', { name: 'looked for' })).json.objects[0].id
  const row = {
    message: 'm',
    datetime: '2024-02-01T00:00:00',
    timestamp_desc: 'x',
    source_short: 'WEBHIST',
    url: 'https://a.example/',
  }
  const sent = await owner.upload({
    sketch_id: sketchId,
    name: 't',
    events: JSON.stringify(row),
    data_label: 'x',
  })
  timelineId = sent.json.objects[0].id
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

async function configure(name: string, text: string): Promise<void> {
  const folder = join(server.system.dataDirectory, 'config')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, name), text)
}

describe('data finder', () => {
  const find = (more: object) =>
    owner.post(`/sketches/${sketchId}/data/find/`, {
      start_date: '2024-01-01T00:00:00',
      end_date: '2024-12-31T00:00:00',
      timeline_ids: [timelineId],
      rule_names: ['browser_history', 'nosuch'],
      ...more,
    })

  test('tells for each rule whether its data is there', async () => {
    expect((await find({})).json).toEqual({
      meta: { rules: ['browser_history', 'nosuch'] },
      objects: [
        { browser_history: [true, 'Data discovered using Regular Expression'] },
        { nosuch: [false, 'Rule not defined'] },
      ],
    })
    const [later] = (await find({ start_date: '2024-03-01' })).json.objects
    expect(later.browser_history).toEqual([false, 'No hits discovered'])
    const [nowhere] = (await find({ timeline_ids: [] })).json.objects
    expect(nowhere.browser_history).toEqual([false, 'No hits discovered'])
  })

  test.each([
    [{ start_date: undefined }, 'Need a start date for discovering data.'],
    [{ end_date: '' }, 'Need an end date for discovering data.'],
    [{ rule_names: [] }, 'Need a list of rule names'],
    [{ rule_names: 'x' }, 'Rule names needs to a list'],
    [{ rule_names: [1] }, 'list of string values'],
    [{ parameters: [1] }, 'it needs to be a dict'],
    [{ start_date: 'yesterday' }, 'start_date: a date'],
  ])('%j is refused', async (more, message) => {
    const answer = await find(more)
    expect([answer.status, answer.json.message]).toEqual([400, expect.stringContaining(message)])
  })

  test('has the rules of the data directory; one that is wrong keeps nobody from the rest', async () => {
    await configure(
      'data_finder.yaml',
      'own: {query_string: "source_short:WEBHIST"}\nwrong: {query_string: "("}\n',
    )
    const rule_names = ['own', 'wrong', 'browser_history']
    expect((await find({ rule_names })).json.objects).toEqual([
      { own: [true, 'Data discovered'] },
      { wrong: [false, 'Rule not defined'] },
      { browser_history: [false, 'Rule not defined'] },
    ])
  })
})

describe('what the house knows', () => {
  test('tags have an appearance', async () => {
    const answer = await owner.get('/intelligence/tagmetadata/')
    expect(answer.json).toMatchObject({
      malware: { type: 'danger', weight: 100 },
      regexes: { '^inv_': { type: 'warning', weight: 80 } },
    })
    await configure('intelligence_tag_metadata.yaml', 'mine: {weight: 1, type: info}')
    expect((await owner.get('/intelligence/tagmetadata/')).json).toEqual({
      mine: { weight: 1, type: 'info' },
    })
  })

  test('fields have links, by their name in lower case; no link leads elsewhere than to the web', async () => {
    const shipped = (await owner.get('/contextlinks/')).json
    expect(shipped.original_url).toEqual([
      { type: 'hardcoded_modules', short_name: 'Unfurl URL', module: 'unfurl_graph' },
      { type: 'hardcoded_modules', short_name: 'Add to Threat Intel', module: 'threat_intel' },
    ])
    expect(shipped.md5[1]).toEqual({
      type: 'linked_services',
      short_name: 'VirusTotal',
      context_link: 'https://www.virustotal.com/gui/search/<ATTR_VALUE>',
      redirect_warning: true,
    })
    await configure(
      'context_links.yaml',
      `linked_services:
  good: {short_name: Own, match_fields: [IP], context_link: 'https://own.example/<ATTR_VALUE>', validation_regex: '/^[0-9.]+$/', redirect_warning: FALSE}
  bad: {short_name: Bad, match_fields: [ip], context_link: 'javascript:alert(1)'}
`,
    )
    expect((await owner.get('/contextlinks/')).json).toEqual({
      ip: [
        {
          type: 'linked_services',
          short_name: 'Own',
          context_link: 'https://own.example/<ATTR_VALUE>',
          redirect_warning: false,
          validation_regex: '/^[0-9.]+$/',
        },
      ],
    })
  })

  test('a URL is taken apart without asking anybody', async () => {
    const answer = await owner.post('/unfurl/', { url: 'https://www.example.com/search?time=1700000000' })
    expect(answer.json.nodes.slice(0, 3)).toMatchObject([
      { id: 1, widthConstraint: { maximum: 200 } },
      { label: 'Scheme: https' },
      { label: 'www.example.com' },
    ])
    expect(answer.json.summary).toEqual({ 'Date & Time Parsing Functions': 1, 'URL Parsing Functions': 8 })
    expect(answer.json.edges[0]).toEqual({
      from: 1,
      to: 2,
      label: 'u',
      title: 'URL Parsing Functions',
      color: { color: '#4d4d4d' },
    })
    expect((await owner.post('/unfurl/', {})).json.message).toBe('No JSON data provided')
    expect((await owner.post('/unfurl/', { uri: 'x' })).json.message).toBe('url parameter is required')
  })
})

describe('language models', () => {
  test.each([
    [{}, 400, 'The POST request requires JSON data in the body.'],
    [{ filter: {} }, 400, "The 'feature' parameter is required."],
    [{ feature: 'poetry' }, 400, 'Invalid LLM feature: poetry'],
    [{ feature: 'nl2q' }, 500, 'Error initializing LLM provider: no provider is configured on this server.'],
  ])('%j', async (body, status, message) => {
    const answer = await owner.post(`/sketches/${sketchId}/llm/`, body)
    expect([answer.status, answer.json.message]).toEqual([status, message])
  })
})
