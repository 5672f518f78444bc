import { Buffer } from 'node:buffer'

const BLOCK_BYTES = 65_536
const MIN_MATCH = 3
/** Every symbol has a code of nine bits: no good packing, and whole. */
const CODE_BITS = 9

/** Packs data as [MS-XCA] 2.1 says: with matches where they are easily found. For tests. */
export function packHuffman(data: Buffer): Buffer {
  const blocks: Buffer[] = []
  for (let start = 0; start < data.length; start += BLOCK_BYTES) {
    blocks.push(packBlock(data, start, Math.min(data.length, start + BLOCK_BYTES)))
  }
  return Buffer.concat(blocks)
}

function packBlock(data: Buffer, start: number, end: number): Buffer {
  const writer = new WordWriter()
  for (let at = start; at < end; ) {
    const match = findMatch(data, at, end)
    if (!match) {
      writer.write(data[at]!, CODE_BITS)
      at++
      continue
    }
    const { offset, length } = match
    const offsetBits = 31 - Math.clz32(offset)
    const beyond = length - MIN_MATCH
    writer.write(256 + offsetBits * 16 + Math.min(15, beyond), CODE_BITS)
    if (beyond >= 15) writer.writeLength(beyond)
    writer.write(offset - (1 << offsetBits), offsetBits)
    at += length
  }
  return Buffer.concat([Buffer.alloc(256, 0x99), writer.finish()])
}

/** The last place with the same three bytes. */
function findMatch(data: Buffer, at: number, end: number): { offset: number; length: number } | undefined {
  if (at + MIN_MATCH > end) return undefined
  const found = data
    .subarray(Math.max(0, at - 32_768), at + MIN_MATCH - 1)
    .lastIndexOf(data.subarray(at, at + MIN_MATCH))
  if (found < 0) return undefined
  const offset = at - Math.max(0, at - 32_768) - found
  let length = MIN_MATCH
  while (at + length < end && data[at + length] === data[at + length - offset]) length++
  return { offset, length }
}

/** Puts each word where a reader will look for it: it takes two at the beginning, then one whenever sixteen bits are used up. */
class WordWriter {
  readonly #bytes: number[] = [0, 0, 0, 0]
  readonly #words = [0, 2]
  #bits: number[] = []
  #extra = 16

  write(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) this.#bits.push((value >>> bit) & 1)
    this.#extra -= count
    if (this.#extra < 0) {
      this.#words.push(this.#bytes.length)
      this.#bytes.push(0, 0)
      this.#extra += 16
    }
  }

  writeLength(beyond: number): void {
    if (beyond - 15 < 255) {
      this.#bytes.push(beyond - 15)
      return
    }
    this.#bytes.push(255)
    if (beyond < 65_536) this.#bytes.push(beyond & 255, beyond >>> 8)
    else this.#bytes.push(0, 0, beyond & 255, (beyond >>> 8) & 255, (beyond >>> 16) & 255, beyond >>> 24)
  }

  finish(): Buffer {
    this.#bits.forEach((bit, i) => {
      const at = this.#words[i >>> 4]!
      const place = 15 - (i & 15)
      const byte = place > 7 ? at + 1 : at
      this.#bytes[byte] = this.#bytes[byte]! | (bit << (place & 7))
    })
    return Buffer.from(this.#bytes)
  }
}
