import type { ExactJson } from '../../transport/exact-json.ts'
import { path } from '../../transport/path.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { readOwner } from '../users/user.ts'
import { readModels, readObject } from '../wire/envelope.ts'
import { readInstant } from '../wire/instant.ts'
import {
  isRecord,
  readId,
  readJsonText,
  readRecord,
  readRecords,
  readText,
  toRecords,
  type WireRecord,
} from '../wire/record.ts'

/** Nodes and edges; what they carry is Cytoscape's `data`: a node has `id`, an edge `source` and `target`. */
export interface GraphElements {
  readonly nodes: readonly WireRecord[]
  readonly edges: readonly WireRecord[]
}

/** A graph of a sketch, as a list shows it. */
export interface Graph {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly owner: string
  readonly createdAt: string | undefined
  readonly updatedAt: string | undefined
}

/** A graph with what is in it. */
export interface GraphDetail extends Graph {
  readonly elements: GraphElements
  readonly config: ExactJson | undefined
}

/** A graph that is to be kept. */
export interface GraphDraft {
  readonly name: string
  readonly description?: string
  readonly elements: GraphElements
  readonly config?: ExactJson | undefined
}

/** Makes graphs of the events of a sketch, and keeps them. */
export class Graphs {
  readonly #connection: Connection
  readonly #sketch: string

  constructor(connection: Connection, sketchId: number) {
    this.#connection = connection
    this.#sketch = path`/sketches/${sketchId}/`
  }

  async list(options?: CallOptions): Promise<readonly Graph[]> {
    return readModels(await this.#connection.get(`${this.#sketch}graphs/`, options)).map(toGraph)
  }

  async get(id: number, options?: CallOptions): Promise<GraphDetail> {
    return toDetail(readObject(await this.#connection.get(this.#sketch + path`graphs/${id}/`, options)))
  }

  /**
   * Makes a graph with a plugin (`Timesketch.graphPlugins`).
   *
   * @param options.timelineIds - @default all timelines
   * @param options.refresh - Make it anew, even when the server remembers one. @default false
   */
  async generate(
    plugin: string,
    options: CallOptions & { timelineIds?: readonly number[]; config?: WireRecord; refresh?: boolean } = {},
  ): Promise<{ elements: GraphElements; config: ExactJson | undefined }> {
    const { timelineIds, config = {}, refresh = false } = options
    const body = { plugin, config, refresh, ...(timelineIds ? { timeline_ids: timelineIds } : {}) }
    const made = readObject(await this.#connection.ask(`${this.#sketch}graph/`, body, options))
    return { elements: readElements(made), config: readJsonText(made, 'graph_config') }
  }

  async create(graph: GraphDraft, options?: CallOptions): Promise<GraphDetail> {
    return await this.#save('graphs/', graph, options)
  }

  async update(id: number, graph: GraphDraft, options?: CallOptions): Promise<GraphDetail> {
    return await this.#save(path`graphs/${id}/`, graph, options)
  }

  async delete(id: number, options?: CallOptions): Promise<void> {
    await this.#connection.delete(this.#sketch + path`graphs/${id}/`, options)
  }

  async #save(place: string, graph: GraphDraft, options: CallOptions | undefined): Promise<GraphDetail> {
    const body = {
      name: graph.name,
      description: graph.description ?? '',
      elements: [
        ...graph.elements.nodes.map((data) => ({ group: 'nodes', data })),
        ...graph.elements.edges.map((data) => ({ group: 'edges', data })),
      ],
      graph_config: graph.config ?? {},
    }
    const { id } = toGraph(readObject(await this.#connection.post(this.#sketch + place, body, options)))
    return await this.get(id, options)
  }
}

/** A plugin that a server has for making graphs. */
export interface GraphPlugin {
  readonly name: string
  readonly displayName: string
  readonly description: string
}

export function toGraphPlugin(record: WireRecord): GraphPlugin {
  return {
    name: readText(record, 'name'),
    displayName: readText(record, 'display_name'),
    description: readText(record, 'description'),
  }
}

function toGraph(record: WireRecord): Graph {
  return {
    id: readId(record),
    name: readText(record, 'name'),
    description: readText(record, 'description'),
    owner: readOwner(record).username,
    createdAt: readInstant(record, 'created_at'),
    updatedAt: readInstant(record, 'updated_at'),
  }
}

function toDetail(record: WireRecord): GraphDetail {
  return { ...toGraph(record), elements: readElements(record), config: readJsonText(record, 'graph_config') }
}

/** Elements come as NetworkX writes Cytoscape's JSON, as a list with groups, or either as a text. */
function readElements(record: WireRecord): GraphElements {
  const elements = readJsonText(record, 'graph_elements')
  if (Array.isArray(elements)) {
    const ofGroup = (group: string): WireRecord[] =>
      toRecords(elements)
        .filter((element) => element['group'] === group)
        .map((element) => readRecord(element, 'data'))
    return { nodes: ofGroup('nodes'), edges: ofGroup('edges') }
  }
  const inner = isRecord(elements) ? readRecord(elements, 'elements') : {}
  const ofName = (name: string): WireRecord[] =>
    readRecords(inner, name).map((element) => readRecord(element, 'data'))
  return { nodes: ofName('nodes'), edges: ofName('edges') }
}
