/** Letters in the direct table of the first state. */
const FIRST_LETTERS = 256
const FIRST_EDGES = 1024
const LOAD_FACTOR = 0.6
/** States near the beginning have a table of what follows each letter of ASCII. 2 MB. */
const TABLE_STATES = 4096
const TABLE_LETTERS = 128
const STATES_A_STEP = 4096

/** What follows each byte of each state. */
interface ByteTable {
  /** By state times width, and column: the next state times width, with all bits turned where literals end. */
  readonly table: Int32Array
  /** The column of each byte. */
  readonly columns: Uint16Array
  readonly width: number
}

/** What is told of tokens that are looked through; they are counted from the first one. */
export interface TokenVisit {
  /** The byte behind each token. */
  readonly separator: number
  readonly found: (number: number, token: number) => void
  /** From this length on a token itself is told too, when all that was found in it has been. */
  readonly longBytes: number
  /** @param end - Where its separator stands. */
  readonly foundLong: (token: number, start: number, end: number) => void
}

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
  /** Of the first states, by letters of ASCII: the next state, with all bits turned where literals end. */
  #table: Int32Array = new Int32Array(0)
  #tableStates = 0
  #byteTable: ByteTable | undefined
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
    const steps = this.finishInSteps()
    let step = steps.next()
    while (!step.done) step = steps.next()
  }

  /** The same in short steps: a million states take a second. */
  *finishInSteps(): Generator<void, void, undefined> {
    this.#renumberByDepth()
    yield
    const count = this.#stateCount
    const fails = new Int32Array(count)
    const ends = new Int32Array(count)
    const nextEnds = new Int32Array(count)
    for (let state = 1; state < count; state++) {
      if (state % STATES_A_STEP === 0) yield
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
    yield
    this.#fillTable()
  }

  /**
   * Calls `found` once for each literal that stands in the text.
   *
   * @param before - Looked at as if it stood before the text. @default nothing
   * @param after - The same behind it. @default nothing
   */
  find(text: string, found: (number: number) => void, before = '', after = ''): void {
    this.#search++
    let state = 0
    if (before !== '') state = this.#run(state, before, found)
    state = this.#run(state, text, found)
    if (after !== '') this.#run(state, after, found)
  }

  /** @returns The state that a text leads to from another one. */
  #run(state: number, text: string, found: (number: number) => void): number {
    const table = this.#table
    const tableStates = this.#tableStates
    for (let at = 0; at < text.length; at++) {
      const letter = text.charCodeAt(at)
      if (letter < TABLE_LETTERS && state < tableStates) {
        const next = table[state * TABLE_LETTERS + letter]!
        if (next >= 0) {
          state = next
          continue
        }
        state = ~next
      } else {
        state = this.#step(state, letter)
        if (this.#ends[state] === 0) continue
      }
      this.#tell(state, found)
    }
    return state
  }

  /** The state behind one more letter. */
  #step(state: number, letter: number): number {
    for (;;) {
      const next = this.#follow(state, letter)
      if (next !== 0 || state === 0) return next
      state = this.#fails[state]!
    }
  }

  #tell(state: number, found: (number: number) => void): void {
    const search = this.#search
    const seen = this.#seen
    for (let end = this.#ends[state]!; end !== 0 && seen[end] !== search; end = this.#nextEnds[end]!) {
      seen[end] = search
      found(this.#literals[end]!)
    }
  }

  /**
   * The same in some bytes of UTF-8, or of another code that holds ASCII: each byte is a letter, and those of A to Z are taken for
   * a to z. Meant for some thousand literals: the first call makes a table that has, for each state, what follows each byte that
   * some literal has.
   */
  findBytes(bytes: Uint8Array, start: number, end: number, found: (number: number) => void): void {
    this.#byteTable ??= this.#makeByteTable()
    const { table, columns, width } = this.#byteTable
    this.#search++
    let state = 0
    for (let at = start; at < end; at++) {
      const next = table[state + columns[bytes[at]!]!]!
      if (next >= 0) {
        state = next
        continue
      }
      state = ~next
      this.#tell(state / width, found)
    }
  }

  /**
   * The same in many tokens, one behind the other, each with a separator behind it: what is found is told once for each token. A
   * literal may begin with the separator, as if it stood before the first token too, and end with it.
   *
   * @param start - Where the first token begins.
   * @param end - Behind the last separator.
   */
  findInTokens(
    bytes: Uint8Array,
    start: number,
    end: number,
    { separator, found, longBytes, foundLong }: TokenVisit,
  ): void {
    this.#byteTable ??= this.#makeByteTable()
    const { table, columns, width } = this.#byteTable
    this.#search++
    let token = 0
    let tokenStart = start
    const tell = (number: number): void => found(number, token)
    const first = table[columns[separator]!]!
    let state = first < 0 ? ~first : first
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!
      const next = table[state + columns[byte]!]!
      if (next >= 0) state = next
      else {
        state = ~next
        this.#tell(state / width, tell)
      }
      if (byte !== separator) continue
      if (at - tokenStart >= longBytes) foundLong(token, tokenStart, at)
      token++
      tokenStart = at + 1
      this.#search++
    }
  }

  #makeByteTable(): ByteTable {
    // Bytes that no literal has share the first column: the table stays small enough for a processor's cache.
    const columns = new Uint16Array(256)
    let width = 1
    for (let state = 1; state < this.#stateCount; state++) {
      const letter = this.#letters[state]!
      if (letter < 256 && columns[letter] === 0) columns[letter] = width++
    }
    for (let upper = 0x41; upper <= 0x5a; upper++) columns[upper] = columns[upper + 0x20]!
    const table = new Int32Array(this.#stateCount * width)
    for (let state = 0; state < this.#stateCount; state++) {
      for (let letter = 0; letter < 256; letter++) {
        const column = columns[letter]!
        if (column === 0 || (letter >= 0x41 && letter <= 0x5a)) continue
        const next = this.#follow(state, letter)
        const fallback = state === 0 ? 0 : table[this.#fails[state]! * width + column]!
        const target = next * width
        table[state * width + column] = next === 0 ? fallback : this.#ends[next] === 0 ? target : ~target
      }
    }
    return { table, columns, width }
  }

  /** What a state falls back to has a lower number, so it is filled before it. */
  #fillTable(): void {
    const filled = Math.min(TABLE_STATES, this.#stateCount)
    const table = new Int32Array(filled * TABLE_LETTERS)
    const { firstChildren, nextSiblings } = this.#listChildren(filled)
    for (let state = 0; state < filled; state++) {
      const row = state * TABLE_LETTERS
      const fallback = this.#fails[state]! * TABLE_LETTERS
      if (state > 0) table.copyWithin(row, fallback, fallback + TABLE_LETTERS)
      for (let child = firstChildren[state]!; child !== 0; child = nextSiblings[child]!) {
        const letter = this.#letters[child]!
        if (letter < TABLE_LETTERS) table[row + letter] = this.#ends[child] === 0 ? child : ~child
      }
    }
    this.#table = table
    this.#tableStates = filled
  }

  /** The states behind each of the first states, as a list: 0 ends it. */
  #listChildren(states: number): {
    readonly firstChildren: Int32Array
    readonly nextSiblings: Int32Array
  } {
    const firstChildren = new Int32Array(states)
    const nextSiblings = new Int32Array(this.#stateCount)
    for (let state = 1; state < this.#stateCount; state++) {
      const parent = this.#parents[state]!
      if (parent >= states) continue
      nextSiblings[state] = firstChildren[parent]!
      firstChildren[parent] = state
    }
    return { firstChildren, nextSiblings }
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

  /** Numbers the states so that those of lesser depth come first: texts are mostly in states near the beginning. */
  #renumberByDepth(): void {
    const count = this.#stateCount
    const numbers = this.#numberByDepth()
    const [oldParents, oldLetters, oldLiterals] = [this.#parents, this.#letters, this.#literals]
    this.#parents = new Int32Array(count)
    this.#letters = new Uint16Array(count)
    this.#literals = new Int32Array(count).fill(-1)
    this.#first.fill(0)
    this.#keys.fill(0)
    for (let state = 1; state < count; state++) {
      const number = numbers[state]!
      const parent = numbers[oldParents[state]!]!
      const letter = oldLetters[state]!
      this.#parents[number] = parent
      this.#letters[number] = letter
      this.#literals[number] = oldLiterals[state]!
      if (parent === 0 && letter < FIRST_LETTERS) this.#first[letter] = number
      else this.#put(parent, letter, number)
    }
  }

  /** The new number of each state; a state's number is above its parent's. */
  #numberByDepth(): Int32Array {
    const count = this.#stateCount
    const depths = new Int32Array(count)
    let deepest = 0
    for (let state = 1; state < count; state++) {
      depths[state] = depths[this.#parents[state]!]! + 1
      deepest = Math.max(deepest, depths[state]!)
    }
    const starts = new Int32Array(deepest + 2)
    for (let state = 0; state < count; state++) starts[depths[state]! + 1]!++
    for (let depth = 1; depth < starts.length; depth++) starts[depth]! += starts[depth - 1]!
    const numbers = new Int32Array(count)
    for (let state = 0; state < count; state++) numbers[state] = starts[depths[state]!]!++
    return numbers
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
