import { type Kysely, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import type { FindingFilter } from '../findings/finding.ts'
import { isVisibleTo, listConditions, selectFindings } from '../findings/finding-rows.ts'
import type { AlertFilter } from './alert-service.ts'

const DAY_MS = 86_400_000

/** What the counts of days can be asked for. */
const COUNTED: ReadonlySet<string> = new Set<keyof FindingFilter>([
  'sketchId',
  'organisationId',
  'statuses',
  'notStatuses',
  'severities',
  'minSeverity',
  'maxSeverity',
  'createdFromMs',
  'createdToMs',
  'lastCopyOf',
])

/** What asks for nothing where it is empty: all of no conditions, or none of no rules. Another empty list is one of nothing. */
const NEUTRAL: ReadonlySet<string> = new Set<keyof AlertFilter>(['facts', 'otherThanRuleUuids'])

const day = sql<number>`day`
const alerts = sql<number>`sum(alerts)`

/** Whole milliseconds, both ends of which belong to it. */
export interface CreationSpan {
  readonly fromMs: number
  readonly toMs: number
}

/** Whether the counts of days tell how many alerts answer, without a look at each. */
export function isCounted(filter: AlertFilter): boolean {
  return Object.entries(filter).every(
    ([name, value]) =>
      COUNTED.has(name) ||
      value === undefined ||
      (NEUTRAL.has(name) && Array.isArray(value) && value.length === 0),
  )
}

/**
 * How many alerts answer of each severity. Of whole days that is written down; of the first and the last one, where they are not
 * whole, alerts are counted.
 *
 * @param filter - One that `isCounted`.
 */
export async function countByDays(
  db: Kysely<Schema>,
  principal: Principal,
  filter: AlertFilter,
): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>()
  const add = (rows: readonly { readonly severity: number; readonly count: number }[]): void => {
    for (const { severity, count } of rows)
      if (count > 0) counts.set(severity, (counts.get(severity) ?? 0) + count)
  }
  const span = spanOf(filter)
  const { days, rest } = cutToDays(span)
  if (days)
    add(
      await selectDays(db, principal, filter, days)
        .select(['severity', alerts.as('count')])
        .groupBy('severity')
        .execute(),
    )
  for (const { fromMs, toMs } of rest)
    add(
      await selectFindings(db, principal, 'alert', {
        ...filter,
        createdFromMs: fromMs,
        createdToMs: toMs,
      })
        .select(({ fn }) => ['severity', fn.countAll<number>().as('count')])
        .groupBy('severity')
        .execute(),
    )
  return counts
}

/** A page of alerts by when they were made. */
export interface WantedRows {
  readonly order: 'asc' | 'desc'
  readonly limit: number
  readonly offset: number
}

/** Where the rows of a page are. */
export interface RowPlace extends CreationSpan {
  /** Rows there that come before the page. */
  readonly offset: number
  /** It has more rows than the page: there are others beyond. */
  readonly hasMore: boolean
}

/**
 * Where the alerts of a page are looked for: days before it, and after it, are passed over by their counts alone. Undefined where
 * there are none.
 */
export async function findPageDays(
  db: Kysely<Schema>,
  principal: Principal,
  filter: AlertFilter,
  wanted: WantedRows,
): Promise<RowPlace | undefined> {
  const span = spanOf(filter)
  const known = Object.fromEntries(Object.entries(filter).filter(([name]) => COUNTED.has(name)))
  const days = (
    await selectDays(db, principal, known, {
      first: Math.floor(span.fromMs / DAY_MS),
      last: Math.floor(span.toMs / DAY_MS),
    })
      .select([day.as('day'), alerts.as('count')])
      .groupBy(day)
      .orderBy(day, wanted.order)
      .execute()
  ).map((one) => ({ ...clip(one.day, span), count: one.count }))
  if (days.length === 0) return undefined
  if (!isCounted(filter)) return { ...hull(days), offset: wanted.offset, hasMore: false }
  let { offset } = wanted
  let first = 0
  for (; first < days.length && offset > 0; first++) {
    const { isWhole, fromMs, toMs, count } = days[first]!
    const own = isWhole
      ? count
      : sum(await countByDays(db, principal, { ...filter, createdFromMs: fromMs, createdToMs: toMs }))
    if (offset < own) break
    offset -= own
  }
  let end = first
  for (let found = 0; end < days.length && found <= offset + wanted.limit; end++)
    if (days[end]!.isWhole) found += days[end]!.count
  if (first === days.length) return undefined
  return { ...hull(days.slice(first, end)), offset, hasMore: end < days.length }
}

/** All of some counts. */
export function sum(counts: ReadonlyMap<unknown, number>): number {
  return counts.values().reduce((all, count) => all + count, 0)
}

function spanOf({ createdFromMs, createdToMs }: AlertFilter): CreationSpan {
  return {
    fromMs: createdFromMs ?? Number.NEGATIVE_INFINITY,
    toMs: createdToMs ?? Number.POSITIVE_INFINITY,
  }
}

interface Days {
  readonly first: number
  readonly last: number
}

/** The whole days of a stretch, and what of it is none. */
function cutToDays({ fromMs, toMs }: CreationSpan): {
  readonly days: Days | undefined
  readonly rest: readonly CreationSpan[]
} {
  const first = Math.ceil(fromMs / DAY_MS)
  const last = Math.floor((toMs + 1) / DAY_MS) - 1
  if (last < first) return { days: undefined, rest: fromMs > toMs ? [] : [{ fromMs, toMs }] }
  const before = { fromMs, toMs: first * DAY_MS - 1 }
  const after = { fromMs: (last + 1) * DAY_MS, toMs }
  return {
    days: { first, last },
    rest: [before, after].filter(
      (one) => one.fromMs <= one.toMs && Number.isFinite(one.fromMs) && Number.isFinite(one.toMs),
    ),
  }
}

function clip(number: number, span: CreationSpan): CreationSpan & { readonly isWhole: boolean } {
  const fromMs = number * DAY_MS
  const toMs = fromMs + DAY_MS - 1
  return {
    fromMs: Math.max(fromMs, span.fromMs),
    toMs: Math.min(toMs, span.toMs),
    isWhole: fromMs >= span.fromMs && toMs <= span.toMs,
  }
}

function hull(days: readonly CreationSpan[]): CreationSpan {
  return {
    fromMs: Math.min(...days.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...days.map(({ toMs }) => toMs)),
  }
}

function selectDays(
  db: Kysely<Schema>,
  principal: Principal,
  filter: AlertFilter,
  { first, last }: Days,
): SelectQueryBuilder<Schema, 'alerts', object> {
  const { createdFromMs: _from, createdToMs: _to, lastCopyOf, ...rest } = filter
  let query = db
    .selectFrom(selectCounts(lastCopyOf).as('alerts'))
    .where(isVisibleTo(principal))
    .where((where) => where.and(listConditions(where, rest)))
  if (Number.isFinite(first)) query = query.where(day, '>=', first)
  if (Number.isFinite(last)) query = query.where(day, '<=', last)
  return query
}

/**
 * The counts of days, with what has a later copy as less than none where only last copies are asked for. They have the columns of alerts
 * that counted filters ask for, and are asked for nothing else by their name.
 */
function selectCounts(lastCopyOf: FindingFilter['lastCopyOf']): RawBuilder<Schema['alerts']> {
  if (lastCopyOf === undefined) return sql`alert_counts`
  const columns = sql.raw('day, sketch_id, organisation_id, severity, status')
  const earlier = lastCopyOf === 'all' ? sql`` : sql` where later_copy = 2`
  return sql`(select ${columns}, alerts from alert_counts
    union all select ${columns}, -alerts from earlier_copy_counts${earlier})`
}
