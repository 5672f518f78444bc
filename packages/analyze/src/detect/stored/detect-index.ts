import { type RowRange, RowSet, Turns, uniteRows, type ValueColumn } from '@timeskein/store'
import type { HitField } from '../contract/detect-request.ts'
import type { HitTable } from '../correlate/hit-table.ts'
import type { CorrelatedFields } from '../correlate/run-correlations.ts'
import type { PlannedRule } from '../plan/plan-rules.ts'
import { isExact } from '../rows/bounds.ts'
import { findBounds, leaveOut } from '../rows/find-bounds.ts'
import { StoredRows } from '../rows/stored-rows.ts'
import type { ValueClasses } from '../rows/value-classes.ts'
import { type Uncertain, verifyUncertain } from '../rows/verify-uncertain.ts'
import { type LearnJob, learnIndex } from '../settle/learn-index.ts'
import { type LeftRule, listAsked, listPredicates, settleRules } from '../settle/left-rules.ts'
import { type WhyNone, whyNone } from '../settle/why-none.ts'
import { waitForAll } from '../wait-for-all.ts'
import { readFirstValues } from './hit-columns.ts'
import { cutRanges, rowsInScope, timelinesOf } from './ranges.ts'

/** What finding the hits of one index needs. */
export interface IndexJob extends LearnJob {
  readonly columns: Readonly<Record<string, readonly HitField[]>>
  /** Fields that correlations need of each rule's hits, by the rule's key. */
  readonly correlatedFields: ReadonlyMap<string, CorrelatedFields>
  /** Rows below this are known from an earlier run. */
  readonly newFrom: number
}

/** Hits of one rule in one range of rows. */
export interface RangeHits {
  readonly planned: PlannedRule
  /** All of them, for correlations. */
  readonly table: HitTable
  /** How many of the table's first hits are known from an earlier run. */
  readonly oldCount: number
}

/** Told of each rule of an index: what was done for it, or why nothing could be found. */
export interface IndexAccount {
  readonly onSpent: (planned: PlannedRule, ms: number) => void
  readonly onNone: (planned: PlannedRule, why: WhyNone) => void
}

const NEVER_TOGETHER: WhyNone = {
  reason: 'events',
  detail: 'all that it asks for is there, but in no one event',
}

/** Finds the hits of all rules in one index, range by range. */
export async function* detectInIndex(
  job: IndexJob,
  account: IndexAccount,
): AsyncGenerator<RangeHits, void, undefined> {
  const { index, plan, rules, from, signal } = job
  const ranges = cutRanges(index)
    .filter(({ end }) => end > from)
    .map(({ start, end }) => ({ start: Math.max(start, from), end }))
  using learning = await learnIndex(job, ranges)
  const { known } = learning
  const settleStart = performance.now()
  const left = settleRules(rules, known)
  const matters = listAsked(left, plan)
  const able = new Set(left.map(({ planned }) => planned))
  const turns = new Turns()
  for (const planned of rules) {
    if (turns.isDue) await turns.giveWay()
    if (!able.has(planned)) account.onNone(planned, whyNone(planned, known, plan.table))
  }
  job.onStep('words', performance.now() - settleStart)
  const classes = new Map<string, ValueClasses>()
  for (const [number, range] of ranges.entries()) {
    const rows = new StoredRows(index, range, { table: plan.table, known, matters, classes }, signal)
    const told = { done: number * left.length, total: ranges.length * left.length }
    yield* detectInRange(job, left, range, rows, told, account)
  }
  const searched = await known.searched?.found
  for (const { planned, nodes } of left)
    for (const predicate of listPredicates(nodes))
      account.onSpent(planned, searched?.get(predicate)?.spentMs ?? 0)
  learning.keep()
}

async function* detectInRange(
  job: IndexJob,
  left: readonly LeftRule[],
  range: RowRange,
  rows: StoredRows,
  told: { done: number; readonly total: number },
  account: IndexAccount,
): AsyncGenerator<RangeHits, void, undefined> {
  const { index, plan, thread, signal } = job
  const rowsStart = performance.now()
  const stop = new AbortController()
  const ahead = rows.fetchAhead(stop.signal)
  // Rules meet its failure where they ask for the field.
  ahead.catch(() => {})
  const found = await findCandidates(job, left, range, rows, told, account).finally(async () => {
    stop.abort()
    await Promise.allSettled([ahead])
  })
  const places = new Map(left.map((one, place) => [one, place]))
  found.sort((a, b) => places.get(a.left)! - places.get(b.left)!)
  const verifyStart = performance.now()
  job.onStep('rows', verifyStart - rowsStart)
  const unsure = found.flatMap(({ uncertain }) => uncertain)
  await verifyUncertain(unsure, index, range, rows, { table: plan.table, thread, signal })
  for (const one of found) {
    for (const { found: rest, spentMs } of one.uncertain) {
      account.onSpent(one.left.planned, spentMs)
      one.low = one.low.or(RowSet.fromSorted(Uint32Array.from(rest), one.low.universe))
    }
    if (one.low.count === 0) account.onNone(one.left.planned, NEVER_TOGETHER)
  }
  const hitsStart = performance.now()
  job.onStep('long texts', hitsStart - verifyStart)
  const hits = found.filter(({ low }) => low.count > 0)
  yield* readHits(
    job,
    range,
    hits.map(({ left: { planned }, low }) => ({ planned, low })),
  )
  job.onStep('hits', performance.now() - hitsStart)
}

/** A rule with rows that it found, and those that it may find. */
interface Candidate {
  readonly left: LeftRule
  low: RowSet
  readonly uncertain: readonly Uncertain[]
}

/** Rules with rows in a range, by all but long texts. */
async function findCandidates(
  { index, newFrom, signal, onProgress }: IndexJob,
  left: readonly LeftRule[],
  range: RowRange,
  rows: StoredRows,
  told: { done: number; readonly total: number },
  account: IndexAccount,
): Promise<Candidate[]> {
  const scopeRows = rowsInScope(index, range)
  const newRows = rowsInScope(index, range, newFrom)
  const turns = new Turns()
  const found: Candidate[] = []
  // What has to wait for a search comes last; hits are told in the order of the rules all the same.
  const isWaiting = ({ nodes }: LeftRule): boolean =>
    [...listPredicates(nodes)].some((predicate) => rows.isSearched(predicate))
  const waiting = new Set(left.filter(isWaiting))
  for (const one of [...left.filter((rule) => !waiting.has(rule)), ...waiting]) {
    signal?.throwIfAborted()
    if (turns.isDue) await turns.giveWay()
    onProgress({ step: 'rows', done: ++told.done, total: told.total, unit: 'rules' })
    const within = one.planned.isCorrelated ? scopeRows : newRows
    if (within.count === 0) continue
    const startMs = performance.now()
    const sharedMs = rows.sharedMs
    let low = RowSet.none(within.universe)
    const uncertain: Uncertain[] = []
    for (const node of one.nodes) {
      const bounds = await findBounds(node, leaveOut(within, low), rows)
      low = low.or(bounds.low)
      const unsure = isExact(bounds) ? undefined : bounds.high.andNot(low)
      if (unsure && unsure.count > 0) uncertain.push({ node, rows: unsure, found: [], spentMs: 0 })
    }
    account.onSpent(one.planned, performance.now() - startMs - (rows.sharedMs - sharedMs))
    if (low.count > 0 || uncertain.length > 0) found.push({ left: one, low, uncertain })
    else account.onNone(one.planned, NEVER_TOGETHER)
  }
  return found
}

async function* readHits(
  job: IndexJob,
  range: RowRange,
  hits: readonly { readonly planned: PlannedRule; readonly low: RowSet }[],
): AsyncGenerator<RangeHits, void, undefined> {
  const { index, signal, newFrom } = job
  if (hits.length === 0) return
  const all = uniteRows(
    hits.map(({ low }) => low),
    range.end - range.start,
  )
  const allSeqs = all.toArray()
  const places = new Int32Array(all.universe)
  for (let at = 0; at < allSeqs.length; at++) {
    places[allSeqs[at]!] = at
    allSeqs[at]! += range.start
  }
  const allTimes = await index.timesAt(allSeqs)
  const allTimelines = timelinesOf(index, allSeqs)
  const names = Object.keys(job.columns)
  const read = await waitForAll(
    names.map((name) => readFirstValues(index, job.columns[name]!, all, range, signal)),
  )
  const allColumns: Readonly<Record<string, ValueColumn>> = Object.fromEntries(
    names.map((name, at) => [name, read[at]!]),
  )
  for (const { planned, low } of hits) {
    const seqs = low.toArray()
    const timesUs = new BigInt64Array(seqs.length)
    const timelineIds = new Uint32Array(seqs.length)
    const columns = Object.fromEntries(
      Object.entries(allColumns).map(([name, { values }]) => [
        name,
        { values, ids: new Int32Array(seqs.length) },
      ]),
    )
    for (let at = 0; at < seqs.length; at++) {
      const place = places[seqs[at]!]!
      timesUs[at] = allTimes[place]!
      timelineIds[at] = allTimelines[place]!
      for (const name in columns) columns[name]!.ids[at] = allColumns[name]!.ids[place]!
      seqs[at]! += range.start
    }
    const fields = new Map<string, ValueColumn>()
    for (const [key, own] of job.correlatedFields.get(planned.rule.key) ?? [])
      fields.set(key, await readFirstValues(index, own, low, range, signal))
    let oldCount = 0
    while (oldCount < seqs.length && seqs[oldCount]! < newFrom) oldCount++
    yield {
      planned,
      table: { index: index.index, seqs, timesUs, timelineIds, fields, columns, newFrom },
      oldCount,
    }
  }
}
