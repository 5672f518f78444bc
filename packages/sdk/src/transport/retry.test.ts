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

test.each([
  ['Sun, 06 Nov 1994 08:49:37 GMT', 2],
  ['Sunday, 06-Nov-94 08:49:37 GMT', 2],
  ['Sun Nov  6 08:49:37 1994', 2],
  ['Sun, 06 Nov 1994 08:00:00 GMT', 2],
  ['Sun, 06 Nov 1994 08:51:00 GMT', 1],
])('a date in Retry-After is waited for unless it is too far: %s', async (date, tries) => {
  const { send, count } = makeSend(
    async () =>
      new Response('', {
        status: 503,
        headers: { 'retry-after': date, date: 'Sun, 06 Nov 1994 08:49:37 GMT' },
      }),
  )
  const response = await sendWithRetries(send, { retryCount: 1, mayRepeat: true, canSendAgain: true })
  expect(count()).toBe(tries)
  expect(response.status).toBe(tries === 2 ? 200 : 503)
})

test('without a date of the answer the present time counts, and what is no date is passed over', async () => {
  for (const [text, tries] of [
    ['Fri, 01 Jan 2100 00:00:00 GMT', 1],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 2],
    ['Monday or so', 2],
  ] as const) {
    const { send, count } = makeSend(
      async () => new Response('', { status: 503, headers: { 'retry-after': text } }),
    )
    await sendWithRetries(send, { retryCount: 1, mayRepeat: true, canSendAgain: true })
    expect(count()).toBe(tries)
  }
})
