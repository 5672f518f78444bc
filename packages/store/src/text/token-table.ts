import { growUint32 } from './byte-arena.ts'
import { MAX_TOKEN_BYTES } from './token-scanner.ts'

/** Numbers of a token's record. */
export const TOKEN_RECORD = 4
/** In a token's record: its first 32-bit word in `words`. */
export const FIRST_WORD = 1
/** In a token's record: its length in bytes. */
export const LENGTH = 2
/** In a token's record: a number for the caller to use, 0 at first. */
export const NOTE = 3

/**
 * Distinct tokens, numbered from 0 in the order of their first coming.
 *
 * A candidate is written at the tail of the arena first and looked up there; only a new one stays. Tokens begin at
 * multiples of four and are padded with zeros, so that they are hashed and compared four bytes at a time.
 */
export class TokenTable {
  /** How many tokens there are. */
  count = 0
  /** Where to write a candidate: at least `MAX_TOKEN_BYTES` bytes from `tail` on. Replaced when the arena grows. */
  bytes: Uint8Array<ArrayBuffer>
  /** Byte position of the next candidate in `bytes`, a multiple of four. */
  tail = 0
  /** Of each token its hash, first word, length and note, together so that a look at a token touches one place. */
  records: Uint32Array<ArrayBuffer> = new Uint32Array(1024 * TOKEN_RECORD)
  /** The arena as words of this machine's byte order. */
  words: Uint32Array<ArrayBuffer>
  #slots: Int32Array = new Int32Array(4096)

  /** Forgets all tokens; the memory is kept. */
  clear(): void {
    this.count = 0
    this.tail = 0
    this.#slots.fill(0)
  }

  constructor() {
    const buffer = new ArrayBuffer(64 * 1024)
    this.bytes = new Uint8Array(buffer)
    this.words = new Uint32Array(buffer)
  }

  /** The number of the token in the `length` bytes (1 to `MAX_TOKEN_BYTES`) at `tail`; a new one moves `tail` on. */
  intern(length: number): number {
    const { bytes, words, tail } = this
    const paddedEnd = (tail + length + 3) & ~3
    for (let at = tail + length; at < paddedEnd; at++) bytes[at] = 0
    const first = tail >>> 2
    const wordEnd = paddedEnd >>> 2
    let hash = length
    for (let at = first; at < wordEnd; at++) {
      hash = Math.imul(hash ^ words[at]!, 0x9e3779b1)
      hash ^= hash >>> 15
    }
    hash = Math.imul(hash, 0x85ebca6b)
    hash = (hash ^ (hash >>> 13)) >>> 0

    const slots = this.#slots
    const records = this.records
    const mask = slots.length - 1
    let slot = hash & mask
    for (let entry = slots[slot]!; entry !== 0; entry = slots[slot]!) {
      const token = entry - 1
      const record = token * TOKEN_RECORD
      if (records[record] === hash && records[record + LENGTH] === length) {
        let known = records[record + FIRST_WORD]!
        let at = first
        while (at < wordEnd && words[known] === words[at]) {
          at++
          known++
        }
        if (at === wordEnd) return token
      }
      slot = (slot + 1) & mask
    }
    slots[slot] = this.count + 1
    return this.#append(hash, first, length, paddedEnd)
  }

  #append(hash: number, first: number, length: number, paddedEnd: number): number {
    const token = this.count++
    const record = token * TOKEN_RECORD
    if (record === this.records.length) this.records = growUint32(this.records, record + TOKEN_RECORD)
    this.records[record] = hash
    this.records[record + FIRST_WORD] = first
    this.records[record + LENGTH] = length
    this.records[record + NOTE] = 0
    this.tail = paddedEnd
    if (paddedEnd + MAX_TOKEN_BYTES + 4 > this.bytes.length) this.#growArena()
    if (this.count * 2 > this.#slots.length) this.#growSlots()
    return token
  }

  #growArena(): void {
    const grown = new Uint8Array(this.bytes.length * 2)
    grown.set(this.bytes.subarray(0, this.tail))
    this.bytes = grown
    this.words = new Uint32Array(grown.buffer)
  }

  #growSlots(): void {
    const slots = new Int32Array(this.#slots.length * 4)
    const mask = slots.length - 1
    for (let token = 0; token < this.count; token++) {
      let slot = this.records[token * TOKEN_RECORD]! & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = token + 1
    }
    this.#slots = slots
  }
}
