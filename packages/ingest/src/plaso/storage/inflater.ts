import type { Buffer } from 'node:buffer'
import { constants, createInflate, inflateSync } from 'node:zlib'
import { MAX_CONTAINER_BYTES } from '../limits.ts'

/** Few containers are longer than the engine's buffer. */
const OPTIONS = { chunkSize: 16_384, maxOutputLength: MAX_CONTAINER_BYTES }
/** For `inflateSync`: most containers are shorter, and a small buffer is made in half the time of zlib's usual one. */
const SMALL_OPTIONS = { ...OPTIONS, chunkSize: 4096 }

/**
 * What `node:zlib` has in every engine, though its types do not say so. `_processChunk` stays there for packages that unpack in
 * steps, npm's own among them; it gives up the handle when it is done, and listens for errors anew each time.
 */
interface Engine {
  _handle: { close(): void } | null
  _processChunk(bytes: Uint8Array, flush: number): Buffer
  reset(): void
  removeAllListeners(name: string): void
}

/**
 * Unpacks thousands of short texts of zlib (RFC 1950): the engine, which takes longer to make than such a text to unpack, is kept
 * from one to the next.
 */
export class Inflater {
  #engine: Engine | undefined
  #handle: Engine['_handle'] = null
  #close: (() => void) | undefined

  /**
   * @returns The text; good until the next one is unpacked.
   * @throws Error When it does not unpack, or to more than `MAX_CONTAINER_BYTES`.
   */
  inflate(bytes: Uint8Array): Buffer {
    const engine = this.#engine ?? this.#makeEngine()
    if (engine === undefined) return inflateSync(bytes, SMALL_OPTIONS)
    engine._handle = this.#handle
    engine.reset()
    try {
      const inflated = engine._processChunk(bytes, constants.Z_FINISH)
      engine.removeAllListeners('error')
      this.#engine = engine
      return inflated
    } catch (error) {
      // It is not used again. It still tells its listeners so, after it has thrown.
      this.#engine = undefined
      this.#close?.()
      throw error
    }
  }

  /** Undefined where this version of Node has another inside. */
  #makeEngine(): Engine | undefined {
    const engine = createInflate(OPTIONS) as unknown as Partial<Engine>
    if (!isEngine(engine)) return undefined
    const handle = engine._handle
    this.#handle = handle
    this.#close = handle?.close.bind(handle)
    // Its memory goes with the engine, when nobody has it any more.
    if (handle) handle.close = () => {}
    return engine
  }
}

function isEngine(engine: Partial<Engine>): engine is Engine {
  return typeof engine._processChunk === 'function' && typeof engine._handle?.close === 'function'
}
