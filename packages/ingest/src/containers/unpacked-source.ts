import { Buffer } from 'node:buffer'
import { isMarkedAsUntransferable } from 'node:worker_threads'
import { crc32, createInflateRaw, createZstdDecompress } from 'node:zlib'
import type { UnpackingMeter } from './archive-limits.ts'
import type { ByteSource } from './byte-source.ts'
import { GZIP_TRAILER_BYTES, MAX_GZIP_HEADER_BYTES, measureGzipHeader } from './gzip-header.ts'

/** How bytes are packed: gzip (RFC 1952, any number of members), zstd frames (RFC 8878), raw deflate (RFC 1951; zip). */
export type Packing = 'gzip' | 'zstd' | 'deflate'

const PACKED_CHUNK_BYTES = 64 * 1024
const UNPACKED_CHUNK_BYTES = 256 * 1024
/** Of what is as small as most entries of an archive. */
const SMALL_CHUNK_BYTES = 16 * 1024
/** What packed bytes are expected to become of each. */
const USUAL_RATIO = 8
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
  readonly #packedChunkBytes: number
  readonly #unpackedChunkBytes: number
  /** Made when bytes are asked for: many entries of an archive are only gone by. */
  #stream: ReturnType<typeof createZstdDecompress> | undefined
  #waiting: Buffer[] = []
  #waitingBytes = 0
  #packedBytes = 0
  /** Packed bytes that were read and not unpacked yet. */
  #rest: Buffer = Buffer.alloc(0)
  /** CRC-32 and number of the bytes unpacked from the current gzip member. */
  #checksum = 0
  #partBytes = 0
  #isEnded = false
  #failure: unknown
  #truncation: string | undefined
  #isPumping = false
  #wake: () => void = () => {}
  #resume: () => void = () => {}
  #finish: () => void = () => {}
  #whenFinished: Promise<void> = Promise.resolve()

  /**
   * @param meter - Shared by all sources of one archive.
   * @param packedBytes - How many packed bytes there are, where that is known: few need little room.
   */
  constructor(
    packed: ByteSource,
    packing: Packing,
    meter: UnpackingMeter,
    packedBytes: number = Number.POSITIVE_INFINITY,
  ) {
    this.#packed = packed
    this.#meter = meter
    this.#packing = packing
    this.#packedChunkBytes = Math.max(1, Math.min(PACKED_CHUNK_BYTES, packedBytes))
    const expected = Math.max(SMALL_CHUNK_BYTES, packedBytes * USUAL_RATIO)
    this.#unpackedChunkBytes = Math.min(UNPACKED_CHUNK_BYTES, expected)
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
    if (size === chunk.length) {
      this.#waiting.shift()
      release(chunk)
    } else this.#waiting[0] = chunk.subarray(size)
    this.#waitingBytes -= size
    this.#meter.addUnpacked(size)
    if (this.#waitingBytes < MAX_WAITING_BYTES / 2 && this.#stream?.isPaused()) this.#stream.resume()
    return size
  }

  /** Packed bytes that the unpacker has used, which may end before the source does. */
  get takenBytes(): number {
    return this.#stream?.bytesWritten ?? 0
  }

  /** Stops unpacking and frees the unpacker. */
  close(): void {
    this.#stream?.destroy()
    this.#end()
  }

  #end(): void {
    this.#isEnded = true
    this.#wake()
    this.#resume()
    this.#finish()
  }

  async #pump(): Promise<void> {
    for (let part = 0; ; part++) {
      if (part > 0) {
        if (this.#packing === 'deflate' || (this.#rest.length === 0 && !(await this.#fill()))) break
        if (this.#isEnded) break
        this.#stream?.destroy()
      }
      const stream = this.#openStream()
      this.#stream = stream
      if (this.#packing === 'gzip' && !(await this.#passGzipHeader(part))) break
      await this.#unpackPart(stream)
      if (this.#isEnded || (this.#packing === 'gzip' && !(await this.#checkGzipTrailer()))) break
    }
    this.#end()
  }

  /** Reads more packed bytes behind `#rest`; false at their end. */
  async #fill(): Promise<boolean> {
    const chunk = Buffer.allocUnsafe(this.#packedChunkBytes)
    const size = await this.#packed.read(chunk, 0)
    if (size === 0) return false
    this.#packedBytes += size
    this.#meter.addPacked(size)
    const more = chunk.subarray(0, size)
    this.#rest = this.#rest.length === 0 ? more : Buffer.concat([this.#rest, more])
    return true
  }

  /** Unpacks up to the end of a zstd frame or of deflate data, or as far as there are bytes. */
  async #unpackPart(stream: ReturnType<typeof createZstdDecompress>): Promise<void> {
    while (this.#rest.length > 0 || (await this.#fill())) {
      if (this.#isEnded) return
      const takenBefore = stream.bytesWritten
      await this.#write(stream, this.#rest)
      if (this.#isEnded) return
      this.#rest = this.#rest.subarray(stream.bytesWritten - takenBefore)
      if (this.#rest.length === 0) continue
      await this.#whenFinished
      return
    }
    stream.end()
    await this.#whenFinished
  }

  /** @returns False where no member begins: zeros are padding, anything else is told as damage. */
  async #passGzipHeader(member: number): Promise<boolean> {
    let size = measureGzipHeader(this.#rest)
    while (size === 0 && this.#rest.length < MAX_GZIP_HEADER_BYTES && (await this.#fill())) {
      size = measureGzipHeader(this.#rest)
    }
    if (this.#isEnded) return false
    if (size === undefined || size === 0) {
      if (member === 0 || this.#rest[0] !== 0) {
        this.#noteDamage(
          size === 0
            ? 'the header of a member is not whole'
            : `what follows is no gzip member (it begins with ${this.#rest.toString('hex', 0, 8)})`,
        )
      }
      return false
    }
    this.#rest = this.#rest.subarray(size)
    return true
  }

  async #checkGzipTrailer(): Promise<boolean> {
    while (this.#rest.length < GZIP_TRAILER_BYTES) {
      if (!(await this.#fill())) {
        this.#noteDamage('unexpected end of file')
        return false
      }
    }
    const isRight =
      this.#rest.readUInt32LE(0) === this.#checksum && this.#rest.readUInt32LE(4) === this.#partBytes >>> 0
    if (!isRight) this.#noteDamage('the content does not have the CRC-32 and the size written behind it')
    this.#rest = this.#rest.subarray(GZIP_TRAILER_BYTES)
    return isRight
  }

  #noteDamage(problem: string): void {
    this.#truncation ??= `the ${this.#packing} data are cut off or damaged after ${this.#packedBytes - this.#rest.length} packed bytes: ${problem}`
  }

  #openStream(): ReturnType<typeof createZstdDecompress> {
    const stream = createUnpacker(this.#packing, this.#unpackedChunkBytes)
    this.#checksum = 0
    this.#partBytes = 0
    stream.on('data', (chunk: Buffer) => {
      if (this.#packing === 'gzip') {
        this.#checksum = crc32(chunk, this.#checksum)
        this.#partBytes += chunk.length
      }
      this.#waiting.push(chunk)
      this.#waitingBytes += chunk.length
      if (this.#waitingBytes > MAX_WAITING_BYTES) stream.pause()
      this.#wake()
    })
    this.#whenFinished = new Promise((resolve) => {
      this.#finish = resolve
      stream.on('end', resolve)
      stream.on('error', (error: Error) => {
        this.#rest = Buffer.alloc(0)
        this.#noteDamage(error.message)
        this.#end()
      })
    })
    return stream
  }

  #write(stream: ReturnType<typeof createZstdDecompress>, bytes: Buffer): Promise<void> {
    return new Promise<void>((resolve) => {
      this.#resume = resolve
      stream.write(bytes, () => resolve())
    })
  }
}

/**
 * Gives a chunk's memory back at once when it is the last of its buffer, of which Node's unpackers make a new one then: left to the
 * collector, an archive's whole content went through it, some sixty megabytes at a time. Small chunks may be the last of Node's pool,
 * which others share.
 */
function release({ buffer, byteOffset, byteLength }: Buffer): void {
  const isLast = byteOffset + byteLength === buffer.byteLength
  if (isLast && buffer instanceof ArrayBuffer && !isMarkedAsUntransferable(buffer)) buffer.transfer(0)
}

function createUnpacker(packing: Packing, chunkSize: number): ReturnType<typeof createZstdDecompress> {
  const options = { chunkSize }
  switch (packing) {
    case 'zstd':
      return createZstdDecompress(options)
    // Node's gunzip throws away what it has unpacked when garbage follows: members are told apart here.
    case 'gzip':
    case 'deflate':
      return createInflateRaw(options)
    default:
      return packing satisfies never
  }
}
