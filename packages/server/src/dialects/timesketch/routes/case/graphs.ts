import { GRAPH_PLUGINS } from '@timeskein/analyze'
import type { AppContext, SketchCall } from '../../../../http/app-types.ts'
import type { GraphInput } from '../../../../services/graphs/graph-service.ts'
import { abort, inWords } from '../../errors.ts'
import { sendDone, sendJson } from '../../reply.ts'
import { asObject, type Body, flag, object, pathId, readBody, text } from '../../request.ts'
import type { TimesketchRouter } from '../../router.ts'
import {
  marshalCytoscapeGraph,
  marshalDrawnGraph,
  marshalFullGraph,
  marshalGraph,
} from '../../wire/case/graph.ts'
import { nested, one } from '../../wire/envelope.ts'
import { pythonJson } from '../../wire/python-json.ts'
import { readJsonList } from './json-list.ts'

/** `/graphs/`, `/sketches/<id>/graph/` and `/sketches/<id>/graphs/…` (Timesketch 20261014: api/v1/resources/graph.py). */
export function routeGraphs(router: TimesketchRouter): void {
  router.user('GET', '/graphs/', (c) => sendJson(c, PLUGIN_LIST))
  router.sketch('POST', '/sketches/:sketchId/graph/', 'read', draw)
  router.sketch('GET', '/sketches/:sketchId/graphs/', 'read', list)
  router.sketch('POST', '/sketches/:sketchId/graphs/', 'write', create)
  router.sketch('GET', '/sketches/:sketchId/graphs/:graphId/', 'read', get)
  router.sketch('POST', '/sketches/:sketchId/graphs/:graphId/', 'write', update)
  router.sketch('DELETE', '/sketches/:sketchId/graphs/:graphId/', 'write', remove)
}

const PLUGIN_LIST = GRAPH_PLUGINS.map(({ name, displayName, description }) => ({
  name,
  display_name: displayName,
  description,
}))

const WORDS = {
  'graph-not-found': [404, 'No graph found with this ID.'],
  'graph-plugin-not-found': [
    404,
    `There is no such graph plugin; there are ${PLUGIN_LIST.map(({ name }) => name).join(', ')}.`,
  ],
} as const

async function draw(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const plugin = text(body, 'plugin') || abort(400, 'The name of a graph plugin is needed.')
  const drawn = await inWords(
    call.services.graphs.draw(call.principal, call.sketch.id, {
      plugin,
      config: object(body, 'config') ?? {},
      timelineIds: readTimelineIds(body['timeline_ids']),
      refresh: flag(body, 'refresh'),
      signal: call.signal,
    }),
    WORDS,
  )
  return sendJson(c, one(marshalDrawnGraph(drawn)))
}

function readTimelineIds(value: unknown): readonly number[] | undefined {
  if (value === undefined || value === null) return undefined
  if (Array.isArray(value) && value.every((id) => Number.isSafeInteger(id))) return value
  return abort(400, 'Timeline IDs need to be a list of integers.')
}

async function list(c: AppContext, call: SketchCall): Promise<Response> {
  const graphs = await call.services.graphs.list(call.principal, call.sketch.id)
  return sendJson(c, nested(graphs.map(marshalGraph)))
}

async function create(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const input: GraphInput = {
    description: '',
    configJson: '',
    elementsJson: '[]',
    name: '',
    ...readInput(body),
  }
  const made = await inWords(call.services.graphs.create(call.principal, call.sketch.id, input), WORDS)
  return sendJson(c, one(marshalGraph(made)), 201)
}

async function get(c: AppContext, call: SketchCall): Promise<Response> {
  const id = pathId(c, 'graphId')
  const graph = await inWords(call.services.graphs.get(call.principal, call.sketch.id, id), WORDS)
  const marshal = c.req.query('format') === 'cytoscape' ? marshalCytoscapeGraph : marshalFullGraph
  return sendJson(c, one(marshal(graph)))
}

async function update(c: AppContext, call: SketchCall): Promise<Response> {
  const change = readInput(await readBody(c))
  const id = pathId(c, 'graphId')
  const changed = await inWords(
    call.services.graphs.update(call.principal, call.sketch.id, id, change),
    WORDS,
  )
  return sendJson(c, one(marshalGraph(changed)), 201)
}

async function remove(c: AppContext, call: SketchCall): Promise<Response> {
  const id = pathId(c, 'graphId')
  await inWords(call.services.graphs.delete(call.principal, call.sketch.id, id), WORDS)
  return sendDone(c)
}

/** What is said of a graph; empty and missing members say nothing. */
function readInput(body: Body): Partial<GraphInput> {
  const name = text(body, 'name')
  const description = text(body, 'description')
  const config = body['graph_config']
  const elements = body['elements']
  return {
    ...(name ? { name } : {}),
    ...(description ? { description } : {}),
    ...(config ? { configJson: readConfig(config) } : {}),
    ...(elements ? { elementsJson: pythonJson(readJsonList(elements)) } : {}),
  }
}

/** An empty object is no configuration. */
function readConfig(config: unknown): string {
  if (typeof config === 'string') return config
  const own = asObject(config) ?? abort(400, 'The configuration of a graph is an object or text.')
  return Object.keys(own).length === 0 ? '' : pythonJson(own)
}
