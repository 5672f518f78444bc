import type { DetectPlan, PlannedRule } from '../plan/plan-rules.ts'
import { ALL, type RuleNode, visitPredicates } from '../plan/rule-node.ts'
import { type Possible, settle } from './settle.ts'

/** A rule of which something is left when it is known what values there are. */
export interface LeftRule {
  readonly planned: PlannedRule
  readonly nodes: readonly RuleNode[]
}

/** Rules that some event may still be a hit of. */
export function settleRules(rules: readonly PlannedRule[], known: Possible): LeftRule[] {
  return rules.flatMap((planned) => {
    const nodes = planned.variants
      .map(({ node }) => settle(node, known))
      .filter((node) => node.kind !== 'none')
    return nodes.length > 0 ? [{ planned, nodes }] : []
  })
}

/** Fields that tell whether the log sources of rules are there. */
export function listLogSourceFields(rules: readonly PlannedRule[], plan: DetectPlan): ReadonlySet<string> {
  const asked = new Uint8Array(plan.table.all.length)
  for (const { variants } of rules)
    for (const { logSource } of variants)
      visitPredicates(logSource ?? ALL, (predicate) => {
        asked[predicate] = 1
      })
  return listFields(asked, plan)
}

/** Predicates by which log sources exclude events, as those of other products do. */
export function listExcluding(rules: readonly PlannedRule[]): ReadonlySet<number> {
  const excluding = new Set<number>()
  const seen = new Set<RuleNode>()
  const visit = (node: RuleNode): void => {
    if (node.kind === 'not') visitPredicates(node.of, (predicate) => excluding.add(predicate))
    else if (node.kind === 'and' || node.kind === 'or') for (const part of node.of) visit(part)
  }
  for (const { variants } of rules)
    for (const { logSource } of variants) {
      // Rules of one log source share it.
      if (!logSource || seen.has(logSource)) continue
      seen.add(logSource)
      visit(logSource)
    }
  return excluding
}

/**
 * Fields whose values predicates ask for.
 *
 * @param asked - 1 for the predicates meant.
 */
export function listFields(asked: Uint8Array, { table }: Pick<DetectPlan, 'table'>): ReadonlySet<string> {
  const fields = new Set<string>()
  for (const { number, field } of table.all) if (asked[number] && field !== undefined) fields.add(field)
  return fields
}

/** 1 for predicates that rules ask for. */
export function listAsked(left: readonly LeftRule[], plan: DetectPlan): Uint8Array {
  const asked = new Uint8Array(plan.table.all.length)
  for (const { nodes } of left) for (const predicate of listPredicates(nodes)) asked[predicate] = 1
  return asked
}

/** Predicates of some questions, each once. */
export function listPredicates(nodes: readonly RuleNode[]): ReadonlySet<number> {
  const predicates = new Set<number>()
  for (const node of nodes) visitPredicates(node, (predicate) => predicates.add(predicate))
  return predicates
}
