import { expect, test } from 'vitest'
import { memoryCursor } from '../paging/cursor-store.ts'
import { findRegion } from './connection/regions.ts'
import { Sekoia } from './sekoia.ts'
import { makeFakeSekoia, pageOf } from './testing/fake-sekoia.ts'

const JOBS = '/v1/sic/conf/events/search/jobs'

test('a search makes its job, waits for it, and pages through its events', async () => {
  const statuses = [0, 1, 2]
  const { sekoia, seen } = makeFakeSekoia({
    [`POST ${JOBS}`]: () => ({ uuid: 'j1', status: 0 }),
    [`GET ${JOBS}/j1`]: () => ({ uuid: 'j1', status: statuses.shift(), total: 5 }),
    [`GET ${JOBS}/j1/events`]: pageOf(5, (place) => ({ __event_id: String(place) })),
  })
  const search = sekoia.search('source.ip: "1.2.3.4"', {
    earliest: '2026-01-01',
    latest: '2026-01-02',
    pageSize: 2,
  })
  expect(seen).toEqual([])
  expect((await search.toArray()).map((event) => event.__event_id)).toEqual(['0', '1', '2', '3', '4'])
  expect(JSON.parse(seen[0]!.body)).toMatchObject({
    term: 'source.ip: "1.2.3.4"',
    term_lang: 'dork',
    earliest_time: '2026-01-01T00:00:00.000Z',
    latest_time: '2026-01-02T00:00:00.000Z',
    visible: false,
  })
  expect(seen.at(-1)!.query.get('offset')).toBe('4')
  expect(seen[0]!.headers.get('authorization')).toBe('Bearer secret-key')
})

test('the first events of a search are asked for alone, the others in the largest pages', async () => {
  const { sekoia, seen } = makeFakeSekoia({
    [`POST ${JOBS}`]: () => ({ uuid: 'j1', status: 0 }),
    [`GET ${JOBS}/j1`]: () => ({ uuid: 'j1', status: 2, total: 1500 }),
    [`GET ${JOBS}/j1/events`]: pageOf(1500, (place) => ({ __event_id: String(place) })),
  })
  const events = await sekoia.search('*').toArray()
  expect(events.map((event) => event.__event_id)).toEqual(
    Array.from({ length: 1500 }, (_, place) => `${place}`),
  )
  const pages = seen.filter(({ path }) => path.endsWith('/events')).map(({ query }) => query)
  expect(pages.map((query) => [query.get('offset'), query.get('limit')])).toEqual([
    ['0', '100'],
    ['100', '1000'],
    ['1100', '1000'],
  ])
})

test('a job that fails says why', async () => {
  const { sekoia } = makeFakeSekoia({
    [`POST ${JOBS}`]: () => ({ uuid: 'j1', status: 0 }),
    [`GET ${JOBS}/j1`]: () => ({ uuid: 'j1', status: 4, error: 'a quote is never closed' }),
  })
  await expect(sekoia.search('"').first()).rejects.toMatchObject({
    name: 'JobError',
    jobId: 'j1',
    message: expect.stringContaining('a quote is never closed') as string,
  })
})

test('filters become parameters of the URL', async () => {
  const { sekoia, seen } = makeFakeSekoia({ 'GET /v1/sic/alerts': pageOf(0, () => ({})) })
  await sekoia.alerts
    .list({
      match: { entity_name: ['e1', 'e2'], rule_name: 'r' },
      nomatch: { status_uuid: 'x' },
      date: { created_at: { start: '2026-01-01' } },
      range: { urgency: [80, 100] },
      sort: 'created_at',
      direction: 'desc',
    })
    .toArray()
  expect(Object.fromEntries(seen[0]!.query)).toEqual({
    'match[entity_name]': 'e1,e2',
    'match[rule_name]': 'r',
    'nomatch[status_uuid]': 'x',
    'date[created_at]': '2026-01-01T00:00:00.000Z,',
    'range[urgency]': '80,100',
    limit: '100',
    offset: '0',
    sort: 'created_at',
    direction: 'desc',
  })
})

test.each([
  [401, { message: 'The token has expired', code: 'T301' }, 'T301', 'The token has expired'],
  [403, { message: 'Insufficient permissions', code: 'AU202' }, 'AU202', 'Insufficient permissions'],
  [
    404,
    { detail: { message: 'There is no results to download', code: 'NO_RESULTS' } },
    'NO_RESULTS',
    'no results',
  ],
  [
    422,
    { detail: [{ loc: ['body', 'ql_query'], msg: 'field required' }] },
    'http-422',
    'body.ql_query: field required',
  ],
  [502, '<html>', 'http-502', 'the server answered 502'],
])('a refusal with %i has its code and sentence: %j', async (status, body, code, sentence) => {
  const answer = (): Response =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), { status })
  const { sekoia } = makeFakeSekoia({ 'POST /v1/sic/cases': answer })
  const error = await sekoia.cases.create({ title: 'x' }).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name: 'ApiError', status, code })
  expect(String(error)).toContain(sentence)
  expect(String(error)).not.toContain('secret-key')
})

test('an action is told by its name or by an id', async () => {
  const { sekoia, seen } = makeFakeSekoia({ 'PATCH /v1/sic/alerts/AL1/workflow': () => ({}) })
  await sekoia.alerts.act('AL1', 'Close', { comment: 'done' })
  await sekoia.alerts.act('AL1', '8f206505-af6d-433e-93f4-775d46dc7d0f')
  expect(seen.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    { action_uuid: '1390be4e-ced8-4dd6-9bed-573471b235ab', comment: 'done' },
    { action_uuid: '8f206505-af6d-433e-93f4-775d46dc7d0f' },
  ])
})

test('a poll of alerts loses none that changes while it is paged, and brings a changed one again', async () => {
  const alerts = Array.from({ length: 250 }, (_, place) => ({
    uuid: `a${place}`,
    updated_at: 1_700_000_000 + place,
  }))
  const { sekoia } = makeFakeSekoia({
    'GET /v1/sic/alerts': ({ query }) => {
      const since = Date.parse(query.get('date[updated_at]')!.split(',')[0]!) / 1000
      const answering = alerts
        .filter((one) => one.updated_at >= since)
        .toSorted((a, b) => a.updated_at - b.updated_at)
      const offset = Number(query.get('offset'))
      const items = answering.slice(offset, offset + Number(query.get('limit'))).map((one) => ({ ...one }))
      // The first alert changes after the first page was read.
      alerts[0]!.updated_at = 1_700_009_999
      return { items, total: answering.length }
    },
  })
  const cursor = memoryCursor()
  const uuids = (
    await Array.fromAsync(sekoia.alerts.poll({ since: '2023-11-14T00:00:00Z', once: true, cursor }))
  ).map(({ uuid }) => uuid)
  expect(new Set(uuids).size).toBe(250)
  expect(uuids.filter((uuid) => uuid === 'a0').length).toBe(2)
  expect(uuids.length).toBe(251)
  expect(await Array.fromAsync(sekoia.alerts.poll({ once: true, cursor }))).toEqual([])
})

test('an alert without the time of its change does not stop a poll', async () => {
  const all = [
    { uuid: 'a', updated_at: 1_700_000_000 },
    { uuid: 'bad' },
    null,
    { uuid: 'b', updated_at: 1_700_000_100 },
  ]
  const { sekoia, seen } = makeFakeSekoia({
    'GET /v1/sic/alerts': ({ query }) => {
      const since = Date.parse(query.get('date[updated_at]')!.split(',')[0]!) / 1000
      const fits = all.filter((one) => one?.updated_at === undefined || one.updated_at >= since)
      const offset = Number(query.get('offset'))
      return { items: fits.slice(offset, offset + 2), total: fits.length }
    },
  })
  const poll = sekoia.alerts.poll({ since: '2023-11-14T00:00:00Z', once: true })
  const batches = await Array.fromAsync(poll.batches())
  const items = batches.flatMap((batch) => batch.items)
  for (const alert of all) expect(items).toContainEqual(alert)
  expect(JSON.parse(batches.at(-1)!.cursor)).toMatchObject({
    latest: new Date(1_700_000_100_000).toISOString(),
  })
  expect(seen[0]!.query.get('date[updated_at]')).toBe('2023-11-14T00:00:00.000Z,')
})

test('a poll of events walks through time in stretches, oldest first, and halves those with too many', async () => {
  const endMs = Date.now()
  const events = Array.from({ length: 12_000 }, (_, place) => ({
    __event_id: String(place),
    timestamp: new Date(endMs - 1_800_000 + place * 100).toISOString(),
  }))
  const jobs = new Map<string, typeof events>()
  const { sekoia, seen } = makeFakeSekoia({
    [`POST ${JOBS}`]: ({ body }) => {
      const { earliest_time: from, latest_time: to } = JSON.parse(body) as Record<string, string>
      jobs.set('j1', events.filter(({ timestamp }) => timestamp >= from! && timestamp <= to!).reverse())
      return { uuid: 'j1', status: 2 }
    },
    [`GET ${JOBS}/j1`]: () => ({ uuid: 'j1', status: 2 }),
    [`GET ${JOBS}/j1/events`]: (request) => {
      const found = jobs.get('j1')!
      return pageOf(found.length, (place) => found[place])(request)
    },
  })
  const ids = (await Array.fromAsync(sekoia.pollEvents('*', { since: '1h', once: true }))).map((event) =>
    Number(event.__event_id),
  )
  expect(ids).toEqual(events.map((_, place) => place))
  expect(seen.filter(({ method }) => method === 'POST').length).toBeGreaterThan(2)
})

test('events are sent in requests of a size that the platform takes', async () => {
  const { sekoia, seen } = makeFakeSekoia({
    'POST /batch': ({ body }) => ({
      event_ids: (JSON.parse(body) as { jsons: string[] }).jsons.map((_, place) => String(place)),
    }),
  })
  const sent = await Array.fromAsync(
    sekoia.intake('key1').sendAll(Array.from({ length: 2500 }, (_, place) => ({ place }))),
  )
  expect(sent.map((ids) => ids.length)).toEqual([1000, 1000, 500])
  expect(JSON.parse(seen[0]!.body)).toMatchObject({ intake_key: 'key1', jsons: expect.anything() as unknown })
  expect(JSON.parse((JSON.parse(seen[2]!.body) as { jsons: string[] }).jsons[0]!)).toEqual({ place: 2000 })
})

test('a program in SOL is run, waited for, and its rows paged', async () => {
  const statuses = ['pending', 'running', 'finished']
  const rows = pageOf(3, (place) => ({ place }))
  const { sekoia, seen } = makeFakeSekoia({
    'POST /v1/notebooks/queries/runs': () => ({ task_id: 't', uuid: 'r1' }),
    'GET /v1/notebooks/queries/runs/r1': (request) => {
      const { items, total } = rows(request) as { items: unknown[]; total: number }
      return {
        uuid: 'r1',
        status: statuses.shift() ?? 'finished',
        error: null,
        results: items,
        total,
        warnings: ['not all'],
      }
    },
  })
  const warnings: string[] = []
  const parameters = { time: { start: '-7d', end: 'now' } }
  const found = await sekoia
    .sol('events | limit 3', { parameters, pageSize: 2, onWarning: (warning) => warnings.push(warning) })
    .toArray()
  expect(warnings).toEqual(['not all'])
  expect(found).toEqual([{ place: 0 }, { place: 1 }, { place: 2 }])
  expect(JSON.parse(seen[0]!.body)).toEqual({
    query_definition: { ql_query: 'events | limit 3' },
    query_parameters: { time: { start: '-7d', end: 'now' } },
  })
})

test('each region has its addresses', () => {
  expect(findRegion('fra1').api).toBe('https://api.sekoia.io')
  expect(findRegion('mco1')).toMatchObject({
    api: 'https://app.mco1.sekoia.io/api',
    intake: 'https://intake.mco1.sekoia.io/api/v1/intake-http',
    live: 'wss://app.mco1.sekoia.io/live',
  })
  expect(findRegion('sgp1').api).toBe('https://api.sgp1.sekoia.io')
})

test('a key that would break a header is refused, and not repeated', () => {
  for (const apiKey of ['', 'a\nb', 'key with blanks'])
    expect(() => new Sekoia({ apiKey })).toThrow(
      'an API key was expected: characters of ASCII without blanks',
    )
})

test('a server that answers anything with an empty object is not taken for Sekoia.io', async () => {
  const { sekoia, seen } = makeFakeSekoia({
    'GET /v1/auth/validate': () => ({}),
    [`POST ${JOBS}`]: () => ({}),
  })
  await expect(sekoia.validate()).rejects.toThrow(
    'GET /v1/auth/validate: expected a key with its identity, found {}',
  )
  await expect(sekoia.search('*').first()).rejects.toThrow(
    `POST ${JOBS}: expected a search job with its uuid, found {}`,
  )
  expect(seen).toHaveLength(2)
})

test('what there is none of is undefined, and all other refusals are errors', async () => {
  const { sekoia } = makeFakeSekoia({})
  const id = '00000000-0000-4000-8000-000000000000'
  const { alerts, rules, cases, entities, intakes, assets, communities, searchJobs, queries } = sekoia
  for (const found of [alerts, rules, cases, entities, intakes, assets, communities, searchJobs, queries])
    expect(await found.get(id)).toBeUndefined()
  expect(await alerts.getKillChain(id)).toBeUndefined()
  expect(await communities.getUser(id)).toBeUndefined()
  expect(await intakes.getFormat(id)).toBeUndefined()
  await expect(searchJobs.wait(id)).rejects.toMatchObject({ status: 404 })
  await expect(rules.delete(id)).rejects.toMatchObject({ status: 404 })
  const refused = { message: 'no', code: 'AU202' }
  const { sekoia: other } = makeFakeSekoia({
    [`GET /v1/sic/alerts/${id}`]: () => Response.json(refused, { status: 403 }),
  })
  await expect(other.alerts.get(id)).rejects.toMatchObject({ status: 403 })
})
