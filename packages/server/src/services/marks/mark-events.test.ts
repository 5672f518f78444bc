import { afterEach, beforeEach, expect, it } from 'vitest'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import { toApiOperation } from '../api-rows.ts'
import { prepareMarkTarget } from '../explore/read-question.ts'
import { type MarkWishKind, markEvents } from './mark-events.ts'

let temporary: TemporarySystem
let sketchId: number

beforeEach(async () => {
  temporary = await openTemporarySystem()
  const { events, sketches } = temporary.system.services
  sketchId = (await sketches.create(temporary.admin, { name: 'case' })).id
  for (let number = 0; number < 3; number++)
    await events.create(temporary.admin, sketchId, {
      timeUs: 1_700_000_000_000_000n,
      source: { message: `event ${number}`, number },
    })
})
afterEach(async () => {
  await temporary[Symbol.asyncDispose]()
})

async function mark(kind: MarkWishKind, value: string, query: string): Promise<number> {
  const { services } = temporary.system
  const target = prepareMarkTarget({ query })
  return (await markEvents(services, temporary.admin, sketchId, { kind, value, target })).changed
}

it('carries out every kind, and the history tells stars as stars', async () => {
  expect(await mark('tag', 'lure', 'number:>0')).toBe(2)
  expect(await mark('untag', 'lure', 'number:1')).toBe(1)
  expect(await mark('star', '', 'number:1')).toBe(1)
  expect(await mark('unstar', '', 'number:1')).toBe(1)
  expect(await mark('label', 'odd', 'number:1')).toBe(1)
  expect(await mark('unlabel', 'odd', 'number:1')).toBe(1)
  expect(await mark('comment', 'look', '*')).toBe(3)
  const { marks } = temporary.system.services
  const history = await marks.history(temporary.admin, sketchId)
  expect(history.map(toApiOperation).map(({ kind, value }) => [kind, value])).toEqual([
    ['comment', 'look'],
    ['unlabel', 'odd'],
    ['label', 'odd'],
    ['unstar', ''],
    ['star', ''],
    ['untag', 'lure'],
    ['tag', 'lure'],
  ])
  expect(await marks.listComments(temporary.admin, sketchId)).toHaveLength(3)
})

it('refuses a tag without a name', async () => {
  await expect(mark('tag', '', '*')).rejects.toMatchObject({ kind: 'invalid', code: 'no-value' })
})

it('refuses a comment on events that are not there', async () => {
  await expect(mark('comment', 'look', 'number:7')).rejects.toMatchObject({ code: 'event-not-found' })
})
