import { invalid } from '../../errors/domain-error.ts'

/** Most characters of a graph's elements. */
export const MAX_GRAPH_LENGTH = 67_108_864

/** One node or edge, as Cytoscape's clients keep it. */
export interface GraphElement {
  readonly group: 'nodes' | 'edges'
  readonly data: Readonly<Record<string, unknown>>
}

/** Reads a graph's elements. @throws {DomainError} `invalid` (`bad-graph`). */
export function readElements(elementsJson: string): readonly GraphElement[] {
  const expected =
    'The elements of a graph are a list of objects, each with its group (nodes or edges) and its data'
  if (elementsJson.length > MAX_GRAPH_LENGTH)
    throw invalid(
      'bad-graph',
      `${expected}, ${MAX_GRAPH_LENGTH} characters at most; these have ${elementsJson.length}.`,
    )
  let elements: unknown
  try {
    elements = JSON.parse(elementsJson)
  } catch {
    throw invalid('bad-graph', `${expected}; this is not JSON.`)
  }
  if (!Array.isArray(elements)) throw invalid('bad-graph', `${expected}; this is no list.`)
  return elements.map((element, place) => {
    const { group, data } = element ?? {}
    if ((group === 'nodes' || group === 'edges') && data !== null && typeof data === 'object')
      return { group, data }
    throw invalid('bad-graph', `${expected}; element ${place + 1} is not like that.`, { element: place + 1 })
  })
}
