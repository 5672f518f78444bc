import { Buffer } from 'node:buffer'
import { createGunzip, createInflateRaw, createZstdDecompress } from 'node:zlib'
import type { UnpackingMeter } from './archive-limits.ts'
import type { ByteSource } from './byte-source.ts'

/** How bytes are packed: gzip (RFC 1952, any number of members), zstd frames (RFC 8878), raw deflate (RFC 1951; zip). */
export type Packing = 'gzip' | 'zstd' | 'deflate'

const PACKED_CHUNK_BYTES = 64 * 1024
const UNPACKED_CHUNK_BYTES = 256 * 1024
/** Unpacked bytes that wait to be read before unpacking pauses. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024

/**
 * Unpacks a source. Where the packed bytes break off or are damaged, everything before that place is delivered, then the
 * source ends and `truncation` says why.
 */
export class UnpackedSource implements ByteSource {
  readonly #packed: ByteSource
  readonly #meter: UnpackingMeter
  readonly #packing: Packing
  #stream: ReturnType<typeof createGunzip>
  #waiting: Buffer[] = []
  #waitingBytes = 0
  #packedBytes = 0
  #isEnded = false
  #failure: unknown
  #truncation: string | undefined
  #isPumping = false
  #wake: () => void = () => {}
  #resume: () => void = () => {}
  #finish: () => void = () => {}
  #whenFinished: Promise<void> = Promise.resolve()

  /** @param meter - Shared by all sources of one archive. */
  constructor(packed: ByteSource, packing: Packing, meter: UnpackingMeter) {
    this.#packed = packed
    this.#meter = meter
    this.#packing = packing
    this.#stream = this.#openStream()
  }

  get truncation(): string | undefined {
    return this.#truncation ?? this.#packed.truncation
  }

  async read(target: Buffer, offset: number): Promise<number> {
    if (!this.#isPumping) {
      this.#isPumping = true
      void this.#pump().catch((error: unknown) => {
        this.#failure = error
        this.#end()
      })
    }
    while (this.#waiting.length === 0) {
      if (this.#failure !== undefined) throw this.#failure
      if (this.#isEnded) return 0
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const chunk = this.#waiting[0]!
    const size = chunk.copy(target, offset)
    if (size === chunk.length) this.#waiting.shift()
    else this.#waiting[0] = chunk.subarray(size)
    this.#waitingBytes -= size
    this.#meter.addUnpacked(size)
    if (this.#waitingBytes < MAX_WAITING_BYTES / 2 && this.#stream.isPaused()) this.#stream.resume()
    return size
  }

  /** Packed bytes that the unpacker has used, which may end before the source does. */
  get takenBytes(): number {
    return this.#stream.bytesWritten
  }

  /** Stops unpacking and frees the unpacker. */
  close(): void {
    this.#stream.destroy()
    this.#end()
  }

  #end(): void {
    this.#isEnded = true
    this.#wake()
    this.#resume()
    this.#finish()
  }

  async #pump(): Promise<void> {
    for (;;) {
      const chunk = Buffer.allocUnsafe(PACKED_CHUNK_BYTES)
      const size = await this.#packed.read(chunk, 0)
      if (this.#isEnded) return
      if (size === 0) break
      this.#packedBytes += size
      this.#meter.addPacked(size)
      let rest = chunk.subarray(0, size)
      while (rest.length > 0) {
        const takenBefore = this.#stream.bytesWritten
        await this.#write(rest)
        if (this.#isEnded) return
        rest = rest.subarray(this.#stream.bytesWritten - takenBefore)
        if (rest.length === 0) break
        // The stream has come to its end: what follows is another zstd frame, or garbage behind gzip or deflate data.
        await this.#whenFinished
        if (this.#isEnded) return
        if (this.#packing !== 'zstd') {
          this.#end()
          return
        }
        this.#stream = this.#openStream()
      }
    }
    this.#stream.end()
    await this.#whenFinished
    this.#end()
  }

  #openStream(): ReturnType<typeof createGunzip> {
    const stream = createUnpacker(this.#packing)
    stream.on('data', (chunk: Buffer) => {
      this.#waiting.push(chunk)
      this.#waitingBytes += chunk.length
      if (this.#waitingBytes > MAX_WAITING_BYTES) stream.pause()
      this.#wake()
    })
    this.#whenFinished = new Promise((resolve) => {
      this.#finish = resolve
      stream.on('end', resolve)
      stream.on('error', (error: Error) => {
        this.#truncation = `the ${this.#packing} data are cut off or damaged after ${this.#packedBytes} packed bytes: ${error.message}`
        this.#end()
      })
    })
    return stream
  }

  #write(bytes: Buffer): Promise<void> {
    return new Promise<void>((resolve) => {
      this.#resume = resolve
      this.#stream.write(bytes, () => resolve())
    })
  }
}

function createUnpacker(packing: Packing): ReturnType<typeof createGunzip> {
  const options = { chunkSize: UNPACKED_CHUNK_BYTES }
  switch (packing) {
    case 'gzip':
      return createGunzip(options)
    case 'zstd':
      return createZstdDecompress(options)
    case 'deflate':
      return createInflateRaw(options)
    default:
      return packing satisfies never
  }
}
