import { expect, it } from 'vitest'
import type { FieldCatalogue } from '../index-handle.ts'
import { FieldRegistry } from './field-registry.ts'

const NO_FIELDS: FieldCatalogue = { byName: () => undefined, byId: () => undefined, all: () => [] }

function makeRegistry(): { registry: FieldRegistry; id: number } {
  const registry = new FieldRegistry(NO_FIELDS)
  return { registry, id: registry.idOf('user') }
}

it('a field of a fiftieth of the first batch is worth a column', () => {
  const { registry, id } = makeRegistry()
  expect(registry.isFrequent(id, 's', 200, { rowCount: 10_000, rowsBefore: 0 })).toBe(true)
  expect(registry.isFrequent(id, 'i', 199, { rowCount: 10_000, rowsBefore: 0 })).toBe(false)
})

it('a field of few rows is not, whatever part of them it has', () => {
  const { registry, id } = makeRegistry()
  expect(registry.isFrequent(id, 's', 63, { rowCount: 63, rowsBefore: 0 })).toBe(false)
  expect(registry.isFrequent(id, 's', 64, { rowCount: 64, rowsBefore: 63 })).toBe(true)
})

it('a field that comes in a burst is not until it has its part of the whole import', () => {
  const { registry, id } = makeRegistry()
  const batch = (rowsBefore: number): boolean =>
    registry.isFrequent(id, 's', 5000, { rowCount: 10_000, rowsBefore })
  expect(batch(400_000)).toBe(false)
  expect(batch(410_000)).toBe(true)
})
