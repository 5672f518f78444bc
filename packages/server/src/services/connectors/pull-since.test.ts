import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ConnectedElements, connectElements } from './testing/connected-elements.ts'
import { makeSecurityEvent } from './testing/fake-elements.ts'

let connected: ConnectedElements
let pull: (since?: string) => Promise<number>
beforeEach(async () => {
  connected = await connectElements()
  const { place, elements, ana } = connected
  elements.events.push(...[1, 2, 3, 4, 5, 6].map((n) => makeSecurityEvent(`e${n}`, day(n))))
  pull = async (since) =>
    (await place.system.services.connectors.pull(ana, 'edr', since === undefined ? {} : { since })).new
})
afterEach(() => connected[Symbol.asyncDispose]())

const day = (number: number): string => new Date(Date.UTC(2024, 4, number)).toISOString()

test('where a connector was begun lasts: no later pull brings what was before', async () => {
  expect(await pull(day(4))).toBe(3)
  expect(await pull()).toBe(0)
  expect(await pull(day(5))).toBe(0)
  connected.elements.events.push(makeSecurityEvent('late', day(4)))
  expect(await pull()).toBe(1)
})

test('where a connector is begun lasts when nothing is there, and when its first pull fails', async () => {
  connected.elements.fail = (path) => (path.startsWith('/security-events') ? 403 : undefined)
  await expect(pull(day(4))).rejects.toMatchObject({ code: 'pull-failed' })
  connected.elements.fail = () => undefined
  expect(await pull()).toBe(3)
})

test('an earlier beginning that is asked for is read from there, also when that is cut off', async () => {
  const { place, elements, ana } = connected
  const { connectors } = place.system.services
  expect(await pull(day(4))).toBe(3)
  elements.pageSize = 1
  const stop = new AbortController()
  const options = { since: day(2), signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) }
  await expect(connectors.pull(ana, 'edr', options)).rejects.toThrow('enough')
  expect(await pull()).toBe(2)
  expect(await pull()).toBe(0)
  expect(await pull(day(1))).toBe(1)
})
