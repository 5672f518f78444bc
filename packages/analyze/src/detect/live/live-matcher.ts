import type { EventBatch } from '@timeskein/model'
import { choosePipelines, type Pipeline } from '@timeskein/query/sigma'
import { RowSet } from '@timeskein/store'
import type { HitField } from '../contract/detect-request.ts'
import type { Hits } from '../contract/hits.ts'
import type { LiveMatcher, LiveTarget } from '../contract/live.ts'
import type { RuleSet } from '../contract/rule-set.ts'
import type { HitTable } from '../correlate/hit-table.ts'
import {
  type CorrelatedFields,
  listCorrelatedFields,
  runCorrelations,
} from '../correlate/run-correlations.ts'
import { parseChains } from '../plan/kept-plans.ts'
import { type DetectPlan, type PlannedRule, planInSteps } from '../plan/plan-rules.ts'
import { runAtOnce } from '../plan/run-steps.ts'
import { findRows } from '../rows/find-rows.ts'
import { FieldTesters } from '../settle/known-values.ts'
import { listExcluding } from '../settle/left-rules.ts'
import { settle } from '../settle/settle.ts'
import { DEFAULT_COLUMNS } from '../stored/hit-columns.ts'
import { toPieces } from '../stored/hit-pieces.ts'
import { BatchValues } from './batch-values.ts'
import { FirstValues } from './first-values.ts'
import { LiveValues } from './live-values.ts'
import { ColumnNumberer } from './numbered-column.ts'

/** Hits that correlations remember; beyond that the oldest are forgotten. */
export const MAX_LIVE_HITS = 200_000

/** How batches are matched. */
export interface LiveOptions {
  /** Fields that the timeline has already; those of batches are added. @default none */
  readonly fields?: Iterable<string>
  /** See `DetectRequest`. */
  readonly pipelines?: readonly (readonly Pipeline[])[]
  /** See `DetectRequest`. */
  readonly columns?: Readonly<Record<string, readonly HitField[]>>
}

/**
 * Opens a matcher of batches. Pipelines are chosen anew when a batch brings fields that ask for others. Hits of correlations are told
 * by the batch that completes them, again with each batch that adds to them.
 */
export function openLiveMatcher(rules: RuleSet, options: LiveOptions = {}): LiveMatcher {
  return new Matcher(rules, options)
}

class Matcher implements LiveMatcher {
  readonly #rules: RuleSet
  readonly #pipelines: LiveOptions['pipelines']
  readonly #columns: Readonly<Record<string, readonly HitField[]>>
  readonly #fields: Set<string>
  readonly #tables = new Map<string, HitTable[]>()
  readonly #numberer = new ColumnNumberer()
  #chosen: string | undefined
  #plan: DetectPlan | undefined
  #values: LiveValues | undefined
  #correlatedFields: ReadonlyMap<string, CorrelatedFields> = new Map()

  constructor(rules: RuleSet, { fields = [], pipelines, columns = DEFAULT_COLUMNS }: LiveOptions) {
    this.#rules = rules
    this.#pipelines = pipelines
    this.#columns = columns
    this.#fields = new Set(fields)
    this.#choose()
  }

  get ruleCount(): number {
    const plan = this.#plan!
    return plan.rules.length + plan.correlations.length
  }

  match(batch: EventBatch, target: LiveTarget): readonly Hits[] {
    const { size } = this.#fields
    for (const { field } of batch.columns) this.#fields.add(field)
    if (this.#fields.size > size) this.#choose()
    const plan = this.#plan!
    const values = new BatchValues(batch, target.profile, this.#numberer)
    const firsts = new FirstValues(values)
    const { known, rowsOf, isDear } = this.#values!.look(values)
    const all = RowSet.all(batch.rowCount)
    const hits: Hits[] = []
    let isCorrelated = false
    for (const planned of plan.rules) {
      let rows = RowSet.none(batch.rowCount)
      for (const { node } of planned.variants) {
        const left = settle(node, known)
        if (left.kind !== 'none') rows = rows.or(findRows(left, all.andNot(rows), rowsOf, isDear))
      }
      if (rows.count === 0) continue
      const table = this.#toTable(planned, rows, batch, firsts, target)
      if (planned.isReported) hits.push(...toPieces(planned.rule, table, 0))
      if (!planned.isCorrelated) continue
      isCorrelated = true
      this.#remember(planned.rule.key, table)
    }
    if (isCorrelated) hits.push(...this.#correlate(plan))
    return hits
  }

  #correlate(plan: DetectPlan): Hits[] {
    const hits: Hits[] = []
    for (const { correlation, hits: found } of runCorrelations(plan, this.#tables))
      if (correlation.isReported) hits.push(...found.filter(({ isNew }) => isNew))
    for (const [key, tables] of this.#tables)
      this.#tables.set(
        key,
        tables.map((table) => ({ ...table, newFrom: Number.POSITIVE_INFINITY })),
      )
    return hits
  }

  #remember(key: string, table: HitTable): void {
    const tables = this.#tables.get(key) ?? []
    tables.push(table)
    this.#tables.set(key, tables)
    let count = 0
    for (const list of this.#tables.values()) for (const { seqs } of list) count += seqs.length
    while (count > MAX_LIVE_HITS && tables.length > 1) count -= tables.shift()!.seqs.length
  }

  #toTable(
    planned: PlannedRule,
    rows: RowSet,
    batch: EventBatch,
    firsts: FirstValues,
    target: LiveTarget,
  ): HitTable {
    const wanted = rows.toArray()
    const seqs = new Uint32Array(wanted.length)
    const timesUs = new BigInt64Array(wanted.length)
    for (let at = 0; at < wanted.length; at++) {
      seqs[at] = wanted[at]! + target.firstSeq
      timesUs[at] = batch.timesUs[wanted[at]!]!
    }
    const correlated = this.#correlatedFields.get(planned.rule.key) ?? []
    const fields = new Map([...correlated].map(([key, own]) => [key, firsts.of(own, wanted)]))
    const columns = Object.fromEntries(
      Object.entries(this.#columns).map(([name, list]) => [name, firsts.of(list, wanted)]),
    )
    const timelineIds = new Uint32Array(wanted.length).fill(target.timelineId)
    return { index: target.index, seqs, timesUs, timelineIds, fields, columns, newFrom: target.firstSeq }
  }

  #choose(): void {
    const chains = choosePipelines(this.#fields)
    const chosen = this.#pipelines ? 'given' : JSON.stringify(chains)
    if (chosen === this.#chosen) return
    this.#chosen = chosen
    const plan = runAtOnce(planInSteps(this.#rules, this.#pipelines ?? parseChains(chains)))
    this.#plan = plan
    this.#values = new LiveValues(plan.table, new FieldTesters(plan.table), listExcluding(plan.rules))
    this.#correlatedFields = listCorrelatedFields(plan)
  }
}
