import { LineLimitError } from '../errors/line-limit-error.ts'

/**
 * Longest line taken from a server, in UTF-16 units. V8, whose strings are the shortest of the engines that count, holds
 * 2^29 - 24 (Node 24: `buffer.constants.MAX_STRING_LENGTH`).
 */
export const MAX_LINE_CHARACTERS: number = 500 * 1024 * 1024

/**
 * The lines of a stream of JSON lines, as text, as they arrive; stopping early cancels the stream.
 *
 * @param maxCharacters - Of one line. @default MAX_LINE_CHARACTERS
 * @throws {LineLimitError} For a longer line.
 */
export async function* readLines(
  body: ReadableStream<Uint8Array>,
  maxCharacters: number = MAX_LINE_CHARACTERS,
): AsyncGenerator<string> {
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
        if (pendingLength + end - start > maxCharacters) throw new LineLimitError(maxCharacters)
        yield pending.join('') + text.slice(start, end)
        pending = []
        pendingLength = 0
        start = end + 1
      }
      if (start < text.length) {
        pending.push(text.slice(start))
        pendingLength += text.length - start
        if (pendingLength > maxCharacters) throw new LineLimitError(maxCharacters)
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
