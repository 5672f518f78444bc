import { BLOCKS, STATE } from './word-layout.ts'

/** Memory that grows at its end, in pages of 64 KiB; `buffer` is another one then. WebAssembly's is one. */
export interface GrowingMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): unknown
}

/** A block of the memory that grows, by the word of the state that says where it begins. */
export type WordBlock = 'slots' | 'records' | 'pairs' | 'terms' | 'lines' | 'places'

export const PAGE_BYTES: number = 64 * 1024
const FIRST_BLOCK_BYTES: number = 32 * 1024
/** Pages count once they are written, so room to come costs nothing; what a block leaves behind when it moves does. */
const GROWTH = 4

/**
 * The memory of words with its blocks. A block that grows moves to where there is room, and what it leaves is used again by the
 * next one that fits.
 */
export class WordMemory {
  /** The whole memory, as bytes and as words of this machine's byte order. Replaced when it grows. */
  bytes!: Uint8Array<ArrayBuffer>
  words!: Uint32Array<ArrayBuffer>
  readonly #memory: GrowingMemory
  readonly #sizes: Record<WordBlock, number> = {
    slots: 0,
    records: 0,
    pairs: 0,
    terms: 0,
    lines: 0,
    places: 0,
  }
  readonly #free: { readonly start: number; readonly size: number }[] = []
  #end = BLOCKS

  constructor(memory: GrowingMemory) {
    this.#memory = memory
    this.#look()
    for (const block of Object.keys(this.#sizes)) this.reserve(block as WordBlock, 0, FIRST_BLOCK_BYTES)
  }

  /** How many bytes a block has. */
  sizeOf(block: WordBlock): number {
    return this.#sizes[block]
  }

  /** Where a block begins, in bytes. */
  startOf(block: WordBlock): number {
    return this.words[STATE[block]]!
  }

  /**
   * Makes a block as large as this at least, several times as large as it was if it must grow.
   *
   * @param used - Bytes at its beginning that are kept; what follows may be anything.
   * @returns Whether it moved, and `bytes` and `words` may have been replaced.
   */
  reserve(block: WordBlock, used: number, wanted: number): boolean {
    const size = this.#sizes[block]
    if (wanted <= size) return false
    const grown = Math.ceil(Math.max(wanted, size * GROWTH) / 16) * 16
    const from = this.startOf(block)
    const to = this.#take(grown)
    this.bytes.copyWithin(to, from, from + used)
    if (size > 0) this.#free.push({ start: from, size })
    this.words[STATE[block]] = to
    this.#sizes[block] = grown
    return true
  }

  #take(size: number): number {
    const fitting = this.#free.findIndex((free) => free.size >= size)
    if (fitting >= 0) {
      const { start, size: found } = this.#free[fitting]!
      if (found === size) this.#free.splice(fitting, 1)
      else this.#free[fitting] = { start: start + size, size: found - size }
      return start
    }
    const start = this.#end
    this.#end += size
    const missing = this.#end - this.bytes.length
    if (missing > 0) {
      this.#memory.grow(Math.ceil(missing / PAGE_BYTES))
      this.#look()
    }
    return start
  }

  #look(): void {
    this.bytes = new Uint8Array(this.#memory.buffer)
    this.words = new Uint32Array(this.#memory.buffer)
  }
}
