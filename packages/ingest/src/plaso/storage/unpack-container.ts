import { Buffer } from 'node:buffer'
import { inflateSync } from 'node:zlib'
import { MAX_CONTAINER_BYTES } from '../limits.ts'

/** Most containers are shorter, and a small buffer is made in half the time of zlib's usual one. */
const USUAL_BYTES = 2048

/**
 * The JSON text of a serialised container, as it stands in the column `_data`.
 *
 * @throws Error When it is of another kind, does not unpack, or is larger than `MAX_CONTAINER_BYTES`.
 */
export function unpackContainer(value: unknown, isCompressed: boolean): Buffer {
  if (!isCompressed) {
    const bytes =
      typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? value : undefined
    if (bytes === undefined) throw new Error(`expected text, found ${describe(value)}`)
    if (bytes.length > MAX_CONTAINER_BYTES)
      throw new Error(`expected at most ${MAX_CONTAINER_BYTES} bytes (MAX_CONTAINER_BYTES), found more`)
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }
  if (!(value instanceof Uint8Array)) throw new Error(`expected bytes, found ${describe(value)}`)
  const options = { chunkSize: USUAL_BYTES, maxOutputLength: MAX_CONTAINER_BYTES }
  return inflateSync(value, options)
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  return value instanceof Uint8Array ? 'bytes' : `a ${typeof value}`
}
