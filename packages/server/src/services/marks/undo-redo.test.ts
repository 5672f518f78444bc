import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { EventStore } from '@timeskein/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEmbeddedStore } from '../../open-embedded-store.ts'
import { openSystem } from '../../open-system.ts'
import type { System } from '../../system.ts'
import { copyRemains } from '../../testing/copy-remains.ts'
import { makeTemporaryDirectory } from '../../testing/temporary-system.ts'
import { COMMENT_LABEL } from './mark-service.ts'

let directory: string
/** What the store does when it is next asked for a change of marks, after it has done it or before. */
let failure: 'none' | 'once' | 'crash' | 'kill before' | 'kill after'
/** What a kill leaves on the disk. */
let remains: string

beforeEach(async () => {
  directory = await makeTemporaryDirectory()
  remains = `${directory}-remains`
  failure = 'none'
})
afterEach(async () => {
  for (const folder of [directory, remains]) await rm(folder, { recursive: true, force: true })
})

/**
 * A store whose process ends at a change of a mark. At a crash nothing that follows is carried out in the store; at a kill what
 * is on the disk then is all that is left, of the log too.
 */
async function openFragileStore(folder: string): Promise<EventStore> {
  const store = await openEmbeddedStore(folder)
  let isGone = false
  const fail = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    if (isGone) throw new Error('the process is gone')
    if (failure === 'none') return await work()
    isGone = failure !== 'once'
    if (failure !== 'kill before') await work()
    if (failure.startsWith('kill')) {
      await copyRemains(directory, remains)
      await rm(join(remains, 'lock.json'))
    }
    failure = 'none'
    throw new Error('the process is gone')
  }
  const setMarkActive = store.setMarkActive.bind(store)
  const mark = store.mark.bind(store)
  const markAll = store.markAll.bind(store)
  store.setMarkActive = async (...asked) => await fail(async () => await setMarkActive(...asked))
  store.mark = async (...asked) => await fail(async () => await mark(...asked))
  store.markAll = async (...asked) => await fail(async () => await markAll(...asked))
  return store
}

async function open(dataDirectory = directory): Promise<System> {
  return await openSystem({ dataDirectory, openStore: openFragileStore })
}

async function prepare(system: System): Promise<{ sketchId: number; eventId: string }> {
  const admin = await system.services.auth.localPrincipal('admin')
  const sketch = await system.services.sketches.create(admin, { name: 'case' })
  await system.services.events.create(admin, sketch.id, {
    timeUs: 1_700_000_000_000_000n,
    source: { message: 'event' },
  })
  const { events } = await system.services.explore.search(admin, {
    sketchId: sketch.id,
    query: { kind: 'all' },
    size: 1,
  })
  return { sketchId: sketch.id, eventId: events[0]!.id }
}

/** Whether the store shows the event with the tag or label, and what the log says of the operation. */
async function look(
  system: System,
  sketchId: number,
  operationId: string,
): Promise<{ tags: readonly string[]; labels: readonly string[]; state: string; comments: number }> {
  const admin = await system.services.auth.localPrincipal('admin')
  const { explore, marks } = system.services
  const { events } = await explore.search(admin, { sketchId, query: { kind: 'all' }, size: 1 })
  return {
    tags: events[0]!.tags,
    labels: events[0]!.labels,
    state: (await marks.getOperation(admin, operationId)).state,
    comments: (await marks.listComments(admin, sketchId)).length,
  }
}

describe('a crash between the store and the log', () => {
  it('of a mark leaves it with its counts when the store has it, and as failed when not', async () => {
    const before = await open()
    const admin = await before.services.auth.localPrincipal('admin')
    const { sketchId, eventId } = await prepare(before)
    await before.close()
    for (const [kill, state, count] of [
      ['kill after', 'done', 1],
      ['kill before', 'failed', 0],
    ] as const) {
      await rm(remains, { recursive: true, force: true })
      const running = await open()
      failure = kill
      const target = { ids: [eventId] }
      await expect(
        running.services.marks.addTags(admin, sketchId, [kill, 'other'], target),
      ).rejects.toThrowError('gone')
      await running.close()
      await using after = await open(remains)
      const [record] = await after.services.marks.history(admin, sketchId)
      expect(record).toMatchObject({ value: `${kill}, other`, state, matched: count, changed: count })
    }
  })

  it('of an undo leaves the operation undone after the next start', async () => {
    const before = await open()
    const admin = await before.services.auth.localPrincipal('admin')
    const { sketchId, eventId } = await prepare(before)
    const tagged = await before.services.marks.addTags(admin, sketchId, ['evil'], { ids: [eventId] })
    const { operationId } = tagged!
    const { revision } = await before.services.sketches.get(admin, sketchId)
    failure = 'crash'
    await expect(before.services.marks.undo(admin, operationId)).rejects.toThrowError('gone')
    await before.close()

    const after = await open()
    expect(after.recovery).toMatchObject([
      { code: 'mark-reconciled', message: expect.stringContaining(operationId) as string },
    ])
    expect(await look(after, sketchId, operationId)).toMatchObject({ tags: [], state: 'undone' })
    expect((await after.services.sketches.get(admin, sketchId)).revision).toBeGreaterThan(revision)
    const [record] = await after.services.marks.history(admin, sketchId)
    expect(record).toMatchObject({ undoneBy: 'admin', undoneAtMs: expect.any(Number) as number })

    failure = 'crash'
    await expect(after.services.marks.redo(admin, operationId)).rejects.toThrowError('gone')
    await after.close()
    const last = await open()
    expect(await look(last, sketchId, operationId)).toMatchObject({ tags: ['evil'], state: 'done' })
    await last.close()
  })

  it('of a comment’s undo and redo leaves label and text in agreement', async () => {
    const before = await open()
    const admin = await before.services.auth.localPrincipal('admin')
    const { sketchId, eventId } = await prepare(before)
    const { result } = await before.services.marks.addComment(admin, sketchId, [eventId], 'look')
    failure = 'crash'
    await expect(before.services.marks.undo(admin, result.operationId)).rejects.toThrowError('gone')
    await before.close()
    const after = await open()
    expect(await look(after, sketchId, result.operationId)).toMatchObject({
      labels: [],
      comments: 0,
      state: 'undone',
    })
    failure = 'crash'
    await expect(after.services.marks.redo(admin, result.operationId)).rejects.toThrowError('gone')
    await after.close()
    const last = await open()
    expect(await look(last, sketchId, result.operationId)).toMatchObject({
      labels: [COMMENT_LABEL],
      comments: 1,
      state: 'done',
    })
    await last.close()
  })
})

describe('deleting a comment', () => {
  it.each(['kill before', 'kill after'] as const)(
    'is completed by the next start when the process ends between text and label (%s)',
    async (kind) => {
      const before = await open()
      const admin = await before.services.auth.localPrincipal('admin')
      const { sketchId, eventId } = await prepare(before)
      const { result, comments } = await before.services.marks.addComment(admin, sketchId, [eventId], 'look')
      failure = kind
      await expect(
        before.services.marks.deleteComment(admin, sketchId, comments[0]!.id),
      ).rejects.toThrowError('gone')
      await before.close()

      const after = await open(remains)
      const [deletion] = await after.services.marks.history(admin, sketchId)
      expect(deletion).toMatchObject({ kind: 'uncomment', state: 'done', changed: 1 })
      expect(after.recovery).toMatchObject([
        { code: 'mark-reconciled', message: expect.stringContaining(deletion!.id) as string },
      ])
      expect(await look(after, sketchId, result.operationId)).toMatchObject({ labels: [], comments: 0 })
      await after.close()
    },
  )

  it('that fails leaves the comment with its label, and can be tried again', async () => {
    const system = await open()
    const admin = await system.services.auth.localPrincipal('admin')
    const { marks } = system.services
    const { sketchId, eventId } = await prepare(system)
    const { result, comments } = await marks.addComment(admin, sketchId, [eventId], 'look')
    failure = 'once'
    await expect(marks.deleteComment(admin, sketchId, comments[0]!.id)).rejects.toThrowError('gone')
    expect((await marks.history(admin, sketchId))[0]).toMatchObject({ kind: 'uncomment', state: 'failed' })
    const there = { labels: [COMMENT_LABEL], comments: 1 }
    expect(await look(system, sketchId, result.operationId)).toMatchObject(there)
    await marks.deleteComment(admin, sketchId, comments[0]!.id)
    expect(await look(system, sketchId, result.operationId)).toMatchObject({ labels: [], comments: 0 })
    await system.close()
  })

  it('and its undo are completed by the next start, too', async () => {
    const before = await open()
    const admin = await before.services.auth.localPrincipal('admin')
    const { sketchId, eventId } = await prepare(before)
    const { result, comments } = await before.services.marks.addComment(admin, sketchId, [eventId], 'look')
    await before.services.marks.deleteComment(admin, sketchId, comments[0]!.id)
    const [deletion] = await before.services.marks.history(admin, sketchId)
    failure = 'kill before'
    await expect(before.services.marks.undo(admin, deletion!.id)).rejects.toThrowError('gone')
    await before.close()
    const after = await open(remains)
    expect(await look(after, sketchId, result.operationId)).toMatchObject({
      labels: [COMMENT_LABEL],
      comments: 1,
    })
    expect((await after.services.marks.getOperation(admin, deletion!.id)).state).toBe('undone')
    await after.close()
  })
})

describe('an undo that fails', () => {
  it('leaves the operation in force, and can be tried again', async () => {
    const system = await open()
    const admin = await system.services.auth.localPrincipal('admin')
    const { sketchId, eventId } = await prepare(system)
    const tagged = await system.services.marks.addTags(admin, sketchId, ['evil'], { ids: [eventId] })
    const { operationId } = tagged!
    failure = 'once'
    await expect(system.services.marks.undo(admin, operationId)).rejects.toThrowError('gone')
    expect(await look(system, sketchId, operationId)).toMatchObject({ tags: ['evil'], state: 'done' })
    await system.services.marks.undo(admin, operationId)
    expect(await look(system, sketchId, operationId)).toMatchObject({ tags: [], state: 'undone' })
    await system.close()
  })

  it('leaves a comment in force with its label', async () => {
    const system = await open()
    const admin = await system.services.auth.localPrincipal('admin')
    const { sketchId, eventId } = await prepare(system)
    const { result } = await system.services.marks.addComment(admin, sketchId, [eventId], 'look')
    failure = 'once'
    await expect(system.services.marks.undo(admin, result.operationId)).rejects.toThrowError('gone')
    expect(await look(system, sketchId, result.operationId)).toMatchObject({
      labels: [COMMENT_LABEL],
      comments: 1,
      state: 'done',
    })
    await system.close()
  })
})

it('of several undos at once one takes the operation back', async () => {
  const system = await open()
  const admin = await system.services.auth.localPrincipal('admin')
  const { sketchId, eventId } = await prepare(system)
  const tagged = await system.services.marks.addTags(admin, sketchId, ['evil'], { ids: [eventId] })
  const { operationId } = tagged!
  const undos = await Promise.allSettled(
    Array.from({ length: 5 }, () => system.services.marks.undo(admin, operationId)),
  )
  expect(undos.filter((undo) => undo.status === 'fulfilled')).toHaveLength(1)
  for (const undo of undos)
    if (undo.status === 'rejected') expect(undo.reason).toMatchObject({ kind: 'conflict' })
  expect(await look(system, sketchId, operationId)).toMatchObject({ tags: [], state: 'undone' })
  await system.close()
})
