import { type FlatTree, findChild, LiteralTree } from './literal-tree.ts'

/** States near the beginning have a table of what follows each letter of ASCII. 1 MB. */
const TABLE_STATES = 2048
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
 * Finds which of many literals stand in a text, in time linear in the text and in what is found (Aho and Corasick 1975). A state takes
 * fourteen bytes, so that a hundred thousand literals take some tens of megabytes.
 *
 * Letters are UTF-16 units; what is upper and lower case is the caller's matter.
 */
export class LiteralAutomaton {
  /** Until all literals are there. */
  #growing: LiteralTree | undefined = new LiteralTree()
  #tree: FlatTree = NO_TREE
  /** The longest end of each state that is a state too. */
  #fails: Int32Array = new Int32Array(0)
  /** The number, plus one, of the longest literal that a state ends with; 0 for none. */
  #ends: Int32Array = new Int32Array(0)
  /** By literal, plus one: the next shorter one that it ends with. */
  #nextEnds: Int32Array = new Int32Array(0)
  /** By literal, plus one: the search that told of it last. */
  #seen: Uint32Array = new Uint32Array(0)
  /** Of the first states, by letters of ASCII: the next state, with all bits turned where literals end. */
  #table: Int32Array = new Int32Array(0)
  #tableStates = 0
  #byteTable: ByteTable | undefined
  #search = 0

  /** States held. */
  get stateCount(): number {
    return this.#growing?.stateCount ?? this.#tree.count
  }

  /**
   * Adds a literal, before `finish`.
   *
   * @param literal - Not empty.
   * @param number - What `find` tells; each literal has its own, and memory is taken for all up to the highest. A literal that is
   * there already keeps its number.
   * @returns The number that the literal has.
   */
  add(literal: string, number: number): number {
    if (!this.#growing) throw new TypeError('an automaton that is finished takes no more literals')
    return this.#growing.add(literal, number)
  }

  /** Links the states; no literal can be added any more. */
  finish(): void {
    const steps = this.finishInSteps()
    let step = steps.next()
    while (!step.done) step = steps.next()
  }

  /** The same in short steps: a million states take a second. */
  *finishInSteps(): Generator<void, void, undefined> {
    if (!this.#growing) return
    const tree = yield* this.#growing.flatten()
    this.#growing = undefined
    this.#tree = tree
    const { count, literals, letters, firstChildren } = tree
    const highest = literals.reduce((most, literal) => Math.max(most, literal), 0)
    const fails = new Int32Array(count)
    const ends = new Int32Array(count)
    const nextEnds = new Int32Array(highest + 1)
    for (let state = 0; state < count; state++) {
      if (state % STATES_A_STEP === 0) yield
      for (let child = firstChildren[state]!; child < firstChildren[state + 1]!; child++) {
        const letter = letters[child]!
        let fail = 0
        for (let from = state; from !== 0 && fail === 0; ) {
          from = fails[from]!
          fail = findChild(tree, from, letter)
        }
        fails[child] = fail
        const literal = literals[child]!
        ends[child] = literal === 0 ? ends[fail]! : literal
        if (literal !== 0) nextEnds[literal] = ends[fail]!
      }
    }
    this.#fails = fails
    this.#ends = ends
    this.#nextEnds = nextEnds
    this.#seen = new Uint32Array(highest + 1)
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
  #step(from: number, letter: number): number {
    const isInTable = letter < TABLE_LETTERS
    for (let state = from; ; state = this.#fails[state]!) {
      if (isInTable && state < this.#tableStates) {
        const next = this.#table[state * TABLE_LETTERS + letter]!
        return next < 0 ? ~next : next
      }
      const next = findChild(this.#tree, state, letter)
      if (next !== 0 || state === 0) return next
    }
  }

  #tell(state: number, found: (number: number) => void): void {
    const search = this.#search
    const seen = this.#seen
    for (let end = this.#ends[state]!; end !== 0 && seen[end] !== search; end = this.#nextEnds[end]!) {
      seen[end] = search
      found(end - 1)
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
    const { count, letters, firstChildren } = this.#tree
    const columns = new Uint16Array(256)
    let width = 1
    for (let state = 1; state < count; state++) {
      const letter = letters[state]!
      if (isByte(letter) && columns[letter] === 0) columns[letter] = width++
    }
    for (let upper = FIRST_UPPER; upper <= LAST_UPPER; upper++) columns[upper] = columns[upper + 0x20]!
    const table = new Int32Array(count * width)
    for (let state = 0; state < count; state++) {
      const row = state * width
      const fallback = this.#fails[state]! * width
      if (state > 0) table.copyWithin(row, fallback, fallback + width)
      for (let child = firstChildren[state]!; child < firstChildren[state + 1]!; child++) {
        const letter = letters[child]!
        const target = child * width
        if (isByte(letter)) table[row + columns[letter]!] = this.#ends[child] === 0 ? target : ~target
      }
    }
    return { table, columns, width }
  }

  /** What a state falls back to has a lower number, so it is filled before it. */
  #fillTable(): void {
    const { count, letters, firstChildren } = this.#tree
    const filled = Math.min(TABLE_STATES, count)
    const table = new Int32Array(filled * TABLE_LETTERS)
    for (let state = 0; state < filled; state++) {
      const row = state * TABLE_LETTERS
      const fallback = this.#fails[state]! * TABLE_LETTERS
      if (state > 0) table.copyWithin(row, fallback, fallback + TABLE_LETTERS)
      for (let child = firstChildren[state]!; child < firstChildren[state + 1]!; child++) {
        const letter = letters[child]!
        if (letter < TABLE_LETTERS) table[row + letter] = this.#ends[child] === 0 ? child : ~child
      }
    }
    this.#table = table
    this.#tableStates = filled
  }
}

const NO_TREE: FlatTree = {
  count: 1,
  letters: new Uint16Array(1),
  literals: new Int32Array(1),
  firstChildren: Int32Array.of(1, 1),
}
const FIRST_UPPER = 0x41
const LAST_UPPER = 0x5a

/** Whether bytes are taken for a letter: those of A to Z are taken for a to z. */
function isByte(letter: number): boolean {
  return letter < 256 && (letter < FIRST_UPPER || letter > LAST_UPPER)
}
