import { ConnectionError } from '../../errors/connection-error.ts'

/** Makes a socket with headers; the `WebSocket` of Node, Deno and Bun takes them, that of browsers does not. */
export type MakeSocket = (url: string, headers: Readonly<Record<string, string>>) => WebSocket

/** The runtime's own `WebSocket`. */
export const makeSocket: MakeSocket = (url, headers) => {
  // The second parameter as an object is an extension of these runtimes that their types leave out.
  const Socket = WebSocket as unknown as new (url: string, options: { headers: object }) => WebSocket
  return new Socket(url, { headers })
}

/** Messages kept for a reader that is slow; beyond that the walk ends with an error rather than leaving some out. */
const MAX_WAITING = 10_000

/**
 * The JSON messages of a socket, until it is closed. Stopping early closes it.
 *
 * @param first - What is sent when it is open.
 * @throws {ConnectionError} When it cannot be opened, breaks, or tells more than is read.
 */
export async function* readMessages(
  socket: WebSocket,
  first: unknown,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown, void, undefined> {
  const waiting: unknown[] = []
  let end: Error | 'closed' | undefined
  let wake = Promise.withResolvers<void>()
  const finish = (reason: Error | 'closed'): void => {
    end ??= reason
    wake.resolve()
  }
  const fail = (why: string): void => finish(new ConnectionError(socket.url, { cause: new Error(why) }))
  const onAbort = (): void => finish(signal?.reason as Error)
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) onAbort()
  socket.addEventListener('open', () => socket.send(JSON.stringify(first)))
  socket.addEventListener('message', ({ data }) => {
    try {
      waiting.push(JSON.parse(String(data)))
    } catch {
      fail('a message that is not JSON')
    }
    if (waiting.length > MAX_WAITING) fail(`more than ${MAX_WAITING} messages waited for the reader`)
    wake.resolve()
  })
  socket.addEventListener('error', () => fail('the socket failed'))
  socket.addEventListener('close', () => finish('closed'))
  try {
    for (;;) {
      while (waiting.length > 0) yield waiting.shift()
      if (end === 'closed') return
      if (end) throw end
      await wake.promise
      wake = Promise.withResolvers<void>()
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    socket.close()
  }
}
