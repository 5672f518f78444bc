import { Buffer } from 'node:buffer'
import { MAX_CONTAINER_BYTES } from '../limits.ts'
import { Inflater } from './inflater.ts'

/** Unpacks serialised containers, as they stand in columns `_data` of one storage file. */
export class ContainerUnpacker {
  readonly #inflater: Inflater | undefined

  /** @param isCompressed - They are packed by zlib. */
  constructor(isCompressed: boolean) {
    this.#inflater = isCompressed ? new Inflater() : undefined
  }

  /**
   * The JSON text of a container; good until the next one is unpacked.
   *
   * @throws Error When it is of another kind, does not unpack, or is larger than `MAX_CONTAINER_BYTES`.
   */
  unpack(value: unknown): Buffer {
    if (this.#inflater !== undefined) {
      if (!(value instanceof Uint8Array)) throw new Error(`expected bytes, found ${describe(value)}`)
      return this.#inflater.inflate(value)
    }
    const bytes =
      typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? value : undefined
    if (bytes === undefined) throw new Error(`expected text, found ${describe(value)}`)
    if (bytes.length > MAX_CONTAINER_BYTES)
      throw new Error(`expected at most ${MAX_CONTAINER_BYTES} bytes (MAX_CONTAINER_BYTES), found more`)
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  return value instanceof Uint8Array ? 'bytes' : `a ${typeof value}`
}
