import { Buffer } from 'node:buffer'

/*
 * LZ77 with Huffman codes (Microsoft, [MS-XCA] 2.1 and 2.2): every 65,536 bytes of output a table of 512 code lengths of four bits, 256
 * bytes; then 16-bit words of code bits, the highest bit first. Codes below 256 are bytes; others are a match: its length in the lower
 * four bits, the number of bits of its offset above them. Lengths from 15 on go on in bytes that stand between the words.
 */
const SYMBOLS = 512
const TABLE_BYTES = 256
const MAX_CODE_BITS = 15
const BLOCK_BYTES = 65_536
const MIN_MATCH = 3

/** What was unpacked, and why it is not all. */
export interface UnpackedHuffman {
  readonly bytes: Buffer
  /** Undefined when all is there. */
  readonly problem: string | undefined
}

/**
 * Unpacks data.
 *
 * @param packed - From the first table on.
 * @param sizeBytes - What it unpacks to.
 */
export function unpackHuffman(packed: Buffer, sizeBytes: number): UnpackedHuffman {
  const output = Buffer.alloc(sizeBytes)
  const bits = new WordReader(packed)
  let used = 0
  const fail = (problem: string): UnpackedHuffman => ({ bytes: output.subarray(0, used), problem })
  while (used < sizeBytes) {
    const table = bits.at + TABLE_BYTES <= packed.length ? makeTable(packed, bits.at) : undefined
    if (!table) return fail(`the code lengths at byte ${bits.at} are cut off or make no code`)
    bits.start(bits.at + TABLE_BYTES)
    const blockEnd = Math.min(sizeBytes, used + BLOCK_BYTES)
    while (used < blockEnd) {
      if (bits.isBeyond) return fail('it ends too early')
      const entry = table[bits.peek(MAX_CODE_BITS)]!
      if (entry === 0) return fail(`the bits before byte ${bits.at} are no code`)
      bits.skip(entry & 15)
      const symbol = entry >>> 4
      if (symbol < 256) {
        output[used++] = symbol
        continue
      }
      let length = symbol & 15
      if (length === 15) {
        length = bits.readLength()
        if (length < 0) return fail('the length of a match is none')
      }
      length += MIN_MATCH
      const offsetBits = (symbol - 256) >>> 4
      const offset = (1 << offsetBits) + (offsetBits === 0 ? 0 : bits.peek(offsetBits))
      bits.skip(offsetBits)
      if (offset > used) return fail(`a match at byte ${used} begins in front of the data`)
      const end = Math.min(sizeBytes, used + length)
      for (; used < end; used++) output[used] = output[used - offset]!
    }
  }
  return { bytes: output, problem: undefined }
}

/** For each 15 bits the symbol, shifted by four, with the length of its code; undefined when the lengths make no code. */
function makeTable(packed: Buffer, at: number): Uint16Array | undefined {
  const table = new Uint16Array(1 << MAX_CODE_BITS)
  let next = 0
  for (let length = 1; length <= MAX_CODE_BITS; length++) {
    for (let symbol = 0; symbol < SYMBOLS; symbol++) {
      const pair = packed[at + (symbol >>> 1)]!
      if (((symbol & 1) === 0 ? pair & 15 : pair >>> 4) !== length) continue
      const end = next + (1 << (MAX_CODE_BITS - length))
      if (end > table.length) return undefined
      table.fill((symbol << 4) | length, next, end)
      next = end
    }
  }
  return next === 0 ? undefined : table
}

/** Bits of 16-bit words, with bytes between them. */
class WordReader {
  readonly #bytes: Buffer
  /** The next byte behind the words that were taken. */
  at = 0
  #bits = 0
  /** Bits at hand beyond the sixteen that always are. */
  #extra = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** True when more was asked for than there is. */
  get isBeyond(): boolean {
    return this.at > this.#bytes.length + 4
  }

  start(at: number): void {
    this.at = at
    this.#bits = ((this.#takeWord() << 16) | this.#takeWord()) >>> 0
    this.#extra = 16
  }

  peek(count: number): number {
    return this.#bits >>> (32 - count)
  }

  skip(count: number): void {
    this.#bits = count === 0 ? this.#bits : (this.#bits << count) >>> 0
    this.#extra -= count
    if (this.#extra < 0) {
      this.#bits = (this.#bits | (this.#takeWord() << -this.#extra)) >>> 0
      this.#extra += 16
    }
  }

  /** A match's length beyond the least, from 15 on: a byte, or behind 255 a word, or behind 0 a double word. */
  readLength(): number {
    const byte = this.#bytes[this.at++] ?? 0
    if (byte < 255) return byte + 15
    let length = this.#takeWord()
    if (length === 0) length = this.#takeWord() + this.#takeWord() * 65_536
    return length < 15 ? -1 : length
  }

  #takeWord(): number {
    const word = (this.#bytes[this.at] ?? 0) | ((this.#bytes[this.at + 1] ?? 0) << 8)
    this.at += 2
    return word
  }
}
