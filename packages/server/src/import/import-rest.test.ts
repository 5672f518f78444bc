import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ImportRest } from './import-rest.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Waits, and tells whether the wait is over. */
function watch(rest: ImportRest, signal = new AbortController().signal): { isOver: boolean } {
  const state = { isOver: false }
  void rest.wait(signal).then(() => {
    state.isOver = true
  })
  return state
}

test('where no import was, nobody waits', async () => {
  const state = watch(new ImportRest())
  await vi.advanceTimersByTimeAsync(0)
  expect(state.isOver).toBe(true)
})

test('imports rest when none is under way, nor ended just now', async () => {
  const rest = new ImportRest()
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  rest.follow(first.promise)
  const state = watch(rest)
  await vi.advanceTimersByTimeAsync(10_000)
  first.resolve()
  await vi.advanceTimersByTimeAsync(1_900)
  rest.follow(second.promise)
  await vi.advanceTimersByTimeAsync(5_000)
  second.resolve()
  await vi.advanceTimersByTimeAsync(1_900)
  expect(state.isOver).toBe(false)
  await vi.advanceTimersByTimeAsync(2_100)
  expect(state.isOver).toBe(true)
})

test('imports do not rest while one is expected', async () => {
  const rest = new ImportRest()
  rest.expect()
  const state = watch(rest)
  await vi.advanceTimersByTimeAsync(1_900)
  rest.expect()
  await vi.advanceTimersByTimeAsync(1_900)
  expect(state.isOver).toBe(false)
  await vi.advanceTimersByTimeAsync(2_100)
  expect(state.isOver).toBe(true)
})

test('imports without end hold up nobody for ever, and who is in a hurry not at all', async () => {
  const rest = new ImportRest()
  rest.follow(new Promise(() => {}))
  const hurry = new AbortController()
  const [patient, hurried] = [watch(rest), watch(rest, hurry.signal)]
  await vi.advanceTimersByTimeAsync(1_000)
  hurry.abort()
  await vi.advanceTimersByTimeAsync(0)
  expect([patient.isOver, hurried.isOver]).toEqual([false, true])
  await vi.advanceTimersByTimeAsync(29_000)
  expect(patient.isOver).toBe(true)
})
