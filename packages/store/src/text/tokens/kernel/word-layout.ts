/**
 * The memory in which words are found and counted, by WebAssembly or by its plain likeness: words that say how things stand, small
 * tables, candidates, a window on the text that is being read, and then blocks that grow (`word-memory.ts`).
 */
import { MAX_TOKEN_BYTES } from '../token-scanner.ts'

/** What the memory's first words say, by their number. */
export const STATE = {
  /** Where the next candidate's text and its note go. */
  candidateEnd: 0,
  noteEnd: 1,
  /** Where the blocks begin. */
  slots: 2,
  records: 3,
  pairs: 4,
  terms: 5,
  lines: 6,
  places: 7,
  /** Slots in use, a power of two, less one. */
  slotMask: 8,
  /** The word behind the last record, counted in their block. */
  recordEnd: 9,
  tokenCount: 10,
  pairCount: 11,
  /** Pairs before those of the field. */
  firstPair: 12,
  /** The field's number. */
  field: 13,
  /** Comings of terms in the field, and before it. */
  comings: 14,
  comingsBefore: 15,
  /** The line of the candidate settled last, how many of it stand before that, and comings, of all fields, before the line. */
  line: 16,
  place: 17,
  comingsBeforeLine: 18,
  /** Not 0: some line of the field has two tokens. */
  hasSeveral: 19,
  /** Written so that what was fetched is not left out as useless. */
  fetched: 20,
} as const

/** In a token's record, by words: the number of its last coming, counted over all fields, plus one; 0 before the first. */
export const STAMP = 0
/** In a token's record: its first and its last pair, each plus one; 0 where there is none. */
export const FIRST_PAIR = 1
export const LAST_PAIR = 2
/** In a token's record: its length in bytes. */
export const LENGTH = 3
/** In a token's record: where its bytes begin, padded with zeros to two, four, six … words. */
export const TEXT = 4
/** Where the first record begins; none begins at 0. */
export const FIRST_RECORD = 4

/** Words of a slot: the hash of its token and the token's record, 0 where there is none. */
export const SLOT_BYTES = 8
export const SLOT_RECORD = 1

/** Words of a pair's record: at the places below, its field, the token's next pair plus one; two more are the caller's. */
export const PAIR_WORDS = 4
export const PAIR_FIELD = 0
export const NEXT_PAIR = 1

/** Words of a candidate's note: its hash, length, line, and, while it is settled, the slot that it may be found from. */
export const NOTE_BYTES = 16
export const NOTE_LENGTH = 1
export const NOTE_LINE = 2
export const NOTE_SLOT = 3

/** 256 bytes: what each byte is to words, bits of those below; 0 for what separates them. */
export const CLASSES = 256
export const IS_LETTER = 1
export const IS_DIGIT = 2
/** By two bits above those: joins letters, digits. */
export const JOINS_SHIFT = 2
export const BEYOND_ASCII = 0x80

/** Before it are sixteen bytes of ones, behind it sixteen zeros. */
export const MASKS: number = 512 + 16
/** Bytes of the candidates that are looked up together, which should stay in the cache next to the processor. */
export const CANDIDATE_BYTES = 8192
/** Notes of candidates, each of which takes eight bytes at least. */
export const NOTES = 1024
export const CANDIDATES: number = NOTES + (CANDIDATE_BYTES / 8) * NOTE_BYTES
/** No candidate is written from here on: the longest would not fit. */
export const CANDIDATE_LIMIT: number = CANDIDATES + CANDIDATE_BYTES - MAX_TOKEN_BYTES - 8
/** Where the window on the text begins. */
export const WINDOW: number = CANDIDATES + CANDIDATE_BYTES + 1024
export const WINDOW_BYTES: number = 128 * 1024
/** Where the blocks begin. Up to sixteen bytes behind the window may be read. */
export const BLOCKS: number = WINDOW + WINDOW_BYTES + 64
/** Tokens from this length on are left to the scanner, which cuts those that are too long. */
export const LONG_TOKEN = 240
