import type { Graph } from '@timeskein/analyze'
import type { Principal } from '../../auth/principal.ts'
import type { User } from '../users/user-service.ts'

/** What a list tells of a graph. */
export interface GraphLine {
  readonly id: number
  readonly sketchId: number
  readonly owner: User | undefined
  readonly name: string
  readonly description: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** Nodes and edges that somebody kept. Elements and configuration are kept as the client wrote them. */
export interface SavedGraph extends GraphLine {
  /** JSON text, or nothing. */
  readonly configJson: string
  /** JSON text of a list of `{group: 'nodes' | 'edges', data, position?}` (Cytoscape). */
  readonly elementsJson: string
}

/** What is said of a graph that is saved. */
export interface GraphInput {
  readonly name: string
  readonly description: string
  readonly configJson: string
  readonly elementsJson: string
}

/** What a plugin drew. */
export interface DrawnGraph {
  readonly id: number
  readonly graph: Graph
  /** As the client sent it. */
  readonly config: unknown
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** What a plugin is to draw. */
export interface GraphRequest {
  readonly plugin: string
  readonly config: unknown
  /** @default all ready timelines */
  readonly timelineIds?: readonly number[] | undefined
  /** True: drawn anew, even when nothing has changed since. */
  readonly refresh?: boolean
  readonly signal?: AbortSignal
}

/** Graphs of sketches. */
export interface GraphService {
  /**
   * Needs read. What was drawn last is kept, and comes back while neither the sketch nor the request has changed.
   *
   * @throws {DomainError} `not-found` (`graph-plugin-not-found`), `conflict` (`sketch-archived`), `invalid` (`no-timelines`).
   */
  draw(principal: Principal, sketchId: number, request: GraphRequest): Promise<DrawnGraph>
  /** Needs read. */
  list(principal: Principal, sketchId: number): Promise<readonly GraphLine[]>
  /** Needs read. @throws {DomainError} `not-found` (`graph-not-found`). */
  get(principal: Principal, sketchId: number, id: number): Promise<SavedGraph>
  /** Needs write. @throws {DomainError} `invalid` (`bad-name`, `bad-graph`). */
  create(principal: Principal, sketchId: number, input: GraphInput): Promise<SavedGraph>
  /** Needs write. @throws As `create`. */
  update(principal: Principal, sketchId: number, id: number, change: Partial<GraphInput>): Promise<SavedGraph>
  /** Needs write. */
  delete(principal: Principal, sketchId: number, id: number): Promise<void>
}
