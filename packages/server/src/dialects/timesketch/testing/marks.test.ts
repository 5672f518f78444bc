import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LoginsPlace, openLogins } from './logins.ts'
import type { TestClient } from './test-server.ts'

const FILTER = { from: 0, size: 40, indices: ['_all'], order: 'asc', chips: [] }

let place: LoginsPlace
let owner: TestClient
let other: TestClient
let sketchId: number
let index: string
let explore: LoginsPlace['explore']

beforeAll(async () => {
  place = await openLogins()
  ;({ owner, other, sketchId, index, explore } = place)
})
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

async function someEvents(count: number) {
  const answer = await explore({ query: 'user:user4', filter: { size: count } })
  return answer.json.objects.map((hit: { _id: string; _index: string }) => ({
    _id: hit._id,
    _index: hit._index,
  }))
}
const path = (name: string) => `/sketches/${sketchId}/event/${name}/`

test('tags are kept, counted, and two right after each other both stay', async () => {
  const events = await someEvents(2)
  const first = await owner.post(path('tagging'), { tag_string: '["bad","review"]', events })
  expect(first.json.meta).toMatchObject({ number_of_events_with_added_tags: 2, tags_applied: 4 })
  const again = await owner.post(path('tagging'), { tag_string: '["bad"]', events })
  expect(again.json.meta).toMatchObject({ number_of_events_with_added_tags: 0, events_processed_by_api: 2 })
  await owner.post(path('untag'), { tags_to_remove: ['review'], events: events.slice(0, 1) })
  const read = await owner.get(`${path('').slice(0, -1)}?searchindex_id=${index}&event_id=${events[0]._id}`)
  expect(read.json.objects.tag).toEqual(['bad'])
})

test.each([
  [{ tag_string: 'bad', events: [] }, 400, 'Unable to read the tags'],
  [{ tag_string: '"bad"', events: [] }, 400, 'Tags need to be a list'],
  [{ tag_string: '[1]', events: [] }, 400, 'Tags need to be a list of strings'],
  [{ tag_string: '["a"]', events: [{ _index: 'x' }] }, 400, 'Events need to have a [_id] field'],
  [{ tag_string: '["a"]', events: [{ _id: 'x', _index: 'nosuch' }] }, 403, 'Search index ID (nosuch)'],
])('refuses tagging with %j', async (body, status, message) => {
  const answer = await owner.post(path('tagging'), body)
  expect(answer.status).toBe(status)
  expect(answer.json.message).toContain(message)
})

test('a star is switched on and off, a label only on', async () => {
  const events = await someEvents(1)
  const star = { annotation: '__ts_star', annotation_type: 'label', events }
  const chips = [{ type: 'label', field: '', value: '__ts_star', operator: 'must', active: true }]
  const starred = async () => (await explore({ query: '*', filter: { chips } })).json.meta.es_total_count
  expect((await owner.post(path('annotate'), star)).status).toBe(201)
  expect(await starred()).toBe(1)
  await owner.post(path('annotate'), star)
  expect(await starred()).toBe(0)
})

test('a comment comes back with the event, and only its writer may change it', async () => {
  await owner.post(`/sketches/${sketchId}/collaborators/`, { users: ['other'] })
  const events = await someEvents(1)
  const made = await owner.post(path('annotate'), { annotation: 'odd', annotation_type: 'comment', events })
  const { id } = made.json.objects[0][0]
  const change = { annotation: { id, comment: 'mine' }, annotation_type: 'comment', events }
  expect((await other.post(path('annotate'), change, 'PUT')).status).toBe(403)
  expect((await owner.post(path('annotate'), change, 'PUT')).json.objects[0][0].comment).toBe('mine')
  const query = `annotation_type=comment&annotation_id=${id}&event_id=${events[0]._id}&searchindex_id=${index}`
  expect((await owner.delete(`${path('annotate')}?${query}`)).text).toBe('200\n')
  expect((await owner.delete(`${path('annotate')}?${query}`)).status).toBe(404)
  await owner.post(`/sketches/${sketchId}/collaborators/`, { remove_users: ['other'] })
})

test('attributes are added once; an unknown event is told', async () => {
  const [event] = await someEvents(1)
  const add = (attributes: unknown, id = event._id) =>
    owner.post(path('attributes'), { events: [{ _id: id, _index: index, attributes }] })
  const good = [{ attr_name: 'verdict', attr_value: 'bad' }]
  expect((await add(good)).json.meta).toMatchObject({ attributes_added: 1, error_count: 0 })
  expect((await add(good)).json.meta.last_10_errors).toEqual([
    `Attribute 'verdict' already exists for event_id '${event._id}'.`,
  ])
  expect((await add(good, 'nosuch')).json.meta.last_10_errors).toEqual(['Event ID nosuch not found.'])
})

test('an event made by hand is found at once', async () => {
  const body = {
    date_string: '2024-02-15T12:00:00Z',
    message: 'by hand',
    tag: ['manual'],
    attributes: { a: 1 },
  }
  const made = await owner.post(path('create'), body)
  expect(made.status).toBe(201)
  expect(made.json.objects[0].name).toBe('Manual events')
  expect((await explore({ query: 'tag:manual AND a:1', filter: FILTER })).json.meta.es_total_count).toBe(1)
  expect((await owner.post(path('create'), { ...body, date_string: 'not a date' })).status).toBe(400)
})

test('five hundred tags of one request are one operation, taken back as one', async () => {
  const events = await someEvents(3)
  const tags = Array.from({ length: 500 }, (_, number) => `many-${number}`)
  const body = { tag_string: JSON.stringify(tags), events }
  expect((await owner.post(path('tagging'), body)).json.meta).toMatchObject({
    number_of_events_with_added_tags: 3,
  })
  const untagged = { tags_to_remove: tags.slice(1), events: events.slice(1) }
  expect((await owner.post(path('untag'), untagged)).status).toBe(200)
  const count = async () =>
    (await explore({ query: 'tag:many-499', filter: FILTER })).json.meta.es_total_count as number
  expect(await count()).toBe(1)

  const { auth, marks } = place.server.system.services
  const principal = await auth.localPrincipal('owner')
  const [untag, tag] = await marks.history(principal, sketchId, { limit: 2 })
  expect([untag, tag]).toMatchObject([
    { kind: 'untag', matched: 2, changed: 2 },
    {
      kind: 'tag',
      matched: 3,
      changed: 3,
      value: expect.stringMatching(/^many-0, many-1, .*… \(500 names\)$/),
    },
  ])
  await marks.undo(principal, untag!.id)
  expect(await count()).toBe(3)
  await marks.undo(principal, tag!.id)
  expect(await count()).toBe(0)
})
