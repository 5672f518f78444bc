import type { EventSearchOptions } from '@timeskein/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSekoia, type SekoiaPlace } from './testing/open-sekoia.ts'

let at: SekoiaPlace

beforeEach(async () => {
  at = await openSekoia()
})
afterEach(async () => {
  await at[Symbol.asyncDispose]()
  expect(at.problems).toEqual([])
})

const DAY = { earliest: '2026-01-01', latest: '2026-01-02' }

async function pushNumbered(
  count: number,
): Promise<{ readonly key: string; readonly ids: readonly string[] }> {
  const { key } = await at.makeIntake()
  const events = Array.from({ length: count }, (_, place) => ({
    '@timestamp': new Date(Date.UTC(2026, 0, 1) + place * 1000).toISOString(),
    message: `line ${place}`,
    source: { ip: place % 2 === 0 ? '1.2.3.4' : '5.6.7.8' },
    'event.code': place,
  }))
  return { key, ids: (await Array.fromAsync(at.sekoia.intake(key).sendAll(events))).flat() }
}

test('events that are pushed land on a timeline, and a search finds them, newest first', async () => {
  const { ids } = await pushNumbered(1500)
  expect(new Set(ids).size).toBe(1500)
  const found = await at.sekoia.search('source.ip: "1.2.3.4"', DAY).toArray()
  expect(found.map((event) => event['event.code'])).toEqual(
    Array.from({ length: 750 }, (_, place) => 1498 - place * 2),
  )
  expect(found[0]).toMatchObject({
    timestamp: '2026-01-01T00:24:58.000Z',
    message: 'line 1498',
    'source.ip': '1.2.3.4',
    'event.id': ids[1498],
    'sekoiaio.intake.name': 'endpoint',
    'sekoiaio.entity.id': '1001',
  })
  expect((await at.sekoia.search(`event.id: "${ids[3]}"`, DAY).toArray()).length).toBe(1)
  expect((await at.sekoia.search('*', DAY).toArray()).length).toBe(1500)
  const sketches = await at.place.system.services.sketches.list(at.place.admin)
  const [timeline] = await at.place.system.services.timelines.list(at.place.admin, sketches.sketches[0]!.id)
  expect(timeline).toMatchObject({ name: 'endpoint', status: 'ready' })
})

test('events are found by the key that they were pushed with, which none of them shows', async () => {
  const { key } = await pushNumbered(3)
  const { key: other } = await at.makeIntake('other')
  await at.sekoia.intake(other).send({ '@timestamp': '2026-01-01T00:00:00Z', message: 'elsewhere' })
  const find = async (term: string): Promise<number> => {
    const found = await at.sekoia.search(term, DAY).toArray()
    expect(JSON.stringify(found)).not.toContain(key)
    return found.length
  }
  expect(await find(`sekoiaio.intake.key:"${key}"`)).toBe(3)
  expect(await find(`sekoiaio.intake.key:${other}`)).toBe(1)
  expect(await find(`NOT sekoiaio.intake.key:"${key}"`)).toBe(1)
  expect(await find('sekoiaio.intake.key:*')).toBe(4)
  for (const guess of [`${key.slice(0, -1)}*`, `/${key.slice(0, -1)}.*/`, 'nothing'])
    expect(await find(`sekoiaio.intake.key:${guess}`), guess).toBe(0)
})

test('a job tells what was asked, and what became of it', async () => {
  await pushNumbered(5)
  const asked = { term: 'event.code:>=3', earliest_time: '2026-01-01T00:00:00', latest_time: 'now' }
  const job = await at.sekoia.searchJobs.create({ ...asked, term_lang: 'dork', max_last_events: 1 })
  expect(job).toMatchObject({
    ...asked,
    term_lang: 'dork',
    started_at: null,
    expired: false,
    results_ttl: 1800,
  })
  const done = await at.sekoia.searchJobs.wait(job.uuid)
  expect(done).toMatchObject({ status: 2, total: 1, max_last_events: 1, canceled_at: null })
  expect(done.ended_at).not.toBe(null)
  const page = await at.sekoia.searchJobs.listEvents(job.uuid).firstPage()
  expect(page).toMatchObject({ total: 1, items: [{ 'event.code': 4 }] })
  const listed = await at.sekoia.searchJobs.list().toArray()
  expect(listed.map(({ uuid }) => uuid)).toEqual([job.uuid])
  expect((await at.sekoia.searchJobs.listFields(job.uuid).toArray()).map(({ name }) => name)).toContain(
    'source.ip',
  )
})

test('filters stand beside the term', async () => {
  await pushNumbered(10)
  const count = async (...filters: NonNullable<EventSearchOptions['filters']>): Promise<number> =>
    (await at.sekoia.search('', { ...DAY, filters }).toArray()).length
  expect(await count({ field: 'source.ip', operator: 'is', value: '1.2.3.4' })).toBe(5)
  expect(await count({ field: 'source.ip', operator: '=', value: '1.2.3.4', excluded: true })).toBe(5)
  expect(await count({ field: 'source.ip', operator: 'starts with', value: '1.2' })).toBe(5)
  expect(
    await count(
      { field: 'source.ip', operator: 'contains', value: '.7.' },
      { field: 'event.code', operator: '>', value: 4 },
    ),
  ).toBe(3)
  expect(await count({ field: 'nothing', operator: 'exists' })).toBe(0)
  expect(await count({ field: 'nothing', operator: 'exists', disabled: true })).toBe(10)
  await expect(count({ field: 'a', operator: 'like', value: 1 })).rejects.toMatchObject({
    status: 400,
    code: 'bad-filter',
  })
})

test.each([
  [{ term: 'a: "b' }, 'bad-query', 'quote'],
  [{ earliest_time: 'soon' }, 'bad-time', 'earliest_time cannot be read'],
  [
    { earliest_time: 'now', latest_time: '-1d' },
    'bad-time-range',
    'The range ends before it begins: earliest_time "now", latest_time "-1d".',
  ],
  [{ term_lang: 'sol' }, 'bad-term-lang', 'dork, es-query-string'],
])('a job that cannot be understood is refused: %j', async (wrong, code, sentence) => {
  const asked = { term: '*', earliest_time: '-1d', latest_time: 'now', ...wrong }
  await expect(at.sekoia.searchJobs.create(asked)).rejects.toMatchObject({
    status: 400,
    code,
    message: expect.stringContaining(sentence) as string,
  })
})

test('a lenient job fails instead of the call, and says why', async () => {
  const job = await at.sekoia.searchJobs.create({
    term: 'a: "b',
    earliest_time: '-1d',
    latest_time: 'now',
    lenient: true,
  })
  await expect(at.sekoia.searchJobs.wait(job.uuid)).rejects.toMatchObject({
    name: 'JobError',
    message: expect.stringContaining('quote') as string,
  })
  await expect(at.sekoia.searchJobs.listEvents(job.uuid).toArray()).rejects.toMatchObject({ status: 409 })
})

test('a job is its maker’s alone, and a cancelled one stays so', async () => {
  await at.place.addUser('ana')
  const ana = await at.connect([], 'ana')
  const job = await at.sekoia.searchJobs.create({ term: '*', earliest_time: '-1d', latest_time: 'now' })
  expect(await ana.searchJobs.get(job.uuid)).toBeUndefined()
  await expect(ana.searchJobs.cancel(job.uuid)).rejects.toMatchObject({ status: 404 })
  await at.sekoia.searchJobs.wait(job.uuid)
  await at.sekoia.searchJobs.cancel(job.uuid)
  expect((await at.sekoia.searchJobs.get(job.uuid))!.status).toBe(2)
})

test('the key of an intake is told to nobody who may not write, by no way', async () => {
  const { key, entity } = await at.makeIntake()
  await at.sekoia.intake(key).send({ message: 'x' })
  await at.place.addUser('reader')
  await at.place.addUser('writer')
  const { services } = at.place.system
  const [sketch] = (await services.sketches.list(at.place.admin)).sketches
  for (const [name, permissions] of [
    ['reader', ['read']],
    ['writer', ['read', 'write']],
  ] as const)
    await services.access.changeSketchGrants(at.place.admin, sketch!.id, {
      grantUsers: [name],
      permissions,
    })
  const tell = async (scopes: readonly string[], username?: string): Promise<readonly string[]> => {
    const sekoia = await at.connect(scopes, username)
    const [one] = await sekoia.intakes.list().toArray()
    const [row] = await sekoia.sol('intakes').toArray()
    const events = await sekoia.search('*', { earliest: '1h' }).toArray()
    expect(events.length).toBe(1)
    expect(JSON.stringify(events)).not.toContain(key)
    return [one!.intake_key, (await sekoia.intakes.get(one!.uuid))!.intake_key, String(row!['intake_key'])]
  }
  const [told, hidden] = [Array(3).fill(key), Array(3).fill('')]
  expect(await tell([])).toEqual(told)
  expect(await tell(['write'], 'writer')).toEqual(told)
  expect(await tell(['read'], 'writer')).toEqual(hidden)
  expect(await tell(['write'], 'reader')).toEqual(hidden)
  expect((await at.sekoia.entities.get(entity))!.number_of_intakes).toBe(1)
})

test.each([
  ['now+999999999w', 'now'],
  ['now', 'now-999999999w'],
])('times that nothing can hold are refused: %s to %s', async (earliest_time, latest_time) => {
  await expect(at.sekoia.searchJobs.create({ term: '*', earliest_time, latest_time })).rejects.toMatchObject({
    status: 400,
    code: 'bad-time',
  })
})

test.each([1e300, -1e300, 9.3e21])(
  'an event whose time %d nothing can hold has that of its coming',
  async (far) => {
    const { key } = await at.makeIntake()
    const before = Date.now()
    await at.sekoia.intake(key).send({ timestamp: far, message: 'far' })
    const [event] = await at.sekoia.search('far', { earliest: '1h' }).toArray()
    expect(Date.parse(String(event!['timestamp']))).toBeGreaterThanOrEqual(before - 1)
    const told = await at.ask('/', {
      method: 'POST',
      body: JSON.stringify({ intake_key: key, json: 'x', timestamp: far }),
    })
    expect([told.status, await told.json()]).toEqual([400, expect.objectContaining({ code: 'bad-time' })])
  },
)

test('nobody finds events of sketches that they may not read', async () => {
  await pushNumbered(3)
  await at.place.addUser('ana')
  const ana = await at.connect([], 'ana')
  expect(await ana.search('*', DAY).toArray()).toEqual([])
  expect(await ana.sol('events | count').toArray()).toEqual([{ count: 0 }])
  expect(await ana.intakes.list().toArray()).toEqual([])
})

test('a search that is done tells nothing of what may not be read any more', async () => {
  await pushNumbered(3)
  const ana = await at.place.addUser('ana')
  const { access, sketches, searchJobs } = at.place.system.services
  const own = await at.connect([], 'ana')
  const [shared] = (await sketches.list(at.place.admin)).sketches
  await access.changeSketchGrants(at.place.admin, shared!.id, { grantUsers: ['ana'], permissions: ['read'] })
  const job = await own.searchJobs.create({
    term: '*',
    earliest_time: '2026-01-01',
    latest_time: '2026-01-02',
  })
  await own.searchJobs.wait(job.uuid)
  expect((await own.searchJobs.listEvents(job.uuid).toArray()).length).toBe(3)
  const pages = searchJobs.scanEvents(ana, job.uuid)[Symbol.asyncIterator]()
  await access.changeSketchGrants(at.place.admin, shared!.id, { revokeUsers: ['ana'] })
  expect(await own.searchJobs.listEvents(job.uuid).firstPage()).toMatchObject({ total: 0, items: [] })
  expect(await own.searchJobs.listFields(job.uuid).toArray()).toEqual([])
  expect((await pages.next()).done).toBe(true)
  expect((await at.sekoia.search('*', DAY).toArray()).length).toBe(3)
})

test('events that are being read out end where they may not be read any more', async () => {
  await pushNumbered(3000)
  const ana = await at.place.addUser('ana')
  const { access, sketches, searchJobs } = at.place.system.services
  const [shared] = (await sketches.list(at.place.admin)).sketches
  await access.changeSketchGrants(at.place.admin, shared!.id, { grantUsers: ['ana'], permissions: ['read'] })
  const own = await at.connect([], 'ana')
  const job = await own.searchJobs.create({
    term: '*',
    earliest_time: '2026-01-01',
    latest_time: '2026-01-02',
  })
  await own.searchJobs.wait(job.uuid)
  const pages = searchJobs.scanEvents(ana, job.uuid)[Symbol.asyncIterator]()
  const first = await pages.next()
  expect(first.done ? 0 : first.value.length).toBeLessThan(3000)
  await access.changeSketchGrants(at.place.admin, shared!.id, { revokeUsers: ['ana'] })
  await expect(pages.next()).rejects.toMatchObject({ code: 'no-read-permission' })
})

test('the rows of a program are gone when what it read may not be read any more', async () => {
  await pushNumbered(3)
  const ana = await at.place.addUser('ana')
  const { access, sketches, sol } = at.place.system.services
  const [shared] = (await sketches.list(at.place.admin)).sketches
  await access.changeSketchGrants(at.place.admin, shared!.id, { grantUsers: ['ana'], permissions: ['read'] })
  const draft = { program: 'events | count', parameters: new Map(), isOfOrganisation: true }
  const { uid } = await sol.start(ana, draft)
  const look = async (): Promise<unknown> => {
    const { status, rows } = await sol.get(ana, uid)
    return { status, rows }
  }
  await expect.poll(look).toEqual({ status: 'done', rows: [{ count: 3 }] })
  await access.changeSketchGrants(at.place.admin, shared!.id, { revokeUsers: ['ana'] })
  expect(await look()).toEqual({ status: 'expired', rows: [] })
})

test('another community has no events', async () => {
  await pushNumbered(3)
  const own = (await at.sekoia.me()).community
  const count = async (communities: string[]): Promise<number> =>
    (await at.sekoia.search('*', { ...DAY, communities }).toArray()).length
  expect(await count([own])).toBe(3)
  expect(await count(['00000000-0000-0000-0000-000000000000'])).toBe(0)
})

test('events come in by every route, and their ids in their order', async () => {
  const { key } = await at.makeIntake()
  const post = async (path: string, body: string | Uint8Array<ArrayBuffer>, headers = {}): Promise<unknown> =>
    await (await at.ask(path, { method: 'POST', body, headers })).json()
  const byHeader = { 'x-sekoiaio-intake-key': key }
  await post('/plain', 'one line\n', byHeader)
  await post('/plain/batch', 'a\nb\r\n\nc', { authorization: `Basic ${btoa(`:${key}`)}` })
  await post(`/jsons?intake_key=${key}&path=$.list`, '{"list": ["text", {"a": {"b": 1}}]}')
  await post('/', JSON.stringify({ intake_key: key, json: '{"x": 1}', '@timestamp': 1_767_225_600 }))
  const packed = new Uint8Array(
    await new Response(
      new Blob([JSON.stringify({ intake_key: key, jsons: ['{"y": 2}', 'z'] })])
        .stream()
        .pipeThrough(new CompressionStream('gzip')),
    ).arrayBuffer(),
  )
  const batch = (await post('/api/v1/intake-http/batch', packed, { 'content-encoding': 'gzip' })) as {
    event_ids: string[]
  }
  const array = (await post(
    '/array?return_response=true',
    JSON.stringify([{ intake_key: key, json: { q: 1 } }]),
  )) as {
    event_ids: string[]
  }
  const found = await at.sekoia
    .search('*', { earliest: '2025-12-31', latest: new Date(Date.now() + 60_000) })
    .toArray()
  expect(found.length).toBe(10)
  const byId = new Map(found.map((event) => [event['event.id'], event]))
  expect(byId.get(batch.event_ids[0]!)).toMatchObject({ y: 2, message: '{"y": 2}' })
  expect(byId.get(batch.event_ids[1]!)).toMatchObject({ message: 'z' })
  expect(byId.get(array.event_ids[0]!)).toMatchObject({ q: 1 })
  expect(found.find((event) => event['x'] === 1)).toMatchObject({ timestamp: '2026-01-01T00:00:00.000Z' })
  expect(found.find((event) => event['a.b'] === 1)).toBeDefined()
})

test.each([
  ['/plain', 'x', 'nothing', 403, 'unknown-intake-key'],
  ['/plain', 'x', '', 403, 'unknown-intake-key'],
  ['/plain', '', undefined, 400, 'empty-body'],
  ['/jsons', '{}', undefined, 400, 'bad-request'],
  ['/jsons', '{', undefined, 400, 'bad-json'],
  ['/batch', '{"jsons": []}', undefined, 400, 'bad-request'],
])('what cannot come in by %s is refused: %j with the key %s', async (path, body, given, status, code) => {
  const { key } = await at.makeIntake()
  const answer = await at.ask(path, {
    method: 'POST',
    body,
    headers: { 'x-sekoiaio-intake-key': given ?? key },
  })
  expect(answer.status).toBe(status)
  expect(await answer.json()).toMatchObject({ code })
})

test('a list with one key that is none is refused as a whole', async () => {
  const { key } = await at.makeIntake()
  const post = async (...items: object[]): Promise<number> =>
    (await at.ask('/array', { method: 'POST', body: JSON.stringify(items) })).status
  const good = { intake_key: key, json: { q: 1 } }
  expect(await post(good, { intake_key: 'nothing', json: 'x' })).toBe(403)
  expect(await post(good, { ...good, json: 'x'.repeat(8 * 1024 * 1024 + 1) })).toBe(413)
  expect(await at.sekoia.search('*', { earliest: '1h' }).toArray()).toEqual([])
  expect(await post(good)).toBe(200)
})

test('a body is not read for a key that is none', async () => {
  const { key } = await at.makeIntake()
  for (const [given, status, isRead] of [
    ['nothing', 403, false],
    [key, 200, true],
  ] as const) {
    let pulled = 0
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled += 1
          controller.enqueue(new TextEncoder().encode('a line'))
          controller.close()
        },
      },
      { highWaterMark: 0 },
    )
    const init: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { 'x-sekoiaio-intake-key': given, 'content-length': '6' },
    }
    const answer = await at.app.fetch(new Request('http://skein.test/sekoia/plain', init))
    expect([answer.status, pulled > 0]).toEqual([status, isRead])
  }
})

test('an address that sends bodies of nobody is stopped; those that are somebody’s do not count', async () => {
  const { key } = await at.makeIntake()
  const post = async (intake_key: string): Promise<Response> =>
    await at.ask('/', { method: 'POST', body: JSON.stringify({ intake_key, json: 'x' }) })
  for (let count = 0; count < 5; count += 1) expect((await post(key)).status).toBe(200)
  for (let count = 0; count < 60; count += 1) expect((await post('nothing')).status).toBe(403)
  const stopped = await post('nothing')
  expect([stopped.status, Number(stopped.headers.get('retry-after')) > 0]).toEqual([429, true])
  const line = { method: 'POST', body: 'x', headers: { 'x-sekoiaio-intake-key': key } }
  expect((await at.ask('/plain', line)).status).toBe(200)
})

test('a gzip that unpacks to more than is taken is refused', async () => {
  const { key } = await at.makeIntake()
  const zeros = new Blob([new Uint8Array(64 * 1024 * 1024)])
    .stream()
    .pipeThrough(new CompressionStream('gzip'))
  const answer = await at.ask('/plain', {
    method: 'POST',
    body: new Uint8Array(await new Response(zeros).arrayBuffer()),
    headers: { 'x-sekoiaio-intake-key': key, 'content-encoding': 'gzip' },
  })
  expect(answer.status).toBe(400)
})

test('an event cannot say that it came in elsewhere', async () => {
  const { key, uuid } = await at.makeIntake()
  const foreign = { 'sekoiaio.intake.uuid': 'x', sekoiaio: { intake: { key: 'y' } }, 'event.id': 'z' }
  const id = await at.sekoia.intake(key).send(foreign)
  const [event] = await at.sekoia.search('*', { earliest: '1h' }).toArray()
  expect(event).toMatchObject({
    'sekoiaio.intake.uuid': uuid,
    'event.id': id,
    'sent.sekoiaio.intake.uuid': 'x',
  })
  expect(await at.sekoia.search('sekoiaio.intake.uuid: x', { earliest: '1h' }).toArray()).toEqual([])
})

test('an intake takes nothing when its maker may not write any more, nor when it is closed', async () => {
  const { key, uuid } = await at.makeIntake()
  await at.sekoia.intake(key).send('x')
  await at.sekoia.intakes.delete(uuid)
  await expect(at.sekoia.intake(key).send('x')).rejects.toMatchObject({ status: 403 })
  await at.place.addUser('ana')
  const ana = await at.connect([], 'ana')
  const entity = await ana.entities.create({ name: 'hers' })
  const intake = await ana.intakes.create({
    name: 'i',
    entity_uuid: entity.uuid,
    format_uuid: '00000000-0000-4000-8000-000000000000',
  })
  const { services } = at.place.system
  const user = (await services.users.findByName('ana'))!
  await services.users.setActive(at.place.admin, user.id, false)
  await expect(at.sekoia.intake(intake.intake_key).send('x')).rejects.toMatchObject({
    status: 403,
    code: 'AU202',
    message: expect.stringContaining('takes no events') as string,
  })
})

test('an export is a file of all events, for whoever has its address', async () => {
  await pushNumbered(3)
  const job = await at.sekoia.searchJobs.create({
    term: '*',
    earliest_time: '2026-01-01',
    latest_time: '2026-01-02',
  })
  await at.sekoia.searchJobs.wait(job.uuid)
  const address = await at.sekoia.searchJobs.export(job.uuid, {
    fields: ['@timestamp', 'event.code', 'nothing'],
  })
  const file = await at.app.fetch(new Request(address!))
  const lines = await new Response(file.body!.pipeThrough(new DecompressionStream('gzip'))).text()
  expect(
    lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { '@timestamp': '2026-01-01T00:00:02.000Z', 'event.code': 2 },
    { '@timestamp': '2026-01-01T00:00:01.000Z', 'event.code': 1 },
    { '@timestamp': '2026-01-01T00:00:00.000Z', 'event.code': 0 },
  ])
  expect(file.headers.get('content-length')).not.toBe(null)
  expect((await at.ask('/downloads/events.json.gz?key=nothing')).status).toBe(404)
  await expect(at.sekoia.searchJobs.export(job.uuid, { fields: ['source.*'] })).rejects.toMatchObject({
    status: 400,
  })
  await at.place.addUser('ana')
  const ana = await at.connect([], 'ana')
  await expect(ana.searchJobs.export(job.uuid)).rejects.toMatchObject({ status: 404 })
})
