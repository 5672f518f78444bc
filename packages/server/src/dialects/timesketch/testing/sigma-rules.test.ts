import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestServer, type TestClient, type TestServer } from './test-server.ts'

let server: TestServer
let client: TestClient
let other: TestClient
beforeAll(async () => {
  server = await openTestServer()
  client = await server.signIn('anna')
  other = await server.signIn('berta')
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

const ID = '11111111-2222-4333-8444-555555555555'
const RULE = `title: Scanner
id: ${ID}
status: stable
description: finds a scanner
logsource: {product: linux, service: shell}
detection: {keywords: [zmap], condition: keywords}
level: high
`
const QUERY =
  '(data_type:("shell:zsh:history" OR "bash:history:command" OR "apt:history:line" OR "selinux:line") AND "zmap")'

test('a rule is stored, told, changed and removed', async () => {
  const made = await client.post('/sigmarules/', { rule_yaml: RULE })
  expect([made.status, made.json.objects[0].rule_uuid, made.json.objects[0].query_string]).toEqual([
    201,
    ID,
    QUERY,
  ])
  const twice = await client.post('/sigmarules/', { rule_yaml: RULE })
  expect([twice.status, twice.json.message]).toEqual([403, `Rule ${ID} was already found in the database`])
  const list = (await other.get('/sigmarules/')).json
  expect(list.objects.find(({ rule_uuid: id }: { rule_uuid: string }) => id === ID)).toMatchObject({
    ...{ id: ID, title: 'Scanner', status: 'stable', rule_yaml: RULE },
  })
  expect(list.meta.rules_count).toBe(list.objects.length)
  expect((await other.get(`/sigmarules/${ID}/`)).json.objects[0]).toMatchObject({
    ...{ id: ID, level: 'high', search_query: QUERY, file_name: 'N/A' },
    detection: { keywords: ['zmap'], condition: 'keywords' },
  })
  const change = { rule_yaml: RULE.replace('finds a', 'finds the') }
  expect((await other.post(`/sigmarules/${ID}/`, change, 'PUT')).status).toBe(403)
  const changed = await client.post(`/sigmarules/${ID}/`, change, 'PUT')
  expect([changed.status, changed.json.objects[0].description]).toEqual([200, 'finds the scanner'])
  const mismatch = await client.post(
    `/sigmarules/${ID}/`,
    { rule_yaml: RULE.replace('1111-2', '1111-3') },
    'PUT',
  )
  expect([mismatch.status, mismatch.json.message]).toEqual([
    400,
    `Rule ID mismatch parameter: ${ID} and YAML content: ${ID.replace('1111-2', '1111-3')}`,
  ])
  expect((await other.delete(`/sigmarules/${ID}/`)).status).toBe(403)
  expect((await client.delete(`/sigmarules/${ID}/`)).json).toBe(200)
  const gone = await client.delete(`/sigmarules/${ID}/`)
  expect([gone.status, gone.json.message]).toEqual([404, `No rule found with rule_uuid.${ID}`])
  expect((await client.get(`/sigmarules/${ID}/`)).json.message).toBe('No rule found with this ID.')
})

test('of a file whose rules have something in common each is told with its own part', async () => {
  const id = (number: number): string => `${number}1111111-2222-4333-8444-666666666666`
  const second = (number: number): string =>
    `id: ${id(number)}\ndetection: {keywords: [word${number}], condition: keywords}\n`
  const text = `action: global\ntitle: Common\nlogsource: {product: linux, service: shell}\n---\n${second(1)}---\n${second(2)}`
  const { services } = server.system
  await services.rules.add(await services.auth.localPrincipal('anna'), [{ file: 'common.yml', text }])
  for (const number of [1, 2]) {
    const [rule] = (await client.get(`/sigmarules/${id(number)}/`)).json.objects
    expect(rule).toMatchObject({ id: id(number), title: 'Common' })
    expect(rule.detection.keywords).toEqual([`word${number}`])
    expect(rule.search_query).toContain(`"word${number}"`)
  }
})

test.each<[what: string, path: string, body: unknown, message: string]>([
  ['no rule', '/sigmarules/', {}, 'No rule_yaml supplied in the POST request to the API.'],
  [
    'an empty rule',
    '/sigmarules/',
    { rule_yaml: '' },
    'No rule_yaml supplied in the POST request to the API.',
  ],
  ['a rule without a title', '/sigmarules/', { rule_yaml: `id: ${ID}\n` }, 'Sigma Rule Parsing error: '],
  ['what is no YAML', '/sigmarules/', { rule_yaml: 'title: [unclosed' }, 'Sigma Rule Parsing error: '],
  ['a list', '/sigmarules/', { rule_yaml: '- 1\n- 2\n' }, 'Sigma Rule Parsing error: '],
  ['no text', '/sigmarules/text/', {}, 'Missing value in the request. Nothing to parse'],
  [
    'a text that is a number',
    '/sigmarules/text/',
    { content: 5 },
    'Missing value in the request. Nothing to parse',
  ],
  ['blanks', '/sigmarules/text/', { content: ' \n' }, 'Sigma rule Parsing error with provided rule'],
  [
    'a text that is no YAML',
    '/sigmarules/text/',
    { content: 'title: [unclosed' },
    'Sigma parsing error: invalid YAML provided line 1, column 17',
  ],
  [
    'a text without a detection',
    '/sigmarules/text/',
    { content: 'title: x\nid: 1\n' },
    'Sigma parsing error generating rule with error: No detection definitions found',
  ],
  [
    'a condition about nothing',
    '/sigmarules/text/',
    { content: RULE.replace('condition: keywords', 'condition: nothing') },
    'Sigma parsing error generating rule with error: line 6',
  ],
  [
    'an alias that grows',
    '/sigmarules/text/',
    {
      content: `a: &a [1,1,1,1,1,1,1,1,1]\n${'bcdefghi'.replace(/./g, (k) => `${k}: &${k} [${Array(9).fill(`*${String.fromCharCode(k.charCodeAt(0) - 1)}`)}]\n`)}`,
    },
    'Sigma parsing error',
  ],
])('%s is refused in a sentence', async (_, path, body, message) => {
  const answer = await client.post(path, body)
  expect(answer.status).toBe(400)
  expect(answer.json.message.slice(0, message.length)).toBe(message)
  expect(answer.text).not.toMatch(/\bat .*\.ts|node_modules/)
})

test('a text is read without being stored', async () => {
  const { json } = await client.post('/sigmarules/text/', { content: RULE })
  expect([json.meta.parsed, json.objects[0].title, json.objects[0].search_query]).toEqual([
    true,
    'Scanner',
    QUERY,
  ])
  expect((await client.get(`/sigmarules/${ID}/`)).status).toBe(404)
})

// The requests of timesketch-api-client 20210602, and what it reads of their answers.
test('rules come by the older paths, with the question as es_query', async () => {
  const id = '77777777-2222-4333-8444-555555555555'
  const text = RULE.replace(ID, id).replace('title: Scanner', 'title: Older\nauthor: ana')
  expect((await client.post('/sigmarules/', { rule_yaml: text })).status).toBe(201)
  const shape = {
    ...{
      id,
      title: 'Older',
      author: 'ana',
      level: 'high',
      es_query: QUERY,
      file_name: 'N/A',
      file_relpath: 'N/A',
    },
    ...{
      logsource: { product: 'linux', service: 'shell' },
      detection: { keywords: ['zmap'], condition: 'keywords' },
    },
  }
  const one = await other.get(`/sigma/rule/${id}/`)
  expect([one.status, one.json.objects.length]).toEqual([200, 1])
  expect(one.json.objects[0]).toMatchObject(shape)
  const list = (await other.get('/sigma/')).json
  expect(list.objects.find((rule: { id: string }) => rule.id === id)).toMatchObject(shape)
  expect(list.objects.every((rule: { es_query: unknown }) => typeof rule.es_query === 'string')).toBe(true)
  const { id: _, ...sent } = shape
  const read = await other.post('/sigma/text/', { title: 'Get_Sigma_by_text', content: text })
  expect(read.json).toMatchObject({ objects: [sent], meta: { parsed: true } })
  const unslashed = await other.get(`/sigma/rule/${id}`)
  expect([unslashed.status, unslashed.headers.get('location')]).toEqual([308, `/api/v1/sigma/rule/${id}/`])
  expect((await other.get('/sigma/rule/no-such/')).json.message).toBe('No rule found with this ID.')
  expect((await other.post('/sigma/text/', { content: 'title: [unclosed' })).status).toBe(400)
})
