import type { EventSource } from '../event-source.ts'

/** Something that stands in a graph. Format: https://js.cytoscape.org/#notation/elements-json */
export interface GraphNode {
  readonly data: Readonly<Record<string, unknown>> & { readonly id: string; readonly label: string }
}

/** What goes from one node to another, with the events that say so. */
export interface GraphEdge {
  readonly data: Readonly<Record<string, unknown>> & {
    readonly id: string
    readonly label: string
    readonly source: string
    readonly target: string
    /** Ids of events by index; at most `MAX_EVENTS_PER_EDGE` of them. */
    readonly events: Readonly<Record<string, readonly string[]>>
    /** Tells edges between the same two nodes apart, from 0. */
    readonly key: number
  }
}

/** Nodes and edges in the order in which they were met. */
export interface Graph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
}

/** Events that an edge names; its label counts all. */
export const MAX_EVENTS_PER_EDGE = 500

/** A way to draw events. */
export interface GraphPlugin {
  readonly name: string
  readonly displayName: string
  readonly description: string
  draw(events: EventSource): Promise<Graph>
}
