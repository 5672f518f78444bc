import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { untilWrittenTo } from '../../testing/held-database.ts'
import { type ConnectedElements, connectElements } from './testing/connected-elements.ts'
import { makeSecurityEvent } from './testing/fake-elements.ts'

let connected: ConnectedElements
beforeEach(async () => {
  connected = await connectElements()
}, 60_000)
afterEach(async () => {
  vi.restoreAllMocks()
  await connected[Symbol.asyncDispose]()
})

const at = (minute: number): string => new Date(Date.UTC(2024, 4, 6, 0, minute)).toISOString()

/** The disk fails once: while a batch that was written down is being put on it, and its entries are written. */
async function failAmidBatch(path: string): Promise<{ readonly times: number }> {
  const failing = { times: 0 }
  const handle = await open(path)
  const prototype = Object.getPrototypeOf(handle) as FileHandle
  await handle.close()
  const { datasync } = prototype
  vi.spyOn(prototype, 'datasync').mockImplementation(async function (this: FileHandle) {
    if (failing.times > 0 || !isBatchNoted(path)) return await datasync.call(this)
    failing.times += 1
    await untilWrittenTo(path)
    throw new Error('the disk is gone')
  })
  return failing
}

function isBatchNoted(path: string): boolean {
  using database = new DatabaseSync(path, { readOnly: true })
  return database.prepare('SELECT 1 FROM connector_batches').get() !== undefined
}

test('a pull whose batch cannot be put on the disk ends and says so, and the next one stores each item once', {
  timeout: 60_000,
}, async () => {
  const { place, elements, ana, sketchId } = connected
  const { connectors, alerts, explore } = place.system.services
  elements.events.push(...[1, 2, 3, 4, 5].map((n) => makeSecurityEvent(`e${n}`, at(n))))
  const failing = await failAmidBatch(join(place.directory, 'metadata.sqlite'))
  await expect(connectors.pull(ana, 'edr', { since: at(0) })).rejects.toMatchObject({ code: 'pull-failed' })
  expect(failing.times).toBe(1)
  expect(await explore.count(ana, { sketchId, query: { kind: 'all' } })).toBe(0)
  expect((await alerts.list(ana, { sketchId })).total).toBe(0)
  expect(await connectors.pull(ana, 'edr', { since: at(0) })).toMatchObject({ new: 5 })
  expect(await explore.count(ana, { sketchId, query: { kind: 'all' } })).toBe(5)
  expect((await alerts.list(ana, { sketchId })).total).toBe(5)
})
