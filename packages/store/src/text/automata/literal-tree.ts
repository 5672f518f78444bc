const FIRST_STATES = 1024
/** Letters that the root finds its children by at once. */
const ROOT_LETTERS = 256
const STATES_A_STEP = 16_384

/**
 * Literals as a tree: each state is a beginning of some of them, one letter longer than the state above it. Children of a state are
 * a list, ascending by letter.
 */
export class LiteralTree {
  readonly #rootChildren = new Int32Array(ROOT_LETTERS)
  #count = 1
  #letters: Uint16Array = new Uint16Array(FIRST_STATES)
  /** 0: none. */
  #firstChildren: Int32Array = new Int32Array(FIRST_STATES)
  /** 0: none. */
  #nextSiblings: Int32Array = new Int32Array(FIRST_STATES)
  /** By the state where it ends: a literal's number plus one. */
  #literals: Int32Array = new Int32Array(FIRST_STATES)

  /** States, the root included. */
  get stateCount(): number {
    return this.#count
  }

  /**
   * @param literal - Not empty.
   * @returns The number that the literal has: `number`, unless it was there already.
   */
  add(literal: string, number: number): number {
    let state = 0
    for (let at = 0; at < literal.length; at++) state = this.#enter(state, literal.charCodeAt(at))
    if (this.#literals[state] === 0) this.#literals[state] = number + 1
    return this.#literals[state]! - 1
  }

  /** The state that a letter leads to, made where there is none. */
  #enter(state: number, letter: number): number {
    const isQuick = state === 0 && letter < ROOT_LETTERS
    if (isQuick && this.#rootChildren[letter] !== 0) return this.#rootChildren[letter]!
    let before = 0
    let child = this.#firstChildren[state]!
    while (child !== 0 && this.#letters[child]! < letter) {
      before = child
      child = this.#nextSiblings[child]!
    }
    if (child !== 0 && this.#letters[child] === letter) return child
    const added = this.#addState(letter, child)
    if (before === 0) this.#firstChildren[state] = added
    else this.#nextSiblings[before] = added
    if (isQuick) this.#rootChildren[letter] = added
    return added
  }

  #addState(letter: number, nextSibling: number): number {
    const state = this.#count++
    if (state >= this.#letters.length) {
      const size = this.#letters.length * 2
      this.#letters = grow(this.#letters, new Uint16Array(size))
      this.#firstChildren = grow(this.#firstChildren, new Int32Array(size))
      this.#nextSiblings = grow(this.#nextSiblings, new Int32Array(size))
      this.#literals = grow(this.#literals, new Int32Array(size))
    }
    this.#letters[state] = letter
    this.#nextSiblings[state] = nextSibling
    return state
  }

  /** Numbers the states by depth, children of one state in a row; nothing can be added any more. */
  *flatten(): Generator<void, FlatTree, undefined> {
    const count = this.#count
    const olds = new Int32Array(count)
    const letters = new Uint16Array(count)
    const literals = new Int32Array(count)
    const firstChildren = new Int32Array(count + 1)
    let next = 1
    for (let state = 0; state < count; state++) {
      if (state % STATES_A_STEP === 0) yield
      const old = olds[state]!
      letters[state] = this.#letters[old]!
      literals[state] = this.#literals[old]!
      firstChildren[state] = next
      for (let child = this.#firstChildren[old]!; child !== 0; child = this.#nextSiblings[child]!)
        olds[next++] = child
    }
    firstChildren[count] = next
    return { count, letters, literals, firstChildren }
  }
}

/** A tree whose states are numbered by depth: what lies under a state, and what is shorter, is told by numbers alone. */
export interface FlatTree {
  readonly count: number
  /** The letter that leads to each state. */
  readonly letters: Uint16Array
  /** By the state where it ends: a literal's number plus one; 0 for others. */
  readonly literals: Int32Array
  /** The children of a state are those from its first one to the first one of the next state (exclusive), ascending by letter. */
  readonly firstChildren: Int32Array
}

/** More children than this are halved before they are looked at one by one. */
const MANY_CHILDREN = 8

/** The child that a letter leads to; 0 where there is none. */
export function findChild({ firstChildren, letters }: FlatTree, state: number, letter: number): number {
  let low = firstChildren[state]!
  let high = firstChildren[state + 1]!
  while (high - low > MANY_CHILDREN) {
    const middle = (low + high) >>> 1
    if (letters[middle]! <= letter) low = middle
    else high = middle
  }
  for (; low < high; low++) if (letters[low] === letter) return low
  return 0
}

function grow<Numbers extends Int32Array | Uint16Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from)
  return to
}
