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
  return find(node, within, rowsOf, isDear ? orderBy(isDear) : (parts) => parts)
}

type InOrder = (parts: readonly RuleNode[]) => readonly RuleNode[]

function find(
  node: RuleNode,
  within: RowSet,
  rowsOf: (predicate: number, within: RowSet) => RowSet,
  inOrder: InOrder,
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
      return within.andNot(find(node.of, within, rowsOf, inOrder))
    case 'and':
      return inOrder(node.of).reduce((rows, part) => find(part, rows, rowsOf, inOrder), within)
    case 'or': {
      if (node.atLeast === 1) {
        let found = RowSet.none(within.universe)
        for (const part of inOrder(node.of))
          found = found.or(find(part, within.andNot(found), rowsOf, inOrder))
        return found
      }
      const counts = new Uint16Array(within.universe)
      for (const part of node.of)
        find(part, within, rowsOf, inOrder).forEach((row) => {
          counts[row]!++
        })
      const rows = within.toArray().filter((row) => counts[row]! >= node.atLeast)
      return RowSet.fromSorted(rows, within.universe)
    }
  }
}

/** Dear parts last; what is said of a part is remembered for the levels above it. */
function orderBy(isDear: (predicate: number) => boolean): InOrder {
  const known = new Map<RuleNode, boolean>()
  const look = (node: RuleNode): boolean => {
    switch (node.kind) {
      case 'is':
        return isDear(node.predicate)
      case 'not':
        return look(node.of)
      case 'and':
      case 'or': {
        const is = known.get(node) ?? node.of.some(look)
        known.set(node, is)
        return is
      }
      default:
        return false
    }
  }
  return (parts) => {
    const isLast = parts.map(look)
    if (!isLast.includes(true)) return parts
    return [...parts.filter((_, at) => !isLast[at]), ...parts.filter((_, at) => isLast[at])]
  }
}
