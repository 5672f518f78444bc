import type { Query } from '@timeskein/query'
import { compileAnyTypeTest, compileEventTest, someValueAt } from '@timeskein/store'
import { compareValues } from './compare-values.ts'
import { type SolRow, toSolValue } from './row.ts'

/**
 * Compiles what `bindSol` makes of a condition on columns to a test of rows; the tests of single values are those of a store.
 *
 * @throws {Error} For a kind of question that no condition of SOL becomes.
 */
export function compileRowFilter(query: Query): (row: SolRow) => boolean {
  switch (query.kind) {
    case 'all':
      return () => true
    case 'none':
      return () => false
    case 'and': {
      const parts = query.of.map(compileRowFilter)
      return (row) => parts.every((part) => part(row))
    }
    case 'or': {
      const parts = query.of.map(compileRowFilter)
      const { atLeast = 1 } = query
      return (row) => parts.reduce((count, part) => count + Number(part(row)), 0) >= atLeast
    }
    case 'not': {
      const part = compileRowFilter(query.of)
      return (row) => !part(row)
    }
    case 'exists':
      return (row) => someValueAt(row, query.field, () => true)
    case 'wildcard':
    case 'regexp': {
      const { field } = query
      const passes = compileAnyTypeTest(query)
      return (row) =>
        field !== undefined && someValueAt(row, field, (value) => passes(String(value), kindOf(value)))
    }
    case 'range': {
      if (query.anyType) {
        const passes = compileAnyTypeTest(query)
        return (row) => someValueAt(row, query.field, (value) => passes(String(value), kindOf(value)))
      }
      const { gt, gte, lt, lte } = query
      const ends = [
        ['>', gt],
        ['>=', gte],
        ['<', lt],
        ['<=', lte],
      ] as const
      return (row) =>
        someValueAt(row, query.field, (value) =>
          ends.every(
            ([operator, end]) => end === undefined || compareValues(operator, toSolValue(value), end, false),
          ),
        )
    }
    case 'fields':
      return compileEventTest(query)
    default:
      throw new Error(`a condition of SOL never becomes a question of the kind ${query.kind}`)
  }
}

function kindOf(value: string | number | bigint | boolean): 'string' | 'integer' | 'real' | 'boolean' {
  if (typeof value === 'bigint') return 'integer'
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'real'
  return typeof value === 'boolean' ? 'boolean' : 'string'
}
