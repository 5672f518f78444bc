import type { PublicCall } from '../../http/app-types.ts'
import { noteStreamFailure } from '../../http/stream-failure.ts'

/**
 * Lines a client reads while they are made; it stops the work by going away. Where making them fails the connection breaks
 * off, and the log says why.
 */
export function streamLines(
  call: Pick<PublicCall, 'log' | 'requestId' | 'signal'>,
  lines: AsyncIterable<string>,
  contentType: string,
  abort: AbortController,
): Response {
  const iterator = lines[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await iterator.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      } catch (error) {
        if (!abort.signal.aborted) noteStreamFailure(call, error)
        throw error
      }
    },
    async cancel() {
      abort.abort()
      await iterator.return?.()
    },
  })
  return new Response(body, { headers: { 'content-type': contentType, 'cache-control': 'no-store' } })
}

/** Aborts when the request does, and by itself. */
export function followSignal(signal: AbortSignal): AbortController {
  const controller = new AbortController()
  if (signal.aborted) controller.abort()
  else signal.addEventListener('abort', () => controller.abort(), { once: true })
  return controller
}
