import type { SketchCall } from '../../../http/app-types.ts'
import { abort } from '../errors.ts'
import { type Body, text } from '../request.ts'
import { readSelection } from '../search/question.ts'
import { AGGREGATORS } from '../wire/aggregator-info.ts'
import { type AggregatorAnswer, type AggregatorCall, readTimeRange } from './aggregator-call.ts'
import { dateHistogram } from './date-histogram.ts'
import { fieldBucket, queryBucket } from './terms.ts'

const RUNNERS: ReadonlyMap<string, (asked: AggregatorCall) => Promise<AggregatorAnswer>> = new Map([
  ['field_bucket', fieldBucket],
  ['query_bucket', queryBucket],
  ['date_histogram', dateHistogram],
])

/**
 * Runs one of Timesketch's aggregators (reference, sections 2.15 and 7.1).
 *
 * @param name - In lower case.
 * @throws {WireError} 404 for an unknown aggregator, 400 for parameters that cannot be.
 */
export async function runAggregator(
  call: SketchCall,
  name: string,
  parameters: Body,
): Promise<{ meta: Record<string, unknown>; objects: unknown[] }> {
  const runner = RUNNERS.get(name)
  if (!runner) abort(404, `There is no aggregator ${name}.`)
  const chartType = text(parameters, 'supported_charts') ?? text(parameters, 'chart_type') ?? null
  const { buckets, tookMs } = await runner({
    call,
    selection: readSelection({ indices: parameters['index'] }),
    range: readTimeRange(parameters),
    parameters,
  })
  return {
    meta: {
      method: 'aggregator_run',
      aggregator_class: 'legacy',
      chart_type: chartType,
      name,
      description: AGGREGATORS.find((aggregator) => aggregator.name === name)?.description ?? '',
      es_time: tookMs / 1000,
    },
    objects: [{ [name]: { buckets } }],
  }
}
