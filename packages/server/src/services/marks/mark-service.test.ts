import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Query } from '@timeskein/query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import type { EventView } from '../events/event-view.ts'
import { MAX_MARK_IDS } from './carry-out-mark.ts'
import { COMMENT_LABEL, STAR_LABEL } from './mark-service.ts'

let temporary: TemporarySystem
let sketchId: number

beforeEach(async () => {
  temporary = await openTemporarySystem()
  const { events, sketches } = temporary.system.services
  sketchId = (await sketches.create(temporary.admin, { name: 'case' })).id
  for (let number = 0; number < 4; number++) {
    await events.create(temporary.admin, sketchId, {
      timeUs: 1_700_000_000_000_000n + BigInt(number),
      source: { message: `event ${number}`, number, ...(number === 0 ? { tag: ['own'] } : {}) },
    })
  }
})
afterEach(async () => {
  await temporary[Symbol.asyncDispose]()
})

async function ask(query: Query = { kind: 'all' }): Promise<readonly EventView[]> {
  const result = await temporary.system.services.explore.search(temporary.admin, {
    sketchId,
    query,
    size: 100,
  })
  return result.events
}

/** What the metadata database fails over from now on. */
function dropTable(name: string): void {
  const database = new DatabaseSync(join(temporary.directory, 'metadata.sqlite'))
  database.exec(`DROP TABLE ${name}`)
  database.close()
}

async function tagsByNumber(): Promise<Record<string, readonly string[]>> {
  return Object.fromEntries((await ask()).map((event) => [event.get('number'), event.tags]))
}

describe('tags', () => {
  it('are added and taken away by query or id, undone and redone, and kept in the history', async () => {
    const { marks } = temporary.system.services
    const some: Query = { kind: 'range', field: 'number', gte: 2 }
    const added = await marks.addTags(temporary.admin, sketchId, ['evil'], {
      query: some,
      queryText: 'number:>=2',
    })
    expect(added).toMatchObject({ matched: 2, changed: 2 })
    expect(await tagsByNumber()).toEqual({ 0: ['own'], 1: [], 2: ['evil'], 3: ['evil'] })
    expect(await ask({ kind: 'term', field: 'tag', value: 'evil' })).toHaveLength(2)

    const all = await ask()
    await marks.removeTags(temporary.admin, sketchId, ['evil', 'own'], { ids: [all[0]!.id, all[3]!.id] })
    expect(await tagsByNumber()).toEqual({ 0: [], 1: [], 2: ['evil'], 3: [] })

    await marks.undo(temporary.admin, added.operationId)
    expect((await tagsByNumber())['2']).toEqual([])
    await expect(marks.undo(temporary.admin, added.operationId)).rejects.toMatchObject({
      code: 'already-undone',
    })
    await marks.redo(temporary.admin, added.operationId)
    expect((await tagsByNumber())['2']).toEqual(['evil'])

    const history = await marks.history(temporary.admin, sketchId)
    expect(history.map((record) => [record.kind, record.value, record.queryText, record.state])).toEqual([
      ['untag', 'evil, own', undefined, 'done'],
      ['tag', 'evil', 'number:>=2', 'done'],
    ])
  })

  it('name ids that are not there', async () => {
    const { marks } = temporary.system.services
    const [first] = await ask()
    const result = await marks.addTags(temporary.admin, sketchId, ['x'], { ids: [first!.id, 'nonsense'] })
    expect(result).toMatchObject({ matched: 1, changed: 1, unknownIds: ['nonsense'] })
  })

  it('are refused when the sketch has moved on', async () => {
    const { marks, sketches } = temporary.system.services
    const { revision } = await sketches.get(temporary.admin, sketchId)
    const target = { query: { kind: 'all' } as const, queryText: '*' }
    await marks.addTags(temporary.admin, sketchId, ['a', 'b'], target, { atRevision: revision })
    await expect(
      marks.addTags(temporary.admin, sketchId, ['c'], target, { atRevision: revision }),
    ).rejects.toMatchObject({ code: 'revision-passed' })
  })

  it('are carried out once where several come at one revision at the same time', async () => {
    const { marks, sketches } = temporary.system.services
    const { revision } = await sketches.get(temporary.admin, sketchId)
    const target = { query: { kind: 'all' } as const, queryText: '*' }
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map((tag) =>
        marks.addTags(temporary.admin, sketchId, [tag], target, { atRevision: revision }),
      ),
    )
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(refused.map(({ reason }) => reason)).toMatchObject(
      Array.from({ length: 3 }, () => ({ kind: 'conflict', code: 'revision-passed' })),
    )
    const tags = Object.values(await tagsByNumber()).flatMap((list) => list.filter((tag) => tag !== 'own'))
    expect(tags).toHaveLength(4)
    expect(new Set(tags).size).toBe(1)
    expect(await marks.history(temporary.admin, sketchId)).toHaveLength(1)
  })

  it('stay done when what follows them fails, and are taken back when their log cannot be written', async () => {
    const { marks } = temporary.system.services
    const [event] = await ask()
    dropTable('comments')
    await expect(marks.addComment(temporary.admin, sketchId, [event!.id], 'lost')).rejects.toThrow()
    expect((await ask())[0]!.labels).toEqual([])
    dropTable('audit_log')
    await expect(marks.addTags(temporary.admin, sketchId, ['kept'], { ids: [event!.id] })).rejects.toThrow()
    expect((await ask())[0]!.tags).toEqual(['own', 'kept'])
    const history = await marks.history(temporary.admin, sketchId)
    expect(history.map(({ kind, state }) => [kind, state])).toEqual([
      ['tag', 'done'],
      ['comment', 'failed'],
    ])
  })

  it('name so many events at most, and are not undone in an archived sketch', async () => {
    const { marks, sketches } = temporary.system.services
    const [event] = await ask()
    const ids = Array.from({ length: MAX_MARK_IDS + 1 }, (_, number) => String(number))
    const tooMany = { code: 'too-many-events' }
    await expect(marks.toggleLabel(temporary.admin, sketchId, STAR_LABEL, ids)).rejects.toMatchObject(tooMany)
    await expect(marks.addComment(temporary.admin, sketchId, ids, 'x')).rejects.toMatchObject(tooMany)
    const tag = await marks.addTags(temporary.admin, sketchId, ['x'], { ids: [event!.id] })
    await sketches.archive(temporary.admin, sketchId)
    await expect(marks.undo(temporary.admin, tag!.operationId)).rejects.toMatchObject({
      code: 'sketch-archived',
    })
  })

  it('need write', async () => {
    const { access, marks } = temporary.system.services
    const reader = await temporary.addUser('reader')
    await access.changeSketchGrants(temporary.admin, sketchId, {
      grantUsers: ['reader'],
      permissions: ['read'],
    })
    const [event] = await ask()
    await expect(marks.addTags(reader, sketchId, ['x'], { ids: [event!.id] })).rejects.toMatchObject({
      code: 'no-write-permission',
    })
    expect(await marks.history(reader, sketchId)).toEqual([])
  })
})

describe('labels', () => {
  it('are toggled, counted and seen in their own sketch only', async () => {
    const { marks } = temporary.system.services
    const ids = (await ask()).map((event) => event.id)
    await marks.addLabel(temporary.admin, sketchId, STAR_LABEL, { ids: [ids[0]!] })
    await marks.toggleLabel(temporary.admin, sketchId, STAR_LABEL, [ids[0]!, ids[1]!, ids[2]!])
    expect((await ask()).map((event) => event.labels)).toEqual([[], [STAR_LABEL], [STAR_LABEL], []])
    expect(await marks.labelCounts(temporary.admin, sketchId)).toEqual([{ label: STAR_LABEL, count: 2 }])
    expect(await ask({ kind: 'label', name: STAR_LABEL, sketchId })).toHaveLength(2)
    expect(await ask({ kind: 'label', name: STAR_LABEL, sketchId: sketchId + 1 })).toHaveLength(0)
  })
})

describe('labels of many names', () => {
  it('that are toggled twice at once are as they were', async () => {
    const { marks } = temporary.system.services
    const ids = (await ask()).map((event) => event.id)
    const toggle = () => marks.toggleLabel(temporary.admin, sketchId, STAR_LABEL, ids)
    const acts = (await Promise.all([toggle(), toggle()])).flat()
    expect(acts.map(({ kind, changed }) => [kind, changed])).toEqual([
      ['label', 4],
      ['unlabel', 4],
    ])
    expect((await ask()).flatMap((event) => event.labels)).toEqual([])
  })

  it('are counted by one question to the store, the commonest first', async () => {
    const { marks, store } = temporary.system.services
    const ids = (await ask()).map((event) => event.id)
    for (const [place, label] of ['__proto__', 'b', 'a', '7'].entries())
      await marks.addLabel(temporary.admin, sketchId, label, { ids: place === 2 ? ids : [ids[place]!] })
    await marks.addComment(temporary.admin, sketchId, [ids[0]!, ids[1]!], 'look')
    const search = vi.spyOn(store, 'search')
    const count = vi.spyOn(store, 'count')
    expect(await marks.labelCounts(temporary.admin, sketchId)).toEqual([
      { label: 'a', count: 4 },
      { label: COMMENT_LABEL, count: 2 },
      { label: '7', count: 1 },
      { label: '__proto__', count: 1 },
      { label: 'b', count: 1 },
    ])
    expect(search.mock.calls.length + count.mock.calls.length).toBe(1)
  })
})

describe('an operation', () => {
  it('is taken back for the sketch it is of, not for another', async () => {
    const { marks, sketches } = temporary.system.services
    const other = await sketches.create(temporary.admin, { name: 'other' })
    const [event] = await ask()
    const { operationId } = await marks.addLabel(temporary.admin, sketchId, STAR_LABEL, { ids: [event!.id] })
    await expect(marks.undo(temporary.admin, operationId, { sketchId: other.id })).rejects.toMatchObject({
      kind: 'not-found',
      code: 'operation-not-of-sketch',
    })
    expect((await ask())[0]!.labels).toEqual([STAR_LABEL])
    const undone = await marks.undo(temporary.admin, operationId, { sketchId })
    expect(undone.state).toBe('undone')
  })

  it('opens the indexes that hold it when it is taken back, and no other', async () => {
    const { events, marks, sketches, store } = temporary.system.services
    const other = await sketches.create(temporary.admin, { name: 'other' })
    await events.create(temporary.admin, other.id, { timeUs: 1n, source: { message: 'elsewhere' } })
    const [event] = await ask()
    const setMarkActive = vi.spyOn(store, 'setMarkActive')
    const { operationId } = await marks.addLabel(temporary.admin, sketchId, STAR_LABEL, { ids: [event!.id] })
    await marks.undo(temporary.admin, operationId)
    expect(setMarkActive.mock.calls).toEqual([[operationId, false, [event!.index]]])
  })
})

describe('comments', () => {
  it('are deleted by an operation that can be taken back', async () => {
    const { marks } = temporary.system.services
    const [event] = await ask()
    const { comments } = await marks.addComment(temporary.admin, sketchId, [event!.id], 'look here')
    await marks.deleteComment(temporary.admin, sketchId, comments[0]!.id)
    const [deletion] = await marks.history(temporary.admin, sketchId)
    expect(deletion).toMatchObject({ kind: 'uncomment', value: 'look here', changed: 1, state: 'done' })
    const look = async () => [
      (await ask())[0]!.labels,
      (await marks.listComments(temporary.admin, sketchId)).map(({ text }) => text),
    ]
    expect(await look()).toEqual([[], []])
    await marks.undo(temporary.admin, deletion!.id)
    expect(await look()).toEqual([[COMMENT_LABEL], ['look here']])
    await marks.redo(temporary.admin, deletion!.id)
    expect(await look()).toEqual([[], []])
    await expect(marks.deleteComment(temporary.admin, sketchId, comments[0]!.id)).rejects.toMatchObject({
      code: 'comment-not-found',
    })
  })

  it('are changed by operations that can be taken back in any order', async () => {
    const { marks } = temporary.system.services
    const [event] = await ask()
    const { comments } = await marks.addComment(temporary.admin, sketchId, [event!.id], 'first')
    const { id } = comments[0]!
    const change = async (text: string) =>
      (await marks.updateComment(temporary.admin, sketchId, id, text)).text
    const read = async () => (await marks.listComments(temporary.admin, sketchId))[0]!.text
    expect(await change('first')).toBe('first')
    expect(await change('second')).toBe('second')
    expect(await change('third')).toBe('third')
    const history = await marks.history(temporary.admin, sketchId)
    expect(history.map(({ kind, value, state, changed }) => [kind, value, state, changed])).toEqual([
      ['recomment', 'third', 'done', 1],
      ['recomment', 'second', 'done', 1],
      ['comment', 'first', 'done', 1],
    ])
    const [third, second] = history
    await marks.undo(temporary.admin, second!.id)
    expect(await read()).toBe('third')
    await marks.undo(temporary.admin, third!.id)
    expect(await read()).toBe('first')
    await marks.redo(temporary.admin, second!.id)
    expect(await read()).toBe('second')
    for (const text of ['', 'x'.repeat(65_537)])
      await expect(change(text)).rejects.toMatchObject({ code: 'bad-mark' })
    expect(await read()).toBe('second')
    expect((await ask()).map((view) => view.labels)).toEqual([[COMMENT_LABEL], [], [], []])
  })

  it('label their events as long as there is one', async () => {
    const { marks } = temporary.system.services
    const [event, other] = await ask()
    const first = await marks.addComment(temporary.admin, sketchId, [event!.id, other!.id], 'look here')
    expect(first.comments.map((comment) => comment.eventId)).toEqual([event!.id, other!.id])
    const second = await marks.addComment(temporary.admin, sketchId, [event!.id], 'and here')
    await marks.undo(temporary.admin, first.result.operationId)
    expect((await ask()).map((view) => view.labels)).toEqual([[COMMENT_LABEL], [], [], []])
    expect(await marks.listComments(temporary.admin, sketchId)).toMatchObject([{ text: 'and here' }])
    const changed = await marks.updateComment(temporary.admin, sketchId, second.comments[0]!.id, 'or here')
    expect(changed).toMatchObject({ text: 'or here', username: 'admin' })
    await marks.deleteComment(temporary.admin, sketchId, changed.id)
    expect((await ask()).flatMap((view) => view.labels)).toEqual([])
    expect(await marks.listComments(temporary.admin, sketchId, [event!.id])).toEqual([])
  })

  it('are changed by their writer only', async () => {
    const { access, marks } = temporary.system.services
    const writer = await temporary.addUser('writer')
    await access.changeSketchGrants(temporary.admin, sketchId, { grantUsers: ['writer'] })
    const [event] = await ask()
    const { comments } = await marks.addComment(temporary.admin, sketchId, [event!.id], 'mine')
    await expect(marks.updateComment(writer, sketchId, comments[0]!.id, 'yours')).rejects.toMatchObject({
      code: 'not-own-comment',
    })
    await expect(marks.addComment(writer, sketchId, ['nonsense'], 'x')).rejects.toMatchObject({
      code: 'event-not-found',
    })
  })
})

describe('attributes', () => {
  it('are added where they are new, and each refusal has its reason', async () => {
    const { marks } = temporary.system.services
    const [event, other] = await ask()
    const outcome = await marks.addAttributes(temporary.admin, sketchId, [
      { eventId: event!.id, name: 'verdict', value: 'bad' },
      { eventId: other!.id, name: 'verdict', value: 'bad' },
      { eventId: event!.id, name: 'verdict', value: 'good' },
      { eventId: event!.id, name: 'number', value: 1 },
      { eventId: event!.id, name: 'message', value: 'x' },
      { eventId: event!.id, name: '_x', value: 'x' },
      { eventId: 'nonsense', name: 'verdict', value: 'x' },
    ])
    expect(outcome).toMatchObject({ added: 2, eventsChanged: 2 })
    expect(outcome.errors.map((error) => error.reason)).toEqual([
      'exists',
      'exists',
      'reserved-name',
      'leading-underscore',
      'unknown-event',
    ])
    expect((await ask()).map((view) => view.get('verdict'))).toEqual(['bad', 'bad', undefined, undefined])
  })

  it('of one name that come at once are added once', async () => {
    const { marks } = temporary.system.services
    const [event] = await ask()
    const add = (value: string) =>
      marks.addAttributes(temporary.admin, sketchId, [{ eventId: event!.id, name: 'verdict', value }])
    const outcomes = await Promise.all([add('good'), add('bad'), add('ugly')])
    expect(outcomes.map(({ added, errors }) => [added, ...errors.map(({ reason }) => reason)])).toEqual([
      [1],
      [0, 'exists'],
      [0, 'exists'],
    ])
    expect((await ask())[0]!.get('verdict')).toBe('good')
  })

  it('of different values are one operation, which can be taken back as a whole', async () => {
    const { marks } = temporary.system.services
    const events = await ask()
    const items = events.flatMap((event, place) => [
      { eventId: event.id, name: 'rank', value: place },
      { eventId: event.id, name: 'note', value: { place: [place] } },
    ])
    const { added, operationId } = await marks.addAttributes(temporary.admin, sketchId, items)
    expect(added).toBe(8)
    const history = await marks.history(temporary.admin, sketchId)
    expect(history).toMatchObject([
      { id: operationId, kind: 'attribute', value: 'rank, note', matched: 4, changed: 4, state: 'done' },
    ])
    expect((await ask()).map((view) => [view.get('rank'), view.get('note')])).toEqual(
      events.map((_, place) => [place, { place: [place] }]),
    )
    expect(await ask({ kind: 'range', field: 'rank', gte: 2 })).toHaveLength(2)
    await marks.undo(temporary.admin, operationId!)
    expect((await ask()).map((view) => view.get('rank'))).toEqual(events.map(() => undefined))
  })

  it('without any that can be added are no operation', async () => {
    const { marks } = temporary.system.services
    const items = [{ eventId: 'nonsense', name: 'rank', value: 1 }]
    expect(await marks.addAttributes(temporary.admin, sketchId, items)).toMatchObject({
      added: 0,
      operationId: undefined,
    })
    expect(await marks.history(temporary.admin, sketchId)).toEqual([])
  })
})

describe('questions', () => {
  it('scroll to the end, for whom they belong to', async () => {
    const { explore } = temporary.system.services
    const stranger = await temporary.addUser('stranger')
    const page = await explore.openScroll(temporary.admin, { sketchId, query: { kind: 'all' }, size: 3 })
    expect(page.total).toBe(4)
    expect(page.events).toHaveLength(3)
    await expect(explore.nextScrollPage(stranger, sketchId, page.scrollId!)).rejects.toMatchObject({
      code: 'scroll-not-found',
    })
    const last = await explore.nextScrollPage(temporary.admin, sketchId, page.scrollId!)
    expect(last.events.map((event) => event.get('number'))).toEqual([3])
    expect(last.total).toBe(4)
  })

  it('are about the timelines selected by id, name or index, and refuse none', async () => {
    const { explore, timelines } = temporary.system.services
    const [timeline] = await timelines.list(temporary.admin, sketchId)
    const count = async (entry: string | number): Promise<number> =>
      await explore.count(temporary.admin, {
        sketchId,
        query: { kind: 'all' },
        selection: { entries: [entry] },
      })
    expect(await count(timeline!.id)).toBe(4)
    expect(await count(String(timeline!.id))).toBe(4)
    expect(await count('manual EVENTS')).toBe(4)
    expect(await count(timeline!.searchIndex.indexName)).toBe(4)
    await expect(count('other')).rejects.toMatchObject({ code: 'no-timelines' })
  })

  it('are refused on an archived sketch', async () => {
    const { explore, sketches } = temporary.system.services
    await sketches.archive(temporary.admin, sketchId)
    await expect(
      explore.search(temporary.admin, { sketchId, query: { kind: 'all' }, size: 1 }),
    ).rejects.toMatchObject({ code: 'sketch-archived' })
    await sketches.unarchive(temporary.admin, sketchId)
    expect(await ask()).toHaveLength(4)
  })

  it('find no events of other sketches', async () => {
    const { explore, sketches } = temporary.system.services
    const [event] = await ask()
    const other = await sketches.create(temporary.admin, { name: 'other' })
    expect(await explore.getEvents(temporary.admin, other.id, [event!.id])).toEqual([undefined])
  })
})

describe('watching a sketch', () => {
  it('tells of marks and events with their revision', async () => {
    const { changes, marks, sketches } = temporary.system.services
    const controller = new AbortController()
    const feed = changes.subscribe(sketchId, controller.signal)[Symbol.asyncIterator]()
    const first = feed.next()
    const [event] = await ask()
    await marks.addTags(temporary.admin, sketchId, ['x'], { ids: [event!.id] })
    const { revision } = await sketches.get(temporary.admin, sketchId)
    expect((await first).value).toMatchObject({ kind: 'marks', sketchId, revision })
    controller.abort()
    expect((await feed.next()).done).toBe(true)
  })
})
