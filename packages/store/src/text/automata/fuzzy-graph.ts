import { ANY_CHARACTER, CharacterGraph, characterSet } from './character-graph.ts'

/** Most states of a term's graph. */
const MAX_STATES = 4000

/**
 * The graph of all texts within some edits of a term, as `compileEditDistance` counts them (Schulz and Mihov 2002): a
 * state for each number of characters read of the term and each number of edits made.
 *
 * @param prefixLength - Characters at the beginning that must be equal.
 * @returns Undefined for terms that are too long.
 */
export function drawFuzzy(term: string, maxEdits: number, prefixLength: number): CharacterGraph | undefined {
  const codes = Array.from(term, (character) => character.codePointAt(0)!)
  const { length } = codes
  if ((2 * length + 2) * (maxEdits + 1) > MAX_STATES) return undefined
  const graph = new CharacterGraph()
  while (graph.edges.length < (length + 1) * (maxEdits + 1)) graph.addState()
  graph.end = graph.addState()
  const sets = codes.map((code) => characterSet([[code, code]], false, false))
  for (let edits = 0; edits <= maxEdits; edits++) {
    const states = edits * (length + 1)
    const afterEdit = states + length + 1
    for (let read = 0; read <= length; read++) {
      if (read < length) graph.addEdge(states + read, sets[read]!, states + read + 1)
      if (edits === maxEdits || read < Math.min(prefixLength, length)) continue
      graph.addEdge(states + read, ANY_CHARACTER, afterEdit + read)
      if (read === length) continue
      graph.addSilent(states + read, afterEdit + read + 1)
      graph.addEdge(states + read, ANY_CHARACTER, afterEdit + read + 1)
      if (read + 1 === length) continue
      const between = graph.addEdge(states + read, sets[read + 1]!)
      graph.addEdge(between, sets[read]!, afterEdit + read + 2)
    }
    graph.addSilent(states + length, graph.end)
  }
  return graph
}
