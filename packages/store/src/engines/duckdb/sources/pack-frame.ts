import { constants, zstdCompressSync } from 'node:zlib'
import { ZstdContext } from './zstd-context.ts'

const ZSTD_LEVEL = 1
/** Room that is kept from frame to frame; larger frames are rare, and get some of their own. */
const KEPT_BYTES = 512 * 1024

let known: ZstdContext | undefined
let room: Uint8Array<ArrayBuffer> | undefined

/**
 * Packs bytes into one zstd frame (RFC 8878). One context of the library serves for one frame after the other: making one for each
 * costs as much as a third of the packing.
 *
 * @returns The frame, which the next call may overwrite.
 */
export function packFrame(bytes: Uint8Array): Uint8Array {
  const wanted = boundFrame(bytes.length)
  room ??= new Uint8Array(KEPT_BYTES)
  const target = wanted <= room.length ? room : new Uint8Array(wanted)
  known ??= ZstdContext.forPacking(ZSTD_LEVEL)
  const size = known.run(bytes, target)
  // A room that is full may not hold all of it.
  if (size !== undefined && size < target.length) return target.subarray(0, size)
  known.close()
  known = undefined
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } })
}

/** More than a frame of so many bytes can take: `ZSTD_compressBound` of the library's `zstd.h`, rounded up. */
function boundFrame(sizeBytes: number): number {
  return sizeBytes + (sizeBytes >>> 8) + 1024
}
