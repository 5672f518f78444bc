import type { CodePointRange } from '@timeskein/query'

/**
 * Characters that an edge takes: a bit for each of ASCII in four words; in a fifth, 1 when it takes anything beyond
 * ASCII. What exactly, such a set does not say.
 */
export type CharacterSet = Uint32Array

const WORDS = 5
const BEYOND_ASCII = 4
const LAST_ASCII = 0x7f

/** Letters beyond ASCII that are equal to a letter of ASCII when case is ignored: the Kelvin sign and the long s. */
const FOLDED_TO_ASCII: ReadonlyMap<number, string> = new Map([
  [0x212a, 'k'],
  [0x17f, 's'],
])

/** Every character. */
export const ANY_CHARACTER: CharacterSet = new Uint32Array(WORDS).fill(-1)

/** The characters of some ranges (inclusive), or with `isNegated` all others; case is folded before that. */
export function characterSet(
  ranges: readonly CodePointRange[],
  isNegated: boolean,
  ignoreCase: boolean,
): CharacterSet {
  const set = new Uint32Array(WORDS)
  for (const [first, last] of ranges) {
    for (let code = first; code <= Math.min(last, LAST_ASCII); code++) addCharacter(set, code)
    if (last > LAST_ASCII) set[BEYOND_ASCII] = 1
    if (!ignoreCase) continue
    for (const [code, letter] of FOLDED_TO_ASCII) {
      if (code >= first && code <= last) addCharacter(set, letter.charCodeAt(0))
    }
  }
  if (ignoreCase) addOtherCases(set)
  if (!isNegated) return set
  for (let word = 0; word < BEYOND_ASCII; word++) set[word] = ~set[word]!
  set[BEYOND_ASCII] = 1
  return set
}

/** Whether a set has a character of ASCII. */
export function hasCharacter(set: CharacterSet, code: number): boolean {
  return ((set[code >>> 5]! >>> (code & 31)) & 1) === 1
}

/** Whether a set has any character beyond ASCII. */
export function reachesBeyondAscii(set: CharacterSet): boolean {
  return set[BEYOND_ASCII] !== 0
}

/**
 * A nondeterministic automaton over characters: a text is accepted when a path from state 0 to `end` takes its
 * characters. Silent edges take none.
 */
export class CharacterGraph {
  readonly edges: { readonly set: CharacterSet; readonly to: number }[][] = []
  readonly silent: number[][] = []
  end = 0
  /** A state that accepts whatever follows, if there is one; the graph says so by its edges too. */
  sink: number | undefined

  constructor() {
    this.addState()
  }

  addState(): number {
    this.edges.push([])
    return this.silent.push([]) - 1
  }

  /** Adds an edge, to a new state unless `to` says where. */
  addEdge(from: number, set: CharacterSet, to: number = this.addState()): number {
    this.edges[from]!.push({ set, to })
    return to
  }

  addSilent(from: number, to: number = this.addState()): number {
    this.silent[from]!.push(to)
    return to
  }
}

/** Of each character of ASCII all that no edge of a graph tells from it, itself included. */
export function groupCharacters({ edges }: CharacterGraph): readonly (readonly number[])[] {
  const sets = new Map(edges.flat().map(({ set }) => [set.join(), set]))
  let groups: readonly (readonly number[])[] = [Array.from({ length: LAST_ASCII + 1 }, (_, code) => code)]
  for (const set of sets.values())
    groups = groups.flatMap((group) => {
      const inside = group.filter((code) => hasCharacter(set, code))
      if (inside.length === 0 || inside.length === group.length) return [group]
      return [inside, group.filter((code) => !hasCharacter(set, code))]
    })
  const byCode: (readonly number[])[] = []
  for (const group of groups) for (const code of group) byCode[code] = group
  return byCode
}

function addCharacter(set: CharacterSet, code: number): void {
  set[code >>> 5]! |= 1 << (code & 31)
}

function addOtherCases(set: CharacterSet): void {
  for (let lower = 0x61; lower <= 0x7a; lower++) {
    const upper = lower - 0x20
    if (!hasCharacter(set, lower) && !hasCharacter(set, upper)) continue
    addCharacter(set, lower)
    addCharacter(set, upper)
    if ([...FOLDED_TO_ASCII.values()].includes(String.fromCharCode(lower))) set[BEYOND_ASCII] = 1
  }
}
