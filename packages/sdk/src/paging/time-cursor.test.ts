import { expect, test } from 'vitest'
import { addToTimeCursor, advanceTimeCursor, printTimeCursor, readTimeCursor } from './time-cursor.ts'

const NOW = Date.parse('2024-05-06T12:00:00Z')
const BEGIN = { since: '2024-05-06T00:00:00.000Z', latest: '2024-05-06T00:00:00.000Z', seen: new Map() }

test('a cursor is read as it was printed', () => {
  const cursor = advanceTimeCursor(
    addToTimeCursor(BEGIN, [{ key: 'a"1', time: '2024-05-06T01:00:00.000Z' }]),
    {
      overlapMs: 0,
      nowMs: NOW,
    },
  )
  expect(readTimeCursor(printTimeCursor(cursor))).toEqual(cursor)
})

test('microseconds are told apart', () => {
  const items = ['715999', '716100', '716099'].map((micros) => ({
    key: micros,
    time: `2024-05-06T01:00:00.${micros}Z`,
  }))
  const { since, seen } = advanceTimeCursor(addToTimeCursor(BEGIN, items), { overlapMs: 0, nowMs: NOW })
  expect(since).toBe('2024-05-06T01:00:00.716100Z')
  expect([...seen.keys()]).toEqual(['716100'])
})

test('keys stay as long as their items can come again', () => {
  const near = { key: 'near', time: '2024-05-06T11:59:50.000Z' }
  const options = { overlapMs: 30_000, nowMs: NOW }
  const first = advanceTimeCursor(addToTimeCursor(BEGIN, [near]), options)
  expect(first.since).toBe('2024-05-06T11:59:30.000Z')
  const later = advanceTimeCursor(first, { ...options, nowMs: NOW + 60_000 })
  expect(later.since).toBe(near.time)
  expect([...later.seen.keys()]).toEqual(['near'])
})
