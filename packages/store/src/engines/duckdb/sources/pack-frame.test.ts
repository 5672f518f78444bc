import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { packFrame } from './pack-frame.ts'

/** Bytes that pack little, the same each time. */
function makeBytes(sizeBytes: number): Uint8Array {
  let state = 1
  return Uint8Array.from({ length: sizeBytes }, () => {
    state = Math.imul(state, 0x9e3779b1) + 1
    return state >>> 24
  })
}

it('packs frames of all sizes one after the other, as the library does each by itself', () => {
  for (const size of [0, 1, 255, 300, 65_791, 131_072, 300_000, 2_000_000, 7]) {
    const bytes = makeBytes(size)
    const frame = packFrame(bytes)
    const params = { [constants.ZSTD_c_compressionLevel]: 1 }
    expect(zstdCompressSync(bytes, { params }).equals(frame)).toBe(true)
    expect(zstdDecompressSync(frame).equals(bytes)).toBe(true)
  }
})

it('packs what lies in memory that threads share', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(1000))
  shared.set(makeBytes(1000))
  expect(zstdDecompressSync(packFrame(shared)).equals(makeBytes(1000))).toBe(true)
})
