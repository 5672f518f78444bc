import { TOKEN_END } from '../terms/packed-terms.ts'
import { type CharacterGraph, groupCharacters, hasCharacter, reachesBeyondAscii } from './character-graph.ts'

/** Most states that an automaton holds at a time, unless it is told otherwise. */
export const MAX_AUTOMATON_STATES = 1024
/** Most states of the graph that an automaton puts together, over all states that it makes, before it gives up. */
export const MAX_MEMBERS_MADE = 2_000_000

/**
 * What an automaton says of a text; `unsure`: a character beyond ASCII was met while a match was still possible, or the
 * automaton has given up. `dead` says no before the text's end, `accepted` may say yes before it.
 */
export const VERDICTS = { dead: 1, rejected: 2, accepted: 3, unsure: 4 } as const
/** One of `VERDICTS`. */
export type Verdict = (typeof VERDICTS)[keyof typeof VERDICTS]

/** In the table: not made yet. */
const UNMADE = 0
const START = 5
const FIRST_STATES = 16
const COLUMNS = 256
const FIRST_BEYOND_ASCII = 0x80

/**
 * A deterministic automaton over the bytes of UTF-8 texts, whose states are made when a text first leads to them
 * (subset construction, Rabin and Scott 1959). A byte costs one look into a table, or, the first time, one step of the
 * graph. With as many states made as it may hold, all are thrown away and made anew as they are needed: time stays
 * linear in the text, memory bounded. As making a state of many costs more than another engine's step, no more of them
 * are made after `MAX_MEMBERS_MADE`: what would need one is unsure.
 */
export class LazyAutomaton {
  readonly #graph: CharacterGraph
  readonly #maxStates: number
  /** State or verdict after a byte; in the column of `TOKEN_END` what is said of a text that ends here. */
  #next: Uint16Array
  readonly #members: Uint32Array[] = []
  readonly #numbers = new Map<string, number>()
  readonly #seenIn: Uint32Array
  /** Of each byte of ASCII those that lead where it leads, whatever the state. */
  readonly #alike: readonly (readonly number[])[]
  #search = 0
  #restarts = 0
  #membersMade = 0

  /** Where the last `testToken` stopped: behind the byte that settled it. */
  stoppedAt = 0

  /**
   * @param graph - Not to be changed any more.
   * @param maxStates - Most states that it holds at a time, of half a kilobyte each; at most 65,000.
   */
  constructor(graph: CharacterGraph, maxStates: number = MAX_AUTOMATON_STATES) {
    this.#graph = graph
    this.#maxStates = maxStates
    this.#next = new Uint16Array((START + FIRST_STATES) * COLUMNS)
    this.#seenIn = new Uint32Array(graph.edges.length)
    this.#alike = groupCharacters(graph)
    this.#restart()
  }

  /** States held now. */
  get stateCount(): number {
    return this.#members.length
  }

  /** Times that all states were thrown away. */
  get restarts(): number {
    return this.#restarts
  }

  /** States of the graph put together so far. */
  get membersMade(): number {
    return this.#membersMade
  }

  /** Looks at a token, which `TOKEN_END` must stand behind. */
  testToken(bytes: Uint8Array, start: number): Verdict {
    let next = this.#next
    let state = START
    for (let at = start; ; ) {
      const byte = bytes[at++]!
      let to = next[state * COLUMNS + byte]!
      if (to === UNMADE) {
        to = this.#make(state, byte)
        next = this.#next
      }
      if (to < START) {
        this.stoppedAt = at
        return to as Verdict
      }
      state = to
    }
  }

  /** Looks at a whole string. */
  testText(text: string): Verdict {
    let next = this.#next
    let state = START
    for (let at = 0; at < text.length; at++) {
      const byte = Math.min(text.charCodeAt(at), FIRST_BEYOND_ASCII)
      let to = next[state * COLUMNS + byte]!
      if (to === UNMADE) {
        to = this.#make(state, byte)
        next = this.#next
      }
      if (to < START) return to as Verdict
      state = to
    }
    return next[state * COLUMNS + TOKEN_END] as Verdict
  }

  /**
   * Whether a token from one (inclusive) to a later one (exclusive), by bytes, may be accepted; both stand in `bytes`. A
   * later one of no bytes stands for the end of all. False is certain; true is not.
   */
  mayAcceptBetween(
    bytes: Uint8Array,
    start: number,
    end: number,
    laterStart: number,
    laterEnd: number,
  ): boolean {
    const restarts = this.#restarts
    let state = START
    while (start < end && laterStart < laterEnd && bytes[start] === bytes[laterStart]) {
      state = this.#step(state, bytes[start]!)
      if (state < START) return state !== VERDICTS.dead
      start++
      laterStart++
    }
    const highest = laterStart < laterEnd ? bytes[laterStart]! - 1 : TOKEN_END - 1
    if (start === end) {
      if (this.#endsOrGoesOn(state, highest)) return true
    } else {
      if (this.#goesOn(state, bytes[start]! + 1, highest)) return true
      if (this.#mayComeAfter(state, bytes, start, end)) return true
    }
    // The state's number is another one then.
    if (this.#restarts !== restarts) return true
    return this.#mayComeBefore(state, bytes, laterStart, laterEnd)
  }

  /** Whether, from a state on, something may be accepted that begins with the byte at `start` and is not before all. */
  #mayComeAfter(state: number, bytes: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at < end; at++) {
      state = this.#step(state, bytes[at]!)
      if (state < START) return state !== VERDICTS.dead
      if (at + 1 === end) return this.#endsOrGoesOn(state, TOKEN_END - 1)
      if (this.#goesOn(state, bytes[at + 1]! + 1, TOKEN_END - 1)) return true
    }
    return false
  }

  /** Whether, from a state on, something may be accepted that begins with the byte at `start` and is before all. */
  #mayComeBefore(state: number, bytes: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at + 1 < end; at++) {
      state = this.#step(state, bytes[at]!)
      if (state < START) return state !== VERDICTS.dead
      if (this.#endsOrGoesOn(state, bytes[at + 1]! - 1)) return true
    }
    return false
  }

  #endsOrGoesOn(state: number, highest: number): boolean {
    return this.#step(state, TOKEN_END) === VERDICTS.accepted || this.#goesOn(state, 0, highest)
  }

  /** Whether one of some bytes leads on. */
  #goesOn(state: number, lowest: number, highest: number): boolean {
    if (lowest > highest) return false
    // Bytes beyond ASCII lead to the same.
    const last = Math.min(highest, FIRST_BEYOND_ASCII)
    for (let byte = Math.min(lowest, FIRST_BEYOND_ASCII); byte <= last; byte++) {
      if (this.#step(state, byte) !== VERDICTS.dead) return true
    }
    return false
  }

  #step(state: number, byte: number): number {
    return this.#next[state * COLUMNS + byte]! || this.#make(state, byte)
  }

  /** Makes what follows a state at a byte of ASCII, and at all that are like it. */
  #make(state: number, byte: number): number {
    if (this.#membersMade >= MAX_MEMBERS_MADE) return VERDICTS.unsure
    const restarts = this.#restarts
    const to = this.#makeTarget(state, byte)
    // All states are others then.
    if (this.#restarts !== restarts) return to
    for (const one of this.#alike[byte]!) this.#next[state * COLUMNS + one] = to
    return to
  }

  #makeTarget(state: number, byte: number): number {
    const targets: number[] = []
    for (const member of this.#members[state - START]!) {
      for (const { set, to } of this.#graph.edges[member]!) if (hasCharacter(set, byte)) targets.push(to)
    }
    if (targets.length === 0) return VERDICTS.dead
    const members = this.#close(targets)
    if (this.#graph.sink !== undefined && members.includes(this.#graph.sink)) return VERDICTS.accepted
    const key = members.join()
    const known = this.#numbers.get(key)
    if (known === undefined && this.#members.length === this.#maxStates) {
      this.#restart()
      this.#restarts++
      return this.#numbers.get(key) ?? this.#addState(members, key)
    }
    return known ?? this.#addState(members, key)
  }

  #restart(): void {
    this.#members.length = 0
    this.#numbers.clear()
    const members = this.#close([0])
    this.#addState(members, members.join())
  }

  #addState(members: Uint32Array, key: string): number {
    const number = START + this.#members.push(members) - 1
    this.#numbers.set(key, number)
    this.#membersMade += members.length
    const row = number * COLUMNS
    if (row === this.#next.length) {
      const grown = new Uint16Array(Math.min(2 * number, START + this.#maxStates) * COLUMNS)
      grown.set(this.#next)
      this.#next = grown
    }
    const { edges, end } = this.#graph
    const goesBeyond = members.some((member) => edges[member]!.some(({ set }) => reachesBeyondAscii(set)))
    this.#next.fill(UNMADE, row, row + FIRST_BEYOND_ASCII)
    this.#next.fill(goesBeyond ? VERDICTS.unsure : VERDICTS.dead, row + FIRST_BEYOND_ASCII, row + TOKEN_END)
    this.#next[row + TOKEN_END] = members.includes(end) ? VERDICTS.accepted : VERDICTS.rejected
    return number
  }

  /** The states and all that silent edges lead to from them, ascending. */
  #close(states: readonly number[]): Uint32Array {
    const search = ++this.#search
    const closed: number[] = []
    const add = (state: number): void => {
      if (this.#seenIn[state] === search) return
      this.#seenIn[state] = search
      closed.push(state)
    }
    for (const state of states) add(state)
    for (const state of closed) for (const to of this.#graph.silent[state]!) add(to)
    return Uint32Array.from(closed).sort()
  }
}
