import { type EventStore, type IndexReading, RowSetBuilder } from '@timeskein/store'
import { BlockThread } from '../blocks/block-thread.ts'
import type { DetectReport } from '../contract/detect-report.ts'
import type { DetectPosition, DetectRequest, HitSink } from '../contract/detect-request.ts'
import type { HitTable } from '../correlate/hit-table.ts'
import { listCorrelatedFields, runCorrelations } from '../correlate/run-correlations.ts'
import { whyNoFinding } from '../correlate/why-no-finding.ts'
import { KeptPlans, preparePlan } from '../plan/kept-plans.ts'
import type { DetectPlan } from '../plan/plan-rules.ts'
import { buildReport } from '../report/build-report.ts'
import { RuleTally } from '../report/rule-tally.ts'
import { detectInIndex, type IndexJob } from './detect-index.ts'
import { DEFAULT_COLUMNS } from './hit-columns.ts'
import { toPieces } from './hit-pieces.ts'

/** What detection asks of a store. */
export type DetectStore = Pick<EventStore, 'readValues'>

/**
 * Holds a set of rules against the events of a scope, all rules in one pass: what values there are, which rules they leave, and
 * only then rows.
 *
 * @returns The account of the run; every hit has been handed to `onHits` then.
 * @throws {StoreError} `no-row` when a timeline of the scope was dropped meanwhile.
 */
export async function detect(
  store: DetectStore,
  request: DetectRequest,
  onHits: HitSink,
): Promise<DetectReport> {
  const startMs = performance.now()
  const { scope, rules, signal, since = {}, columns = DEFAULT_COLUMNS } = request
  const onProgress = request.onProgress ?? (() => {})
  const steps = new Map<string, number>()
  const onStep = (name: string, ms: number): void => {
    steps.set(name, (steps.get(name) ?? 0) + ms)
  }
  using reading = await store.readValues(scope, signal)
  using thread = isLarge(reading.indexes, since) ? new BlockThread() : undefined
  const planStart = performance.now()
  const plans = request.plans ?? new KeptPlans()
  const fields = listFields(reading.indexes)
  // Where the plan is there already, values may be known too.
  const isAhead = thread !== undefined && !plans.has(rules, fields)
  await using _ahead = isAhead ? readAhead(reading.indexes, since) : undefined
  const { plan, testers, learnt } = await (request.pipelines
    ? preparePlan(rules, request.pipelines)
    : plans.take(rules, fields))
  signal?.throwIfAborted()
  onProgress({ step: 'compile', done: plan.ruleCount, total: plan.ruleCount, unit: 'rules' })
  onStep('compile', performance.now() - planStart)
  const run = new Run(plan)
  const correlatedFields = listCorrelatedFields(plan)
  let events = 0
  const position: Record<string, number> = {}
  for (const index of reading.indexes) {
    const newFrom = since[index.index] ?? 0
    events += countEvents(index, newFrom)
    position[index.index] = index.nextSeq
    const job = {
      index,
      plan,
      testers,
      learnt,
      columns,
      correlatedFields,
      newFrom,
      thread,
      signal,
      onProgress,
      onStep,
    }
    const hitRows = new RowSetBuilder(index.nextSeq)
    for (const part of cutWork(plan, newFrom, index.nextSeq)) {
      for await (const { planned, table, oldCount } of detectInIndex({ ...job, ...part }, run)) {
        run.addHits(planned.rule.key, table, oldCount)
        if (planned.isCorrelated) run.keepForCorrelations(planned.rule.key, table)
        if (!planned.isReported) continue
        for (let at = oldCount; at < table.seqs.length; at++) hitRows.add(table.seqs[at]!)
        for (const piece of toPieces(planned.rule, table, oldCount)) {
          signal?.throwIfAborted()
          await onHits(piece)
        }
      }
    }
    run.hitEvents += hitRows.finish().count
  }
  const correlateStart = performance.now()
  let done = 0
  for (const { correlation, hits, itemCount, seconds } of runCorrelations(plan, run.tables)) {
    signal?.throwIfAborted()
    onProgress({ step: 'correlate', done: ++done, total: plan.correlations.length, unit: 'rules' })
    const tally = run.tallyOf(correlation.rule.key)
    tally.spentMs += seconds * 1000
    tally.noteNone(whyNoFinding(correlation, itemCount))
    for (const hit of hits) {
      const hosts = hit.events.flatMap((event) => event.columns['host'] ?? [])
      if (hit.isNew) tally.addSpan(hit.firstUs, hit.lastUs, new Set(hosts))
      if (correlation.isReported) await onHits(hit)
    }
  }
  onStep('correlate', performance.now() - correlateStart)
  reading.assertWhole()
  const seconds = (performance.now() - startMs) / 1000
  return buildReport({
    plan,
    tallies: run.tallies,
    events,
    hitEvents: run.hitEvents,
    seconds,
    steps,
    position,
  })
}

/** What a run has found so far. */
class Run {
  readonly tallies = new Map<string, RuleTally>()
  readonly tables = new Map<string, HitTable[]>()
  hitEvents = 0

  constructor({ rules, correlations }: DetectPlan) {
    for (const { rule, isReported } of [...rules, ...correlations])
      this.tallies.set(rule.key, new RuleTally(rule, isReported))
  }

  /** Every rule of the plan has one. */
  tallyOf(key: string): RuleTally {
    return this.tallies.get(key)!
  }

  addHits(key: string, { timesUs, columns }: HitTable, from: number): void {
    this.tallyOf(key).addHits(timesUs, columns['host'], from)
  }

  keepForCorrelations(key: string, table: HitTable): void {
    const tables = this.tables.get(key)
    if (tables) tables.push(table)
    else this.tables.set(key, [table])
  }

  readonly onSpent = (planned: { readonly rule: { readonly key: string } }, ms: number): void => {
    this.tallyOf(planned.rule.key).spentMs += Math.max(0, ms)
  }

  readonly onNone = (
    planned: { readonly rule: { readonly key: string } },
    why: Parameters<RuleTally['noteNone']>[0],
  ): void => {
    this.tallyOf(planned.rule.key).noteNone(why)
  }
}

function countEvents({ runs }: IndexReading, newFrom: number): number {
  return runs.reduce((sum, { start, end }) => sum + Math.max(0, end - Math.max(start, newFrom)), 0)
}

/** Old events are looked at by rules alone that correlations are about. */
function cutWork({ rules }: DetectPlan, newFrom: number, end: number): Pick<IndexJob, 'rules' | 'from'>[] {
  if (newFrom === 0) return [{ rules, from: 0 }]
  const parts = [
    { rules: rules.filter(({ isCorrelated }) => !isCorrelated), from: newFrom },
    { rules: rules.filter(({ isCorrelated }) => isCorrelated), from: 0 },
  ]
  return parts.filter((part) => part.rules.length > 0 && part.from < end)
}

/** From so many events on, a thread is worth its start. */
const MANY_EVENTS = 50_000

function isLarge(indexes: readonly IndexReading[], since: DetectPosition): boolean {
  return indexes.some((index) => countEvents(index, since[index.index] ?? 0) >= MANY_EVENTS)
}

/** Lets the database read what every run over a large index reads, while rules are compiled. Whoever needs it meets its failure. */
function readAhead([first]: readonly IndexReading[], since: DetectPosition): AsyncDisposable | undefined {
  if (!first || (since[first.index] ?? 0) > 0 || !isLarge([first], since)) return undefined
  const stop = new AbortController()
  const ended = Promise.allSettled([first.readAhead(stop.signal)])
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await ended
    },
  }
}

function listFields(indexes: readonly IndexReading[]): ReadonlySet<string> {
  return new Set(indexes.flatMap(({ fieldNames }) => [...fieldNames]))
}
