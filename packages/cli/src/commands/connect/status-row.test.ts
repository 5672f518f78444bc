import type { ApiConnector } from '@timeskein/model'
import { expect, it } from 'vitest'
import { drawStatus, toStatusRow } from './status-row.ts'

const CONNECTOR: ApiConnector = {
  name: 'edr',
  platform: 'elements',
  url: 'https://example.org',
  sketchId: 1,
  user: 'ana',
  state: 'new',
  since: '2026-01-02T03:04:05.000Z',
  nextPull: '2026-01-02T03:04:05.000Z',
  failures: 0,
  cursor: {},
  counts: { read: 9, new: 8, updated: 0, unchanged: 1, rejected: 0 },
  aside: 0,
  createdAt: '2026-01-02T03:04:05.000Z',
}

it('says of a connector that is pulled now since when, and how many items were read', () => {
  const pulling = { since: '2026-01-02T03:06:07.000Z', read: 1200 }
  const begun = ['edr', 'elements', 'pulling, 1200 read', '2026-01-02 03:06', 'never', 'now', '8', '0', '']
  expect(toStatusRow({ ...CONNECTOR, pulling })).toEqual(begun)
})

it('says of another how it fares and when it is pulled next', () => {
  const row = ['edr', 'elements', 'new', '2026-01-02 03:04', 'never', '2026-01-02 03:04', '8', '0', 'cut off']
  expect(toStatusRow({ ...CONNECTOR, problem: 'cut off' })).toEqual(row)
})

it('what is wrong is told whole, however narrow the terminal', () => {
  const problem = `The platform refuses the credentials (GET /v1/auth/validate: ${'x'.repeat(100)}).`
  const drawn = drawStatus([{ ...CONNECTOR, problem }], 80)
  expect(drawn.text).toContain(problem)
  expect(drawn.text).toContain(CONNECTOR.name)
})
