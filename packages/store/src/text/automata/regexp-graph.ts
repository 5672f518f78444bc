import type { RegexpNode } from '@timeskein/query'
import { ANY_CHARACTER, CharacterGraph, characterSet } from './character-graph.ts'

/** Most states of an expression's graph, its repetitions written out. */
const MAX_STATES = 4000

/**
 * The graph of an expression without `~`, `&` and `<1-9>` whose repetitions, written out, are not too many.
 *
 * @returns Undefined for other expressions.
 */
export function drawRegexp(node: RegexpNode, ignoreCase: boolean): CharacterGraph | undefined {
  if (countStates(node) > MAX_STATES) return undefined
  const graph = new CharacterGraph()
  graph.end = addNode(graph, node, 0, ignoreCase)
  return graph
}

/** Not fewer states than the node takes; infinite when it has something that is not drawn. */
function countStates(node: RegexpNode): number {
  switch (node.kind) {
    case 'literal':
      return node.text.length
    case 'class':
    case 'any-string':
    case 'nothing':
      return 1
    case 'sequence':
    case 'union':
      return node.of.reduce((sum, part) => sum + countStates(part), 1)
    case 'repeat': {
      const copies = node.most ?? node.least + 1
      return Math.max(copies, 1) * (countStates(node.of) + 1) + 2
    }
    case 'complement':
    case 'intersection':
    case 'interval':
      return Number.POSITIVE_INFINITY
    default:
      return node satisfies never
  }
}

/** Adds a node behind a state and gives the state it ends in; no edge leads back to `from`. */
function addNode(graph: CharacterGraph, node: RegexpNode, from: number, ignoreCase: boolean): number {
  switch (node.kind) {
    case 'literal': {
      let at = from
      for (const character of node.text) {
        const code = character.codePointAt(0)!
        at = graph.addEdge(at, characterSet([[code, code]], false, ignoreCase))
      }
      return at
    }
    case 'class':
      return graph.addEdge(from, characterSet(node.ranges, node.isNegated, ignoreCase))
    case 'any-string': {
      const loop = graph.addSilent(from)
      return graph.addEdge(loop, ANY_CHARACTER, loop)
    }
    case 'nothing':
      return graph.addState()
    case 'sequence':
      return node.of.reduce((at, part) => addNode(graph, part, at, ignoreCase), from)
    case 'union': {
      const end = graph.addState()
      for (const part of node.of) graph.addSilent(addNode(graph, part, from, ignoreCase), end)
      return end
    }
    case 'repeat':
      return addRepeat(graph, node, from, ignoreCase)
    default:
      throw new RangeError(`graph of a regular expression: a node that is drawn expected, found ${node.kind}`)
  }
}

function addRepeat(
  graph: CharacterGraph,
  { of, least, most }: RegexpNode & { readonly kind: 'repeat' },
  from: number,
  ignoreCase: boolean,
): number {
  // {3,2} matches nothing: no edge leads there.
  if (most !== undefined && most < least) return graph.addState()
  let at = from
  for (let count = 0; count < least; count++) at = addNode(graph, of, at, ignoreCase)
  if (most === undefined) {
    const loop = graph.addSilent(at)
    graph.addSilent(addNode(graph, of, loop, ignoreCase), loop)
    return graph.addSilent(loop)
  }
  const end = graph.addState()
  for (let count = least; count < most; count++) {
    graph.addSilent(at, end)
    at = addNode(graph, of, at, ignoreCase)
  }
  return graph.addSilent(at, end)
}
