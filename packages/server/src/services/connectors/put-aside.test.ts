import { type EventStore, StoreError } from '@timeskein/store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openEmbeddedStore } from '../../open-embedded-store.ts'
import type { ConnectorReject } from './connector-service.ts'
import { type ConnectedElements, connectElements } from './testing/connected-elements.ts'
import { makeSecurityEvent } from './testing/fake-elements.ts'

/** A store that fails with whatever batch has this text in it. */
let poison: string
let failure: Error
/** Why no import can begin. */
let refusal: Error | undefined
async function openTouchyStore(directory: string): Promise<EventStore> {
  const store = await openEmbeddedStore(directory)
  const { beginImport } = store
  store.beginImport = async (target) => {
    if (refusal) throw refusal
    const transaction = await beginImport.call(store, target)
    const { append } = transaction
    transaction.append = async (batch, prepared) => {
      if (Buffer.from(batch.source.bytes).includes(poison)) throw failure
      return await append.call(transaction, batch, prepared)
    }
    return transaction
  }
  return store
}

let connected: ConnectedElements
let place: ConnectedElements['place']
let elements: ConnectedElements['elements']
let ana: ConnectedElements['ana']
let sketchId: number
beforeEach(async () => {
  poison = 'nothing has this'
  failure = new Error('this cannot be stored')
  refusal = undefined
  connected = await connectElements({ openStore: openTouchyStore })
  ;({ place, elements, ana, sketchId } = connected)
}, 60_000)
afterEach(() => connected[Symbol.asyncDispose]())

const at = (minute: number): string => new Date(Date.UTC(2024, 4, 6, 0, minute)).toISOString()
const countEvents = (): Promise<number> =>
  place.system.services.explore.count(ana, { sketchId, query: { kind: 'all' } })
async function listRejects(): Promise<readonly ConnectorReject[]> {
  return (await place.system.services.connectors.listRejects(ana, 'edr')).items
}

test('an item that the store refuses is put aside whole, and the others and the cursor go on', {
  timeout: 60_000,
}, async () => {
  const { connectors, alerts } = place.system.services
  elements.events.push(...[1, 2, 3, 4, 5, 6, 7].map((n) => makeSecurityEvent(`e${n}`, at(n))))
  poison = 'e4.exe'
  const report = await connectors.pull(ana, 'edr')
  expect(report).toMatchObject({ read: 7, new: 6, rejected: 1, cursor: { 'security-events': at(7) } })
  expect(await countEvents()).toBe(6)
  expect((await alerts.list(ana, { sketchId })).total).toBe(6)
  const [reject, ...more] = await listRejects()
  expect(more).toEqual([])
  expect(reject).toMatchObject({
    kind: 'elements-security-event',
    id: 'e4',
    reason: 'It could not be stored: this cannot be stored',
  })
  expect(JSON.parse(reject!.json)).toEqual(elements.events[3])
  expect((await connectors.get(ana, 'edr')).asideCount).toBe(1)

  poison = 'nothing has this'
  expect(await connectors.pull(ana, 'edr')).toMatchObject({ new: 1, rejected: 0 })
  expect(await countEvents()).toBe(7)
  expect(await listRejects()).toEqual([])
})

test('what has no id, or is no object, is put aside once however often it comes', async () => {
  const { connectors } = place.system.services
  const { id: _id, ...nameless } = makeSecurityEvent('e2', at(2))
  elements.events.push(makeSecurityEvent('e1', at(1)), nameless, makeSecurityEvent('e3', at(3)))
  elements.devices.push(null as never)
  expect(await connectors.pull(ana, 'edr')).toMatchObject({ new: 2, rejected: 2 })
  await connectors.pull(ana, 'edr')
  const rejects = await listRejects()
  expect(rejects.map(({ kind, reason }) => [kind, reason]).sort()).toEqual([
    ['elements-device', 'It is no object.'],
    ['elements-security-event', expect.stringMatching(/^It has no id/)],
  ])
  expect(JSON.parse(rejects.find(({ kind }) => kind !== 'elements-device')!.json)).toEqual(nameless)
})

test('an item that no event can be made of is put aside, and an event once the platform gives it a time', async () => {
  const { connectors } = place.system.services
  const device = { id: 'd1', name: 'WS-1', type: 'computer', protectionStatus: 'protected' }
  elements.devices.push(device)
  expect(await connectors.pull(ana, 'edr')).toMatchObject({ read: 1, new: 0, rejected: 1 })
  expect(await listRejects()).toMatchObject([
    { kind: 'elements-device', id: 'd1', reason: expect.stringMatching(/^No event could be made of it: /) },
  ])
  elements.devices[0] = { ...device, registrationTimestamp: at(1) }
  expect(await connectors.pull(ana, 'edr')).toMatchObject({ read: 1, new: 1, rejected: 0 })
  expect(await listRejects()).toEqual([])
  expect(await countEvents()).toBe(1)
})

test.each([
  [
    'a full disk',
    () => {
      failure = Object.assign(new Error('no space left on device'), { code: 'ENOSPC', errno: -28 })
      poison = '.exe'
    },
  ],
  [
    'an engine that gave up',
    () => {
      failure = new StoreError('gave-up', 'the index was closed')
      poison = '.exe'
    },
  ],
  [
    'an engine without memory',
    () => {
      failure = new Error('Out of Memory Error: could not allocate block of size 256.0 KiB')
      poison = '.exe'
    },
  ],
  [
    'a store that begins no import',
    () => {
      refusal = new Error('INTERNAL Error: out of words')
    },
  ],
])('%s is a failure of the pull and of no item', async (_what, breakStore) => {
  const { connectors } = place.system.services
  elements.events.push(makeSecurityEvent('e1', at(1)), makeSecurityEvent('e2', at(2)))
  breakStore()
  await expect(connectors.pull(ana, 'edr')).rejects.toMatchObject({ code: 'pull-failed' })
  poison = 'nothing has this'
  refusal = undefined
  expect(await listRejects()).toEqual([])
  expect(await connectors.pull(ana, 'edr')).toMatchObject({ new: 2, rejected: 0 })
  expect(await countEvents()).toBe(2)
})
