import { LAST_PLACE, MORE_PLACES } from '../../terms/term-positions.ts'
import { TokenScanner } from '../token-scanner.ts'
import type { WordFunctions } from './word-kernel.ts'
import {
  CANDIDATE_LIMIT,
  CANDIDATES,
  FIRST_PAIR,
  LAST_PAIR,
  LENGTH,
  NEXT_PAIR,
  NOTE_BYTES,
  NOTE_LENGTH,
  NOTE_LINE,
  NOTES,
  PAIR_FIELD,
  PAIR_WORDS,
  SLOT_BYTES,
  SLOT_RECORD,
  STAMP,
  STATE,
  TEXT,
} from './word-layout.ts'
import { type GrowingMemory, PAGE_BYTES, type WordMemory } from './word-memory.ts'

const NOTE_WORDS = NOTE_BYTES / 4
const SLOT_WORDS = SLOT_BYTES / 4

/** Memory of JavaScript that grows as WebAssembly's does. */
export class PlainMemory implements GrowingMemory {
  buffer: ArrayBuffer

  constructor(pages: number) {
    this.buffer = new ArrayBuffer(pages * PAGE_BYTES)
  }

  grow(pages: number): void {
    const grown = new Uint8Array(this.buffer.byteLength + pages * PAGE_BYTES)
    grown.set(new Uint8Array(this.buffer))
    this.buffer = grown.buffer
  }
}

/** What the code of the kernel writes down, in JavaScript; hashes are its own, and it leaves no token to others. */
export function makePlainWords(memory: WordMemory): WordFunctions {
  const scanner = new TokenScanner()
  return {
    scan(at, end, line) {
      const { bytes, words } = memory
      scanner.start(bytes, at, end)
      while (words[STATE.candidateEnd]! <= CANDIDATE_LIMIT) {
        const length = scanner.next(bytes, words[STATE.candidateEnd]!)
        if (length === 0) return end
        takeCandidate(memory, length, line)
      }
      return scanner.at
    },
    take: (length, line) => takeCandidate(memory, length, line),
    settle: () => settleCandidates(memory),
  }
}

function takeCandidate({ bytes, words }: WordMemory, length: number, line: number): void {
  const to = words[STATE.candidateEnd]!
  const note = words[STATE.noteEnd]! / 4
  const end = to + padded(length)
  bytes.fill(0, to + length, end)
  let hash = length
  for (let at = to / 4; at < end / 4; at++) {
    hash = Math.imul(hash ^ words[at]!, 0x9e3779b1)
    hash ^= hash >>> 15
  }
  words[note] = hash
  words[note + NOTE_LENGTH] = length
  words[note + NOTE_LINE] = line
  words[STATE.candidateEnd] = end
  words[STATE.noteEnd]! += NOTE_BYTES
}

function settleCandidates(memory: WordMemory): number {
  const { words } = memory
  const end = words[STATE.noteEnd]! / 4
  let text = CANDIDATES / 4
  for (let note = NOTES / 4; note < end; note += NOTE_WORDS) {
    const length = words[note + NOTE_LENGTH]!
    noteComing(memory, findToken(words, words[note]!, text, length), words[note + NOTE_LINE]!)
    text += padded(length) / 4
  }
  words[STATE.candidateEnd] = CANDIDATES
  words[STATE.noteEnd] = NOTES
  return (end - NOTES / 4) / NOTE_WORDS
}

/** The word at which the record of a token begins, which becomes one if it was none. */
function findToken(words: Uint32Array, hash: number, text: number, length: number): number {
  const slots = words[STATE.slots]! / 4
  const records = words[STATE.records]! / 4
  const size = padded(length) / 4
  for (let i = hash; ; i++) {
    const slot = slots + (i & words[STATE.slotMask]!) * SLOT_WORDS
    const record = words[slot + SLOT_RECORD]!
    const token = records + record
    if (record === 0) {
      words[slot] = hash
      words[slot + SLOT_RECORD] = words[STATE.recordEnd]!
      return appendToken(words, text, length)
    }
    if (words[slot] === hash && words[token + LENGTH] === length && isEqual(words, token + TEXT, text, size))
      return token
  }
}

function appendToken(words: Uint32Array, text: number, length: number): number {
  const size = padded(length) / 4
  const token = words[STATE.records]! / 4 + words[STATE.recordEnd]!
  words.fill(0, token, token + TEXT)
  words[token + LENGTH] = length
  words.copyWithin(token + TEXT, text, text + size)
  words[STATE.recordEnd]! += TEXT + size
  words[STATE.tokenCount]!++
  return token
}

function noteComing({ bytes, words }: WordMemory, token: number, line: number): void {
  const before = words[STATE.comingsBefore]!
  if (words[STATE.line] === line) {
    words[STATE.place]!++
    words[STATE.hasSeveral] = 1
  } else {
    words[STATE.line] = line
    words[STATE.place] = 0
    words[STATE.comingsBeforeLine] = before + words[STATE.comings]!
  }
  const places = words[STATE.places]!
  const stamp = words[token + STAMP]!
  if (stamp > words[STATE.comingsBeforeLine]!) {
    bytes[places + stamp - 1 - before]! |= MORE_PLACES
    return
  }
  const coming = words[STATE.comings]!++
  if (words[token + LAST_PAIR]! <= words[STATE.firstPair]!) addPair(words, token)
  words[words[STATE.terms]! / 4 + coming] = words[token + LAST_PAIR]! - 1 - words[STATE.firstPair]!
  words[words[STATE.lines]! / 4 + coming] = line
  bytes[places + coming] = Math.min(words[STATE.place]!, LAST_PLACE)
  words[token + STAMP] = before + coming + 1
}

/** Makes a pair of a token and the field. */
function addPair(words: Uint32Array, token: number): void {
  const pairs = words[STATE.pairs]! / 4
  const record = pairs + words[STATE.pairCount]! * PAIR_WORDS
  const pair = ++words[STATE.pairCount]!
  const last = words[token + LAST_PAIR]!
  words[record + PAIR_FIELD] = words[STATE.field]!
  words[record + NEXT_PAIR] = 0
  if (last === 0) words[token + FIRST_PAIR] = pair
  else words[pairs + (last - 1) * PAIR_WORDS + NEXT_PAIR] = pair
  words[token + LAST_PAIR] = pair
}

function isEqual(words: Uint32Array, one: number, other: number, size: number): boolean {
  for (let i = 0; i < size; i++) if (words[one + i] !== words[other + i]) return false
  return true
}

/** Bytes that a text of so many bytes takes. */
function padded(length: number): number {
  return (length + 7) & ~7
}
