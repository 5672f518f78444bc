import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { AuditQueue, MAX_WAITING, type NewAuditRow } from './audit-queue.ts'

let written: string[][]
let logged: unknown[]
let isBroken: boolean
let queue: AuditQueue

beforeEach(() => {
  vi.useFakeTimers()
  written = []
  logged = []
  isBroken = false
  const log = pino({ level: 'error' }, { write: (line: string) => logged.push(JSON.parse(line)) })
  queue = new AuditQueue(async (rows) => {
    await Promise.resolve()
    if (isBroken) throw new Error('disk full')
    written.push(rows.map(({ action }) => action))
  }, log)
})
afterEach(() => vi.useRealTimers())

function row(action: string): NewAuditRow {
  return { action } as NewAuditRow
}

it('writes what waits together, a second later and in the order it came', async () => {
  await queue.add(row('a'))
  await queue.add(row('b'))
  expect(written).toEqual([])
  await vi.advanceTimersByTimeAsync(1000)
  expect(written).toEqual([['a', 'b']])
  await vi.advanceTimersByTimeAsync(10_000)
  expect(written).toHaveLength(1)
})

it('writes what must be on the disk at once, behind what waits', async () => {
  await queue.add(row('asked'))
  await queue.addNow(row('changed'))
  expect(written).toEqual([['asked', 'changed']])
})

it('makes whoever brings too many wait, and keeps them all', async () => {
  for (let count = 0; count <= MAX_WAITING; count++) await queue.add(row(String(count)))
  expect(written.flat()).toEqual(Array.from({ length: MAX_WAITING + 1 }, (_, count) => String(count)))
})

it('says when an entry cannot be written, tries it again, and loses none', async () => {
  isBroken = true
  await queue.add(row('a'))
  await expect(queue.addNow(row('b'))).rejects.toThrow('disk full')
  await vi.advanceTimersByTimeAsync(1000)
  expect(logged).toHaveLength(1)
  isBroken = false
  await vi.advanceTimersByTimeAsync(1000)
  expect(written).toEqual([['a', 'b']])
})

it('gives to the log what cannot be written when there are too many, and at the end', async () => {
  isBroken = true
  for (let count = 0; count <= MAX_WAITING; count++) await queue.add(row(String(count)))
  await queue.add(row('last'))
  await queue.close()
  expect(logged).toMatchObject([
    { entries: Array.from({ length: MAX_WAITING + 1 }, (_, count) => ({ action: String(count) })) },
    { entries: [{ action: 'last' }] },
  ])
})

it('does not grow without end while nothing can be written', async () => {
  isBroken = true
  for (let count = 0; count <= MAX_WAITING; count++) await queue.addNow(row('changed')).catch(() => {})
  expect(logged).toHaveLength(1)
  isBroken = false
  await queue.addNow(row('later'))
  expect(written).toEqual([['later']])
})

it('writes what waits when it is closed', async () => {
  await queue.add(row('a'))
  await queue.close()
  expect(written).toEqual([['a']])
})
