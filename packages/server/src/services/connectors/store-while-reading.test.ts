import { join } from 'node:path'
import type { EventStore, ImportTransaction } from '@timeskein/store'
import { expect, test, vi } from 'vitest'
import { openEmbeddedStore } from '../../open-embedded-store.ts'
import { untilWrittenTo } from '../../testing/held-database.ts'
import { connectElements } from './testing/connected-elements.ts'
import { makeSecurityEvent } from './testing/fake-elements.ts'

/** How many rows each import has, and whether it may end. */
interface Watch {
  readonly imports: number[]
  mayAppend?: () => Promise<void>
  mayCommit: () => Promise<void>
}

async function openWatchedStore(directory: string, watch: Watch): Promise<EventStore> {
  const store = await openEmbeddedStore(directory)
  const { beginImport } = store
  store.beginImport = async (target): Promise<ImportTransaction> => {
    const transaction = await beginImport.call(store, target)
    const { append, commit } = transaction
    const place = watch.imports.push(0) - 1
    transaction.append = async (batch, prepared) => {
      watch.imports[place]! += batch.rowCount
      await watch.mayAppend?.()
      return await append.call(transaction, batch, prepared)
    }
    transaction.commit = async () => {
      await watch.mayCommit()
      await commit.call(transaction)
    }
    return transaction
  }
  return store
}

const at = (minute: number): string => new Date(Date.UTC(2024, 4, 6, 0, minute)).toISOString()

function makeDevice(number: number): Record<string, unknown> {
  return {
    id: `d${number}`,
    name: `WS-${number}`,
    type: 'computer',
    protectionStatus: 'protected',
    registrationTimestamp: at(0),
    statusUpdateTimestamp: at(9),
  }
}

test('a stream is read while what the one before brought is stored, and stored behind it', {
  timeout: 60_000,
}, async () => {
  const asked = Promise.withResolvers<void>()
  const watch: Watch = { imports: [], mayCommit: () => asked.promise }
  await using connected = await connectElements({
    openStore: (directory) => openWatchedStore(directory, watch),
  })
  const { place, elements, ana, sketchId } = connected
  elements.devices.push(makeDevice(1))
  elements.events.push(makeSecurityEvent('e1', at(1)))
  elements.fail = (path) => {
    if (path.includes('security-events')) asked.resolve()
    return undefined
  }
  const { connectors, alerts } = place.system.services
  expect(await connectors.pull(ana, 'edr', { since: at(0) })).toMatchObject({ read: 2, new: 2 })
  expect(watch.imports).toEqual([1, 1])
  expect((await alerts.list(ana, { sketchId })).items).toMatchObject([{ host: 'ws-1' }])
})

test('what cannot be stored ends a pull though the streams behind it have nothing', {
  timeout: 60_000,
}, async () => {
  const watch: Watch = { imports: [], mayCommit: () => Promise.reject(new Error('the disk is away')) }
  await using connected = await connectElements({
    openStore: (directory) => openWatchedStore(directory, watch),
  })
  const { place, elements, ana } = connected
  elements.devices.push(makeDevice(1))
  const { connectors } = place.system.services
  await expect(connectors.pull(ana, 'edr', { since: at(0) })).rejects.toMatchObject({ code: 'pull-failed' })
  watch.mayCommit = () => Promise.resolve()
  expect(await connectors.pull(ana, 'edr', { since: at(0) })).toMatchObject({ new: 1 })
})

test('storing begins long before as much is read as is stored at once later', {
  timeout: 60_000,
}, async () => {
  const watch: Watch = { imports: [], mayCommit: () => Promise.resolve() }
  await using connected = await connectElements({
    openStore: (directory) => openWatchedStore(directory, watch),
  })
  const { place, elements, ana } = connected
  elements.pageSize = 500
  elements.devices.push(...Array.from({ length: 4000 }, (_, number) => makeDevice(number)))
  const { connectors } = place.system.services
  expect(await connectors.pull(ana, 'edr', { since: at(0) })).toMatchObject({ read: 4000, new: 4000 })
  expect(watch.imports[0]).toBeLessThanOrEqual(2500)
  expect(watch.imports.reduce((sum, rows) => sum + rows, 0)).toBe(4000)
})

test('each stream is begun to be stored as early, however much the one before it brought', {
  timeout: 60_000,
}, async () => {
  const watch: Watch = { imports: [], mayCommit: () => Promise.resolve() }
  await using connected = await connectElements({
    openStore: (directory) => openWatchedStore(directory, watch),
  })
  const { place, elements, ana } = connected
  elements.pageSize = 500
  elements.devices.push(...Array.from({ length: 3000 }, (_, number) => makeDevice(number)))
  elements.events.push(
    ...Array.from({ length: 3000 }, (_, number) => makeSecurityEvent(`e${number}`, at(number % 600))),
  )
  const { connectors } = place.system.services
  expect(await connectors.pull(ana, 'edr', { since: at(0) })).toMatchObject({ read: 6000, new: 6000 })
  expect(Math.max(...watch.imports)).toBeLessThanOrEqual(2500)
  expect(watch.imports.reduce((sum, rows) => sum + rows, 0)).toBe(6000)
})

test('an item that comes again while it is stored is the same item', { timeout: 60_000 }, async () => {
  const readAll = Promise.withResolvers<void>()
  const watch: Watch = { imports: [], mayCommit: () => readAll.promise }
  await using connected = await connectElements({
    openStore: (directory) => openWatchedStore(directory, watch),
  })
  const { place, elements, ana } = connected
  const { connectors, devices } = place.system.services
  elements.pageSize = 500
  elements.devices.push(...Array.from({ length: 2500 }, (_, number) => makeDevice(number)))
  elements.devices.push({ ...makeDevice(1), statusUpdateTimestamp: at(10), name: 'renamed' })
  // Until the last page was asked for, and has had the time to be made a batch of.
  let pages = 0
  elements.fail = (path) => {
    if (path.includes('devices') && ++pages === 6) setTimeout(readAll.resolve, 300)
    return undefined
  }
  const report = await connectors.pull(ana, 'edr', { since: at(0) })
  expect(report).toMatchObject({ read: 2501, new: 2500, updated: 1 })
  expect(watch.imports.reduce((sum, rows) => sum + rows, 0)).toBe(2500)
  expect((await devices.list(ana, { name: 'renamed' })).total).toBe(1)
})

test("what comes behind the removal of a pull's timeline goes into another one", {
  timeout: 60_000,
}, async () => {
  const watch: Watch = { imports: [], mayCommit: () => Promise.resolve() }
  await using connected = await connectElements({
    openStore: (directory) => openWatchedStore(directory, watch),
  })
  const { place, elements, ana, sketchId } = connected
  const { connectors, timelines } = place.system.services
  elements.pageSize = 500
  elements.devices.push(...Array.from({ length: 9000 }, (_, number) => makeDevice(number)))
  let removing: Promise<number> | undefined
  const remove = async (): Promise<number> => {
    const [timeline] = await timelines.list(ana, sketchId)
    await timelines.delete(ana, sketchId, timeline!.id)
    return timeline!.id
  }
  // Not waited for: the commit has the database to itself until it has ended.
  watch.mayCommit = async () => {
    removing ??= remove()
  }
  await connectors.pull(ana, 'edr', { since: at(0) })
  const removed = await removing
  expect((await timelines.list(ana, sketchId)).map(({ id }) => id)).toEqual([removed! + 1])
})

test('alerts are made while their events are committed, and are there only with them', {
  timeout: 60_000,
}, async () => {
  const watch: Watch = { imports: [], mayCommit: () => Promise.resolve() }
  await using connected = await connectElements({
    openStore: (directory) => openWatchedStore(directory, watch),
  })
  const { place, elements, ana, sketchId } = connected
  elements.events.push(makeSecurityEvent('e1', at(1)))
  watch.mayCommit = async () => {
    await untilWrittenTo(join(place.system.dataDirectory, 'metadata.sqlite'))
    throw new Error('the disk is away')
  }
  const { connectors, alerts } = place.system.services
  await expect(connectors.pull(ana, 'edr', { since: at(0) })).rejects.toMatchObject({ code: 'pull-failed' })
  expect((await alerts.list(ana, { sketchId })).total).toBe(0)
  watch.mayCommit = () => Promise.resolve()
  expect(await connectors.pull(ana, 'edr', { since: at(0) })).toMatchObject({ new: 1 })
  expect((await alerts.list(ana, { sketchId })).total).toBe(1)
})

test('alerts are made while their events are written, and name them', { timeout: 60_000 }, async () => {
  const watch: Watch = { imports: [], mayCommit: () => Promise.resolve() }
  await using connected = await connectElements({
    openStore: (directory) => openWatchedStore(directory, watch),
  })
  const { place, elements, ana, sketchId } = connected
  const { connectors, alerts, timelines, store } = place.system.services
  elements.events.push(makeSecurityEvent('e1', at(1)), makeSecurityEvent('e2', at(2)))
  watch.mayAppend = () => untilWrittenTo(join(place.system.dataDirectory, 'metadata.sqlite'))
  expect(await connectors.pull(ana, 'edr', { since: at(0) })).toMatchObject({ new: 2 })
  const [timeline] = await timelines.list(ana, sketchId)
  const scope = [{ index: timeline!.searchIndex.indexName, timelineIds: [timeline!.id] }]
  const { items } = await alerts.list(ana, { sketchId })
  expect(items).toHaveLength(2)
  for (const { evidence, details } of items) {
    const [event] = await store.getEvents(scope, [evidence[0]!.id])
    expect(JSON.parse(event!.source)).toMatchObject({ elements: { id: details['id'] } })
  }
})

test('events that cannot be written leave no alert, and come with the next pull', {
  timeout: 60_000,
}, async () => {
  const watch: Watch = { imports: [], mayCommit: () => Promise.resolve() }
  await using connected = await connectElements({
    openStore: (directory) => openWatchedStore(directory, watch),
  })
  const { place, elements, ana, sketchId } = connected
  const { connectors, alerts } = place.system.services
  elements.events.push(makeSecurityEvent('e1', at(1)))
  let tries = 0
  watch.mayAppend = async () => {
    // Behind it is tried whether items are to blame.
    if (tries++ > 0) return
    await untilWrittenTo(join(place.system.dataDirectory, 'metadata.sqlite'))
    throw new Error('the disk is away')
  }
  await expect(connectors.pull(ana, 'edr', { since: at(0) })).rejects.toMatchObject({ code: 'pull-failed' })
  expect((await alerts.list(ana, { sketchId })).total).toBe(0)
  expect(await connectors.pull(ana, 'edr', { since: at(0) })).toMatchObject({ new: 1 })
  expect((await alerts.list(ana, { sketchId })).total).toBe(1)
})

test('what comes while others are stored waits for a whole batch, however long that takes', {
  timeout: 60_000,
}, async () => {
  const asked = Promise.withResolvers<void>()
  let nowMs = 0
  using _ = vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 4000))
  const watch: Watch = { imports: [], mayCommit: () => asked.promise }
  await using connected = await connectElements({
    openStore: (directory) => openWatchedStore(directory, watch),
  })
  const { place, elements, ana } = connected
  elements.pageSize = 500
  elements.devices.push(...Array.from({ length: 4000 }, (_, number) => makeDevice(number)))
  let pages = 0
  elements.fail = (path) => {
    if (path.endsWith('/devices') && ++pages === 8) asked.resolve()
    return undefined
  }
  const { connectors } = place.system.services
  expect(await connectors.pull(ana, 'edr', { since: at(0) })).toMatchObject({ new: 4000 })
  expect(watch.imports[0]).toBe(500)
  expect(watch.imports[1]).toBeGreaterThan(500)
})
