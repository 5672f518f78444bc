import { splitWildcard } from '@timeskein/query'
import {
  ANY_CHARACTER,
  CharacterGraph,
  type CharacterSet,
  characterSet,
} from '../../../../text/automata/character-graph.ts'
import { LazyAutomaton, VERDICTS } from '../../../../text/automata/lazy-automaton.ts'

/** States held at a time: thousands of patterns lead a vocabulary through more of them than one does. 8 MB. */
const MAX_STATES = 16_384
/** More than code points there are. */
const CODE_POINTS = 0x200000

/** Tells of a text whether one of many patterns fits it, at the cost of about one. */
export interface PatternSet {
  readonly accepts: (text: string) => boolean
  /** Says the same of words in UTF-8; where it is unsure, `accepts` is to be asked. */
  readonly automaton: LazyAutomaton
}

/**
 * Puts patterns into one graph in which they share their beginnings (a trie, as in Aho and Corasick 1975): as many steps are
 * open at a time as beginnings of patterns end at one character, not as there are patterns.
 *
 * @param patterns - See `Wildcard`; upper and lower case are not the same.
 */
export function compilePatternSet(patterns: readonly string[]): PatternSet {
  const trie = new PatternTrie()
  for (const pattern of patterns) trie.add(pattern)
  const automaton = new LazyAutomaton(trie.finish(), MAX_STATES)
  return {
    automaton,
    accepts: (text) => {
      const verdict = automaton.testText(text)
      return verdict === VERDICTS.unsure ? trie.accepts(text) : verdict === VERDICTS.accepted
    },
  }
}

/** Patterns over characters of any kind; its states have the numbers of those of its graph. */
class PatternTrie {
  readonly #graph = new CharacterGraph()
  readonly #sets = new Map<number, CharacterSet>()
  /** By state and code point. */
  readonly #next = new Map<number, number>()
  /** The state after any one character, by state. */
  readonly #one = new Map<number, number>()
  /** The state that takes any run of characters, by the state before it. */
  readonly #run = new Map<number, number>()
  readonly #runs = new Set<number>()
  readonly #ends = new Set<number>()
  /** States behind which anything may follow. */
  readonly #settled = new Set<number>()

  add(pattern: string): void {
    let at = 0
    const parts = splitWildcard(pattern)
    const isOpen = parts.at(-1)?.kind === 'any'
    for (const part of isOpen ? parts.slice(0, -1) : parts) {
      if (part.kind === 'one') at = this.#afterAnyOne(at)
      else if (part.kind === 'any') at = this.#afterAnyRun(at)
      else for (const character of part.text) at = this.#after(at, character.codePointAt(0)!)
    }
    if (isOpen) this.#settled.add(at)
    else this.#ends.add(at)
  }

  /** The graph of all patterns; none can be added any more. */
  finish(): CharacterGraph {
    const graph = this.#graph
    graph.end = graph.addState()
    for (const state of this.#ends) graph.addSilent(state, graph.end)
    const sink = graph.addState()
    for (const state of this.#settled) graph.addSilent(state, sink)
    graph.addEdge(sink, ANY_CHARACTER, sink)
    graph.addSilent(sink, graph.end)
    graph.sink = sink
    return graph
  }

  accepts(text: string): boolean {
    let open = new Set<number>()
    if (this.#enter(0, open)) return true
    for (const character of text) {
      const code = character.codePointAt(0)!
      const following = new Set<number>()
      for (const state of open) {
        if (this.#runs.has(state)) following.add(state)
        if (this.#enter(this.#next.get(state * CODE_POINTS + code), following)) return true
        if (this.#enter(this.#one.get(state), following)) return true
      }
      if (following.size === 0) return false
      open = following
    }
    for (const state of open) if (this.#ends.has(state)) return true
    return false
  }

  /** True when nothing more need be looked at. */
  #enter(state: number | undefined, open: Set<number>): boolean {
    if (state === undefined) return false
    open.add(state)
    const run = this.#run.get(state)
    if (run !== undefined) open.add(run)
    return this.#settled.has(state)
  }

  #after(state: number, code: number): number {
    const key = state * CODE_POINTS + code
    let to = this.#next.get(key)
    if (to === undefined) {
      let set = this.#sets.get(code)
      if (!set) {
        set = characterSet([[code, code]], false, false)
        this.#sets.set(code, set)
      }
      to = this.#graph.addEdge(state, set)
      this.#next.set(key, to)
    }
    return to
  }

  #afterAnyOne(state: number): number {
    let to = this.#one.get(state)
    if (to === undefined) {
      to = this.#graph.addEdge(state, ANY_CHARACTER)
      this.#one.set(state, to)
    }
    return to
  }

  #afterAnyRun(state: number): number {
    let to = this.#run.get(state)
    if (to === undefined) {
      to = this.#graph.addSilent(state)
      this.#graph.addEdge(to, ANY_CHARACTER, to)
      this.#run.set(state, to)
      this.#runs.add(to)
    }
    return to
  }
}
