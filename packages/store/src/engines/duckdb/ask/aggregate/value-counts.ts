import type { AskContext } from '../ask-context.ts'
import type { FieldTarget, StoredTarget } from '../plan/field-target.ts'
import { intersectSeqs, type SeqList, subtractSeqs } from '../rows/seq-list.ts'
import { findWhole } from '../rows/value-rows.ts'
import { toKey } from './bucket-key.ts'
import { timesInMs } from './date-buckets.ts'
import { type ColumnLetter, kindsOf, selectValues, splitByValuePlace } from './field-values.ts'
import { listGivenValues, withoutReplaced } from './given-values.ts'
import { countRows, type HitGroup, listSeqs } from './hit-groups.ts'

/** How many events have each value, by its key (`toKey`). */
export class ValueCounts {
  readonly #counts = new Map<string | number, number>()

  add(key: string | number, count: number): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count)
  }

  /** Makes sure that a key has a bucket, be it empty. */
  mention(key: string | number): void {
    if (!this.#counts.has(key)) this.#counts.set(key, 0)
  }

  get(key: string | number): number {
    return this.#counts.get(key) ?? 0
  }

  entries(): [string | number, number][] {
    return [...this.#counts]
  }
}

/** Buckets that SQL has ordered and cut already: the largest first, ties by key. */
export interface TopValues {
  readonly values: readonly [string | number, number][]
  /** Events in buckets that were cut. */
  readonly otherCount: number
}

/**
 * Counts values of a field over hits, exactly. Strings are counted whole (OpenSearch refuses on analysed fields, for
 * which it would need `.keyword`); those longer than 256 units have no bucket, as with `.keyword`.
 */
export async function countValues(
  targets: ReadonlyMap<AskContext, FieldTarget>,
  groups: readonly HitGroup[],
): Promise<ValueCounts> {
  const counts = new ValueCounts()
  for (const group of groups) {
    const target = targets.get(group.context)!
    switch (target.kind) {
      case 'segment':
        for (const { segment, rows, index } of group.hits) {
          counts.add(target.value === 'index' ? index : segment.timelineId, rows.count)
        }
        break
      case 'time':
        await countTimes(target.unit, group, counts)
        break
      case 'id':
        break
      case 'stored':
        await countStored(target, group, counts)
        break
    }
  }
  return counts
}

/**
 * The most frequent values, cut by SQL; undefined where the values of a field come from more than one place, so that all
 * of them must be counted first.
 */
export async function countTopValues(
  target: FieldTarget,
  group: HitGroup,
  size: number,
  minCount: number,
): Promise<TopValues | undefined> {
  if (target.kind !== 'stored' || target.hasMarks) return undefined
  const parts = await splitByValuePlace(target, group)
  const from = parts[0]?.from
  if (parts.length !== 1 || !from || !('entry' in from)) return undefined
  const kinds = wantedKinds(target, group.context, from.entry)
  if (kinds.length !== 1) return undefined
  const kind = kinds[0]!
  const select = selectValues(from.entry, kind, { ...group, hits: parts[0]!.hits })
  if (!select) return undefined
  const rows = `(${select.sql})`
  const distinct = group.context.kinds.get(from.entry.id)?.has(kind) ? 'count(DISTINCT seq)' : 'count(*)'
  const sql = `WITH counts AS MATERIALIZED (SELECT value, ${distinct} AS n FROM ${rows} GROUP BY value)
    SELECT value, n, sum(n) OVER ()::BIGINT FROM counts WHERE n >= ${Math.max(1, minCount)}
    ORDER BY n DESC, value LIMIT ${Math.max(0, Math.floor(size))}`
  const values: [string | number, number][] = []
  let all = 0
  for await (const { rowCount, columns } of group.context.handle.query(
    sql,
    select.parameters,
    group.context.signal,
  )) {
    for (let i = 0; i < rowCount; i++) {
      values.push([toKey(kind, columns[0]![i]), Number(columns[1]![i])])
      all = Number(columns[2]![i])
    }
  }
  const shown = values.reduce((sum, [, count]) => sum + count, 0)
  return { values, otherCount: Math.max(0, all - shown) }
}

async function countTimes(unit: 'date' | 'micros', { hits }: HitGroup, counts: ValueCounts): Promise<void> {
  for (const { segment, rows } of hits) {
    const times = await segment.readTimes()
    const readMs = timesInMs(times)
    rows.forEach((row) => {
      counts.add(unit === 'date' ? readMs(row) : Number(times.timesUs[row]!), 1)
    })
  }
}

async function countStored(target: StoredTarget, group: HitGroup, counts: ValueCounts): Promise<void> {
  const { context } = group
  const own = new ValueCounts()
  for (const { hits, from } of await splitByValuePlace(target, withoutReplaced(target, group))) {
    if ('constant' in from) {
      own.add(from.constant, countRows(hits))
      continue
    }
    for (const kind of wantedKinds(target, context, from.entry)) {
      const select = selectValues(from.entry, kind, { context, hits })
      if (!select) continue
      const distinct = context.kinds.get(from.entry.id)?.has(kind) ? 'count(DISTINCT seq)' : 'count(*)'
      const sql = `SELECT value, ${distinct} FROM (${select.sql}) GROUP BY value`
      for await (const { rowCount, columns } of context.handle.query(
        sql,
        select.parameters,
        context.signal,
      )) {
        for (let i = 0; i < rowCount; i++) own.add(toKey(kind, columns[0]![i]), Number(columns[1]![i]))
      }
    }
  }
  if (target.hasMarks) {
    const seqs = listSeqs(group.hits)
    if (target.name === 'tag') await addTags(target, seqs, context, own)
    else addAttributes(target, seqs, context, own)
  }
  for (const [key, count] of own.entries()) if (count > 0) counts.add(key, count)
}

/** What marks added to and took from the source's own tags. */
async function addTags(
  target: StoredTarget,
  seqs: SeqList,
  context: AskContext,
  counts: ValueCounts,
): Promise<void> {
  const { tags, removedTags } = context.marks
  for (const tag of new Set([...tags.keys(), ...removedTags.keys()])) {
    const matcher = { kind: 'equal', text: tag, ignoreCase: false } as const
    const inSource = target.own ? await findWhole(context, target.own, matcher) : new Uint32Array(0)
    const added = intersectSeqs(seqs, tags.get(tag) ?? new Uint32Array(0))
    const removed = intersectSeqs(seqs, removedTags.get(tag) ?? new Uint32Array(0))
    counts.add(tag, subtractSeqs(added, inSource).length - intersectSeqs(removed, inSource).length)
  }
}

const KIND_OF = { string: 's', number: 'r', bigint: 'i', boolean: 'b' } as const

function addAttributes(target: StoredTarget, seqs: SeqList, context: AskContext, counts: ValueCounts): void {
  for (const { values, seqs: given } of listGivenValues(target, context)) {
    const count = intersectSeqs(seqs, given).length
    const keys = values.map((value) => toKey(KIND_OF[typeof value as keyof typeof KIND_OF], value))
    for (const key of new Set(keys)) counts.add(key, count)
  }
}

function wantedKinds(
  target: StoredTarget,
  context: AskContext,
  entry: Parameters<typeof kindsOf>[0],
): ColumnLetter[] {
  const kinds = kindsOf(entry, context)
  return target.view === 'words' ? kinds : kinds.filter((kind) => kind === 's')
}
