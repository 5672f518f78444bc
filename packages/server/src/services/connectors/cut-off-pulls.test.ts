import type { EventStore, ImportTransaction } from '@timeskein/store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openEmbeddedStore } from '../../open-embedded-store.ts'
import { type ConnectedElements, connectElements } from './testing/connected-elements.ts'
import { makeIncident, makeSecurityEvent } from './testing/fake-elements.ts'

/** Where the next pull is cut off: as a kill at that moment, what is on the disk stays and nothing follows. */
let cutBehind: 'commit' | 'mark' | undefined

function cutOff(what: typeof cutBehind): void {
  if (cutBehind !== what) return
  cutBehind = undefined
  throw new Error(`cut off behind the ${what}`)
}

async function openCutStore(directory: string): Promise<EventStore> {
  const store = await openEmbeddedStore(directory)
  const { beginImport, mark } = store
  store.beginImport = async (target): Promise<ImportTransaction> => {
    const transaction = await beginImport.call(store, target)
    const { commit } = transaction
    transaction.commit = async () => {
      await commit.call(transaction)
      cutOff('commit')
    }
    return transaction
  }
  store.mark = async (operation) => {
    const outcome = await mark.call(store, operation)
    cutOff('mark')
    return outcome
  }
  return store
}

let connected: ConnectedElements
let place: ConnectedElements['place']
let elements: ConnectedElements['elements']
let ana: ConnectedElements['ana']
let sketchId: number
beforeEach(async () => {
  cutBehind = undefined
  connected = await connectElements({ openStore: openCutStore })
  ;({ place, elements, ana, sketchId } = connected)
}, 60_000)
afterEach(() => connected[Symbol.asyncDispose]())

const at = (minute: number): string => new Date(Date.UTC(2024, 4, 6, 0, minute)).toISOString()

test('events that were stored before a pull was cut off are stored once', { timeout: 60_000 }, async () => {
  const { connectors, alerts, explore } = place.system.services
  elements.events.push(...[1, 2, 3, 4, 5].map((n) => makeSecurityEvent(`e${n}`, at(n))))
  cutBehind = 'commit'
  await expect(connectors.pull(ana, 'edr', { since: at(0) })).rejects.toMatchObject({ code: 'pull-failed' })
  expect((await alerts.list(ana, { sketchId })).total).toBe(0)
  // What the platform says now does not matter to what was begun.
  elements.events.splice(0, 2)
  const report = await connectors.pull(ana, 'edr', { since: at(0) })
  expect(report.new).toBe(5)
  expect(await explore.count(ana, { sketchId, query: { kind: 'all' } })).toBe(5)
  const { items } = await alerts.list(ana, { sketchId })
  expect(items).toHaveLength(5)
  expect(new Set(items.map(({ evidence }) => evidence[0]?.id)).size).toBe(5)
})

test('events that were stored before a pull was cut off, and removed with their timeline, are stored in another one', {
  timeout: 60_000,
}, async () => {
  const { connectors, alerts, explore, timelines } = place.system.services
  elements.events.push(...[1, 2, 3].map((n) => makeSecurityEvent(`e${n}`, at(n))))
  cutBehind = 'commit'
  await expect(connectors.pull(ana, 'edr', { since: at(0) })).rejects.toMatchObject({ code: 'pull-failed' })
  const [timeline] = await timelines.list(ana, sketchId)
  await timelines.delete(ana, sketchId, timeline!.id)
  expect(await connectors.pull(ana, 'edr', { since: at(0) })).toMatchObject({ new: 3, rejected: 0 })
  expect(await explore.count(ana, { sketchId, query: { kind: 'all' } })).toBe(3)
  expect((await alerts.list(ana, { sketchId })).total).toBe(3)
})

test('changes that were made before a pull was cut off are in the history once', {
  timeout: 60_000,
}, async () => {
  const { connectors, incidents, marks } = place.system.services
  elements.incidents.push(makeIncident('i1', at(1), at(2)))
  await connectors.pull(ana, 'edr', { since: at(0) })
  elements.incidents[0] = makeIncident('i1', at(1), at(60), { status: 'closed' })
  cutBehind = 'mark'
  await expect(connectors.pull(ana, 'edr')).rejects.toMatchObject({ code: 'pull-failed' })
  expect((await incidents.list(ana, { sketchId })).items[0]!.status).toBe('open')
  expect(await connectors.pull(ana, 'edr')).toMatchObject({ updated: 1, new: 0 })
  expect((await incidents.list(ana, { sketchId })).items[0]!.status).toBe('closed')
  expect(await marks.history(ana, sketchId)).toMatchObject([{ kind: 'attribute', state: 'done' }])
})
