import {
  type Aggregation,
  type AggregationResult,
  type Aggregations,
  type Bucket,
  QueryError,
  type TermsAggregation,
} from '@timeskein/query'
import { RowSet } from '../../../../text/terms/row-set.ts'
import type { AskContext } from '../ask-context.ts'
import { compileMatcher } from '../match/test-value.ts'
import type { SegmentHits } from '../page/event-page.ts'
import type { FieldTarget } from '../plan/field-target.ts'
import type { OpenIndex } from '../scope-hits.ts'
import { makeAutoBuckets } from './auto-interval.ts'
import { compareKeys, equalTest } from './bucket-key.ts'
import { type BucketRows, bucketFinder, queryFinder, resolveIn, spanNode, timeNode } from './bucket-rows.ts'
import { countByTime, fillGaps, MAX_BUCKETS, makeRounding } from './date-buckets.ts'
import { countRows, groupHits, type HitGroup, narrowHits } from './hit-groups.ts'
import { InnerBudget } from './inner-budget.ts'
import { measure } from './metrics.ts'
import { countByNumber } from './number-histogram.ts'
import { countTopValues, countValues, type TopValues } from './value-counts.ts'

/** Computes aggregations over hits, inner ones over the hits of each bucket. */
export async function aggregateHits(
  aggregations: Aggregations,
  hits: readonly SegmentHits[],
  indexes: readonly OpenIndex[],
): Promise<Readonly<Record<string, AggregationResult>>> {
  return await aggregateAll(aggregations, hits, indexes, new InnerBudget())
}

async function aggregateAll(
  aggregations: Aggregations,
  hits: readonly SegmentHits[],
  indexes: readonly OpenIndex[],
  budget: InnerBudget,
): Promise<Readonly<Record<string, AggregationResult>>> {
  // Names come from outside: an object without a prototype takes any.
  const results: Record<string, AggregationResult> = Object.create(null)
  for (const [name, aggregation] of Object.entries(aggregations)) {
    results[name] = await aggregateOne(aggregation, hits, indexes, budget)
  }
  return results
}

async function aggregateOne(
  aggregation: Aggregation,
  hits: readonly SegmentHits[],
  indexes: readonly OpenIndex[],
  budget: InnerBudget,
): Promise<AggregationResult> {
  const groups = groupHits(hits)
  switch (aggregation.kind) {
    case 'terms':
      return aggregateTerms(aggregation, hits, groups, indexes, budget)
    case 'date_histogram': {
      if (!isTime(aggregation.field)) return { kind: 'buckets', buckets: [], otherCount: 0 }
      const rounding = makeRounding(aggregation.interval, aggregation.timeZone)
      const counts = await countByTime(hits, rounding)
      const pairs = aggregation.minCount > 0 ? sortPairs(counts) : fillGaps(counts, rounding)
      const kept = pairs.filter(([, count]) => count >= aggregation.minCount)
      const buckets = await addInner(kept, aggregation.aggregations, hits, indexes, budget, ([key]) =>
        timeNode(key, rounding),
      )
      return { kind: 'buckets', buckets, otherCount: 0 }
    }
    case 'auto_date_histogram': {
      if (!isTime(aggregation.field)) return { kind: 'buckets', buckets: [], otherCount: 0, interval: '1s' }
      const auto = await makeAutoBuckets(groups, Math.max(1, aggregation.buckets))
      const ends = new Map(auto.buckets.map(({ key, end }) => [key, end]))
      const pairs = auto.buckets.map(({ key, count }): [number, number] => [key, count])
      const buckets = await addInner(pairs, aggregation.aggregations, hits, indexes, budget, ([key]) =>
        spanNode(Number(key), ends.get(Number(key))!),
      )
      return { kind: 'buckets', buckets, otherCount: 0, interval: auto.interval }
    }
    case 'histogram': {
      const { interval, field, minCount } = aggregation
      const counts = await countByNumber(resolveAll(field, groups), groups, interval)
      const pairs = minCount > 0 ? sortPairs(counts) : fillNumbers(counts, interval)
      const kept = pairs.filter(([, count]) => count >= minCount)
      const buckets = await addInner(kept, aggregation.aggregations, hits, indexes, budget, ([key]) => ({
        field,
        test: { number: { gte: Number(key), lt: Number(key) + interval } },
      }))
      return { kind: 'buckets', buckets, otherCount: 0 }
    }
    case 'filters': {
      const buckets: Bucket[] = []
      const filters = Object.entries(aggregation.filters)
      budget.ask(filters.length)
      budget.spend(filters.length, aggregation.aggregations)
      for (const [name, query] of filters) {
        const inside = await narrowHits(hits, queryFinder(query))
        buckets.push(
          await makeBucket(name, countRows(inside), aggregation.aggregations, inside, indexes, budget),
        )
      }
      return { kind: 'buckets', buckets, otherCount: 0 }
    }
    case 'global': {
      budget.spend(1, aggregation.aggregations)
      const all = listAll(indexes)
      const bucket = await makeBucket(
        'global',
        countRows(all),
        aggregation.aggregations,
        all,
        indexes,
        budget,
      )
      return { kind: 'buckets', buckets: [bucket], otherCount: 0 }
    }
    case 'missing': {
      budget.spend(1, aggregation.aggregations)
      const inside = await narrowHits(
        hits,
        queryFinder({ kind: 'not', of: { kind: 'exists', field: aggregation.field } }),
      )
      const bucket = await makeBucket(
        aggregation.field,
        countRows(inside),
        aggregation.aggregations,
        inside,
        indexes,
        budget,
      )
      return { kind: 'buckets', buckets: [bucket], otherCount: 0 }
    }
    default:
      return measure(aggregation, resolveAll(aggregation.field, groups), groups)
  }
}

async function aggregateTerms(
  aggregation: TermsAggregation,
  hits: readonly SegmentHits[],
  groups: readonly HitGroup[],
  indexes: readonly OpenIndex[],
  budget: InnerBudget,
): Promise<AggregationResult> {
  const { field } = aggregation
  const top =
    (await countTopOfOne(aggregation, groups)) ?? (await countTopOfAll(aggregation, groups, indexes))
  const buckets = await addInner(top.values, aggregation.aggregations, hits, indexes, budget, ([key]) => ({
    field,
    test: equalTest(key),
  }))
  return { kind: 'buckets', buckets, otherCount: top.otherCount }
}

/** The usual question, about one index: SQL orders and cuts. */
async function countTopOfOne(
  { field, size, order, minCount, include, exclude }: TermsAggregation,
  groups: readonly HitGroup[],
): Promise<TopValues | undefined> {
  const [group] = groups
  if (!group || groups.length > 1 || include !== undefined || exclude !== undefined) return undefined
  if (order.by !== '_count' || order.direction !== 'desc') return undefined
  return await countTopValues(resolveIn(field, group.context), group, size, minCount)
}

async function countTopOfAll(
  { field, size, order, minCount, include, exclude }: TermsAggregation,
  groups: readonly HitGroup[],
  indexes: readonly OpenIndex[],
): Promise<TopValues> {
  const counts = await countValues(resolveAll(field, groups), groups)
  if (minCount === 0) {
    mentionSegments(field, indexes, (key) => counts.mention(key))
    const everywhere = groupHits(listAll(indexes))
    for (const [key] of (await countValues(resolveAll(field, everywhere), everywhere)).entries()) {
      counts.mention(key)
    }
  }
  const isIncluded = compileChoice(include, true)
  const isExcluded = compileChoice(exclude, false)
  const all = counts
    .entries()
    .filter(([key, count]) => count >= minCount && isIncluded(String(key)) && !isExcluded(String(key)))
  const sign = order.direction === 'asc' ? 1 : -1
  all.sort(([keyA, countA], [keyB, countB]) =>
    order.by === '_count'
      ? sign * (countA - countB) || compareKeys(keyA, keyB)
      : sign * compareKeys(keyA, keyB),
  )
  const values = all.slice(0, size)
  const otherCount = all.slice(size).reduce((sum, [, count]) => sum + count, 0)
  return { values, otherCount }
}

/** Every event asked about, hit or not. */
function listAll(indexes: readonly OpenIndex[]): SegmentHits[] {
  return indexes.flatMap(({ context, segments }) =>
    segments.map((segment) => ({
      index: context.handle.index,
      context,
      segment,
      rows: RowSet.all(segment.rowCount),
    })),
  )
}

/** Indexes and timelines without a hit have a bucket too, when empty ones are wanted. */
function mentionSegments(
  field: string,
  indexes: readonly OpenIndex[],
  mention: (key: string | number) => void,
): void {
  for (const { context, segments } of indexes) {
    const target = resolveIn(field, context)
    if (target.kind !== 'segment') return
    if (target.value === 'index') mention(context.handle.index)
    else for (const { timelineId } of segments) mention(timelineId)
  }
}

function compileChoice(
  choice: string | readonly string[] | undefined,
  otherwise: boolean,
): (key: string) => boolean {
  if (choice === undefined) return () => otherwise
  if (typeof choice === 'string')
    return compileMatcher({ kind: 'regexp', pattern: choice, ignoreCase: false })
  const chosen = new Set(choice)
  return (key) => chosen.has(key)
}

async function addInner(
  pairs: readonly (readonly [string | number, number])[],
  inner: Aggregations | undefined,
  hits: readonly SegmentHits[],
  indexes: readonly OpenIndex[],
  budget: InnerBudget,
  rowsOf: (pair: readonly [string | number, number]) => BucketRows,
): Promise<Bucket[]> {
  if (!inner) return pairs.map(([key, count]) => ({ key, count }))
  budget.spend(pairs.length, inner)
  const buckets: Bucket[] = []
  for (const pair of pairs) {
    const [key, count] = pair
    const inside = count > 0 ? await narrowHits(hits, bucketFinder(rowsOf(pair))) : []
    buckets.push(await makeBucket(key, count, inner, inside, indexes, budget))
  }
  return buckets
}

async function makeBucket(
  key: string | number,
  count: number,
  inner: Aggregations | undefined,
  hits: readonly SegmentHits[],
  indexes: readonly OpenIndex[],
  budget: InnerBudget,
): Promise<Bucket> {
  if (!inner) return { key, count }
  return { key, count, aggregations: await aggregateAll(inner, hits, indexes, budget) }
}

function resolveAll(field: string, groups: readonly HitGroup[]): Map<AskContext, FieldTarget> {
  return new Map(groups.map(({ context }) => [context, resolveIn(field, context)]))
}

/** Only the event's time is a date: others are text, which has no histogram. */
function isTime(field: string): boolean {
  return field === 'datetime' || field === 'timestamp'
}

function sortPairs(counts: ReadonlyMap<number, number>): [number, number][] {
  return [...counts].sort(([a], [b]) => a - b)
}

function fillNumbers(counts: ReadonlyMap<number, number>, interval: number): [number, number][] {
  const pairs = sortPairs(counts)
  const first = pairs[0]
  const last = pairs.at(-1)
  if (!first || !last) return []
  const steps = Math.round((last[0] - first[0]) / interval)
  if (steps >= MAX_BUCKETS) {
    throw new QueryError(
      `histogram: at most ${MAX_BUCKETS} buckets expected, found ${steps + 1}; choose a larger interval`,
      'histogram',
      0,
    )
  }
  const byStep = new Map(pairs.map(([key, count]) => [Math.round((key - first[0]) / interval), count]))
  return Array.from({ length: steps + 1 }, (_, step) => [first[0] + step * interval, byStep.get(step) ?? 0])
}
