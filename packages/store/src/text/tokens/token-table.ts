import { growUint32 } from '../byte-arena.ts'
import { MAX_TOKEN_BYTES } from './token-scanner.ts'

/** In a token's record: a number for the caller to use, 0 at first. */
export const STAMP = 0
/** In a token's record: a number for the caller to use, 0 at first. */
export const FIRST_NOTE = 1
/** In a token's record: a number for the caller to use, 0 at first. */
export const LAST_NOTE = 2
/** In a token's record: its length in bytes. */
export const LENGTH = 3
/** In a token's record: where its bytes begin, padded with zeros to two, four, six … words. */
export const TEXT = 4
/** Where the first record begins; none begins at 0. */
export const FIRST_RECORD = 4

const MIN_SLOTS = 4096
/** Numbers of a slot: the hash of its token and the token's record, 0 where there is none. */
const SLOT = 2
/** Bytes of the candidates that are looked up together, which should stay in the cache next to the processor. */
const CANDIDATE_BYTES = 8192
/** Each candidate takes eight bytes at least. */
const MAX_CANDIDATES: number = CANDIDATE_BYTES / 8
/** By a token's length modulo 8: which bits of its last two words are its own. */
const LOW_MASKS = new Uint32Array(8)
const HIGH_MASKS = new Uint32Array(8)
fillMasks()

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
  /** A multiple of eight. */
  candidateAt = 0
  /** Of each candidate settled last, its token's record. */
  readonly found: Uint32Array<ArrayBuffer> = new Uint32Array(MAX_CANDIDATES)
  /** Of each candidate, what was proposed with it. */
  readonly tags: Uint32Array<ArrayBuffer> = new Uint32Array(MAX_CANDIDATES)
  readonly #candidateWords = new Uint32Array(this.candidates.buffer)
  readonly #hashes = new Uint32Array(MAX_CANDIDATES)
  readonly #lengths = new Uint32Array(MAX_CANDIDATES)
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
    return this.candidateAt > CANDIDATE_BYTES - MAX_TOKEN_BYTES - 8
  }

  /** Takes the `length` bytes (1 to `MAX_TOKEN_BYTES`) at `candidateAt` as a candidate. */
  propose(length: number, tag: number): void {
    const i = this.#candidateCount++
    this.#lengths[i] = length
    this.tags[i] = tag
    this.candidateAt += (length + 7) & ~7
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
    this.#fetchRecords(count)
    const { found, words } = this
    const hashes = this.#hashes
    const lengths = this.#lengths
    const candidates = this.#candidateWords
    const slots = this.#slots
    const mask = this.#mask
    let first = 0
    for (let i = 0; i < count; i++) {
      const hash = hashes[i]!
      const length = lengths[i]!
      let slot = hash & mask
      let record = slots[slot * SLOT + 1]!
      while (
        record !== 0 &&
        (slots[slot * SLOT] !== hash ||
          words[record + LENGTH] !== length ||
          !isEqual(words, record + TEXT, candidates, first, length))
      ) {
        slot = (slot + 1) & mask
        record = slots[slot * SLOT + 1]!
      }
      if (record === 0) {
        record = this.#append(first, length)
        slots[slot * SLOT] = hash
        slots[slot * SLOT + 1] = record
      }
      found[i] = record
      first += wordsOf(length)
    }
    this.#candidateCount = 0
    this.candidateAt = 0
    return count
  }

  /** Reads a word of the slot, then of the record, of each candidate: not to use it, but to have it at hand afterwards. */
  #fetchRecords(count: number): void {
    this.#fetchSlots(count)
    const { found, words } = this
    for (let i = 0; i < count; i++) found[i] = words[found[i]! + LENGTH]!
  }

  #fetchSlots(count: number): void {
    const { found } = this
    const hashes = this.#hashes
    const slots = this.#slots
    const mask = this.#mask
    for (let i = 0; i < count; i++) found[i] = slots[(hashes[i]! & mask) * SLOT + 1]!
  }

  /**
   * Pads and hashes the candidates. Not done as they come: bytes that have just been written one by one cannot be read
   * as words yet.
   */
  #hashCandidates(): void {
    const words = this.#candidateWords
    const lengths = this.#lengths
    const hashes = this.#hashes
    const count = this.#candidateCount
    let at = 0
    for (let i = 0; i < count; i++) {
      const length = lengths[i]!
      let hash = length
      for (const last = at + wordsOf(length) - 2; at < last; at += 2) {
        hash = mix(hash, words[at]!, words[at + 1]!)
      }
      const low = words[at]! & LOW_MASKS[length & 7]!
      const high = words[at + 1]! & HIGH_MASKS[length & 7]!
      words[at] = low
      words[at + 1] = high
      at += 2
      hash = Math.imul(mix(hash, low, high), 0x85ebca6b)
      hashes[i] = hash ^ (hash >>> 13)
    }
  }

  #append(first: number, length: number): number {
    const { words, end } = this
    const candidates = this.#candidateWords
    words[end + STAMP] = 0
    words[end + FIRST_NOTE] = 0
    words[end + LAST_NOTE] = 0
    words[end + LENGTH] = length
    const size = wordsOf(length)
    for (let at = 0; at < size; at++) words[end + TEXT + at] = candidates[first + at]!
    this.end = end + TEXT + size
    this.count++
    return end
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
  return record + TEXT + wordsOf(words[record + LENGTH]!)
}

/** Words that a text of so many bytes takes. */
function wordsOf(length: number): number {
  return ((length + 7) >>> 3) * 2
}

function mix(hash: number, low: number, high: number): number {
  let mixed = Math.imul(hash ^ low, 0x9e3779b1)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed ^ high, 0x9e3779b1)
  return mixed ^ (mixed >>> 15)
}

function isEqual(
  words: Uint32Array,
  known: number,
  candidates: Uint32Array,
  first: number,
  length: number,
): boolean {
  if (words[known] !== candidates[first] || words[known + 1] !== candidates[first + 1]) return false
  const size = wordsOf(length)
  for (let i = 2; i < size; i++) if (words[known + i] !== candidates[first + i]) return false
  return true
}

function fillMasks(): void {
  for (let rest = 0; rest < 8; rest++) {
    const bytes = new Uint8Array(8).fill(0xff, 0, rest === 0 ? 8 : rest)
    const [low, high] = new Uint32Array(bytes.buffer)
    LOW_MASKS[rest] = low!
    HIGH_MASKS[rest] = high!
  }
}
