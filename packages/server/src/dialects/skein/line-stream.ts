/** Lines a client reads while they are made; it stops the work by going away. */
export function streamLines(
  lines: AsyncIterable<string>,
  contentType: string,
  abort: AbortController,
): Response {
  const iterator = lines[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
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
