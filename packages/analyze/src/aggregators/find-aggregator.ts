import { AnalyzeError } from '../analyze-error.ts'
import type { Aggregator, AggregatorAnswer, AggregatorRun } from './aggregator.ts'
import { autoDateHistogram } from './apex/auto-date-histogram.ts'
import { calendarDateHistogram } from './apex/calendar-date-histogram.ts'
import { rareTerms } from './apex/rare-terms.ts'
import { singleMetric } from './apex/single-metric.ts'
import { topTerms } from './apex/top-terms.ts'
import { dateHistogram } from './date-histogram.ts'
import { datefieldSummary } from './datefield-summary.ts'
import { fieldBucket } from './field-bucket.ts'
import { fieldSummary } from './field-summary.ts'
import { manualFeed } from './manual-feed.ts'
import { manualVega } from './manual-vega.ts'
import { queryBucket } from './query-bucket.ts'

/** Every aggregator there is; those that are listed first, in the order of lists. */
export const AGGREGATORS: readonly Aggregator[] = [
  fieldBucket,
  dateHistogram,
  queryBucket,
  manualFeed,
  manualVega,
  fieldSummary,
  datefieldSummary,
  autoDateHistogram,
  calendarDateHistogram,
  topTerms,
  rareTerms,
  singleMetric,
]

/** The aggregator of a name, in any case. @throws {AnalyzeError} `unknown-aggregator`. */
export function findAggregator(name: string): Aggregator {
  const lower = name.toLowerCase()
  const found = AGGREGATORS.find((aggregator) => aggregator.name === lower)
  if (found) return found
  const names = AGGREGATORS.map((aggregator) => aggregator.name).join(', ')
  throw new AnalyzeError(
    'unknown-aggregator',
    `There is no aggregator ${JSON.stringify(name.slice(0, 100))}; there are ${names}.`,
  )
}

/**
 * Runs an aggregator, once its parameters are known to be its own.
 *
 * @throws {AnalyzeError} `bad-parameter`, `too-many-buckets`.
 */
export async function runAggregator(aggregator: Aggregator, run: AggregatorRun): Promise<AggregatorAnswer> {
  const stranger = Object.keys(run.parameters).find((name) => !aggregator.parameters.includes(name))
  if (stranger !== undefined)
    throw new AnalyzeError(
      'bad-parameter',
      `${aggregator.name} has no parameter ${JSON.stringify(stranger.slice(0, 100))}; it has ${aggregator.parameters.join(', ')}.`,
      stranger,
    )
  return await aggregator.run(run)
}
