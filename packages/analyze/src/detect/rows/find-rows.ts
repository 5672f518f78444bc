import { RowSet } from '@timeskein/store/texts'
import type { RuleNode } from '../plan/rule-node.ts'

/**
 * Rows of `within` that answer a question, where every predicate's rows are known at once.
 *
 * @param isDear - Of predicates to be asked for as few rows as can be. @default none
 */
export function findRows(
  node: RuleNode,
  within: RowSet,
  rowsOf: (predicate: number, within: RowSet) => RowSet,
  isDear?: (predicate: number) => boolean,
): RowSet {
  if (within.count === 0) return within
  switch (node.kind) {
    case 'all':
      return within
    case 'none':
      return RowSet.none(within.universe)
    case 'is':
      return rowsOf(node.predicate, within).and(within)
    case 'not':
      return within.andNot(findRows(node.of, within, rowsOf, isDear))
    case 'and':
      return inOrder(node.of, isDear).reduce((rows, part) => findRows(part, rows, rowsOf, isDear), within)
    case 'or': {
      if (node.atLeast === 1) {
        let found = RowSet.none(within.universe)
        for (const part of inOrder(node.of, isDear))
          found = found.or(findRows(part, within.andNot(found), rowsOf, isDear))
        return found
      }
      const counts = new Uint16Array(within.universe)
      for (const part of node.of)
        findRows(part, within, rowsOf, isDear).forEach((row) => {
          counts[row]!++
        })
      const rows = within.toArray().filter((row) => counts[row]! >= node.atLeast)
      return RowSet.fromSorted(rows, within.universe)
    }
  }
}

/** Dear parts last. */
function inOrder(
  parts: readonly RuleNode[],
  isDear: ((predicate: number) => boolean) | undefined,
): readonly RuleNode[] {
  if (!isDear) return parts
  const dear = parts.filter((part) => hasDear(part, isDear))
  return dear.length === 0 ? parts : [...parts.filter((part) => !dear.includes(part)), ...dear]
}

function hasDear(node: RuleNode, isDear: (predicate: number) => boolean): boolean {
  switch (node.kind) {
    case 'is':
      return isDear(node.predicate)
    case 'not':
      return hasDear(node.of, isDear)
    case 'and':
    case 'or':
      return node.of.some((part) => hasDear(part, isDear))
    default:
      return false
  }
}
