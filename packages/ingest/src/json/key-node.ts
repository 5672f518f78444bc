import type { BooleanColumn, IntegerColumn, RealColumn, StringColumn } from '../batch/value-columns.ts'

/**
 * What the JSON parser has learnt of an input's objects: which names occur where, which columns they feed, and which name
 * followed which the last time. It is a cache: throwing it away costs time only.
 */

/** One name in one place of the tree, as it was spelt between its quotes. */
export class KeyNode {
  /** The bytes between the quotes, escapes and all. */
  readonly spelling: Uint8Array
  /** The same bytes and the closing quote, four to a word, little-endian. */
  readonly words: Int32Array
  /** The bits of the last word that count. */
  readonly lastMask: number
  readonly hash: number
  /** Dotted path of the field. */
  readonly path: string
  /** The name that came next when this one was last seen. */
  next: KeyNode | undefined = undefined
  /** The object that stands under the name, once one has been seen. */
  object: ObjectNode | undefined = undefined
  strings: StringColumn | undefined = undefined
  integers: IntegerColumn | undefined = undefined
  reals: RealColumn | undefined = undefined
  booleans: BooleanColumn | undefined = undefined

  constructor(spelling: Uint8Array, hash: number, path: string) {
    this.spelling = spelling
    const size = spelling.length + 1
    const padded = new Uint8Array((size + 3) & ~3)
    padded.set(spelling)
    padded[spelling.length] = 0x22
    this.words = new Int32Array(padded.buffer)
    this.lastMask = (-1 >>> ((padded.length - size) * 8)) | 0
    this.hash = hash
    this.path = path
  }
}

/** One object in one place of the tree: its names, found by the hash of their bytes. */
export class ObjectNode {
  /** Path in front of the names, empty or ending in a dot. */
  readonly prefix: string
  /** The name that came first in the last object. */
  first: KeyNode | undefined = undefined
  #slots: (KeyNode | undefined)[] = new Array(16).fill(undefined)
  #count = 0

  constructor(prefix: string) {
    this.prefix = prefix
  }

  /** The name that stands in `bytes` from `start` to `end`, if it has been seen here. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): KeyNode | undefined {
    const slots = this.#slots
    const mask = slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const key = slots[slot]
      if (key === undefined) return undefined
      if (key.hash === hash && isSpelt(key.spelling, bytes, start, end)) return key
    }
  }

  add(key: KeyNode): void {
    if (++this.#count * 2 > this.#slots.length) {
      const old = this.#slots
      this.#slots = new Array(old.length * 2).fill(undefined)
      for (const moved of old) if (moved) this.#put(moved)
    }
    this.#put(key)
  }

  #put(key: KeyNode): void {
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = key.hash & mask
    while (slots[slot] !== undefined) slot = (slot + 1) & mask
    slots[slot] = key
  }
}

function isSpelt(spelling: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const { length } = spelling
  if (end - start !== length) return false
  for (let i = 0; i < length; i++) if (spelling[i] !== bytes[start + i]) return false
  return true
}
