import { expect, test } from 'vitest'
import { readTimeCursor, TimeCursor } from './time-cursor.ts'

const NOW = Date.parse('2024-05-06T12:00:00Z')
const BEGIN = '2024-05-06T00:00:00.000Z'

interface Kept {
  readonly since: string
  readonly latest: string
  readonly seen: readonly (readonly [string, string])[]
}
const look = (cursor: TimeCursor): Kept => JSON.parse(cursor.takeText()()) as Kept
const keysOf = (cursor: TimeCursor): string[] => look(cursor).seen.map(([, key]) => key)

test('a cursor is read as it was printed', () => {
  const cursor = new TimeCursor(BEGIN)
  cursor.add([{ key: 'a"1', time: '2024-05-06T01:00:00.000Z' }])
  cursor.advance({ overlapMs: 0, nowMs: NOW })
  const text = cursor.takeText()()
  expect(look(readTimeCursor(text))).toEqual(JSON.parse(text))
  expect(readTimeCursor(text).add([{ key: 'a"1', time: '2024-05-06T01:00:00.000Z' }])).toEqual([])
})

test('microseconds are told apart', () => {
  const cursor = new TimeCursor(BEGIN)
  cursor.add(
    ['715999', '716100', '716099'].map((micros) => ({
      key: micros,
      time: `2024-05-06T01:00:00.${micros}Z`,
    })),
  )
  cursor.advance({ overlapMs: 0, nowMs: NOW })
  expect(look(cursor).since).toBe('2024-05-06T01:00:00.716100Z')
  expect(keysOf(cursor)).toEqual(['716100'])
})

test('it stays behind the newest item, whatever the clock of this machine says', () => {
  const newest = { key: 'newest', time: '2024-05-06T11:59:50.000Z' }
  for (const nowMs of [NOW, NOW + 3_600_000, NOW + 86_400_000]) {
    const cursor = new TimeCursor(BEGIN)
    cursor.add([newest])
    cursor.advance({ overlapMs: 30_000, nowMs })
    expect(cursor.since).toBe('2024-05-06T11:59:20.000Z')
    expect(keysOf(cursor)).toEqual(['newest'])
  }
})

test('an item of a time yet to come takes it no further than now', () => {
  const cursor = new TimeCursor(BEGIN)
  cursor.add([{ key: 'far', time: '2100-01-01T00:00:00.000Z' }])
  cursor.advance({ overlapMs: 0, nowMs: NOW })
  expect(cursor.since).toBe('2024-05-06T12:00:00.000Z')
  expect(cursor.add([{ key: 'next', time: '2024-05-06T12:00:01.000Z' }])).toHaveLength(1)
})

test('a text that is made later tells what was known when it was taken', () => {
  const cursor = new TimeCursor(BEGIN)
  const texts: (() => string)[] = []
  for (let hour = 1; hour <= 9; hour++) {
    const time = `2024-05-06T0${hour}:00:00.000Z`
    cursor.add([{ key: `${hour}`, time }])
    cursor.advance({ overlapMs: 0, nowMs: NOW, reached: time })
    texts.push(cursor.takeText())
  }
  cursor.advance({ overlapMs: 0, nowMs: NOW })
  const kept = texts.map((text) => JSON.parse(text()) as Kept)
  expect(kept.map(({ since }) => since.slice(11, 13))).toEqual([
    '01',
    '02',
    '03',
    '04',
    '05',
    '06',
    '07',
    '08',
    '09',
  ])
  expect(kept.map(({ seen }) => seen.map(([, key]) => key))).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((hour) => [`${hour}`]),
  )
})

test('keys are kept behind the cursor where that is asked for, as long as their items come', () => {
  const cursor = new TimeCursor(BEGIN)
  const options = { overlapMs: 0, nowMs: NOW, keepMs: 3_600_000 }
  cursor.add([
    { key: 'a', time: '2024-05-06T01:00:00.000Z' },
    { key: 'b', time: '2024-05-06T01:10:00.000Z' },
  ])
  cursor.advance(options)
  expect(cursor.add([{ key: 'a', time: '2024-05-06T02:00:00.000Z' }])).toEqual([])
  cursor.advance(options)
  expect(keysOf(cursor).sort()).toEqual(['a', 'b'])
  cursor.add([{ key: 'c', time: '2024-05-06T02:30:00.000Z' }])
  cursor.advance(options)
  expect(keysOf(cursor).sort()).toEqual(['a', 'c'])
})

test('an item without a time is known with the newest one', () => {
  const cursor = new TimeCursor(BEGIN)
  expect(cursor.add([{ key: 'x', time: undefined }])).toHaveLength(1)
  expect(cursor.add([{ key: 'x', time: undefined }])).toEqual([])
  expect(cursor.since).toBe(BEGIN)
})
