import type { Query } from '@timeskein/query'
import type { PredicateTable } from './predicate.ts'

/** A rule's question over numbered predicates. */
export type RuleNode =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | { readonly kind: 'is'; readonly predicate: number }
  | { readonly kind: 'not'; readonly of: RuleNode }
  | { readonly kind: 'and'; readonly of: readonly RuleNode[] }
  | { readonly kind: 'or'; readonly of: readonly RuleNode[]; readonly atLeast: number }

export const ALL: RuleNode = { kind: 'all' }
export const NONE: RuleNode = { kind: 'none' }

/** Puts a question's leaves into the table. */
export function toRuleNode(query: Query, table: PredicateTable): RuleNode {
  switch (query.kind) {
    case 'all':
      return ALL
    case 'none':
      return NONE
    case 'and':
      return { kind: 'and', of: query.of.map((part) => toRuleNode(part, table)) }
    case 'or':
      return {
        kind: 'or',
        of: query.of.map((part) => toRuleNode(part, table)),
        atLeast: query.atLeast ?? 1,
      }
    case 'not':
      return { kind: 'not', of: toRuleNode(query.of, table) }
    default:
      return { kind: 'is', predicate: table.add(query) }
  }
}

/** Every predicate of a node, repeated where it stands several times. */
export function visitPredicates(node: RuleNode, visit: (predicate: number) => void): void {
  switch (node.kind) {
    case 'is':
      visit(node.predicate)
      return
    case 'not':
      visitPredicates(node.of, visit)
      return
    case 'and':
    case 'or':
      for (const part of node.of) visitPredicates(part, visit)
      return
    default:
  }
}

/** Whether two questions are written alike. */
export function isSameNode(a: RuleNode, b: RuleNode): boolean {
  switch (a.kind) {
    case 'all':
    case 'none':
      return a.kind === b.kind
    case 'is':
      return b.kind === 'is' && a.predicate === b.predicate
    case 'not':
      return b.kind === 'not' && isSameNode(a.of, b.of)
    case 'and':
    case 'or':
      return (
        (b.kind === 'and' || b.kind === 'or') &&
        a.kind === b.kind &&
        (a.kind !== 'or' || b.kind !== 'or' || a.atLeast === b.atLeast) &&
        a.of.length === b.of.length &&
        a.of.every((part, at) => isSameNode(part, b.of[at]!))
      )
  }
}
