import {
  type CompiledCorrelation,
  type CompiledRule,
  compileInSteps,
  type LogSource,
  type Pipeline,
  parsePipelines,
  type SigmaPlace,
  type SigmaProblem,
} from '@timeskein/query/sigma'
import type { DetectRule, RuleSet } from '../contract/rule-set.ts'
import { nameRules } from '../rules/name-rules.ts'
import { AddedConditions } from './added-conditions.ts'
import { PredicateTable } from './predicate.ts'
import { isSameNode, type RuleNode, toRuleNode } from './rule-node.ts'

/** What one chain of pipelines made of a rule. */
export interface RuleVariant {
  readonly node: RuleNode
  /** What pipelines added: which events are of the rule's log source. Undefined where they added nothing. */
  readonly logSource: RuleNode | undefined
  /** Number of the chain. */
  readonly chain: number
}

/** A rule ready to be held against events: an event is a hit when one of the variants says so. */
export interface PlannedRule {
  readonly rule: DetectRule
  readonly variants: readonly RuleVariant[]
  readonly logSource: LogSource
  /** Why no event can be a hit, whatever it has; undefined where some may. */
  readonly whyNever: NeverReason | undefined
  readonly isReported: boolean
  /** A correlation is about it. */
  readonly isCorrelated: boolean
}

/** `placeholders` without values; `dropped` by pipelines; `unmatchable` a regular expression that no text can match. */
export type NeverReason = 'placeholders' | 'dropped' | 'unmatchable'

/** A correlation as one chain of pipelines left it. */
export interface CorrelationVariant {
  readonly chain: number
  readonly compiled: CompiledCorrelation
}

/** A correlation ready to be held against hits. */
export interface PlannedCorrelation {
  readonly rule: DetectRule
  readonly variants: readonly CorrelationVariant[]
  readonly isReported: boolean
}

/** Of rules that are not run, what they would have found cannot be told: a correlation of them is not run either. */
export function asksNothing({ variants }: PlannedCorrelation): boolean {
  return variants.every(({ compiled }) => compiled.placeholders.length > 0)
}

/** A set of rules ready to be run. */
export interface DetectPlan {
  readonly table: PredicateTable
  readonly rules: readonly PlannedRule[]
  /** Each behind those it is about. */
  readonly correlations: readonly PlannedCorrelation[]
  /** Rules and correlations that correlations are about, by what the compiler made of them. */
  readonly planned: ReadonlyMap<CompiledRule | CompiledCorrelation, PlannedRule | PlannedCorrelation>
  readonly unsupported: readonly SigmaProblem[]
  readonly warnings: readonly SigmaProblem[]
  /** Rules and correlations of the set, those that cannot be run included. */
  readonly ruleCount: number
}

/** Compiles a set of rules with each chain of pipelines, its own behind them, and puts together what the chains made of each rule, rule by rule. */
export function* planInSteps(
  set: RuleSet,
  chains: readonly (readonly Pipeline[])[],
): Generator<void, DetectPlan, undefined> {
  const names = nameRules(set.documents)
  const given = parsePipelines(set.pipelines ?? [])
  const table = new PredicateTable()
  const added = new AddedConditions(table)
  const originals = new Map(
    set.documents.flatMap((one) => (one.kind === 'rule' ? [[one.place, one] as const] : [])),
  )
  const drafts = new Map<SigmaPlace, RuleDraft>()
  const correlations = new Map<string, CorrelationDraft>()
  const failed = new Map<SigmaPlace, SigmaProblem[]>()
  let warnings: readonly SigmaProblem[] = []
  for (const [chain, own] of chains.entries()) {
    const pipelines = [...own, ...given.pipelines]
    // What the compiler makes of a rule is several times what the plan is: it is let go of rule by rule.
    const onRule = (one: CompiledRule): void => {
      const { place } = one.rule
      const draft = drafts.get(place) ?? { isReported: one.isReported, whyNever: [], variants: [] }
      drafts.set(place, draft)
      draft.whyNever.push(whyNeverOf(one))
      const node = toRuleNode(one.query, table)
      if (draft.variants.some((known) => isSameNode(known.node, node))) return
      draft.variants.push({ node, logSource: added.plan(one.rule, originals.get(place)!), chain })
    }
    const compiled = yield* compileInSteps(set.documents, { pipelines, onRule })
    for (const one of compiled.correlations) {
      const place = placeOf(one)
      const key = `${one.correlation ? 'correlation' : 'aggregation'} ${names.get(place)!.key}`
      const draft = correlations.get(key) ?? { place, all: [] }
      correlations.set(key, draft)
      draft.all.push({ chain, compiled: one })
    }
    for (const problem of compiled.failed) addTo(failed, compiled.subjects.get(problem)!, problem)
    // Of the rules alone: the same whatever the pipelines are.
    warnings = compiled.warnings
  }
  table.finish()
  const planned = new Map<CompiledRule | CompiledCorrelation, PlannedRule | PlannedCorrelation>()
  const correlated = new Set(
    [...correlations.values()].flatMap(({ all }) => all.flatMap(({ compiled }) => compiled.rules)),
  )
  const correlatedRules = Map.groupBy(
    [...correlated].filter((one) => one.kind === 'rule'),
    ({ rule }) => rule.place,
  )
  const rules = [...drafts].map(([place, { isReported, whyNever, variants }]): PlannedRule => {
    const own = correlatedRules.get(place) ?? []
    const rule: PlannedRule = {
      rule: names.get(place)!,
      variants,
      logSource: originals.get(place)!.logSource,
      whyNever: joinWhyNever(whyNever),
      isReported,
      isCorrelated: own.length > 0,
    }
    for (const one of own) planned.set(one, rule)
    return rule
  })
  const plannedCorrelations = [...correlations].map(([, { place, all }]): PlannedCorrelation => {
    const name = names.get(place)!
    const one: PlannedCorrelation = {
      rule: name.kind === 'correlation' ? name : { ...name, key: `${name.key}#count`, kind: 'correlation' },
      variants: all,
      isReported: all[0]!.compiled.isReported,
    }
    for (const { compiled } of all) if (correlated.has(compiled)) planned.set(compiled, one)
    return one
  })
  // What one of the chains can run is run; the others' reasons say nothing of it.
  const unsupported = [...failed.values()].flatMap((problems) =>
    problems.length === chains.length ? [problems[0]!] : [],
  )
  return {
    table,
    rules,
    correlations: plannedCorrelations,
    planned,
    unsupported: [...set.problems, ...unsupported],
    warnings: [...given.problems, ...warnings],
    ruleCount: names.size + set.problems.length,
  }
}

/** Why what one chain made of a rule can find nothing. */
function whyNeverOf({ query, placeholders, expression }: CompiledRule): NeverReason | undefined {
  if (query.kind !== 'none') return undefined
  if (placeholders.length > 0) return 'placeholders'
  return expression === undefined ? 'dropped' : 'unmatchable'
}

/** The same of what all chains made of it. */
function joinWhyNever(all: readonly (NeverReason | undefined)[]): NeverReason | undefined {
  if (all.includes(undefined)) return undefined
  if (all.includes('placeholders')) return 'placeholders'
  return all.every((one) => one === 'dropped') ? 'dropped' : 'unmatchable'
}

interface RuleDraft {
  readonly isReported: boolean
  /** By chain. */
  readonly whyNever: (NeverReason | undefined)[]
  readonly variants: RuleVariant[]
}

interface CorrelationDraft {
  readonly place: SigmaPlace
  readonly all: CorrelationVariant[]
}

function placeOf({ correlation, rules }: CompiledCorrelation): SigmaPlace {
  if (correlation) return correlation.place
  // The aggregation of a rule of Sigma 1 is about that rule alone.
  return (rules[0] as CompiledRule).rule.place
}

function addTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
