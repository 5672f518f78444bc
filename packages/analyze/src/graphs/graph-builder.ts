import { createHash } from 'node:crypto'
import type { ReadEvent } from '../event-source.ts'
import { type Graph, type GraphEdge, type GraphNode, MAX_EVENTS_PER_EDGE } from './graph.ts'

interface EdgeDraft {
  readonly id: string
  readonly label: string
  readonly source: string
  readonly target: string
  readonly key: number
  readonly events: Map<string, string[]>
  count: number
}

/** Gathers nodes and edges; the same ones meet again. */
export class GraphBuilder {
  readonly #nodes = new Map<string, GraphNode>()
  readonly #edges = new Map<string, EdgeDraft>()
  readonly #pairs = new Map<string, number>()

  /** Adds a node, unless there is one of this label. Returns its id: the MD5 of the label, as in Timesketch. */
  addNode(label: string, attributes: Readonly<Record<string, unknown>>): string {
    const id = createHash('md5').update(label).digest('hex')
    if (!this.#nodes.has(id)) this.#nodes.set(id, { data: { ...attributes, id, label, value: id, name: id } })
    return id
  }

  /** Adds an event to the edge of this label between two nodes. */
  addEdge(source: string, target: string, label: string, event: ReadEvent): void {
    const id = `${source}${target}${label}`.toLowerCase()
    let edge = this.#edges.get(id)
    if (!edge) {
      const pair = `${source}${target}`
      const key = this.#pairs.get(pair) ?? 0
      this.#pairs.set(pair, key + 1)
      edge = { id, label, source, target, key, events: new Map(), count: 0 }
      this.#edges.set(id, edge)
    }
    edge.count += 1
    if (edge.count > MAX_EVENTS_PER_EDGE) return
    const ids = edge.events.get(event.index)
    if (ids) ids.push(event.id)
    else edge.events.set(event.index, [event.id])
  }

  finish(): Graph {
    return { nodes: [...this.#nodes.values()], edges: [...this.#edges.values()].map(toEdge) }
  }
}

function toEdge({ count, events, label, ...edge }: EdgeDraft): GraphEdge {
  return { data: { ...edge, label: `${label} (${count})`, events: Object.fromEntries(events) } }
}
