import type { EventBatch } from '@timeskein/model'
import { choosePipelines, type Pipeline } from '@timeskein/query/sigma'
import { RowSet, type ValueColumn } from '@timeskein/store'
import type { Hits } from '../contract/hits.ts'
import type { LiveMatcher, LiveTarget } from '../contract/live.ts'
import type { RuleSet } from '../contract/rule-set.ts'
import type { HitTable } from '../correlate/hit-table.ts'
import { listCorrelatedFields, runCorrelations } from '../correlate/run-correlations.ts'
import { parseChains } from '../plan/kept-plans.ts'
import { type DetectPlan, type PlannedRule, planInSteps } from '../plan/plan-rules.ts'
import { runAtOnce } from '../plan/run-steps.ts'
import { findRows } from '../rows/find-rows.ts'
import { FieldTesters } from '../settle/known-values.ts'
import { settle } from '../settle/settle.ts'
import { DEFAULT_COLUMNS } from '../stored/hit-columns.ts'
import { toPieces } from '../stored/hit-pieces.ts'
import { MAX_SHORT_UNITS } from '../values/texts.ts'
import { BatchValues } from './batch-values.ts'
import { LiveValues } from './live-values.ts'

/** Hits that correlations remember; beyond that the oldest are forgotten. */
export const MAX_LIVE_HITS = 200_000

/** How batches are matched. */
export interface LiveOptions {
  /** Fields that the timeline has already; those of batches are added. @default none */
  readonly fields?: Iterable<string>
  /** See `DetectRequest`. */
  readonly pipelines?: readonly (readonly Pipeline[])[]
  /** See `DetectRequest`. */
  readonly columns?: Readonly<Record<string, readonly string[]>>
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
  readonly #columns: Readonly<Record<string, readonly string[]>>
  readonly #fields: Set<string>
  readonly #tables = new Map<string, HitTable[]>()
  #chosen: string | undefined
  #plan: DetectPlan | undefined
  #values: LiveValues | undefined
  #correlatedFields: ReadonlyMap<string, ReadonlySet<string>> = new Map()

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
    const values = new BatchValues(batch, target.profile)
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
      const table = this.#toTable(planned, rows, values, target)
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
      if (correlation.isReported) hits.push(...found)
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

  #toTable(planned: PlannedRule, rows: RowSet, values: BatchValues, target: LiveTarget): HitTable {
    const wanted = rows.toArray()
    const seqs = wanted.map((row) => row + target.firstSeq)
    const timesUs = BigInt64Array.from(wanted, (row) => values.batch.timesUs[row]!)
    const fields = new Map<string, ValueColumn>()
    for (const field of this.#correlatedFields.get(planned.rule.key) ?? [])
      fields.set(field, readColumn(values, [field], wanted))
    const columns = Object.fromEntries(
      Object.entries(this.#columns).map(([name, list]) => [name, readColumn(values, list, wanted)]),
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
    this.#values = new LiveValues(plan.table, new FieldTesters(plan.table))
    this.#correlatedFields = listCorrelatedFields(plan)
  }
}

/** A value of each of some rows: that of the first field in which a row has one, the smallest where it has several. */
function readColumn(values: BatchValues, fields: readonly string[], rows: Uint32Array): ValueColumn {
  const texts: string[] = []
  const numbers = new Map<string, number>()
  const ids = new Int32Array(rows.length).fill(-1)
  const places = new Int32Array(values.batch.rowCount).fill(-1)
  for (let at = 0; at < rows.length; at++) places[rows[at]!] = at
  for (const field of fields) {
    const before = ids.slice()
    values.visitOwn(field, (row, text) => {
      const at = places[row]!
      if (at < 0 || before[at]! >= 0 || text.length > MAX_SHORT_UNITS) return
      if (ids[at]! >= 0 && texts[ids[at]!]! <= text) return
      let number = numbers.get(text)
      if (number === undefined) {
        number = texts.push(text) - 1
        numbers.set(text, number)
      }
      ids[at] = number
    })
  }
  return { values: texts, ids }
}
