import { Buffer } from 'node:buffer'

/** Bytes that are asked for, in order. Whoever makes a source reads it to its end or disposes of what is behind it. */
export interface ByteSource {
  /**
   * Reads some bytes into a buffer.
   *
   * @param target - Filled from `offset` on, at most up to its end.
   * @returns How many bytes were written, at least 1; 0 at the end of the source.
   */
  read(target: Buffer, offset: number): Promise<number>
  /** Why the bytes ended before their format says they should; undefined while or when all is well. */
  readonly truncation?: string | undefined
}

/** A source of the chunks of a stream. */
export class ChunkSource implements ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Uint8Array = Buffer.alloc(0)

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  async read(target: Buffer, offset: number): Promise<number> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#chunks.next()
      if (done) return 0
      this.#rest = value
    }
    const size = Math.min(this.#rest.length, target.length - offset)
    target.set(this.#rest.subarray(0, size), offset)
    this.#rest = this.#rest.subarray(size)
    return size
  }
}

/** A source whose beginning can be looked at before it is read. */
export class PeekableSource implements ByteSource {
  readonly #source: ByteSource
  #head: Buffer = Buffer.alloc(0)
  #isEnded = false

  constructor(source: ByteSource) {
    this.#source = source
  }

  get truncation(): string | undefined {
    return this.#source.truncation
  }

  /**
   * The first bytes, which stay to be read.
   *
   * @returns As many as asked for, or all that came before the source said that it ends.
   */
  async peek(sizeBytes: number): Promise<Buffer> {
    if (this.#head.length < sizeBytes && !this.#isEnded) {
      let head = Buffer.allocUnsafe(Math.min(sizeBytes, Math.max(this.#head.length, FIRST_BYTES)))
      let used = this.#head.copy(head)
      while (used < sizeBytes && !this.#isEnded) {
        if (used === head.length) head = enlarge(head, sizeBytes)
        const size = await this.#source.read(head, used)
        this.#isEnded = size === 0
        used += size
      }
      this.#head = head.subarray(0, used)
    }
    return this.#head.subarray(0, sizeBytes)
  }

  async read(target: Buffer, offset: number): Promise<number> {
    if (this.#head.length > 0) {
      const size = this.#head.copy(target, offset)
      this.#head = this.#head.subarray(size)
      return size
    }
    return this.#source.read(target, offset)
  }
}

/** Reads until a buffer is full or the source ends; returns how many bytes were read. */
export async function fillFrom(source: ByteSource, target: Buffer): Promise<number> {
  let used = 0
  while (used < target.length) {
    const size = await source.read(target, used)
    if (size === 0) break
    used += size
  }
  return used
}

/** Bytes that a buffer has before it is known how many there are: most files of a collection are small. */
const FIRST_BYTES = 16 * 1024

/**
 * Reads the beginning of a source, or all of it.
 *
 * @returns At most `maxBytes`, with an `ArrayBuffer` of their own; fewer at the end of the source.
 */
export async function readUpTo(source: ByteSource, maxBytes: number): Promise<Buffer<ArrayBuffer>> {
  let buffer = Buffer.from(new ArrayBuffer(Math.min(maxBytes, FIRST_BYTES)))
  let used = 0
  for (;;) {
    used += await fillFrom(source, buffer.subarray(used))
    if (used < buffer.length || used === maxBytes) return buffer.subarray(0, used)
    buffer = enlarge(buffer, maxBytes)
  }
}

/** A larger buffer with the same bytes in front, eight times as large at most; what takes the place of an empty one is small. */
export function enlarge(buffer: Buffer, maxBytes: number): Buffer<ArrayBuffer> {
  const wanted = buffer.length === 0 ? FIRST_BYTES : buffer.length * 8
  const larger = Buffer.from(new ArrayBuffer(Math.min(maxBytes, wanted)))
  buffer.copy(larger)
  return larger
}

/** The chunks of a source, each a buffer of its own. */
export async function* readChunks(source: ByteSource, chunkBytes: number): AsyncGenerator<Buffer> {
  for (;;) {
    const chunk = Buffer.allocUnsafeSlow(chunkBytes)
    const size = await source.read(chunk, 0)
    if (size === 0) return
    yield chunk.subarray(0, size)
  }
}
