import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Analyzer, AnalyzerFailure, type AnalyzerRun } from '@timeskein/analyze'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Principal } from '../../auth/principal.ts'
import { openSystem } from '../../open-system.ts'
import { copyRemains } from '../../testing/copy-remains.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import type { AnalysisSession, AnalyzerRequest, AnalyzerService } from './analyzer-service.ts'

let temporary: TemporarySystem
let admin: Principal
let sketchId: number
let timelineId: number
/** What the analyzer `probe` does in this test. */
let act: (run: AnalyzerRun) => Promise<string>

const probe: Analyzer = {
  name: 'probe',
  displayName: 'Probe',
  description: 'Does what a test wants',
  dependencies: [],
  run: (run) => act(run),
}
const ALL = { kind: 'all' } as const

beforeAll(async () => {
  temporary = await openTemporarySystem({ analyzers: [probe] })
  admin = temporary.admin
})
afterAll(async () => {
  await temporary[Symbol.asyncDispose]()
})
beforeEach(async () => {
  const { sketches, imports } = temporary.system.services
  sketchId = (await sketches.create(admin, { name: 'case' })).id
  const rows = [
    { datetime: '2024-01-01T00:00:00Z', message: 'one', user: 'eve' },
    { datetime: '2024-01-01T00:00:01Z', message: 'two' },
  ]
  const text = rows.map((row) => JSON.stringify(row)).join('\n')
  const started = await imports.start(admin, {
    sketchId,
    timeline: { name: 'evidence' },
    inputs: [{ stream: bytesOf(text), name: 'events.jsonl' }],
  })
  timelineId = (await started.ended).timelineId
})

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}
const service = (): AnalyzerService => temporary.system.services.analyzers
const start = async (request: Partial<AnalyzerRequest> = {}, principal = admin): Promise<AnalysisSession> => {
  const [session] = await service().run(principal, sketchId, {
    timelineIds: [timelineId],
    names: ['probe'],
    ...request,
  })
  return session!
}
const finish = async (session: AnalysisSession) => await service().wait(admin, sketchId, session.id)
async function look() {
  const { events } = await temporary.system.services.explore.search(admin, { sketchId, query: ALL, size: 9 })
  return events
}

test('marks are written together, evidence keeps its own fields, and all is undone at once', async () => {
  act = async (run) => {
    for await (const page of run.events.read(ALL))
      for (const event of page)
        await run.mark(event, {
          tags: ['seen', 'seen'],
          emojis: ['BOMB'],
          attributes: { user: 'mallory', rank: 1 },
          labels: ['__ts_star'],
          comment: 'look',
          humanReadable: { text: 'told', place: 'last' },
        })
    run.log('a line')
    return 'found'
  }
  const session = await finish(await start())
  expect(session.analyses).toMatchObject([
    {
      status: 'DONE',
      result: 'found',
      log: 'a line\n1 event has a field user of their own, which was kept as the evidence has it.',
      owner: { username: 'admin' },
    },
  ])
  const marked = await look()
  expect(marked[0]).toMatchObject({ tags: ['seen'], labels: ['__ts_star', '__ts_comment'] })
  expect(marked.map((event) => event.toObject(['user', 'rank', '__ts_emojis', 'human_readable']))).toEqual([
    { user: 'eve', rank: 1, __ts_emojis: ['&#x1F4A3'], human_readable: ['[probe] told'] },
    { user: 'mallory', rank: 1, __ts_emojis: ['&#x1F4A3'], human_readable: ['[probe] told'] },
  ])
  const history = await temporary.system.services.marks.history(admin, sketchId)
  expect(history.map(({ kind, value, queryText }) => [kind, value, queryText])).toEqual([
    ['comment', 'look', 'analyzer: probe'],
    ['label', '__ts_star', 'analyzer: probe'],
    ['attribute', 'rank, __ts_emojis, human_readable, user', 'analyzer: probe'],
    ['tag', 'seen', 'analyzer: probe'],
  ])
  // A second run says nothing twice.
  await finish(await start({ force: true }))
  expect(await temporary.system.services.marks.listComments(admin, sketchId)).toHaveLength(2)
  expect((await look())[0]!.get('human_readable')).toEqual(['[probe] told'])

  expect(await service().undo(admin, sketchId, session.analyses[0]!.id)).toBe(4)
  const after = await look()
  expect(after[0]).toMatchObject({ tags: [], labels: [] })
  expect(after[1]!.get('user')).toBeUndefined()
  expect(await service().undo(admin, sketchId, session.analyses[0]!.id)).toBe(0)
  await expect(service().undo(admin, sketchId, 999)).rejects.toMatchObject({ code: 'analysis-not-found' })
})

describe('an analysis that ends in an error says why, and leaves no mark', () => {
  test.each([
    ['a reason of its own', new AnalyzerFailure('no such rule'), 'no such rule'],
    ['a fault', new TypeError('x is undefined'), 'The analyzer failed: x is undefined'],
  ])('%s', async (_, error, result) => {
    act = async (run) => {
      for await (const page of run.events.read(ALL))
        for (const event of page) await run.mark(event, { tags: ['t'] })
      // Enough to have been written.
      const [first] = await look()
      for (let n = 0; n < 50_000; n++) await run.mark(first!, { tags: ['many'] })
      throw error
    }
    const { analyses } = await finish(await start())
    expect(analyses).toMatchObject([
      { status: 'ERROR', result, log: 'What it had marked was taken back (2 operations).' },
    ])
    expect((await look()).map(({ tags }) => tags)).toEqual([[], []])
  })
})

test('a rule that would make a tag of everything fails', async () => {
  act = async (run) => {
    const [first] = await look()
    for (let n = 0; n <= 5000; n++) await run.mark(first!, { tags: [`tag ${n}`] })
    return 'never'
  }
  const { analyses } = await finish(await start())
  expect(analyses[0]).toMatchObject({
    status: 'ERROR',
    result: expect.stringContaining('more than 5000 different tags'),
  })
})

test('what was done is not done again until the timeline changes, or somebody wants it', async () => {
  act = async () => 'ok'
  await finish(await start())
  expect(await start()).toBeUndefined()
  await finish(await start({ parameters: { probe: { other: true } } }))
  await finish(await start({ force: true }))
  await temporary.system.services.timelines.update(admin, sketchId, timelineId, { description: 'new' })
  expect(await finish(await start())).toMatchObject({ analyses: [{ status: 'DONE' }] })
})

test('an error is done again', async () => {
  act = async () => {
    throw new AnalyzerFailure('not yet')
  }
  await finish(await start())
  act = async () => 'ok'
  expect((await finish(await start())).analyses[0]).toMatchObject({ status: 'DONE' })
})

test('a session is cancelled, and those that wait for it are told', async () => {
  const { promise: isStarted, resolve } = Promise.withResolvers<void>()
  act = async (run) => {
    resolve()
    await new Promise((_, reject) => {
      run.signal.addEventListener('abort', () => reject(run.signal.reason), { once: true })
    })
    return 'never'
  }
  const session = await start({ parameters: { probe: [{ n: 1 }, { n: 2 }] } })
  await isStarted
  expect(await service().listActive(admin, sketchId)).toMatchObject([{ id: session.id }])
  await expect(service().undo(admin, sketchId, session.analyses[0]!.id)).rejects.toMatchObject({
    code: 'analysis-not-ended',
  })
  const waiting = finish(session)
  const cancelled = await service().cancel(admin, sketchId, session.id)
  expect(cancelled.analyses).toMatchObject([
    { status: 'ERROR', result: 'Cancelled by admin.' },
    { status: 'ERROR', result: 'Cancelled by admin.' },
  ])
  expect(await waiting).toEqual(cancelled)
  expect(await service().listActive(admin, sketchId)).toEqual([])
  const abort = new AbortController()
  abort.abort(new Error('no time'))
  await expect(service().wait(admin, sketchId, session.id, abort.signal)).rejects.toThrow('no time')
})

test('what somebody may not do is refused', async () => {
  act = async () => 'ok'
  const { access } = temporary.system.services
  const reader = await temporary.addUser('reader')
  await access.changeSketchGrants(admin, sketchId, { grantUsers: ['reader'], permissions: ['read'] })
  const session = await finish(await start())
  expect(await service().getSession(reader, sketchId, session.id)).toEqual(session)
  const denied = { kind: 'forbidden' }
  await expect(start({}, reader)).rejects.toMatchObject(denied)
  await expect(service().cancel(reader, sketchId, session.id)).rejects.toMatchObject(denied)
  await expect(service().undo(reader, sketchId, session.analyses[0]!.id)).rejects.toMatchObject(denied)
  const stranger = await temporary.addUser('stranger')
  await expect(service().listOfTimeline(stranger, sketchId, timelineId)).rejects.toMatchObject({
    kind: expect.anything(),
  })
  await expect(service().listActive(stranger, sketchId)).rejects.toMatchObject({ kind: expect.anything() })
  await expect(start({ names: ['nonsense'] })).rejects.toThrow(
    'No analyzer is called "nonsense"; there are probe.',
  )
  await expect(start({ timelineIds: [] })).rejects.toMatchObject({ code: 'no-timeline' })
  await expect(start({ timelineIds: [0.5] })).rejects.toMatchObject({ code: 'timeline-not-of-sketch' })
  await expect(start({ parameters: { probe: { text: 'x'.repeat(2_000_000) } } })).rejects.toMatchObject({
    code: 'bad-parameters',
  })
  const many = Array.from({ length: 10_001 }, () => ({ n: 1 }))
  await expect(start({ parameters: { probe: many } })).rejects.toMatchObject({ code: 'too-many-analyses' })
})

test('a kill of the process leaves sessions that the next start marks, and takes back what they had marked', async () => {
  const remains = `${temporary.directory}-remains`
  const { promise: isCopied, resolve } = Promise.withResolvers<void>()
  act = async (run) => {
    if (run.parameters['n'] === 2) return 'second'
    const [first] = await look()
    for (let n = 0; n < 50_000; n++) await run.mark(first!, { tags: ['half'] })
    await copyRemains(temporary.directory, remains)
    await rm(join(remains, 'lock.json'))
    resolve()
    return 'ok'
  }
  const session = await start({ parameters: { probe: [{ n: 1 }, { n: 2 }] } })
  await isCopied
  await finish(session)
  const again = await openSystem({ dataDirectory: remains, analyzers: [probe] })
  try {
    expect(again.recovery.filter(({ code }) => code === 'analysis-cut-off')).toHaveLength(2)
    const found = await again.services.analyzers.getSession(admin, sketchId, session.id)
    expect(found.analyses).toMatchObject([
      { status: 'ERROR', result: expect.stringContaining('The process ended while it ran') },
      { status: 'ERROR', result: 'The process ended before it ran. Run it again.' },
    ])
    const { events } = await again.services.explore.search(admin, { sketchId, query: ALL, size: 9 })
    expect(events.map(({ tags }) => tags)).toEqual([[], []])
  } finally {
    await again.close()
    await rm(remains, { recursive: true, force: true })
  }
})

test('what the configuration names runs after imports that come over the network', async () => {
  act = async () => 'by itself'
  await mkdir(join(temporary.directory, 'config'), { recursive: true })
  await writeFile(join(temporary.directory, 'config', 'analyzers.yaml'), 'auto_run: [probe]\n')
  const { imports } = temporary.system.services
  const send = async (principal: Principal, moreFollows = false) => {
    const more = `{"datetime":"2024-01-02T00:00:00Z","message":"more ${principal.via} ${moreFollows}"}`
    const started = await imports.start(principal, {
      sketchId,
      timeline: { id: timelineId },
      inputs: [{ stream: bytesOf(more), name: 'more.jsonl' }],
      moreFollows,
    })
    await started.ended
  }
  await send(admin)
  await send({ ...admin, via: 'session' }, true)
  expect(await service().listOfTimeline(admin, sketchId, timelineId)).toEqual([])
  await send({ ...admin, via: 'session' })
  await expect
    .poll(async () =>
      (await service().listOfTimeline(admin, sketchId, timelineId)).map(({ result }) => result),
    )
    .toEqual(['by itself'])
})

test('stopping ends what runs, and takes no more', async () => {
  await using other = await openTemporarySystem({ analyzers: [probe] })
  const { services } = other.system
  const sketch = await services.sketches.create(other.admin, { name: 'x' })
  const started = await services.imports.start(other.admin, {
    sketchId: sketch.id,
    timeline: { name: 't' },
    inputs: [{ stream: bytesOf('{"datetime":"2024-01-01T00:00:00Z","message":"m"}'), name: 'a.jsonl' }],
  })
  const timelineIds = [(await started.ended).timelineId]
  const { promise: isStarted, resolve } = Promise.withResolvers<void>()
  act = async (run) => {
    resolve()
    await new Promise((_, reject) => {
      run.signal.addEventListener('abort', () => reject(run.signal.reason), { once: true })
    })
    return 'never'
  }
  await services.analyzers.run(other.admin, sketch.id, { timelineIds, names: ['probe'] })
  await isStarted
  await other.system.close()
  await using again = await openSystem({ dataDirectory: other.directory, analyzers: [probe] })
  expect(again.recovery).toEqual([])
  const [analysis] = await again.services.analyzers.listOfTimeline(other.admin, sketch.id, timelineIds[0]!)
  expect(analysis).toMatchObject({ status: 'ERROR', result: 'The server was stopped. Run it again.' })
})
