import { type ConditionNode, nameAdded } from './condition/condition.ts'
import { containsLogSource } from './parse-log-source.ts'
import type { Owned, SigmaFilter, SigmaRule } from './rule.ts'

/** Whether a filter or correlation may change what becomes of a rule. */
export function mayAffect(one: Owned, rule: Owned): boolean {
  return one.owner === undefined || one.owner === rule.owner
}

/** True for a rule that a filter is meant for: by id or name, by log source, and by owner. */
export function isFiltered(rule: SigmaRule, filter: SigmaFilter): boolean {
  if (!mayAffect(filter, rule)) return false
  if (!containsLogSource(filter.logSource, rule.logSource)) return false
  if (filter.rules === 'any') return true
  const { id, name } = rule.meta
  return filter.rules.some((wanted) => wanted === name || wanted.toLowerCase() === id?.toLowerCase())
}

/** The rule with the filter's condition beside its own; both must hold. Neither means identifiers of the other. */
export function applyFilter(rule: SigmaRule, filter: SigmaFilter, number: number): SigmaRule {
  const by = `filter ${number}`
  const detections = new Map(rule.detections)
  for (const [name, detection] of filter.detections) detections.set(nameAdded(by, name), detection)
  const added = renameIdentifiers(filter.condition, by)
  const conditions = rule.conditions.map(
    (condition): ConditionNode => ({ kind: 'and', of: [condition, added] }),
  )
  return { ...rule, detections, conditions }
}

function renameIdentifiers(node: ConditionNode, by: string): ConditionNode {
  switch (node.kind) {
    case 'identifier':
      return { kind: 'identifier', name: nameAdded(by, node.name) }
    case 'some':
      return { ...node, pattern: nameAdded(by, node.pattern) }
    case 'and':
    case 'or':
      return { kind: node.kind, of: node.of.map((part) => renameIdentifiers(part, by)) }
    case 'not':
      return { kind: 'not', of: renameIdentifiers(node.of, by) }
  }
}
