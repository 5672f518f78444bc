/** Bytes or text that rows are read from. */
export type TextSource =
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array | string>
  | Iterable<string>

/** The text of a source, in parts as they come. @param encoding - A label of the Encoding Standard. @default 'utf-8' */
export async function* readText(source: TextSource, encoding = 'utf-8'): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  const parts: AsyncIterable<Uint8Array | string> | Iterable<string> =
    source instanceof Blob
      ? readStream(source.stream())
      : source instanceof ReadableStream
        ? readStream(source)
        : source
  let isFirst = true
  for await (const part of parts) {
    const text: string = typeof part === 'string' ? part : decoder.decode(part, { stream: true })
    // The decoder takes the mark of byte order away, a text may have one still.
    yield isFirst ? text.replace(/^\uFEFF/, '') : text
    if (text !== '') isFirst = false
  }
  yield decoder.decode()
}

// Not every browser iterates a stream.
async function* readStream(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {
      // The stream has failed already; that failure is the one to hear of.
    })
  }
}
