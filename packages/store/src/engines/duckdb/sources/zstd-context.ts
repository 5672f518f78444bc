import {
  constants,
  createZstdCompress,
  createZstdDecompress,
  type ZstdCompress,
  type ZstdDecompress,
} from 'node:zlib'

/** Node's own parts of a stream of zlib, undocumented: they work at once and keep their context from frame to frame. */
interface Internals {
  readonly _handle?: {
    onerror: () => void
    writeSync(
      flush: number,
      data: Uint8Array,
      at: number,
      sizeBytes: number,
      room: Uint8Array,
      roomAt: number,
      roomBytes: number,
    ): void
  }
  /** Bytes left of the room, and of the data. */
  readonly _writeState?: Uint32Array
}

/** A context of the library for many frames, one after the other; without Node's own parts it does none. */
export class ZstdContext {
  readonly #stream: ZstdCompress | ZstdDecompress
  readonly #flush: number
  #hasFailed = false

  private constructor(stream: ZstdCompress | ZstdDecompress, flush: number) {
    this.#stream = stream
    this.#flush = flush
    const { _handle: handle } = stream as Internals
    if (!handle) return
    handle.onerror = () => {
      this.#hasFailed = true
    }
  }

  /** One that unpacks frames. */
  static forUnpacking(): ZstdContext {
    return new ZstdContext(
      createZstdDecompress({ chunkSize: constants.Z_MIN_CHUNK }),
      constants.ZSTD_e_continue,
    )
  }

  /** One that makes frames. */
  static forPacking(level: number): ZstdContext {
    const params = { [constants.ZSTD_c_compressionLevel]: level }
    return new ZstdContext(
      createZstdCompress({ chunkSize: constants.Z_MIN_CHUNK, params }),
      constants.ZSTD_e_end,
    )
  }

  /**
   * Packs or unpacks one frame, all of it.
   *
   * @returns How many bytes of the room were written; undefined where it could not be done, or the room was too small: the context
   *   is of no use then.
   */
  run(data: Uint8Array, room: Uint8Array): number | undefined {
    const { _handle: handle, _writeState: left } = this.#stream as Internals
    if (typeof handle?.writeSync !== 'function' || !left) return undefined
    handle.writeSync(this.#flush, data, 0, data.length, room, 0, room.length)
    return this.#hasFailed || left[1] !== 0 ? undefined : room.length - left[0]!
  }

  close(): void {
    this.#stream.close()
  }
}
