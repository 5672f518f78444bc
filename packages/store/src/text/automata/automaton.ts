/** A piece of a regular language over small symbol classes: adds its states behind `from`, gives the state it ends in. */
export type Piece = (automaton: NondeterministicAutomaton, from: number) => number

/**
 * A deterministic automaton. State 0 is dead, state 1 the start; `next[state * 32 + symbol]` is the state after a symbol
 * (0 … 31), `accepts[state]` is 1 in states where a match may end.
 */
export interface Automaton {
  readonly next: Uint16Array
  readonly accepts: Uint8Array
}

/** States and edges under construction; symbols of an edge are the bits of a mask. */
export class NondeterministicAutomaton {
  readonly edges: { readonly symbols: number; readonly to: number }[][] = [[]]
  readonly silent: number[][] = [[]]

  addState(): number {
    this.edges.push([])
    this.silent.push([])
    return this.edges.length - 1
  }
}

/** One symbol out of a set, given as a bit mask. */
export function oneOf(symbols: number): Piece {
  return (automaton, from) => {
    const to = automaton.addState()
    automaton.edges[from]!.push({ symbols, to })
    return to
  }
}

/** The pieces one after the other. */
export function sequence(...pieces: readonly Piece[]): Piece {
  return (automaton, from) => pieces.reduce((at, piece) => piece(automaton, at), from)
}

/** One of the pieces. */
export function choice(...pieces: readonly Piece[]): Piece {
  return (automaton, from) => {
    const to = automaton.addState()
    for (const piece of pieces) automaton.silent[piece(automaton, branch(automaton, from))]!.push(to)
    return to
  }
}

/** The piece any number of times, also none. */
export function anyNumber(piece: Piece): Piece {
  return (automaton, from) => {
    const loop = branch(automaton, from)
    automaton.silent[piece(automaton, loop)]!.push(loop)
    return branch(automaton, loop)
  }
}

/** The piece once or more. */
export function atLeastOnce(piece: Piece): Piece {
  return sequence(piece, anyNumber(piece))
}

/** The piece or nothing. */
export function optional(piece: Piece): Piece {
  return choice(piece, (_, from) => from)
}

/** The deterministic automaton of a piece (subset construction, Rabin and Scott 1959). */
export function compileAutomaton(piece: Piece): Automaton {
  const nondeterministic = new NondeterministicAutomaton()
  const final = piece(nondeterministic, 0)
  const sets: number[][] = [[], closure(nondeterministic, [0])]
  const numbers = new Map([
    ['', 0],
    [sets[1]!.join(), 1],
  ])
  const next: number[] = new Array(32).fill(0)
  // Few of the sets that edges lead to are different ones: their closures are looked up by the sets.
  const numbersOfTargets = new Map([['', 0]])
  const numberOf = (targets: readonly number[]): number => {
    const targetsKey = targets.join()
    let number = numbersOfTargets.get(targetsKey)
    if (number !== undefined) return number
    const set = closure(nondeterministic, targets)
    const key = set.join()
    number = numbers.get(key)
    if (number === undefined) {
      number = sets.length
      numbers.set(key, number)
      sets.push(set)
    }
    numbersOfTargets.set(targetsKey, number)
    return number
  }
  for (let state = 1; state < sets.length; state++) {
    const targets: number[][] = Array.from({ length: 32 }, () => [])
    for (const member of sets[state]!) {
      for (const { symbols, to } of nondeterministic.edges[member]!) {
        for (let rest = symbols; rest !== 0; rest &= rest - 1)
          targets[31 - Math.clz32(rest & -rest)]!.push(to)
      }
    }
    for (const list of targets) next.push(numberOf(list))
  }
  return {
    next: Uint16Array.from(next),
    accepts: Uint8Array.from(sets, (set) => (set.includes(final) ? 1 : 0)),
  }
}

function branch(automaton: NondeterministicAutomaton, from: number): number {
  const to = automaton.addState()
  automaton.silent[from]!.push(to)
  return to
}

function closure(automaton: NondeterministicAutomaton, states: readonly number[]): number[] {
  const seen = new Set(states)
  for (const state of seen) for (const to of automaton.silent[state]!) seen.add(to)
  return [...seen].sort((a, b) => a - b)
}
