import { type EventSource, GRAPH_PLUGINS, type Graph } from '@timeskein/analyze'
import type { Principal } from '../../auth/principal.ts'
import { notFound } from '../../errors/domain-error.ts'
import type { ExploreService } from '../explore/explore-service.ts'
import type { ServiceContext } from '../service-context.ts'
import type { DrawnGraph, GraphRequest } from './graph-service.ts'

/** What is kept with a drawing: what it was made of. */
interface Origin {
  readonly config: unknown
  readonly timelineIds: readonly number[] | null
  /** The sketch's revision before it was drawn. */
  readonly revision: number
}

/** See `GraphService.draw`. */
export async function drawGraph(
  context: ServiceContext,
  explore: ExploreService,
  principal: Principal,
  sketchId: number,
  request: GraphRequest,
): Promise<DrawnGraph> {
  const { db } = context
  const sketch = await context.access.requireOpenSketch(principal, sketchId, 'read')
  const plugin = GRAPH_PLUGINS.find((known) => known.name === request.plugin.toLowerCase())
  if (!plugin) throw notFound('graph plugin', request.plugin.slice(0, 100))
  const origin: Origin = {
    config: request.config ?? null,
    timelineIds: request.timelineIds?.length ? request.timelineIds : null,
    revision: sketch.revision,
  }
  const originJson = JSON.stringify(origin)
  const find = () =>
    db
      .selectFrom('graph_cache')
      .selectAll()
      .where('sketch_id', '=', sketchId)
      .where('plugin', '=', plugin.name)
      .executeTakeFirst()
  let row = await find()
  if (request.refresh || row?.config_json !== originJson) {
    const graph = await plugin.draw(
      readFrom(explore, principal, sketchId, origin.timelineIds, request.signal),
    )
    const now = context.now()
    const content = { config_json: originJson, elements_json: JSON.stringify(graph), updated_at_ms: now }
    await db
      .insertInto('graph_cache')
      .values({ sketch_id: sketchId, plugin: plugin.name, created_at_ms: now, ...content })
      .onConflict((conflict) => conflict.columns(['sketch_id', 'plugin']).doUpdateSet(content))
      .execute()
    row = await find()
  }
  return {
    id: row!.id,
    graph: JSON.parse(row!.elements_json) as Graph,
    config: (JSON.parse(row!.config_json) as Origin).config,
    createdAtMs: row!.created_at_ms,
    updatedAtMs: row!.updated_at_ms,
  }
}

function readFrom(
  explore: ExploreService,
  principal: Principal,
  sketchId: number,
  timelineIds: readonly number[] | null,
  signal: AbortSignal | undefined,
): EventSource {
  return {
    read: (query) =>
      explore.scan(principal, {
        sketchId,
        query,
        sort: 'asc',
        ...(timelineIds === null ? {} : { selection: { entries: timelineIds } }),
        ...(signal === undefined ? {} : { signal }),
      }),
  }
}
