/** Bytes gathered before they are sent on. */
const BLOCK_CHARACTERS = 64 * 1024

/**
 * Sends pieces of text as they are made, in blocks; nothing is made before it is asked for, and a client that goes away
 * ends the making.
 */
export function textStream(pieces: AsyncIterable<string> | Iterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const iterator = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      let block = ''
      while (block.length < BLOCK_CHARACTERS) {
        const next = await iterator.next()
        if (next.done) {
          if (block !== '') controller.enqueue(encoder.encode(block))
          controller.close()
          return
        }
        block += next.value
      }
      controller.enqueue(encoder.encode(block))
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}
