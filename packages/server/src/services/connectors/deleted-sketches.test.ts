import { afterEach, beforeEach, expect, test } from 'vitest'
import { openEmbeddedStore } from '../../open-embedded-store.ts'
import { type ConnectedElements, connectElements } from './testing/connected-elements.ts'
import { makeIncident, makeSecurityEvent } from './testing/fake-elements.ts'

let beforeStoring: (() => Promise<void>) | undefined
let connected: ConnectedElements
beforeEach(async () => {
  beforeStoring = undefined
  connected = await connectElements({
    openStore: async (directory) => {
      const store = await openEmbeddedStore(directory)
      const { beginImport } = store
      store.beginImport = async (target) => {
        const work = beforeStoring
        beforeStoring = undefined
        await work?.()
        return await beginImport.call(store, target)
      }
      return store
    },
  })
}, 60_000)
afterEach(() => connected[Symbol.asyncDispose]())

const at = (minute: number): string => new Date(Date.UTC(2024, 4, 6, 0, minute)).toISOString()

test.each([
  ['deleted', { force: false }, 'The sketch case was deleted while this was pulled into it.'],
  ['deleted for good', { force: true }, 'The sketch was deleted while this was pulled into it.'],
])('a pull whose sketch is %s meanwhile ends with a sentence about that', async (_, options, message) => {
  const { place, elements, ana, sketchId } = connected
  const { connectors, sketches } = place.system.services
  elements.incidents.push(makeIncident('i1', at(1), at(2)))
  elements.events.push(makeSecurityEvent('e1', at(1)))
  beforeStoring = async () => {
    await sketches.delete(place.admin, sketchId, options)
  }
  await expect(connectors.pull(ana, 'edr')).rejects.toMatchObject({
    code: 'pull-failed',
    message: `edr: ${message}`,
  })
})
