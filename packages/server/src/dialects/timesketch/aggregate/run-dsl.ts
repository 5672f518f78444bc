import { parseSearchBody } from '@timeskein/query'
import type { SketchCall } from '../../../http/app-types.ts'
import type { Body } from '../request.ts'
import { marshalAggregations } from './marshal-result.ts'

/** Runs the aggregations of a raw OpenSearch body over all ready timelines (Timesketch 20261014: api/v1/resources/aggregation.py). */
export async function runAggregationDsl(
  call: SketchCall,
  dsl: Body,
): Promise<{ meta: Record<string, unknown>; objects: unknown[] }> {
  const body = parseSearchBody(dsl)
  const aggregations = body.aggregations ?? {}
  const result = await call.services.explore.search(call.principal, {
    sketchId: call.sketch.id,
    query: body.query,
    size: 0,
    aggregations,
    signal: call.signal,
  })
  const marshalled = marshalAggregations(aggregations, result.aggregations)
  return {
    meta: {
      es_time: Math.round(result.tookMs),
      es_total_count: { value: result.total, relation: 'eq' },
      timed_out: !result.complete,
      method: 'aggregator_query',
      max_score: null,
    },
    objects: Object.keys(marshalled).length === 0 ? [] : [marshalled],
  }
}
