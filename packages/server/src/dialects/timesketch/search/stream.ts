import type { PublicCall } from '../../../http/app-types.ts'
import { noteStreamFailure } from '../../../http/stream-failure.ts'

/** Bytes gathered before they are sent on. */
const BLOCK_CHARACTERS = 64 * 1024

/**
 * Sends pieces of text as they are made, in blocks; nothing is made before it is asked for, and a client that goes away
 * ends the making. Where making them fails the connection breaks off, and the log says why.
 */
export function textStream(
  call: Pick<PublicCall, 'log' | 'requestId' | 'signal'>,
  pieces: AsyncIterable<string> | Iterable<string>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const iterator = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]()
  const readNext = async (): Promise<IteratorResult<string>> => {
    try {
      return await iterator.next()
    } catch (error) {
      noteStreamFailure(call, error)
      throw error
    }
  }
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      let block = ''
      while (block.length < BLOCK_CHARACTERS) {
        const next = await readNext()
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
