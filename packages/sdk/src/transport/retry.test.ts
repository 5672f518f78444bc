import { expect, test } from 'vitest'
import { sendWithRetries } from './retry.ts'

/** Fails once in the given way, then answers. */
function makeSend(first: () => Promise<Response>): { send: () => Promise<Response>; count: () => number } {
  let count = 0
  const send = async (): Promise<Response> => {
    count += 1
    return count === 1 ? await first() : new Response('ok')
  }
  return { send, count: () => count }
}

const refused = async (): Promise<Response> => {
  throw new TypeError('fetch failed', {
    cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
  })
}
const broken = async (): Promise<Response> => {
  throw new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) })
}
const busy = async (): Promise<Response> => new Response('', { status: 503, headers: { 'retry-after': '0' } })

test.each([
  ['a question whose connection broke', broken, { mayRepeat: true, canSendAgain: true }, 2],
  ['a question that found the server busy', busy, { mayRepeat: true, canSendAgain: true }, 2],
  ['an act that never reached the server', refused, { mayRepeat: false, canSendAgain: true }, 2],
])('%s is sent again', async (_name, first, rules, tries) => {
  const { send, count } = makeSend(first)
  expect((await sendWithRetries(send, { retryCount: 2, ...rules })).status).toBe(200)
  expect(count()).toBe(tries)
})

test('an act that may have been done is never sent again', async () => {
  for (const first of [broken, busy]) {
    const { send, count } = makeSend(first)
    await sendWithRetries(send, { retryCount: 2, mayRepeat: false, canSendAgain: true }).catch(
      () => undefined,
    )
    expect(count()).toBe(1)
  }
})

test('a stream is never sent again, even when it has not been sent', async () => {
  const { send, count } = makeSend(refused)
  const rules = { retryCount: 2, mayRepeat: false, canSendAgain: false }
  await expect(sendWithRetries(send, rules)).rejects.toThrow('fetch failed')
  expect(count()).toBe(1)
})

test('who aborts waits no longer', async () => {
  const controller = new AbortController()
  const { send } = makeSend(async () => {
    queueMicrotask(() => controller.abort(new Error('enough')))
    return await broken()
  })
  const rules = { retryCount: 5, mayRepeat: true, canSendAgain: true, signal: controller.signal }
  await expect(sendWithRetries(send, rules)).rejects.toThrow('enough')
})
