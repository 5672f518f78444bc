import { zstdCompressSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { unpackFrame } from './unpack-frame.ts'

const frameOf = (text: string): Uint8Array => new Uint8Array(zstdCompressSync(Buffer.from(text)))

it('unpacks frames of all sizes one after the other', () => {
  for (const size of [0, 1, 255, 256, 65_791, 65_792, 300_000, 7]) {
    const text = Array.from({ length: size }, (_, n) => String.fromCharCode(97 + ((n * n) % 26))).join('')
    expect(unpackFrame(frameOf(text)).toString()).toBe(text)
  }
})

it('writes where room is made', () => {
  const room = Buffer.alloc(16)
  const unpacked = unpackFrame(frameOf('here'), (sizeBytes) => room.subarray(0, sizeBytes))
  expect(unpacked.buffer).toBe(room.buffer)
  expect(room.toString('latin1', 0, 5)).toBe('here\0')
})

it('unpacks good frames behind bad ones', () => {
  const good = frameOf('good '.repeat(1000))
  const bad = [
    Uint8Array.of(1, 2, 3),
    good.subarray(0, good.length - 4),
    good.map((byte, at) => (at > 8 ? byte ^ 0x5a : byte)),
  ]
  for (const frame of bad) {
    expect(() => unpackFrame(frame)).toThrow()
    expect(unpackFrame(good).toString()).toBe('good '.repeat(1000))
  }
})

it('unpacks what tells no size', () => {
  // Written by hand: a window of 1 KiB, no size, one raw block of two bytes.
  const frame = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x00, 0x11, 0x00, 0x00, 0x68, 0x69)
  expect(unpackFrame(frame).toString()).toBe('hi')
})
