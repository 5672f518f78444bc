import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { packHuffman } from './testing/pack-huffman.ts'
import { unpackHuffman } from './unpack-huffman.ts'

/** What looks random and is the same each time. */
function scramble(sizeBytes: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(sizeBytes)
  let state = seed
  for (let i = 0; i < sizeBytes; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[i] = state >>> 16
  }
  return bytes
}

describe('unpackHuffman', () => {
  it.each([
    ['nothing that repeats', scramble(1000)],
    ['one byte', Buffer.from('a')],
    ['short and long matches', Buffer.from(`${'abc'.repeat(20)}${'x'.repeat(300)}${'y'.repeat(70_000)}`)],
    [
      'several blocks, with matches across them',
      Buffer.concat([scramble(60_000), scramble(60_000), scramble(20_000, 7)]),
    ],
  ])('unpacks %s', (_what, data) => {
    expect(unpackHuffman(packHuffman(data), data.length)).toEqual({ bytes: data, problem: undefined })
  })

  it("unpacks the specification's example", () => {
    // [MS-XCA] 3.2: 26 letters, and 100 times "abc".
    const alphabet = Buffer.alloc(276)
    Buffer.from('0000000000000000000000000000000000000000000000000000000000000000', 'hex').copy(alphabet)
    Buffer.from('505555555555555555555545440400', 'hex').copy(alphabet, 48)
    alphabet[128] = 4
    Buffer.from('d8523ed794115be9195ff9d67cdf8d0400000000', 'hex').copy(alphabet, 256)
    expect(unpackHuffman(alphabet, 26).bytes.toString()).toBe('abcdefghijklmnopqrstuvwxyz')
    const repeated = Buffer.alloc(263)
    Buffer.from('3023', 'hex').copy(repeated, 48)
    repeated[128] = 2
    repeated[143] = 0x20
    Buffer.from('a8dc00 00ff2601'.replaceAll(' ', ''), 'hex').copy(repeated, 256)
    expect(unpackHuffman(repeated, 300).bytes.toString()).toBe('abc'.repeat(100))
  })

  it('keeps what stands before damage, and says what is wrong, whatever the bytes', () => {
    const data = Buffer.from('evidence '.repeat(500))
    const packed = packHuffman(data)
    for (let at = 0; at < packed.length; at++) {
      const { bytes, problem } = unpackHuffman(packed.subarray(0, at), data.length)
      expect(problem).toBeDefined()
      expect(bytes.length).toBeLessThan(data.length)
    }
    for (let seed = 1; seed < 300; seed++) {
      const { bytes } = unpackHuffman(scramble(400, seed), 5000)
      expect(bytes.length).toBeLessThanOrEqual(5000)
    }
  })
})
