import type { AggregationResult, MetricAggregation } from '@timeskein/query'
import type { AskContext } from '../ask-context.ts'
import type { FieldTarget, StoredTarget } from '../plan/field-target.ts'
import { intersectSeqs } from '../rows/seq-list.ts'
import { timesInMs } from './date-buckets.ts'
import { kindsOf, selectValues, splitByValuePlace } from './field-values.ts'
import { listGivenValues, withoutReplaced } from './given-values.ts'
import { countRows, type HitGroup, listSeqs } from './hit-groups.ts'
import { countValues } from './value-counts.ts'

interface Stats {
  count: number
  min: number
  max: number
  sum: number
  /** Undefined where nobody asks for it. */
  sumOfSquares: number | undefined
}

/** One figure over a field's values in the hits. Text has no minimum, sum and so on: its values are passed over. */
export async function measure(
  { kind }: MetricAggregation,
  targets: ReadonlyMap<AskContext, FieldTarget>,
  groups: readonly HitGroup[],
): Promise<AggregationResult> {
  if (kind === 'cardinality') return { kind: 'metric', value: await countDistinct(targets, groups) }
  if (kind === 'value_count') {
    let value = 0
    for (const group of groups) value += await countAll(targets.get(group.context)!, group)
    return { kind: 'metric', value }
  }
  const stats: Stats = {
    count: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    sum: 0,
    sumOfSquares: kind === 'extended_stats' ? 0 : undefined,
  }
  for (const group of groups) await addStats(targets.get(group.context)!, group, stats)
  const { count, min, max, sum, sumOfSquares } = stats
  const avg = count > 0 ? sum / count : null
  switch (kind) {
    case 'stats':
    case 'extended_stats': {
      const ends = { min: count > 0 ? min : null, max: count > 0 ? max : null }
      return {
        kind: 'stats',
        count,
        ...ends,
        sum,
        avg,
        ...(sumOfSquares === undefined ? {} : { sumOfSquares }),
      }
    }
    case 'min':
      return { kind: 'metric', value: count > 0 ? min : null }
    case 'max':
      return { kind: 'metric', value: count > 0 ? max : null }
    case 'avg':
      return { kind: 'metric', value: avg }
    case 'sum':
      return { kind: 'metric', value: sum }
  }
}

async function addStats(target: FieldTarget, group: HitGroup, stats: Stats): Promise<void> {
  const addNumber = (value: number, count: number): void => {
    stats.count += count
    stats.sum += value * count
    if (stats.sumOfSquares !== undefined) stats.sumOfSquares += value * value * count
    stats.min = Math.min(stats.min, value)
    stats.max = Math.max(stats.max, value)
  }
  switch (target.kind) {
    case 'id':
      return
    case 'segment':
      if (target.value === 'timeline') {
        for (const { segment, rows } of group.hits) addNumber(segment.timelineId, rows.count)
      }
      return
    case 'time':
      for (const { segment, rows } of group.hits) {
        const times = await segment.readTimes()
        const readMs = timesInMs(times)
        rows.forEach((row) => {
          addNumber(target.unit === 'date' ? readMs(row) : Number(times.timesUs[row]!), 1)
        })
      }
      return
    case 'stored':
      await addStoredStats(target, group, stats)
      addAttributeNumbers(target, group, addNumber)
  }
}

async function addStoredStats(
  target: StoredTarget,
  { context, hits }: HitGroup,
  stats: Stats,
): Promise<void> {
  if (target.view !== 'words') return
  const squares = stats.sumOfSquares === undefined ? 'NULL' : 'sum(value * value)'
  for (const part of await splitByValuePlace(target, withoutReplaced(target, { context, hits }))) {
    if (!('entry' in part.from)) continue
    for (const kind of ['i', 'r', 'b'] as const) {
      const select = selectValues(part.from.entry, kind, { context, hits: part.hits }, 'CAST(# AS DOUBLE)')
      if (!select) continue
      const sql = `SELECT count(value), min(value), max(value), sum(value), ${squares} FROM (${select.sql})`
      for await (const { columns } of context.handle.query(sql, select.parameters, context.signal)) {
        const count = Number(columns[0]![0])
        if (count === 0) continue
        stats.count += count
        stats.min = Math.min(stats.min, Number(columns[1]![0]))
        stats.max = Math.max(stats.max, Number(columns[2]![0]))
        stats.sum += Number(columns[3]![0])
        if (stats.sumOfSquares !== undefined) stats.sumOfSquares += Number(columns[4]![0])
      }
    }
  }
}

function addAttributeNumbers(
  target: StoredTarget,
  { context, hits }: HitGroup,
  add: (value: number, count: number) => void,
): void {
  if (!target.hasMarks || target.name === 'tag') return
  const seqs = listSeqs(hits)
  for (const { values, seqs: given } of listGivenValues(target, context)) {
    const count = intersectSeqs(seqs, given).length
    if (count === 0) continue
    for (const value of values) if (typeof value === 'number') add(value, count)
  }
}

/** Values, not events: an event with two values counts twice. Equal texts of one event count once, as in OpenSearch. */
async function countAll(target: FieldTarget, group: HitGroup): Promise<number> {
  if (target.kind !== 'stored') return countRows(group.hits)
  if (target.hasMarks) {
    const counts = await countValues(new Map([[group.context, target]]), [group])
    return counts.entries().reduce((sum, [, count]) => sum + count, 0)
  }
  const { context } = group
  let all = 0
  for (const { hits, from } of await splitByValuePlace(target, group)) {
    if ('constant' in from) {
      all += countRows(hits)
      continue
    }
    const kinds = kindsOf(from.entry, context).filter((kind) => target.view === 'words' || kind === 's')
    for (const kind of kinds) {
      const select = selectValues(from.entry, kind, { context, hits })
      if (!select) continue
      const hasLists = kind === 's' && context.kinds.get(from.entry.id)?.has(kind)
      const values = hasLists ? `SELECT DISTINCT seq, value FROM (${select.sql})` : select.sql
      const sql = `SELECT count(*) FROM (${values})`
      for await (const { columns } of context.handle.query(sql, select.parameters, context.signal)) {
        all += Number(columns[0]![0])
      }
    }
  }
  return all
}

/** Exact where one index has all values in one place; else all distinct values are gathered first. */
async function countDistinct(
  targets: ReadonlyMap<AskContext, FieldTarget>,
  groups: readonly HitGroup[],
): Promise<number> {
  const [group] = groups
  const target = group && targets.get(group.context)
  if (group && groups.length === 1 && target?.kind === 'stored' && !target.hasMarks) {
    const { context } = group
    const parts = await splitByValuePlace(target, group)
    const from = parts[0]?.from
    if (parts.length === 1 && from && 'entry' in from) {
      let distinct = 0
      const kinds = kindsOf(from.entry, context).filter((kind) => target.view === 'words' || kind === 's')
      for (const kind of kinds) {
        const select = selectValues(from.entry, kind, { context, hits: parts[0]!.hits })
        if (!select) continue
        const sql = `SELECT count(DISTINCT value) FROM (${select.sql})`
        for await (const { columns } of context.handle.query(sql, select.parameters, context.signal)) {
          distinct += Number(columns[0]![0])
        }
      }
      return distinct
    }
  }
  return (await countValues(targets, groups)).entries().length
}
