import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ElementsPlace, openElementsPlace, SLOW_START_MS } from '../testing/elements-place.ts'

const INCIDENT = '341d0e1a-bf1d-4f06-8a52-0a1b2c3d4e5f'

let place: ElementsPlace

beforeAll(async () => {
  place = await openElementsPlace()
  await place.importItems([
    {
      incidentId: INCIDENT,
      name: 'Suspicious credential access',
      status: 'new',
      severity: 'high',
      riskLevel: 'high',
      createdTimestamp: '2026-01-01T10:00:00.000Z',
      updatedTimestamp: '2026-01-01T10:00:00.000Z',
    },
  ])
}, SLOW_START_MS)
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

test('what changed is told in the words of the platform', async () => {
  for (const change of [{ status: 'inProgress' }, { status: 'closed', resolution: 'acceptedBehavior' }]) {
    const answer = await place.ask('/incidents/v1/incidents', {
      method: 'PATCH',
      body: JSON.stringify({ targets: [INCIDENT], ...change }),
    })
    expect(answer.status).toBe(207)
  }
  const updates = await place.ask(`/incidents/v1/updates?incidentId=${INCIDENT}&type=patch`)
  const { items } = (await updates.json()) as { items: readonly { content: unknown; author?: string }[] }
  expect(items.filter(({ author }) => author === 'ana').map(({ content }) => content)).toEqual([
    { field: 'status', from: 'new', to: 'inProgress' },
    { field: 'status', from: 'inProgress', to: 'closed' },
    expect.objectContaining({ field: 'resolution', to: 'acceptedBehavior' }),
  ])
})
