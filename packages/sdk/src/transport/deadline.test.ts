import { afterEach, expect, test, vi } from 'vitest'
import { limitBody, startDeadline } from './deadline.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('a deadline aborts with what was attempted and how long it was waited for', () => {
  vi.useFakeTimers()
  using deadline = startDeadline('GET /x', 100, undefined)
  vi.advanceTimersByTime(99)
  expect(deadline.signal.aborted).toBe(false)
  vi.advanceTimersByTime(1)
  expect(deadline.signal.reason).toMatchObject({
    code: 'time-limit',
    limitMs: 100,
    message: expect.stringContaining('GET /x') as string,
  })
})

test('the error of a deadline names the answer that had begun', () => {
  vi.useFakeTimers()
  using deadline = startDeadline('GET /x', 100, undefined)
  deadline.requestId = 'r9'
  vi.advanceTimersByTime(100)
  expect(deadline.signal.reason).toMatchObject({
    requestId: 'r9',
    advice: 'Give a larger timeoutMs, or ask for less.',
  })
})

test('the caller aborts with their own reason', () => {
  const controller = new AbortController()
  using deadline = startDeadline('GET /x', Number.POSITIVE_INFINITY, controller.signal)
  controller.abort('enough')
  expect(deadline.signal.reason).toBe('enough')
})

test('each part of a body gives it the whole time again, and its end takes the limit away', async () => {
  vi.useFakeTimers()
  const deadline = startDeadline('GET /x', 100, undefined)
  let source: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      source = controller
    },
  })
  const reader = limitBody(body, deadline, () => new Error('broken')).getReader()
  for (let part = 0; part < 3; part += 1) {
    vi.advanceTimersByTime(90)
    source?.enqueue(new Uint8Array(1))
    expect((await reader.read()).done).toBe(false)
  }
  source?.close()
  expect((await reader.read()).done).toBe(true)
  vi.advanceTimersByTime(1000)
  expect(deadline.signal.aborted).toBe(false)
})

test('a body that breaks off fails as it is told to', async () => {
  const deadline = startDeadline('GET /x', Number.POSITIVE_INFINITY, undefined)
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull() {
      throw new TypeError('terminated')
    },
  })
  const limited = limitBody(body, deadline, (cause) => new Error('the connection broke', { cause }))
  await expect(limited.getReader().read()).rejects.toThrow('the connection broke')
})
