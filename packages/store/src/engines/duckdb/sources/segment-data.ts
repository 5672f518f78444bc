import type { SegmentTimes } from '../index-handle.ts'
import { pack } from './block-codec.ts'
import { unpackFrame } from './unpack-frame.ts'

/**
 * What a segment keeps beside its source text: four zstd frames one after the other, of little-endian
 *
 *     times    i64 microseconds, one a row
 *     nanos    u16, one a row; absent when all are 0
 *     order    u32 row numbers by ascending time; absent when the rows stand so
 *     hashes   u64, one a row
 */
export interface SegmentData {
  readonly times: Uint8Array
  readonly nanos: Uint8Array | undefined
  readonly order: Uint8Array | undefined
  readonly hashes: Uint8Array
}

/** Sizes in bytes of the four frames and of the word index behind them; 0: absent. */
export interface SegmentDataSizes {
  readonly times: number
  readonly nanos: number
  readonly order: number
  readonly hashes: number
  /** Of the numbers of the fields that the terms name, 32-bit each; these stand behind the frames. */
  readonly fieldIds: number
  /** Of the packed terms (text/terms/packed-terms.ts), which stand behind the numbers. */
  readonly terms: number
}

/** Packs a segment's times, order and hashes. */
export function packSegmentData(times: SegmentTimes, hashes: BigUint64Array): SegmentData {
  return {
    times: packArray(times.timesUs),
    nanos: times.nanos && packArray(times.nanos),
    order: times.order && packArray(times.order),
    hashes: packArray(hashes),
  }
}

/** Unpacks the first three frames, which `bytes` begins with. */
export function unpackTimes(bytes: Uint8Array, sizes: SegmentDataSizes): SegmentTimes {
  const nanosAt = sizes.times
  const orderAt = nanosAt + sizes.nanos
  const nanos = sizes.nanos ? unpackBuffer(bytes.subarray(nanosAt, orderAt)) : undefined
  const order = sizes.order ? unpackBuffer(bytes.subarray(orderAt, orderAt + sizes.order)) : undefined
  return {
    timesUs: new BigInt64Array(unpackBuffer(bytes.subarray(0, sizes.times))),
    nanos: nanos && new Uint16Array(nanos),
    order: order && new Uint32Array(order),
  }
}

/** Unpacks the frame of hashes. */
export function unpackHashes(frame: Uint8Array): BigUint64Array<ArrayBuffer> {
  return new BigUint64Array(unpackBuffer(frame))
}

function packArray(array: BigInt64Array | BigUint64Array | Uint32Array | Uint16Array): Uint8Array {
  return pack(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
}

function unpackBuffer(frame: Uint8Array): ArrayBuffer {
  return new Uint8Array(unpackFrame(frame)).buffer
}
