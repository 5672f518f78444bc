import { ByteTable, NO_ROW } from './byte-table.ts'
import { type FlatTree, findChild, LiteralTree } from './literal-tree.ts'

/** States near the beginning have a table of what follows each letter of ASCII. 256 KB. */
const TABLE_STATES = 512
const TABLE_LETTERS = 128
const STATES_A_STEP = 4096

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
  /** The state that was entered last of those whose row does not say it all. */
  #entered = 0
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
   * a to z. The first call makes a table for that.
   */
  findBytes(bytes: Uint8Array, start: number, end: number, found: (number: number) => void): void {
    this.#byteTable ??= new ByteTable(this.#tree, this.#fails, this.#ends)
    const table = this.#byteTable
    const { cells, columns } = table
    this.#search++
    let row = 0
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!
      const next = cells[row + columns[byte]!]!
      row = next >= 0 ? next : this.#enter(table, next, byte, found)
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
    this.#byteTable ??= new ByteTable(this.#tree, this.#fails, this.#ends)
    const table = this.#byteTable
    const { cells, columns } = table
    this.#search++
    let token = 0
    let tokenStart = start
    const tell = (number: number): void => found(number, token)
    let row = table.rowOf(table.follow(0, separator))
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!
      const next = cells[row + columns[byte]!]!
      row = next >= 0 ? next : this.#enter(table, next, byte, tell)
      if (byte !== separator) continue
      if (at - tokenStart >= longBytes) foundLong(token, tokenStart, at)
      token++
      tokenStart = at + 1
      this.#search++
    }
  }

  /**
   * Enters a state that says something, or has no row.
   *
   * @param next - What the table has there.
   * @returns Its row.
   */
  #enter(table: ByteTable, next: number, byte: number, found: (number: number) => void): number {
    const state = next === NO_ROW ? table.follow(this.#entered, byte) : ~next
    this.#tell(state, found)
    this.#entered = state
    return table.rowOf(state)
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
