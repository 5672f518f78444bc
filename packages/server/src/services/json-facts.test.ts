import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTemporarySystem, type TemporarySystem } from '../testing/temporary-system.ts'
import { type FactFilter, factExpression } from './json-facts.ts'

let place: TemporarySystem

beforeAll(async () => {
  place = await openTemporarySystem()
  const { alerts } = place.system.services
  await alerts.store(
    place.admin,
    [
      { engine: 'deepGuard', ok: true, labels: ['A', 'b'] },
      { engine: 'FIREWALL', ok: false, labels: 'c' },
      {},
      JSON.parse(`{"engine":"deep","in":${'['.repeat(1100)}${']'.repeat(1100)}}`),
    ].map((details, number) => ({
      sourceKey: `fact ${number}`,
      source: 'api',
      title: String(number),
      severity: 10,
      spans: new Map([[0, { count: 1, firstUs: 1n, lastUs: BigInt(number) + 1n }]]),
      details,
    })),
  )
}, 60_000)
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

test.each<[FactFilter, string]>([
  [{ path: 'engine', oneOf: ['DeepGuard', 'firewall'] }, '01'],
  [{ path: 'engine', oneOf: ['edr'], ifMissing: 'edr' }, '23'],
  [{ path: 'ok', oneOf: ['True'] }, '0'],
  [{ path: 'ok', oneOf: ['false'], ifMissing: 'false' }, '123'],
  [{ path: 'labels', oneOf: ['B', 'x'], isList: true }, '0'],
  [{ path: 'labels', oneOf: ['C'], isList: true }, '1'],
  [{ path: 'engine', isTold: false }, '23'],
  [{ path: 'engine', oneOf: ["x' or 1=1 --"] }, ''],
])('%j finds %s', async (fact, titles) => {
  const { items } = await place.system.services.alerts.list(place.admin, { facts: [fact] }, { order: 'asc' })
  expect(items.map(({ title }) => title).join('')).toBe(titles)
})

test('a path that is none is refused', () => {
  expect(() => factExpression([{ column: 'details_json' }], "x') or 1=1")).toThrow(RangeError)
})
