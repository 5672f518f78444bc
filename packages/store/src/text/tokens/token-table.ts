import { Buffer } from 'node:buffer'
import { makeWordKernel, type WordKernel } from './kernel/word-kernel.ts'
import {
  BEYOND_ASCII,
  CANDIDATE_LIMIT,
  CANDIDATES,
  CLASSES,
  FIRST_RECORD,
  IS_DIGIT,
  IS_LETTER,
  JOINS_SHIFT,
  LENGTH,
  MASKS,
  NOTE_BYTES,
  NOTES,
  PAIR_WORDS,
  SLOT_BYTES,
  SLOT_RECORD,
  STATE,
  TEXT,
  WINDOW,
  WINDOW_BYTES,
} from './kernel/word-layout.ts'
import { TokenScanner } from './token-scanner.ts'

const MIN_SLOTS = 4096
const NO_LINE = 0xffffffff
const NO_BYTES = new Uint8Array(0)

/** What the tokens of a field were found in, one for each coming of a token in a line; views of the table's memory. */
export interface Comings {
  /** The pair of the token and the field, counted in the field. */
  readonly terms: Uint32Array
  /** Of one term they do not descend. */
  readonly lines: Uint32Array
  /** How many tokens stand before it in the line, packed (term-positions.ts). */
  readonly places: Uint8Array
}

/**
 * Distinct tokens, each a record in one block of 32-bit words, in the order of their first coming; pairs of a token and a field;
 * and where the tokens of one field come. A token is known by the word its record begins at; what belongs to it lies in its record
 * too, so that a look at a token touches one place. What is in a record and in a pair is in `word-layout.ts`.
 *
 * Pairs are numbered in the order of their coming, those of a field in a row. A token notes its first and last pair, each plus one;
 * in between, each pair knows the next.
 *
 * Candidates are collected and looked up in groups, by a kernel of WebAssembly.
 *
 * @example
 * table.beginField()
 * table.beginView(0)
 * table.beginText(bytes)
 * table.addText(start, end, line)
 * table.settle()
 */
export class TokenTable {
  /** The records as words of this machine's byte order. Replaced when the memory grows. */
  words!: Uint32Array<ArrayBuffer>
  /** The records as bytes. Replaced when the memory grows. */
  bytes!: Uint8Array<ArrayBuffer>
  /** The pairs, each of `PAIR_WORDS`. Replaced when the memory grows. */
  pairs!: Uint32Array<ArrayBuffer>
  readonly #kernel: WordKernel
  readonly #scanner = new TokenScanner()
  #text: Uint8Array = NO_BYTES
  /** The same memory, for copying out of it: `set` copies bytes of shared memory one by one. */
  #buffer: Buffer = Buffer.from(NO_BYTES.buffer)
  /** What of the text is in the window; where the window stands, if the text stood all in it. */
  #windowStart = 0
  #windowEnd = 0

  constructor(kernel: WordKernel = makeWordKernel()) {
    this.#kernel = kernel
    const { memory } = kernel
    fillTables(memory.bytes)
    memory.words[STATE.slotMask] = MIN_SLOTS - 1
    memory.reserve('slots', 0, MIN_SLOTS * SLOT_BYTES)
    this.#look()
    this.clear()
  }

  /** How many tokens there are. */
  get count(): number {
    return this.#get(STATE.tokenCount)
  }

  /** The word behind the last record. */
  get end(): number {
    return this.#get(STATE.recordEnd)
  }

  get pairCount(): number {
    return this.#get(STATE.pairCount)
  }

  /** The field's first pair: its number. */
  get firstPair(): number {
    return this.#get(STATE.firstPair)
  }

  /** Some line of the field has two tokens. */
  get hasSeveralTokens(): boolean {
    return this.#get(STATE.hasSeveral) !== 0
  }

  /** Where the field's tokens come, as far as they are settled; valid until more are. */
  get comings(): Comings {
    const { memory } = this.#kernel
    const count = this.#get(STATE.comings)
    const wordsOf = (start: number) => memory.words.subarray(start / 4, start / 4 + count)
    const places = memory.startOf('places')
    return {
      terms: wordsOf(memory.startOf('terms')),
      lines: wordsOf(memory.startOf('lines')),
      places: memory.bytes.subarray(places, places + count),
    }
  }

  /** Forgets all tokens and candidates; the memory is kept, and as many slots as the tokens needed. */
  clear(): void {
    const { memory } = this.#kernel
    const slots = memory.startOf('slots') / 4
    let mask = this.#get(STATE.slotMask)
    memory.words.fill(0, slots, slots + (mask + 1) * (SLOT_BYTES / 4))
    while (mask >= MIN_SLOTS && this.count * 4 < mask) mask >>>= 1
    this.#set(STATE.slotMask, mask)
    this.#set(STATE.tokenCount, 0)
    this.#set(STATE.recordEnd, FIRST_RECORD)
    this.#set(STATE.pairCount, 0)
    this.#set(STATE.comings, 0)
    this.#set(STATE.comingsBefore, 0)
    this.#set(STATE.candidateEnd, CANDIDATES)
    this.#set(STATE.noteEnd, NOTES)
    this.beginField()
  }

  /** What is added from here on belongs to another field. All candidates must be settled. */
  beginField(): void {
    this.#set(STATE.firstPair, this.pairCount)
    this.#set(STATE.comingsBefore, this.#get(STATE.comingsBefore) + this.#get(STATE.comings))
    this.#set(STATE.comings, 0)
    this.#set(STATE.hasSeveral, 0)
  }

  /** What is added from here on belongs to pairs of this number. All candidates must be settled; lines begin anew. */
  beginView(field: number): void {
    this.#set(STATE.field, field)
    this.#set(STATE.line, NO_LINE)
  }

  /** Turns to a text, which must not change while it is added. */
  beginText(text: Uint8Array): void {
    this.#text = text
    this.#buffer = Buffer.from(text.buffer, text.byteOffset, text.byteLength)
    this.#windowStart = 0
    this.#windowEnd = 0
  }

  /** Adds the tokens of `text[start] … text[end - 1]` as those of a line. */
  addText(start: number, end: number, line: number): void {
    if (start < this.#windowStart || end > this.#windowEnd) {
      if (end - start > WINDOW_BYTES - 8) {
        this.#addByScanner(start, start, end, line)
        return
      }
      this.#moveWindow(start)
    }
    const shift = WINDOW - this.#windowStart
    const stop = this.#kernel.scan(start + shift, end + shift, line) - shift
    if (stop < end) this.#addRest(start, stop, end, line)
  }

  /** Adds a token given by its bytes, at most `MAX_TOKEN_BYTES`: `write` writes them and tells how many they are. */
  addToken(write: (out: Uint8Array, at: number) => number, line: number): void {
    this.#makeRoom()
    this.#kernel.take(write(this.#kernel.memory.bytes, this.#get(STATE.candidateEnd)), line)
  }

  /** Looks up all that was added. */
  settle(): void {
    this.#reserve()
    this.#kernel.settle()
  }

  /** Goes on where the kernel stopped in a line. */
  #addRest(start: number, stop: number, end: number, line: number): void {
    const shift = WINDOW - this.#windowStart
    for (let at = stop; at < end; ) {
      if (!this.#makeRoom()) at = this.#addOne(start, at, end, line)
      if (at < end) at = this.#kernel.scan(at + shift, end + shift, line) - shift
    }
  }

  /** Adds one token, by the scanner; gives where to go on. */
  #addOne(start: number, at: number, end: number, line: number): number {
    const scanner = this.#scanner
    // A keycap: the kernel passes over the sign that it begins with.
    const before = at > start ? this.#text[at - 1] : 0
    scanner.start(this.#text, before === 0x23 || before === 0x2a ? at - 1 : at, end)
    const length = scanner.next(this.#kernel.memory.bytes, this.#get(STATE.candidateEnd))
    if (length === 0) return end
    this.#kernel.take(length, line)
    return scanner.at
  }

  #addByScanner(start: number, from: number, end: number, line: number): void {
    for (let at = from; at < end; ) {
      this.#makeRoom()
      at = this.#addOne(start, at, end, line)
    }
  }

  /** Settles candidates unless there is room for another one; whether it did. */
  #makeRoom(): boolean {
    if (this.#get(STATE.candidateEnd) <= CANDIDATE_LIMIT) return false
    this.settle()
    return true
  }

  #moveWindow(start: number): void {
    // Both sides begin alike.
    const from = start & ~7
    const to = Math.min(this.#text.length, from + WINDOW_BYTES)
    this.#buffer.copy(this.#kernel.memory.bytes, WINDOW, from, to)
    this.#windowStart = from
    this.#windowEnd = to
  }

  /** Makes room for all candidates, should all be new. */
  #reserve(): void {
    const { memory } = this.#kernel
    const count = (this.#get(STATE.noteEnd) - NOTES) / NOTE_BYTES
    const comings = this.#get(STATE.comings)
    const textBytes = this.#get(STATE.candidateEnd) - CANDIDATES
    const hasMoved = [
      memory.reserve('records', this.end * 4, (this.end + (count + 1) * TEXT) * 4 + textBytes),
      memory.reserve('pairs', this.pairCount * PAIR_WORDS * 4, (this.pairCount + count) * PAIR_WORDS * 4),
      memory.reserve('terms', comings * 4, (comings + count) * 4),
      memory.reserve('lines', comings * 4, (comings + count) * 4),
      memory.reserve('places', comings, comings + count),
      (this.count + count) * 4 > this.#get(STATE.slotMask) * 3 && this.#growSlots(),
    ].some((moved) => moved)
    if (hasMoved) this.#look()
  }

  /** Doubles the slots. The hashes in them say where each token goes, so no token is looked at. */
  #growSlots(): true {
    const { memory } = this.#kernel
    const size = this.#get(STATE.slotMask) + 1
    const old = this.#slotWords(size).slice()
    memory.reserve('slots', 0, size * 2 * SLOT_BYTES)
    const slots = this.#slotWords(size * 2).fill(0)
    const mask = size * 2 - 1
    const step = SLOT_BYTES / 4
    for (let at = 0; at < old.length; at += step) {
      if (old[at + SLOT_RECORD] === 0) continue
      let slot = old[at]! & mask
      while (slots[slot * step + SLOT_RECORD] !== 0) slot = (slot + 1) & mask
      slots[slot * step] = old[at]!
      slots[slot * step + SLOT_RECORD] = old[at + SLOT_RECORD]!
    }
    this.#set(STATE.slotMask, mask)
    return true
  }

  #slotWords(size: number): Uint32Array<ArrayBuffer> {
    const { memory } = this.#kernel
    const start = memory.startOf('slots') / 4
    return memory.words.subarray(start, start + size * (SLOT_BYTES / 4))
  }

  #look(): void {
    const { memory } = this.#kernel
    const records = memory.startOf('records')
    this.bytes = memory.bytes.subarray(records, records + memory.sizeOf('records'))
    this.words = memory.words.subarray(records / 4, (records + memory.sizeOf('records')) / 4)
    const pairs = memory.startOf('pairs')
    this.pairs = memory.words.subarray(pairs / 4, (pairs + memory.sizeOf('pairs')) / 4)
  }

  #get(word: number): number {
    return this.#kernel.memory.words[word]!
  }

  #set(word: number, value: number): void {
    this.#kernel.memory.words[word] = value
  }
}

/** The word that follows a token's record. */
export function recordEnd(words: Uint32Array, record: number): number {
  return record + TEXT + ((words[record + LENGTH]! + 7) >>> 3) * 2
}

/** The small tables of the kernel. */
function fillTables(bytes: Uint8Array): void {
  const classes = bytes.subarray(CLASSES, CLASSES + 256)
  classes.fill(BEYOND_ASCII, 0x80)
  for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
    classes[letter.charCodeAt(0)] = classes[letter.charCodeAt(0) - 32] = IS_LETTER
  }
  for (const digit of '0123456789') classes[digit.charCodeAt(0)] = IS_DIGIT
  for (const sign of ".':") classes[sign.charCodeAt(0)]! |= IS_LETTER << JOINS_SHIFT
  for (const sign of ".',;") classes[sign.charCodeAt(0)]! |= IS_DIGIT << JOINS_SHIFT
  bytes.fill(0xff, MASKS - 16, MASKS)
}
