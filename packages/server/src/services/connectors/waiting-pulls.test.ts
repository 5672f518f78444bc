import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ConnectedElements, connectElements } from './testing/connected-elements.ts'
import { makeSecurityEvent } from './testing/fake-elements.ts'

let connected: ConnectedElements
let place: ConnectedElements['place']
let elements: ConnectedElements['elements']
let ana: ConnectedElements['ana']
let sketchId: number
beforeEach(async () => {
  connected = await connectElements()
  ;({ place, elements, ana, sketchId } = connected)
  elements.events.push(...[1, 2, 3, 4, 5].map((n) => makeSecurityEvent(`e${n}`, at(n))))
})
afterEach(() => connected[Symbol.asyncDispose]())

const at = (minute: number): string => new Date(Date.UTC(2024, 4, 6, 0, minute)).toISOString()

test('removing a connector ends the pull that runs and all that wait behind it', async () => {
  const { connectors, explore } = place.system.services
  const removed = Promise.withResolvers<void>()
  const waiting: Promise<unknown>[] = []
  let isBegun = false
  const running = connectors.pull(ana, 'edr', {
    onProgress: () => {
      if (isBegun) return
      isBegun = true
      waiting.push(...[1, 2].map(() => connectors.pull(ana, 'edr')))
      connectors.remove(ana, 'edr').then(removed.resolve, removed.reject)
      waiting.push(connectors.pull(ana, 'edr'))
    },
  })
  await expect(running).rejects.toMatchObject({ code: 'connector-removed' })
  const codes = (await Promise.allSettled(waiting)).map((one) => one.status === 'rejected' && one.reason.code)
  expect(codes).toEqual(['connector-removed', 'connector-removed', expect.stringMatching(/^connector-/)])
  await removed.promise
  expect(await explore.count(ana, { sketchId, query: { kind: 'all' } })).toBe(0)
})

test('a pull that runs is told of, with since when and how many items it has read', async () => {
  const { connectors } = place.system.services
  let told: Promise<unknown> | undefined
  await connectors.pull(ana, 'edr', {
    onProgress: ({ stream, read }) => {
      if (stream === 'security-events' && read === 3) told ??= connectors.get(ana, 'edr')
    },
  })
  expect(await told).toMatchObject({
    status: {
      state: 'new',
      problem: undefined,
      pulling: { sinceMs: expect.any(Number), read: expect.any(Number) },
    },
  })
  const { status } = await connectors.get(ana, 'edr')
  expect(status).toMatchObject({ state: 'ok', problem: undefined, pulling: undefined })
})

test('a pull whose outcome cannot be written down is told of as one that did not come to its end', async () => {
  const { connectors } = place.system.services
  using database = new DatabaseSync(join(place.directory, 'metadata.sqlite'))
  const refuse = "begin select raise(abort, 'database or disk is full'); end"
  database.exec(`create trigger full before update of failures on connectors ${refuse}`)
  await expect(connectors.pull(ana, 'edr')).rejects.toThrow(/disk is full/)
  expect((await connectors.get(ana, 'edr')).status).toMatchObject({
    pulling: undefined,
    problem: expect.stringMatching(/^The pull that began at .* did not come to its end/),
  })
  database.exec('drop trigger full')
  await connectors.pull(ana, 'edr')
  expect((await connectors.get(ana, 'edr')).status).toMatchObject({ state: 'ok', problem: undefined })
})

test('a pull that fails says why, whatever keeps its failure from being written down', async () => {
  const { connectors } = place.system.services
  using database = new DatabaseSync(join(place.directory, 'metadata.sqlite'))
  const refused = { code: 'pull-failed', message: expect.stringContaining('refuses the credentials') }
  const refuse = "begin select raise(abort, 'database or disk is full'); end"
  database.exec(`create trigger full before update of failures on connectors ${refuse}`)
  elements.fail = () => 403
  await expect(connectors.pull(ana, 'edr')).rejects.toMatchObject(refused)
  database.exec('drop trigger full')
  elements.fail = () => {
    database.exec('alter table sketches rename to elsewhere')
    return 403
  }
  await expect(connectors.pull(ana, 'edr')).rejects.toMatchObject(refused)
  database.exec('alter table elsewhere rename to sketches')
})

test('a pull that somebody ends leaves its connector as it was', async () => {
  const { connectors } = place.system.services
  const caller = new AbortController()
  const enough = new Error('enough')
  const pull = connectors.pull(ana, 'edr', { signal: caller.signal, onProgress: () => caller.abort(enough) })
  await expect(pull).rejects.toBe(enough)
  expect((await connectors.get(ana, 'edr')).status).toMatchObject({ state: 'new', problem: undefined })
})
