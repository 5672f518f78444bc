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

const EVENT =
  '{"n":9007199254740993,"big":1e400,"dup":1,"dup":2,"real":1.0,"event.id":"MINE","in":[{"d":1,"d":2}]}'
const KEPT =
  '"n":9007199254740993,"big":1e400,"dup":1,"dup":2,"real":1.0,"sent.event.id":"MINE","in":[{"d":1,"d":2}],'

test.each([
  ['/plain', () => EVENT],
  ['/plain/batch', () => `${EVENT}\n`],
  ['/jsons', () => `[${EVENT}]`],
  ['/jsons?path=$.a.b', () => `{"a":{"b":[${EVENT}]}}`],
  ['/jsons', () => JSON.stringify([EVENT])],
  ['/batch', (key: string) => `{"intake_key":"${key}","jsons":[${EVENT}]}`],
  ['/array', (key: string) => `[{"intake_key":"${key}","json":${EVENT}}]`],
  ['/', (key: string) => `{"intake_key":"${key}","json":${EVENT}}`],
])('%s keeps an event as it was sent, and each of its values is found', async (path, makeBody) => {
  const { key } = await at.makeIntake()
  const answer = await at.ask(path, {
    method: 'POST',
    body: makeBody(key),
    headers: { 'x-sekoiaio-intake-key': key },
  })
  const { event_id, event_ids } = (await answer.json()) as { event_id?: string; event_ids?: string[] }
  const id = event_id ?? event_ids?.[0]
  const { store, intakes, timelines } = at.place.system.services
  const [intake] = await intakes.list(at.place.admin)
  const timeline = await timelines.find(intake!.timelineId!)
  const scope = [{ index: timeline!.searchIndex.indexName, timelineIds: [timeline!.id] }]
  const { events } = await store.search({ scope, query: { kind: 'all' }, sort: 'desc', size: 10 })
  expect(events).toHaveLength(1)
  expect(events[0]!.source).toContain(KEPT)
  expect(events[0]!.source).toContain(`"event.id":"${id}"`)
  for (const term of [
    'n:9007199254740993',
    'dup:1',
    'dup:2',
    'in.d:1',
    'in.d:2',
    'sent.event.id:MINE',
    `event.id:"${id}"`,
  ])
    expect(await at.sekoia.search(term).toArray(), term).toHaveLength(1)
  expect(await at.sekoia.search('n:9007199254740992').toArray()).toEqual([])
})

test('a large integer is found by its digits', async () => {
  const { key } = await at.makeIntake()
  const numbers = ['9007199254740992', '-9007199254740992', '9007199254740993', '1000000000000000000']
  await at.ask('/jsons', {
    method: 'POST',
    body: `[${numbers.map((n) => `{"n":${n}}`).join(',')}]`,
    headers: { 'x-sekoiaio-intake-key': key },
  })
  for (const n of numbers)
    expect(await at.sekoia.search(n.startsWith('-') ? `n:"${n}"` : `n:${n}`).toArray(), n).toHaveLength(1)
})
