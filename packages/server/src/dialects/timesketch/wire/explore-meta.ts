import type { Aggregations } from '@timeskein/query'
import type { ExploreResult } from '../../../services/explore/explore-service.ts'
import type { Timeline } from '../../../services/timelines/timeline-service.ts'

/** What OpenSearch counts to at most without a scroll (`track_total_hits`). */
const COUNTED_TO = 10_000

/** Buckets of the histogram over time. */
const HISTOGRAM_BUCKETS = 50

/** The aggregation behind `count_over_time`. */
export const HISTOGRAM: Aggregations = {
  count_over_time: { kind: 'auto_date_histogram', field: 'datetime', buckets: HISTOGRAM_BUCKETS },
}

/**
 * `meta` of a search but for its scroll id and history node (Timesketch 20261014: api/v1/resources/explore.py).
 *
 * @param active - The sketch's active timelines; their colours and names are told whichever were asked.
 * @param isScroll - Totals of scrolls are exact, others stop at 10,000.
 */
export function exploreMeta(
  result: ExploreResult,
  active: readonly Timeline[],
  isScroll: boolean,
): Record<string, unknown> {
  const perIndex = new Map(result.timelines.map((timeline) => [timeline.searchIndex.indexName, 0]))
  for (const [index, count] of result.countByIndex) perIndex.set(index, count)
  const perTimeline = new Map(result.timelines.map((timeline) => [timeline.id, 0]))
  for (const [id, count] of result.countByTimeline) perTimeline.set(id, count)
  return {
    es_time: Math.round(result.tookMs),
    es_total_count: isScroll ? result.total : Math.min(result.total, COUNTED_TO),
    es_total_count_complete: result.total,
    timeline_colors: Object.fromEntries(
      active.map((timeline) => [timeline.searchIndex.indexName, timeline.color]),
    ),
    timeline_names: Object.fromEntries(
      active.map((timeline) => [timeline.searchIndex.indexName, timeline.name]),
    ),
    count_per_index: Object.fromEntries(perIndex),
    count_per_timeline: Object.fromEntries(perTimeline),
    count_over_time: countOverTime(result),
    ...(result.complete ? {} : { incomplete_reason: result.incompleteReason ?? 'the search was cut short' }),
  }
}

function countOverTime(result: ExploreResult): Record<string, unknown> {
  const histogram = result.aggregations['count_over_time']
  if (histogram?.kind !== 'buckets' || histogram.buckets.length === 0) return { data: {}, interval: '1s' }
  return {
    data: Object.fromEntries(histogram.buckets.map((bucket) => [String(bucket.key), bucket.count])),
    interval: histogram.interval ?? '1s',
  }
}
