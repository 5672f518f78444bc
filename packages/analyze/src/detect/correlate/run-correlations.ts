import type { CompiledCorrelation } from '@timeskein/query/sigma'
import type { CorrelatedEvent, CorrelationHit } from '../contract/hits.ts'
import {
  asksNothing,
  type CorrelationVariant,
  type DetectPlan,
  type PlannedCorrelation,
  type PlannedRule,
} from '../plan/plan-rules.ts'
import { correlateGroup } from './correlate-group.ts'
import type { CorrelationFinding, CorrelationItem } from './correlation-item.ts'
import { type HitSource, type HitTable, listEvents, valueAt } from './hit-table.ts'

/** What a correlation found. */
export interface CorrelationResult {
  readonly correlation: PlannedCorrelation
  readonly hits: readonly CorrelationHit[]
  /** Hits of its rules, those that fulfilled nothing included. */
  readonly itemCount: number
  readonly seconds: number
}

/**
 * Holds correlations against hits, each after those it is about. Told are the findings of groups of which one has a new event.
 *
 * @param tables - Hits by the rule's key.
 */
export function* runCorrelations(
  plan: DetectPlan,
  tables: ReadonlyMap<string, readonly HitTable[]>,
): Generator<CorrelationResult, void, undefined> {
  const findings = new Map<PlannedCorrelation, readonly GroupFinding[]>()
  for (const correlation of plan.correlations) {
    const startMs = performance.now()
    const groups = asksNothing(correlation)
      ? new Map<string, Group>()
      : groupItems(correlation, plan, tables, findings)
    const all: GroupFinding[] = []
    const hits: CorrelationHit[] = []
    let itemCount = 0
    for (const { values, items } of groups.values()) {
      itemCount += items.length
      items.sort(compareItems)
      const own = correlateGroup(items, correlation.variants[0]!.compiled).map((finding) => {
        return { ...finding, values }
      })
      all.push(...own)
      const areNew = own.map(isNew)
      if (areNew.includes(true))
        hits.push(...own.map((finding, at) => toHit(finding, correlation, areNew[at]!)))
    }
    findings.set(correlation, all)
    yield { correlation, hits, itemCount, seconds: (performance.now() - startMs) / 1000 }
  }
}

/** Fields of which some correlation needs the first value that a hit has: by `keyOfFields`. */
export type CorrelatedFields = ReadonlyMap<string, readonly string[]>

/** What correlations need of the hits of each rule, by the rule's key. */
export function listCorrelatedFields(plan: DetectPlan): ReadonlyMap<string, CorrelatedFields> {
  const fields = new Map<string, Map<string, readonly string[]>>()
  for (const { variants } of plan.correlations) {
    for (const { compiled } of variants) {
      for (const [number, one] of compiled.rules.entries()) {
        const key = plan.planned.get(one)!.rule.key
        let list = fields.get(key)
        if (!list) {
          list = new Map()
          fields.set(key, list)
        }
        for (const name of [...compiled.groupBy, ...valueFields(compiled)]) {
          const own = fieldsOf(compiled, name, number)
          list.set(keyOfFields(own), own)
        }
      }
    }
  }
  return fields
}

interface GroupFinding extends CorrelationFinding<HitSource> {
  readonly values: readonly string[]
}

interface Group {
  readonly values: readonly string[]
  readonly items: CorrelationItem<HitSource>[]
}

function groupItems(
  { variants }: PlannedCorrelation,
  plan: DetectPlan,
  tables: ReadonlyMap<string, readonly HitTable[]>,
  findings: ReadonlyMap<PlannedCorrelation, readonly GroupFinding[]>,
): Map<string, Group> {
  const groups = new Map<string, Group>()
  const add = (values: readonly string[], item: CorrelationItem<HitSource>): void => {
    const key = JSON.stringify(values)
    const group = groups.get(key)
    if (group) group.items.push(item)
    else groups.set(key, { values, items: [item] })
  }
  const first = variants[0]!.compiled
  for (const [rule, one] of first.rules.entries()) {
    const planned = plan.planned.get(one)!
    if (planned.rule.kind === 'correlation') {
      addFindings(first, rule, planned as PlannedCorrelation, findings, add)
      continue
    }
    for (const table of tables.get(planned.rule.key) ?? [])
      addHits(variants, rule, planned as PlannedRule, table, add)
  }
  return groups
}

type AddItem = (values: readonly string[], item: CorrelationItem<HitSource>) => void

/** An event is of the group that the first chain of pipelines gives it whose fields it has all of. */
function addHits(
  variants: readonly CorrelationVariant[],
  rule: number,
  { rule: { key } }: PlannedRule,
  table: HitTable,
  add: AddItem,
): void {
  const asked = variants.map(({ compiled }) => {
    const columnOf = (name: string) => table.fields.get(keyOfFields(fieldsOf(compiled, name, rule)))
    return { groupBy: compiled.groupBy.map(columnOf), values: valueFields(compiled).map(columnOf) }
  })
  for (let at = 0; at < table.seqs.length; at++) {
    for (const { groupBy, values } of asked) {
      const group = groupBy.map((column) => valueAt(column, at))
      if (!group.every((value) => value !== undefined)) continue
      const own = values.map((column) => valueAt(column, at))
      const value = own.every((one) => one !== undefined) ? own.join('\0') : undefined
      if (value === undefined && asked.some((one) => one.values !== values && hasAll(one.values, at)))
        continue
      const source = { kind: 'event', table, at, ruleKey: key } as const
      add(group, { timeUs: table.timesUs[at]!, rule, value, source })
      break
    }
  }
}

function hasAll(columns: readonly Parameters<typeof valueAt>[0][], at: number): boolean {
  return columns.every((column) => valueAt(column, at) !== undefined)
}

/** A finding stands where its last event does, in the group that its own group's values say. */
function addFindings(
  compiled: CompiledCorrelation,
  rule: number,
  inner: PlannedCorrelation,
  findings: ReadonlyMap<PlannedCorrelation, readonly GroupFinding[]>,
  add: AddItem,
): void {
  const names = inner.variants[0]!.compiled.groupBy
  for (const { values, items } of findings.get(inner) ?? []) {
    const of = (name: string): string | undefined => values[names.indexOf(fieldsOf(compiled, name, rule)[0]!)]
    const group = compiled.groupBy.map(of)
    if (!group.every((value) => value !== undefined)) continue
    const own = valueFields(compiled).map(of)
    const value = own.every((one) => one !== undefined) ? own.join('\0') : undefined
    const source: HitSource = { kind: 'finding', sources: items.map((item) => item.source) }
    add(group, { timeUs: items.at(-1)!.timeUs, rule, value, source })
  }
}

function valueFields({ condition }: CompiledCorrelation): readonly string[] {
  return condition.kind === 'threshold' ? condition.fields : []
}

/** What a name of a correlation stands for in events of one of its rules. */
function fieldsOf({ fields }: CompiledCorrelation, name: string, rule: number): readonly string[] {
  return fields.get(name)?.[rule] ?? [name]
}

function keyOfFields(fields: readonly string[]): string {
  return fields.join('\0')
}

/** By time; equal times by index and row, so that every run has the same order. */
function compareItems(a: CorrelationItem<HitSource>, b: CorrelationItem<HitSource>): number {
  if (a.timeUs !== b.timeUs) return a.timeUs < b.timeUs ? -1 : 1
  if (a.source.kind === 'event' && b.source.kind === 'event') {
    const [one, other] = [a.source, b.source]
    if (one.table.index !== other.table.index) return one.table.index < other.table.index ? -1 : 1
    const difference = one.table.seqs[one.at]! - other.table.seqs[other.at]!
    if (difference !== 0) return difference
  }
  return a.rule - b.rule
}

function isNew({ items }: GroupFinding): boolean {
  for (const { source } of items) {
    for (const { table, at } of listEvents(source)) if (table.seqs[at]! >= table.newFrom) return true
  }
  return false
}

function toHit(
  { items, values, figure }: GroupFinding,
  { rule, variants }: PlannedCorrelation,
  isNewOne: boolean,
): CorrelationHit {
  const names = variants[0]!.compiled.groupBy
  const events = new Map<string, CorrelatedEvent>()
  for (const { source } of items) {
    for (const { table, at, ruleKey } of listEvents(source)) {
      const seq = table.seqs[at]!
      const key = `${table.index} ${seq} ${ruleKey}`
      if (events.has(key)) continue
      const columns = Object.entries(table.columns).flatMap(([name, column]) => {
        const value = valueAt(column, at)
        return value === undefined ? [] : [[name, value] as const]
      })
      events.set(key, {
        index: table.index,
        seq,
        timelineId: table.timelineIds[at]!,
        timeUs: table.timesUs[at]!,
        ruleKey,
        columns: Object.fromEntries(columns),
      })
    }
  }
  const sorted = [...events.values()].sort((a, b) => (a.timeUs < b.timeUs ? -1 : a.timeUs > b.timeUs ? 1 : 0))
  return {
    kind: 'correlation',
    rule,
    group: Object.fromEntries(names.map((name, at) => [name, values[at]!])),
    firstUs: sorted[0]!.timeUs,
    lastUs: sorted.at(-1)!.timeUs,
    figure,
    events: sorted,
    isNew: isNewOne,
  }
}
