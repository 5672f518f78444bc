import { type GraphElement, readElements } from '../../../../services/graphs/graph-elements.ts'
import type { DrawnGraph, GraphLine, SavedGraph } from '../../../../services/graphs/graph-service.ts'
import { modelDate } from '../dates.ts'
import { pythonJson } from '../python-json.ts'
import { marshalUser } from '../user.ts'

/** A saved graph, without what is in it. */
export function marshalGraph(graph: GraphLine): Record<string, unknown> {
  return {
    id: graph.id,
    name: graph.name,
    user: marshalUser(graph.owner),
    description: graph.description || null,
    created_at: modelDate(graph.createdAtMs),
    updated_at: modelDate(graph.updatedAtMs),
  }
}

/** A saved graph with its elements as NetworkX reads them, and its configuration. */
export function marshalFullGraph(graph: SavedGraph): Record<string, unknown> {
  const elements = readElements(graph.elementsJson)
  return {
    ...marshalGraph(graph),
    graph_elements: frame(listData(elements, 'nodes'), listData(elements, 'edges')),
    graph_config: graph.configJson,
  }
}

/** A saved graph with its elements as they were saved, as JSON text. */
export function marshalCytoscapeGraph(graph: SavedGraph): Record<string, unknown> {
  return { ...marshalGraph(graph), graph_elements: graph.elementsJson }
}

/** What a plugin drew. */
export function marshalDrawnGraph(drawn: DrawnGraph): Record<string, unknown> {
  return {
    id: drawn.id,
    graph_elements: pythonJson(frame(drawn.graph.nodes, drawn.graph.edges)),
    graph_config: pythonJson(drawn.config),
    created_at: modelDate(drawn.createdAtMs),
    updated_at: modelDate(drawn.updatedAtMs),
  }
}

/** NetworkX's frame for Cytoscape JSON: directed, with several edges between the same nodes. */
function frame(nodes: readonly unknown[], edges: readonly unknown[]): Record<string, unknown> {
  return { data: [], directed: true, multigraph: true, elements: { nodes, edges } }
}

function listData(elements: readonly GraphElement[], group: GraphElement['group']): unknown[] {
  return elements.filter((element) => element.group === group).map(({ data }) => ({ data }))
}
