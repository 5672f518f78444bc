import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import type { MarkService } from './mark-service.ts'

const GROUP = 'a-group'
let temporary: TemporarySystem
let marks: MarkService
let sketchId: number
let eventId: string

beforeAll(async () => {
  temporary = await openTemporarySystem()
  const { admin, system } = temporary
  marks = system.services.marks
  sketchId = (await system.services.sketches.create(admin, { name: 'case' })).id
  await system.services.events.create(admin, sketchId, {
    timeUs: 1_700_000_000_000_000n,
    source: { message: 'event', user: 'eve' },
  })
  eventId = (await look()).id
})
afterAll(async () => {
  await temporary[Symbol.asyncDispose]()
})

async function look() {
  const { explore } = temporary.system.services
  const { events } = await explore.search(temporary.admin, { sketchId, query: { kind: 'all' }, size: 1 })
  return events[0]!
}

it('acts of a group are undone by any of them, and redone; others stay', async () => {
  const { admin } = temporary
  const options = { groupId: GROUP }
  const target = { ids: [eventId] }
  await marks.addTags(admin, sketchId, ['alone'], target)
  const tagged = await marks.addTags(admin, sketchId, ['first', 'second'], target, options)
  const items = ['__ts_emojis', 'user', 'found'].map((name) => ({ eventId, name, value: ['new'] }))
  await marks.setAttributes(admin, sketchId, items, options)
  const { result } = await marks.addComment(admin, sketchId, [eventId], 'said', options)
  const isMarked = { tags: ['alone', 'first', 'second'], labels: ['__ts_comment'] }
  expect(await look()).toMatchObject(isMarked)
  expect((await look()).toObject(['user', 'found', '__ts_emojis'])).toEqual({
    user: ['new'],
    found: ['new'],
    __ts_emojis: ['new'],
  })

  await marks.undo(admin, tagged.operationId)
  const after = await look()
  expect(after).toMatchObject({ tags: ['alone'], labels: [] })
  expect(after.toObject(['user', 'found'])).toEqual({ user: 'eve' })
  expect(await marks.listComments(admin, sketchId)).toEqual([])
  await expect(marks.undo(admin, result.operationId)).rejects.toMatchObject({ code: 'already-undone' })

  await marks.redo(admin, result.operationId)
  expect(await look()).toMatchObject(isMarked)
  expect(await marks.listComments(admin, sketchId)).toHaveLength(1)
})
