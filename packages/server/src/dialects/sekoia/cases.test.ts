import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sekoia } from '@timeskein/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeAlert } from './testing/make-alert.ts'
import { openSekoia, type SekoiaPlace } from './testing/open-sekoia.ts'

let at: SekoiaPlace
let sekoia: Sekoia

beforeEach(async () => {
  at = await openSekoia()
  sekoia = at.sekoia
})
afterEach(async () => {
  await at[Symbol.asyncDispose]()
  expect(at.problems).toEqual([])
})

/** Handles of events that came in, which say that they have others. */
async function makeEvents(count: number): Promise<readonly string[]> {
  const { key } = await at.makeIntake()
  const sent = Array.from({ length: count }, (_, place) => ({
    message: `line ${place}`,
    __event_id: 'elsewhere',
  }))
  await Array.fromAsync(sekoia.intake(key).sendAll(sent))
  const found = await sekoia.search('*', { earliest: '1d' }).toArray()
  return found.map(({ __event_id }) => __event_id)
}

test('a case gathers alerts, events and remarks', async () => {
  const alert = (await sekoia.alerts.get(await makeAlert(at, 'a')))!
  const made = await sekoia.cases.create({ title: 'Case', tags: ['x'], priority: 'high', verdict_uuid: 'v' })
  expect(made).toMatchObject({
    title: 'Case',
    status: 'opened',
    priority: 'high',
    tags: ['x'],
    verdict_uuid: 'v',
    manual: true,
  })
  const id = made.short_id
  await sekoia.cases.addAlerts(id, [alert.short_id, alert.uuid])
  await expect(sekoia.cases.addAlerts(id, ['AL0000000000'])).rejects.toMatchObject({ status: 404 })
  const [one = '', two = ''] = await makeEvents(2)
  await expect(sekoia.cases.addEvents(id, [one, 'event-1'])).rejects.toMatchObject({ status: 404 })
  await expect(sekoia.cases.removeEvent(id, one)).rejects.toMatchObject({ status: 404 })
  await sekoia.cases.addEvents(id, [one, two, two])
  await sekoia.cases.removeEvent(id, one)
  await expect(sekoia.cases.removeEvent(id, one)).rejects.toMatchObject({ status: 404 })
  const kept = await sekoia.search('*', { earliest: '1d', onlyEternal: true }).toArray()
  expect(kept.map(({ __event_id }) => __event_id)).toEqual([two])
  const comment = await sekoia.cases.comment(id, 'first')
  await sekoia.cases.changeComment(id, comment.uuid, 'second')
  expect((await sekoia.cases.listComments(id).toArray()).map(({ content }) => content)).toEqual(['second'])
  const shown = (await sekoia.cases.get(made.uuid))!
  expect(shown).toMatchObject({
    number_of_alerts: 1,
    number_of_comments: 1,
    first_seen_at: '2026-01-01T00:00:00.000Z',
    alerts: [{ short_id: alert.short_id }],
  })
  expect((await sekoia.alerts.get(alert.uuid))!.cases).toEqual([
    { uuid: made.uuid, short_id: id, title: 'Case' },
  ])
  expect((await sekoia.alerts.list({ isAssignedToCase: true }).toArray()).length).toBe(1)
  expect((await sekoia.alerts.list({ match: { case_short_id: id } }).toArray()).length).toBe(1)
  expect((await sekoia.cases.listAlerts(id).toArray()).length).toBe(1)
  expect((await sekoia.cases.list({ match: { tags: 'x', alert_uuid: alert.uuid } }).toArray()).length).toBe(1)
  expect(await sekoia.cases.listTags()).toEqual(['x'])
  await sekoia.cases.deleteComment(id, comment.uuid)
  await sekoia.cases.update(id, { title: 'Other', tags: [] })
  expect(await sekoia.cases.get(id))!.toMatchObject({
    title: 'Other',
    priority: 'high',
    tags: [],
    number_of_comments: 0,
  })
  await sekoia.cases.delete(id)
  expect(await sekoia.cases.get(id)).toBeUndefined()
})

test('an event that came from the platform keeps its handle, and a case takes it by that', async () => {
  const { imports, sketches } = at.place.system.services
  const { id: sketchId } = await sketches.create(at.place.admin, { name: 'pulled' })
  const path = join(at.place.directory, 'events.json')
  const timestamp = new Date().toISOString()
  const events = ['one', 'two', 'four', 'five'].map((name) => ({
    __event_id: `of "there" ${name}`,
    timestamp,
    message: name,
  }))
  await writeFile(path, JSON.stringify({ items: events }))
  const { ended } = await imports.start(at.place.admin, {
    sketchId,
    timeline: { name: 'sekoia' },
    inputs: [{ path }],
  })
  expect(await ended).toMatchObject({ status: 'done' })
  const { uuid } = await sekoia.cases.create({ title: 'Case' })
  const keptHandles = async (): Promise<unknown[]> =>
    (await sekoia.search('*', { earliest: '1d', onlyEternal: true }).toArray()).map(
      (event) => event.__event_id,
    )
  await sekoia.cases.addEvents(uuid, ['of "there" one'])
  expect(await keptHandles()).toEqual(['of "there" one'])
  await sekoia.cases.removeEvent(uuid, 'of "there" one')
  expect(await keptHandles()).toEqual([])
  await expect(sekoia.cases.addEvents(uuid, ['of "there" three'])).rejects.toMatchObject({ status: 404 })

  const handles = events.map((event) => event.__event_id)
  await sekoia.cases.addEvents(uuid, handles)
  await expect(sekoia.cases.addEvents(uuid, [handles[0]!, 'of "there" three'])).rejects.toMatchObject({
    status: 404,
    message: expect.stringContaining('three'),
  })
})
