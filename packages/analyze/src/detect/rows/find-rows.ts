import { RowSet } from '@timeskein/store/texts'
import type { RuleNode } from '../plan/rule-node.ts'

/** Rows of `within` that answer a question, where every predicate's rows are known at once. */
export function findRows(
  node: RuleNode,
  within: RowSet,
  rowsOf: (predicate: number, within: RowSet) => RowSet,
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
      return within.andNot(findRows(node.of, within, rowsOf))
    case 'and':
      return node.of.reduce((rows, part) => findRows(part, rows, rowsOf), within)
    case 'or': {
      if (node.atLeast === 1) {
        let found = RowSet.none(within.universe)
        for (const part of node.of) found = found.or(findRows(part, within.andNot(found), rowsOf))
        return found
      }
      const counts = new Uint16Array(within.universe)
      for (const part of node.of)
        findRows(part, within, rowsOf).forEach((row) => {
          counts[row]!++
        })
      const rows = within.toArray().filter((row) => counts[row]! >= node.atLeast)
      return RowSet.fromSorted(rows, within.universe)
    }
  }
}
