import { zstdDecompressSync } from 'node:zlib'
import { ZstdContext } from './zstd-context.ts'

/** Makes room for so many bytes; all of it is written. */
export type MakeRoom = (sizeBytes: number) => Buffer

/** What is made room for at once in a frame that does not tell its size. */
const CHUNK_BYTES = 128 * 1024
/** A frame is never larger than a row with its length; rows are bounded by what a batch can hold. */
const MAX_UNPACKED_BYTES = 2 ** 31 - 1

let known: ZstdContext | undefined

/**
 * Unpacks one zstd frame (RFC 8878). Where it tells its size, as ours do, one context of the library serves for one frame after
 * the other: making one for each costs several times what unpacking does.
 *
 * @param makeRoom - @default memory of its own
 * @throws {Error} `zlib`'s, when it is no whole frame.
 */
export function unpackFrame(data: Uint8Array, makeRoom: MakeRoom = Buffer.allocUnsafe): Buffer {
  const sizeBytes = readContentSize(data)
  if (sizeBytes !== undefined && sizeBytes <= MAX_UNPACKED_BYTES) {
    known ??= ZstdContext.forUnpacking()
    const room = makeRoom(sizeBytes)
    if (known.run(data, room) === sizeBytes) return room
    known.close()
    known = undefined
  }
  return zstdDecompressSync(data, { maxOutputLength: MAX_UNPACKED_BYTES, chunkSize: CHUNK_BYTES })
}

const MAGIC = 0xfd2fb528
/** By the first two bits of a frame's descriptor: bytes of the size of what is in it. */
const SIZE_BYTES = [0, 2, 4, 8] as const
/** By the last two: bytes of the number of its dictionary. */
const DICTIONARY_BYTES = [0, 1, 2, 4] as const

/** The size that the header of a frame tells (RFC 8878, section 3.1.1.1); undefined where it tells none, or 0. */
function readContentSize(data: Uint8Array): number | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  if (data.length < 5 || view.getUint32(0, true) !== MAGIC) return undefined
  const descriptor = data[4]!
  const isSingle = (descriptor & 0x20) !== 0
  const sizeBytes = SIZE_BYTES[(descriptor >>> 6) as 0 | 1 | 2 | 3] || (isSingle ? 1 : 0)
  const at = 5 + (isSingle ? 0 : 1) + DICTIONARY_BYTES[(descriptor & 3) as 0 | 1 | 2 | 3]
  if (data.length < at + sizeBytes) return undefined
  switch (sizeBytes) {
    case 1:
      return data[at]! || undefined
    case 2:
      return view.getUint16(at, true) + 256
    case 4:
      return view.getUint32(at, true) || undefined
    case 8:
      return Number(view.getBigUint64(at, true)) || undefined
    default:
      return undefined
  }
}
