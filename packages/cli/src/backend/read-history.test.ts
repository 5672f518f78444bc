import { expect, test } from 'vitest'
import type { HistoryRow } from './backend.ts'
import { readHistory } from './read-history.ts'

const ROWS = Array.from(
  { length: 2500 },
  (_, place): HistoryRow => ({
    id: `operation ${place}`,
    at: '2026-03-01T10:00:00+00:00',
    user: 'ana',
    kind: 'tag',
    value: '',
    matched: 0,
    changed: 0,
    state: 'done',
  }),
)

/** A log whose pages have a thousand operations at most. */
async function readPage({ limit, before }: { limit: number; before?: string }): Promise<HistoryRow[]> {
  const start = ROWS.findIndex((row) => row.id === before) + 1
  return ROWS.slice(start, start + Math.min(limit, 1000))
}

test.each([
  [1, 1],
  [1000, 1000],
  [1001, 1001],
  [2500, 2500],
  [9999, 2500],
])('of %i operations asked for, all that there are come, in their order', async (limit, count) => {
  expect(await readHistory(limit, readPage)).toEqual(ROWS.slice(0, count))
})
