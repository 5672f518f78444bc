import { growUint32 } from './byte-arena.ts'
import { MAX_TOKEN_BYTES } from './token-scanner.ts'

/** In a token's record: a number for the caller to use, 0 at first. */
export const STAMP = 0
/** In a token's record: a number for the caller to use, 0 at first. */
export const FIRST_NOTE = 1
/** In a token's record: a number for the caller to use, 0 at first. */
export const LAST_NOTE = 2
/** In a token's record: its length in bytes. */
export const LENGTH = 3
/** In a token's record: where its bytes begin, padded with zeros to a whole word. */
export const TEXT = 4
/** Where the first record begins; none begins at 0. */
export const FIRST_RECORD = 4

const MIN_SLOTS = 4096
/** Numbers of a slot: the hash of its token and the token's record, 0 where there is none. */
const SLOT = 2
/** So many candidates are looked up together. */
const GROUP = 256
const CANDIDATE_BYTES = 16 * 1024

/**
 * Distinct tokens, each a record in one arena of 32-bit words, in the order of their first coming. A token is known by
 * the word its record begins at; what belongs to it lies in its record too, so that a look at a token touches one place.
 *
 * Candidates are collected and looked up in groups: what a lookup needs is far apart in memory, and a machine fetches
 * many such places in the time of one when it is asked for them together.
 *
 * @example
 * const length = scanner.next(table.candidates, table.candidateAt)
 * table.propose(length, line)
 * if (table.isFull) {
 *   const count = table.settle()
 *   for (let i = 0; i < count; i++) note(table.found[i], table.tags[i])
 * }
 */
export class TokenTable {
  /** How many tokens there are. */
  count = 0
  /** The arena as words of this machine's byte order. Replaced when it grows. */
  words: Uint32Array<ArrayBuffer> = new Uint32Array(16 * 1024)
  /** The arena as bytes. Replaced when it grows. */
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(this.words.buffer)
  /** The word behind the last record. */
  end: number = FIRST_RECORD
  /** Where candidates are written: each from `candidateAt` on, with at least `MAX_TOKEN_BYTES` of room. */
  readonly candidates: Uint8Array<ArrayBuffer> = new Uint8Array(CANDIDATE_BYTES)
  /** A multiple of four. */
  candidateAt = 0
  /** Of each candidate settled last, its token's record. */
  readonly found: Uint32Array<ArrayBuffer> = new Uint32Array(GROUP)
  /** Of each candidate, what was proposed with it. */
  readonly tags: Uint32Array<ArrayBuffer> = new Uint32Array(GROUP)
  readonly #candidateWords = new Uint32Array(this.candidates.buffer)
  readonly #hashes = new Uint32Array(GROUP)
  readonly #lengths = new Uint32Array(GROUP)
  #candidateCount = 0
  #slots: Uint32Array<ArrayBuffer> = new Uint32Array(MIN_SLOTS * SLOT)
  /** Slots in use, a power of two, less one; the others are left from larger batches. */
  #mask = MIN_SLOTS - 1

  /** Forgets all tokens and candidates; the memory is kept, and as many slots as the tokens needed. */
  clear(): void {
    this.#slots.fill(0, 0, (this.#mask + 1) * SLOT)
    while (this.#mask >= MIN_SLOTS && this.count * 4 < this.#mask) this.#mask >>>= 1
    this.count = 0
    this.end = FIRST_RECORD
    this.candidateAt = 0
    this.#candidateCount = 0
  }

  /** Whether candidates must be settled before another one is written. */
  get isFull(): boolean {
    return this.#candidateCount === GROUP || this.candidateAt > CANDIDATE_BYTES - MAX_TOKEN_BYTES - 4
  }

  /** Takes the `length` bytes (1 to `MAX_TOKEN_BYTES`) at `candidateAt` as a candidate. */
  propose(length: number, tag: number): void {
    const bytes = this.candidates
    const start = this.candidateAt
    const end = (start + length + 3) & ~3
    for (let at = start + length; at < end; at++) bytes[at] = 0
    const i = this.#candidateCount++
    this.#lengths[i] = length
    this.tags[i] = tag
    this.candidateAt = end
  }

  /**
   * Looks all candidates up; new ones become tokens.
   *
   * @returns How many candidates there were: their records are in `found` until the next call, in the order of coming.
   */
  settle(): number {
    const count = this.#candidateCount
    this.#reserve(count)
    this.#hashCandidates()
    const { found, words } = this
    const hashes = this.#hashes
    const slots = this.#slots
    const mask = this.#mask
    // What is read here is not used: it fetches the slots of all candidates, then the records.
    for (let i = 0; i < count; i++) found[i] = slots[(hashes[i]! & mask) * SLOT + 1]!
    for (let i = 0; i < count; i++) found[i] = words[found[i]! + LENGTH]!
    let first = 0
    for (let i = 0; i < count; i++) {
      const length = this.#lengths[i]!
      found[i] = this.#intern(hashes[i]!, first, length)
      first += (length + 3) >>> 2
    }
    this.#candidateCount = 0
    this.candidateAt = 0
    return count
  }

  /** Not done as candidates come: bytes that have just been written one by one cannot be read as words yet. */
  #hashCandidates(): void {
    const words = this.#candidateWords
    let at = 0
    for (let i = 0; i < this.#candidateCount; i++) {
      const length = this.#lengths[i]!
      let hash = length
      for (const end = at + ((length + 3) >>> 2); at < end; at++) {
        hash = Math.imul(hash ^ words[at]!, 0x9e3779b1)
        hash ^= hash >>> 15
      }
      hash = Math.imul(hash, 0x85ebca6b)
      this.#hashes[i] = hash ^ (hash >>> 13)
    }
  }

  #intern(hash: number, first: number, length: number): number {
    const words = this.words
    const slots = this.#slots
    const mask = this.#mask
    const candidates = this.#candidateWords
    const size = (length + 3) >>> 2
    let slot = (hash & mask) * SLOT
    for (let record = slots[slot + 1]!; record !== 0; record = slots[slot + 1]!) {
      if (slots[slot] === hash && words[record + LENGTH] === length) {
        let at = 0
        while (at < size && words[record + TEXT + at] === candidates[first + at]) at++
        if (at === size) return record
      }
      slot = (slot + SLOT) & (mask * SLOT + 1)
    }
    const record = this.end
    slots[slot] = hash
    slots[slot + 1] = record
    words[record + STAMP] = 0
    words[record + FIRST_NOTE] = 0
    words[record + LAST_NOTE] = 0
    words[record + LENGTH] = length
    for (let at = 0; at < size; at++) words[record + TEXT + at] = candidates[first + at]!
    this.end = record + TEXT + size
    this.count++
    return record
  }

  /** Makes room for so many candidates, should all be new. */
  #reserve(count: number): void {
    const wanted = this.end + count * TEXT + this.candidateAt / 4 + TEXT
    if (wanted > this.words.length) {
      this.words = growUint32(this.words, wanted)
      this.bytes = new Uint8Array(this.words.buffer)
    }
    if ((this.count + count) * 4 > this.#mask * 3) this.#growSlots()
  }

  /** Doubles the slots. The hashes in them say where each token goes, so no token is looked at. */
  #growSlots(): void {
    const old = this.#slots
    const size = (this.#mask + 1) * SLOT
    const slots = new Uint32Array(Math.max(old.length, size * 2))
    const mask = this.#mask * 2 + 1
    for (let at = 0; at < size; at += SLOT) {
      if (old[at + 1] === 0) continue
      let slot = old[at]! & mask
      while (slots[slot * SLOT + 1] !== 0) slot = (slot + 1) & mask
      slots[slot * SLOT] = old[at]!
      slots[slot * SLOT + 1] = old[at + 1]!
    }
    this.#slots = slots
    this.#mask = mask
  }
}

/** The word that follows a token's record. */
export function recordEnd(words: Uint32Array, record: number): number {
  return record + TEXT + ((words[record + LENGTH]! + 3) >>> 2)
}
