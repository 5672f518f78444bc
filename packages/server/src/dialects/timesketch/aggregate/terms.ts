import { parseLucene, parseSearchBody, type Query } from '@timeskein/query'
import { isDomainError } from '../../../errors/domain-error.ts'
import { parseJson } from '../../../http/read-json.ts'
import { aggregateValues } from '../../../services/explore/event-aggregations.ts'
import { abort } from '../errors.ts'
import { asObject, type Body, text } from '../request.ts'
import { type AggregatorAnswer, type AggregatorCall, readLimit, requireField } from './aggregator-call.ts'

/** The most frequent values of a field. */
export async function fieldBucket(asked: AggregatorCall): Promise<AggregatorAnswer> {
  return countValues(asked, { kind: 'all' })
}

/** The most frequent values of a field among the events that answer a question. */
export async function queryBucket(asked: AggregatorCall): Promise<AggregatorAnswer> {
  const queryString = text(asked.parameters, 'query_string')
  const dsl = readDsl(asked.parameters)
  if (!queryString && !dsl) {
    abort(400, 'Unable to run the aggregation, with error: Both query_string and query_dsl are missing')
  }
  const query = dsl ? parseSearchBody(dsl).query : parseLucene(queryString!, { defaultOperator: 'and' })
  return countValues(asked, query)
}

async function countValues(asked: AggregatorCall, query: Query): Promise<AggregatorAnswer> {
  const { call, parameters } = asked
  const field = requireField(parameters)
  const result = await call.services.explore.search(call.principal, {
    sketchId: call.sketch.id,
    selection: asked.selection,
    query: { kind: 'and', of: [query, asked.range] },
    size: 0,
    aggregations: {
      aggregation: aggregateValues(await valueField(asked, field), readLimit(parameters)),
    },
    signal: call.signal,
  })
  const found = result.aggregations['aggregation']
  const buckets = found?.kind === 'buckets' ? found.buckets : []
  return {
    buckets: buckets.map((bucket) => ({ [field]: bucket.key, count: bucket.count })),
    tookMs: result.tookMs,
  }
}

/** Text is counted by whole values: its `.keyword` sub-field. */
async function valueField(asked: AggregatorCall, field: string): Promise<string> {
  if (field.endsWith('.keyword')) return field
  const fields = await asked.call.services.explore.fields(
    asked.call.principal,
    asked.call.sketch.id,
    asked.selection,
  )
  const info = fields.find((known) => known.name === field)
  return info === undefined || info.kinds.includes('string') ? `${field}.keyword` : field
}

function readDsl(parameters: Body): Body | undefined {
  const dsl = parameters['query_dsl']
  if (typeof dsl !== 'string') return asObject(dsl)
  if (dsl === '') return undefined
  try {
    return asObject(parseJson(dsl))
  } catch (error) {
    if (isDomainError(error)) throw error
    return abort(400, 'Unable to run the aggregation, with error: query_dsl is not JSON')
  }
}
