import type { EventBatch } from '@timeskein/model'

/**
 * A 64-bit hash of each row's source bytes: two 32-bit lanes over four bytes at a time, with the constants and
 * the last step of MurmurHash3 (public domain, Austin Appleby). Part of the index format: stored hashes are compared
 * with new ones.
 *
 * Two rows are hashed side by side: each step of a row waits for the one before, so that one row alone leaves most of the
 * processor idle.
 */
export function hashRows(source: EventBatch['source'], rowCount: number): BigUint64Array<ArrayBuffer> {
  const hashes = new BigUint64Array(rowCount)
  const lanes = new Uint32Array(hashes.buffer)
  const { bytes, offsets } = source
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let row = 0
  for (; row + 1 < rowCount; row += 2) {
    const start = offsets[row]!
    const middle = offsets[row + 1]!
    const end = offsets[row + 2]!
    const sharedEnd = start + (Math.min(middle - start, end - middle) & ~3)
    const distance = middle - start
    let low = LOW_SEED
    let high = HIGH_SEED
    let otherLow = LOW_SEED
    let otherHigh = HIGH_SEED
    for (let at = start; at < sharedEnd; at += 4) {
      const word = view.getInt32(at, true)
      low = Math.imul(low ^ word, 0xcc9e2d51)
      low ^= low >>> 16
      high = Math.imul(((high << 13) | (high >>> 19)) + word, 0x1b873593)
      high ^= high >>> 15
      const otherWord = view.getInt32(at + distance, true)
      otherLow = Math.imul(otherLow ^ otherWord, 0xcc9e2d51)
      otherLow ^= otherLow >>> 16
      otherHigh = Math.imul(((otherHigh << 13) | (otherHigh >>> 19)) + otherWord, 0x1b873593)
      otherHigh ^= otherHigh >>> 15
    }
    finishRow(lanes, row, view, sharedEnd, middle, middle - start, low, high)
    finishRow(lanes, row + 1, view, sharedEnd + distance, end, end - middle, otherLow, otherHigh)
  }
  if (row < rowCount) {
    const start = offsets[row]!
    const end = offsets[row + 1]!
    finishRow(lanes, row, view, start, end, end - start, LOW_SEED, HIGH_SEED)
  }
  return hashes
}

const LOW_SEED: number = 0x9747b28c | 0
const HIGH_SEED: number = 0x3c6ef372 | 0

/** Hashes the rest of a row, from `at` on, and writes its hash. */
function finishRow(
  lanes: Uint32Array,
  row: number,
  view: DataView,
  at: number,
  end: number,
  size: number,
  low: number,
  high: number,
): void {
  for (; at + 4 <= end; at += 4) {
    const word = view.getInt32(at, true)
    low = Math.imul(low ^ word, 0xcc9e2d51)
    low ^= low >>> 16
    high = Math.imul(((high << 13) | (high >>> 19)) + word, 0x1b873593)
    high ^= high >>> 15
  }
  let rest = 0
  for (let shift = 0; at < end; at++, shift += 8) rest |= view.getUint8(at) << shift
  lanes[row * 2] = finish(Math.imul(low, 0x1b873593) ^ rest, size)
  lanes[row * 2 + 1] = finish(Math.imul(high, 0xcc9e2d51) + rest, size ^ low)
}

function finish(lane: number, salt: number): number {
  let mixed = lane ^ salt
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
