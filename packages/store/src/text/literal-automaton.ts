/** Letters in the direct table of the first state. */
const FIRST_LETTERS = 256
const FIRST_EDGES = 1024
const LOAD_FACTOR = 0.6
/** States near the beginning, where texts mostly are, have a table of what follows each letter of ASCII. 2 MB. */
const TABLE_STATES = 4096
const TABLE_LETTERS = 128

/**
 * Finds which of many literals stand in a text, in time linear in the text and in what is found (Aho and Corasick 1975). States
 * have their edges in one hash table, so that a hundred thousand literals take some tens of megabytes.
 *
 * Letters are UTF-16 units; what is upper and lower case is the caller's matter.
 */
export class LiteralAutomaton {
  readonly #first = new Int32Array(FIRST_LETTERS)
  #keys: Float64Array = new Float64Array(FIRST_EDGES)
  #targets: Int32Array = new Int32Array(FIRST_EDGES)
  #edgeCount = 0
  #stateCount = 1
  /** Of each state its parent and the letter that leads to it. */
  #parents: Int32Array = new Int32Array(FIRST_EDGES)
  #letters: Uint16Array = new Uint16Array(FIRST_EDGES)
  /** The literal that ends at a state, or -1. */
  #literals: Int32Array = new Int32Array(FIRST_EDGES).fill(-1)
  #fails: Int32Array = new Int32Array(0)
  /** The nearest state among the suffixes, the state itself included, where a literal ends; 0 for none. */
  #ends: Int32Array = new Int32Array(0)
  /** The next such state behind one. */
  #nextEnds: Int32Array = new Int32Array(0)
  #seen: Uint32Array = new Uint32Array(0)
  /** Of each state its row in the table, or -1. */
  #tableRows: Int32Array = new Int32Array(0)
  #table: Int32Array = new Int32Array(0)
  #byteTable: Int32Array | undefined
  #search = 0

  /** States held. */
  get stateCount(): number {
    return this.#stateCount
  }

  /**
   * Adds a literal, before `finish`.
   *
   * @param literal - Not empty.
   * @param number - What `find` tells; a literal that is there already keeps its number.
   * @returns The number that the literal has.
   */
  add(literal: string, number: number): number {
    let state = 0
    for (let at = 0; at < literal.length; at++) {
      const letter = literal.charCodeAt(at)
      let next = this.#follow(state, letter)
      if (next === 0) {
        next = this.#addState(state, letter)
        this.#addEdge(state, letter, next)
      }
      state = next
    }
    if (this.#literals[state]! < 0) this.#literals[state] = number
    return this.#literals[state]!
  }

  /** Links the states; no literal can be added any more. */
  finish(): void {
    const count = this.#stateCount
    const order = this.#orderByDepth()
    const fails = new Int32Array(count)
    const ends = new Int32Array(count)
    const nextEnds = new Int32Array(count)
    for (const state of order) {
      const parent = this.#parents[state]!
      const letter = this.#letters[state]!
      let fail = 0
      if (parent !== 0) {
        for (let from = fails[parent]!; ; from = fails[from]!) {
          fail = this.#follow(from, letter)
          if (fail !== 0 || from === 0) break
        }
      }
      fails[state] = fail
      ends[state] = this.#literals[state]! >= 0 ? state : ends[fail]!
      if (this.#literals[state]! >= 0) nextEnds[state] = ends[fail]!
    }
    this.#fails = fails
    this.#ends = ends
    this.#nextEnds = nextEnds
    this.#seen = new Uint32Array(count)
    this.#fillTable(order)
  }

  /** Calls `found` once for each literal that stands in the text. */
  find(text: string, found: (number: number) => void): void {
    const search = ++this.#search
    const fails = this.#fails
    const ends = this.#ends
    const seen = this.#seen
    const table = this.#table
    const tableRows = this.#tableRows
    let state = 0
    for (let at = 0; at < text.length; at++) {
      const letter = text.charCodeAt(at)
      for (;;) {
        const row = letter < TABLE_LETTERS ? tableRows[state]! : -1
        if (row >= 0) {
          state = table[row * TABLE_LETTERS + letter]!
          break
        }
        const next = this.#follow(state, letter)
        if (next !== 0 || state === 0) {
          state = next
          break
        }
        state = fails[state]!
      }
      for (let end = ends[state]!; end !== 0 && seen[end] !== search; end = this.#nextEnds[end]!) {
        seen[end] = search
        found(this.#literals[end]!)
      }
    }
  }

  /**
   * The same in some bytes of UTF-8, or of another code that holds ASCII: each byte is a letter, and those of A to Z are taken for
   * a to z. Meant for some thousand literals: the first call makes a table of 1 KiB for each state.
   */
  findBytes(bytes: Uint8Array, start: number, end: number, found: (number: number) => void): void {
    this.#byteTable ??= this.#makeByteTable()
    const table = this.#byteTable
    const search = ++this.#search
    const seen = this.#seen
    let state = 0
    for (let at = start; at < end; at++) {
      const next = table[state * 256 + bytes[at]!]!
      state = next < 0 ? ~next : next
      if (next >= 0) continue
      for (let one = this.#ends[state]!; one !== 0 && seen[one] !== search; one = this.#nextEnds[one]!) {
        seen[one] = search
        found(this.#literals[one]!)
      }
    }
  }

  /** What follows each byte of each state; with all bits turned where literals end. */
  #makeByteTable(): Int32Array {
    const table = new Int32Array(this.#stateCount * 256)
    for (const state of [0, ...this.#orderByDepth()]) {
      for (let byte = 0; byte < 256; byte++) {
        const letter = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
        const next = this.#follow(state, letter)
        const fallback = state === 0 ? 0 : table[this.#fails[state]! * 256 + byte]!
        table[state * 256 + byte] = next === 0 ? fallback : this.#ends[next] === 0 ? next : ~next
      }
    }
    return table
  }

  /** @param order - All states but the first, those of lesser depth first: what a state falls back to is filled before it. */
  #fillTable(order: Int32Array): void {
    const filled = Math.min(TABLE_STATES, this.#stateCount)
    this.#tableRows = new Int32Array(this.#stateCount).fill(-1)
    this.#table = new Int32Array(filled * TABLE_LETTERS)
    for (let row = 0; row < filled; row++) {
      const state = row === 0 ? 0 : order[row - 1]!
      this.#tableRows[state] = row
      const fallback = row === 0 ? 0 : this.#tableRows[this.#fails[state]!]! * TABLE_LETTERS
      for (let letter = 0; letter < TABLE_LETTERS; letter++) {
        const next = this.#follow(state, letter)
        this.#table[row * TABLE_LETTERS + letter] =
          next !== 0 || row === 0 ? next : this.#table[fallback + letter]!
      }
    }
  }

  #follow(state: number, letter: number): number {
    if (state === 0 && letter < FIRST_LETTERS) return this.#first[letter]!
    const key = state * 0x10000 + letter + 1
    const mask = this.#keys.length - 1
    for (let slot = hash(state, letter) & mask; ; slot = (slot + 1) & mask) {
      const found = this.#keys[slot]!
      if (found === key) return this.#targets[slot]!
      if (found === 0) return 0
    }
  }

  #addState(parent: number, letter: number): number {
    const state = this.#stateCount++
    if (state >= this.#parents.length) {
      const size = this.#parents.length * 2
      this.#parents = grow(this.#parents, new Int32Array(size))
      this.#letters = grow(this.#letters, new Uint16Array(size))
      this.#literals = grow(this.#literals, new Int32Array(size).fill(-1))
    }
    this.#parents[state] = parent
    this.#letters[state] = letter
    return state
  }

  #addEdge(state: number, letter: number, target: number): void {
    if (state === 0 && letter < FIRST_LETTERS) {
      this.#first[letter] = target
      return
    }
    if (++this.#edgeCount > this.#keys.length * LOAD_FACTOR) this.#growTable()
    this.#put(state, letter, target)
  }

  #put(state: number, letter: number, target: number): void {
    const mask = this.#keys.length - 1
    let slot = hash(state, letter) & mask
    while (this.#keys[slot] !== 0) slot = (slot + 1) & mask
    this.#keys[slot] = state * 0x10000 + letter + 1
    this.#targets[slot] = target
  }

  #growTable(): void {
    const keys = this.#keys
    const targets = this.#targets
    this.#keys = new Float64Array(keys.length * 2)
    this.#targets = new Int32Array(keys.length * 2)
    for (let slot = 0; slot < keys.length; slot++) {
      if (keys[slot] === 0) continue
      const key = keys[slot]! - 1
      this.#put(Math.floor(key / 0x10000), key % 0x10000, targets[slot]!)
    }
  }

  /** All states but the first, those of lesser depth first: a state's number is above its parent's. */
  #orderByDepth(): Int32Array {
    const count = this.#stateCount
    const depths = new Int32Array(count)
    let deepest = 0
    for (let state = 1; state < count; state++) {
      depths[state] = depths[this.#parents[state]!]! + 1
      deepest = Math.max(deepest, depths[state]!)
    }
    const starts = new Int32Array(deepest + 2)
    for (let state = 1; state < count; state++) starts[depths[state]! + 1]!++
    for (let depth = 1; depth < starts.length; depth++) starts[depth]! += starts[depth - 1]!
    const order = new Int32Array(count - 1)
    for (let state = 1; state < count; state++) order[starts[depths[state]!]!++] = state
    return order
  }
}

function hash(state: number, letter: number): number {
  const mixed = Math.imul(state, 0x9e3779b1) ^ Math.imul(letter, 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}

function grow<Numbers extends Int32Array | Uint16Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from)
  return to
}
