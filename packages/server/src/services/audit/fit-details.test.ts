import { expect, it } from 'vitest'
import { fitDetails } from './fit-details.ts'

const MAX = 4096

function fit(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const json = fitDetails(details, MAX)
  expect(json.length).toBeLessThanOrEqual(MAX)
  return JSON.parse(json) as Record<string, unknown>
}

it('leaves what fits as it is', () => {
  const details = { query: 'x'.repeat(4000), timelines: [1, 2] }
  expect(fit(details)).toEqual(details)
})

it('keeps the beginning of a text that is short and long as JSON', () => {
  const found = fit({
    query: `user:eve ${'\u0001'.repeat(1990)}`,
    timelines: [7],
    aggregations: ['terms user'],
  })
  expect(found).toMatchObject({ queryLength: 1999, timelines: [7], aggregations: ['terms user'] })
  expect(found['query']).toMatch(/^user:eve \u{1}{500,}$/u)
})

it('cuts the longest members, and none for the length of another', () => {
  const ids = Array.from({ length: 500 }, (_, place) => `event-${place}`)
  const found = fit({ name: 'short', text: '"'.repeat(9000), ids, queryLength: 5, query: '\\'.repeat(9000) })
  expect(found).toMatchObject({ name: 'short', textLength: 9000, idsLength: 500, queryLength: 5 })
  const kept = found['ids'] as readonly string[]
  expect(kept.length).toBeGreaterThan(50)
  expect(kept).toEqual(ids.slice(0, kept.length))
  expect((found['text'] as string).length).toBeGreaterThan(400)
  expect((found['query'] as string).length).toBeGreaterThan(400)
})

it('fits also where a single item is too long, objects lie in objects, or members are very many', () => {
  expect(fit({ ids: ['\n'.repeat(9000)] })).toMatchObject({
    idsLength: 1,
    ids: [expect.stringMatching(/^\n{1000,}$/)],
  })
  expect(fit({ change: { name: 'n', text: '\0'.repeat(9000) } })).toMatchObject({
    change: { name: 'n', textLength: 9000 },
  })
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, place) => [`member ${place}`, place]))
  expect(fit(many)).toMatchObject({ 'member 0': 0, membersLength: 5000 })
  expect(fit({ deep: { deep: { deep: many, ['\0'.repeat(5000)]: 1 } } })).toHaveProperty('deep.deep')
})
