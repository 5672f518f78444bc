import type { EventBatch } from '@timeskein/model'

/**
 * A 64-bit hash of each row's source bytes: two 32-bit lanes over four bytes at a time, with the constants and
 * the last step of MurmurHash3 (public domain, Austin Appleby). Part of the index format: stored hashes are compared
 * with new ones.
 */
export function hashRows(source: EventBatch['source'], rowCount: number): BigUint64Array<ArrayBuffer> {
  const hashes = new BigUint64Array(rowCount)
  const lanes = new Uint32Array(hashes.buffer)
  const { bytes, offsets } = source
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let row = 0; row < rowCount; row++) hashRow(view, offsets[row]!, offsets[row + 1]!, lanes, row * 2)
  return hashes
}

function hashRow(view: DataView, start: number, end: number, lanes: Uint32Array, lane: number): void {
  const wholeEnd = start + ((end - start) & ~3)
  let low = 0x9747b28c | 0
  let high = 0x3c6ef372 | 0
  let at = start
  for (; at < wholeEnd; at += 4) {
    const word = view.getInt32(at, true)
    low = Math.imul(low ^ word, 0xcc9e2d51)
    low ^= low >>> 16
    high = Math.imul(((high << 13) | (high >>> 19)) + word, 0x1b873593)
    high ^= high >>> 15
  }
  let rest = 0
  for (let shift = 0; at < end; at++, shift += 8) rest |= view.getUint8(at) << shift
  const size = end - start
  lanes[lane] = finish(Math.imul(low, 0x1b873593) ^ rest, size)
  lanes[lane + 1] = finish(Math.imul(high, 0xcc9e2d51) + rest, size ^ low)
}

function finish(lane: number, salt: number): number {
  let mixed = lane ^ salt
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
