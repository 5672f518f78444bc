/** Longest line taken from a server. */
const MAX_LINE_CHARACTERS = 512 * 1024 * 1024

/** The lines of a stream of JSON lines, as text, as they arrive; stopping early cancels the stream. */
export async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let pending: string[] = []
  let pendingLength = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      const text = done ? decoder.decode() : decoder.decode(value, { stream: true })
      let start = 0
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        yield pending.join('') + text.slice(start, end)
        pending = []
        pendingLength = 0
        start = end + 1
      }
      if (start < text.length) {
        pending.push(text.slice(start))
        pendingLength += text.length - start
        if (pendingLength > MAX_LINE_CHARACTERS)
          throw new RangeError('a line of the answer has more than 512 Mi characters')
      }
      if (done) break
    }
    if (pendingLength > 0) yield pending.join('')
  } finally {
    await reader.cancel().catch(() => {
      // The stream has failed already; that failure is the one to hear of.
    })
  }
}
