import type { Buffer } from 'node:buffer'
import { JsonElementScanner } from './json-element-scanner.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const LINE_FEED = 0x0a

/**
 * Where the rows of a JSON text stand: `documents` follow each other at the top; an `array` at the top holds them; or an
 * object at the top holds them in the array named `key` (its other members are no rows).
 */
export type JsonLayout =
  | { readonly kind: 'documents' }
  | { readonly kind: 'array' }
  | { readonly kind: 'wrapped'; readonly key: string }

/** `top`: outside of everything; `inside`: between the elements of the array that holds the rows. */
export type JsonPlace = 'top' | 'inside'

/**
 * Walks from row to row of a JSON text that may arrive in pieces, by brackets and strings alone; whether a row is
 * well-formed is the parser's business.
 */
export class JsonWalker {
  /** The last row found: `start` up to `end` (exclusive). */
  start = 0
  end = 0
  /** The last row found broke off at the end of the input. */
  isCutOff = false
  readonly #layout: JsonLayout
  readonly #scanner = new JsonElementScanner()
  #place: JsonPlace
  #at = 0
  /** Bytes of the present element that have been scanned; 0 between elements. */
  #scanned = 0

  constructor(layout: JsonLayout, place: JsonPlace = 'top') {
    this.#layout = layout
    this.#place = place
  }

  /** Where the walker stands between rows. */
  get place(): JsonPlace {
    return this.#place
  }

  /** Everything before this offset has been walked. */
  get position(): number {
    return this.#at
  }

  /** To be called when so many bytes have been taken away in front of the text. */
  shift(sizeBytes: number): void {
    this.#at -= sizeBytes
  }

  /**
   * Goes to the next row.
   *
   * @param bytes - The text; from `position` on it has not changed since the last call but may have grown.
   * @param isLast - Nothing follows `bytes`.
   * @returns False when there is no further row in these bytes.
   */
  next(bytes: Buffer, isLast: boolean): boolean {
    if (this.#scanned > 0) return this.#finishElement(bytes, isLast)
    for (;;) {
      const at = this.#skipSeparators(bytes, isLast)
      if (at >= bytes.length) return false
      const byte = bytes[at]
      if (this.#place === 'inside') {
        if (byte === CLOSE_BRACKET) {
          if (!this.#leave(bytes, isLast)) return false
          continue
        }
      } else if (this.#layout.kind === 'array' && byte === OPEN_BRACKET) {
        this.#place = 'inside'
        this.#at = at + 1
        continue
      } else if (this.#layout.kind === 'wrapped' && byte === OPEN_BRACE) {
        const first = findWrappedArray(bytes, at, this.#layout.key)
        if (first === NEEDS_MORE && !isLast) return false
        if (first >= 0) {
          this.#place = 'inside'
          this.#at = first
          continue
        }
      }
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        this.#scanner.reset()
        return this.#finishElement(bytes, isLast)
      }
      const end = findStrayEnd(bytes, at)
      if (end >= bytes.length && !isLast) return false
      this.#setRow(at, end, end >= bytes.length)
      return true
    }
  }

  #finishElement(bytes: Buffer, isLast: boolean): boolean {
    const start = this.#at
    const found = this.#scanner.scan(bytes, start, start + this.#scanned, bytes.length)
    if (found < 0 && !isLast) {
      this.#scanned = bytes.length - start
      return false
    }
    this.#scanned = 0
    this.#setRow(start, found < 0 ? bytes.length : found, found < 0)
    while (this.end > start && bytes[this.end - 1]! <= 0x20) this.end--
    return true
  }

  #setRow(start: number, end: number, isCutOff: boolean): void {
    this.start = start
    this.end = end
    this.isCutOff = isCutOff
    this.#at = end
  }

  /** Leaves the array at its closing bracket; false when the rest of the object around it is not here yet. */
  #leave(bytes: Buffer, isLast: boolean): boolean {
    if (this.#layout.kind === 'wrapped') {
      const end = findObjectEnd(bytes, this.#at + 1)
      if (end < 0 && !isLast) return false
      this.#at = end < 0 ? bytes.length : end
    } else this.#at++
    this.#place = 'top'
    return true
  }

  /** Passes white space, commas and evtx_dump's `Record 1` lines. */
  #skipSeparators(bytes: Buffer, isLast: boolean): number {
    let at = this.#at
    for (;;) {
      while (at < bytes.length && (isSpace(bytes[at]!) || bytes[at] === COMMA)) at++
      this.#at = at
      if (bytes[at] !== 0x52) return at
      if (bytes.length - at < RECORD_LINE_MAX && !isLast) return bytes.length
      const match = RECORD_LINE.exec(bytes.toString('latin1', at, at + RECORD_LINE_MAX))
      if (!match) return at
      at += match[0].length
    }
  }
}

/** How many line ends stand in a range. */
export function countLines(bytes: Uint8Array, start: number, end: number): number {
  let lines = 0
  for (let at = bytes.indexOf(LINE_FEED, start); at >= 0 && at < end; at = bytes.indexOf(LINE_FEED, at + 1)) {
    lines++
  }
  return lines
}

const NEEDS_MORE = -2
const NOT_THERE = -1
const RECORD_LINE = /^Record \d{1,12}(\r?\n|$)/
const RECORD_LINE_MAX = 24

/**
 * Looks for a member of an object whose value is an array.
 *
 * @param start - The object's brace.
 * @returns Where the array's content begins; -1 when the object has no such member, -2 when it is not whole.
 */
export function findWrappedArray(bytes: Buffer, start: number, key: string): number {
  const wanted = JSON.stringify(key)
  let depth = 0
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (--depth === 0) return NOT_THERE
    } else if (byte === QUOTE) {
      const end = findStringEnd(bytes, at)
      if (end < 0) return NEEDS_MORE
      if (depth === 1 && bytes.toString('utf8', at, Math.min(end, at + 256)) === wanted) {
        const colon = skipSpace(bytes, end)
        const value = skipSpace(bytes, colon + 1)
        if (value >= bytes.length) return NEEDS_MORE
        if (bytes[colon] === COLON && bytes[value] === OPEN_BRACKET) return value + 1
      }
      at = end - 1
    }
  }
  return NEEDS_MORE
}

/** Where the object ends inside of which `start` stands; -1 when not in these bytes. */
function findObjectEnd(bytes: Buffer, start: number): number {
  let depth = 1
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (--depth === 0) return at + 1
    } else if (byte === QUOTE) {
      const end = findStringEnd(bytes, at)
      if (end < 0) return -1
      at = end - 1
    }
  }
  return -1
}

/** Where the string ends (exclusive) whose opening quote stands at `start`; -1 when not in these bytes. */
export function findStringEnd(bytes: Buffer, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    if (bytes[at] === QUOTE) return at + 1
    if (bytes[at] === BACKSLASH) at++
  }
  return -1
}

/** A value that is no object, or text that is no JSON, ends at its line's end, at a comma or bracket, or before an object. */
function findStrayEnd(bytes: Buffer, start: number): number {
  let at = start + 1
  while (at < bytes.length && !isStrayEnd(bytes[at]!)) at++
  while (at > start + 1 && isSpace(bytes[at - 1]!)) at--
  return at
}

function isStrayEnd(byte: number): boolean {
  return byte === LINE_FEED || byte === COMMA || byte === OPEN_BRACE || byte === CLOSE_BRACKET
}

/** The first byte from `start` on that is no white space. */
export function skipSpace(bytes: Buffer, start: number): number {
  let at = start
  while (at < bytes.length && isSpace(bytes[at]!)) at++
  return at
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === LINE_FEED || byte === 0x0d || byte === 0x09
}
