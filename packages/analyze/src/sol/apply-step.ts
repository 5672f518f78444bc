import type { BoundSolStep, SolDefinition, SolOrder, SolSource } from '@timeskein/query/sol'
import { aggregateRows } from './aggregate-rows.ts'
import { type CalculateContext, compileExpressionOf } from './calculate.ts'
import { orderValues } from './compare-values.ts'
import { joinRows } from './join-rows.ts'
import { type SolRow, toJsonValue } from './row.ts'
import { compileRowFilter } from './row-filter.ts'

/** What steps of one run need. */
export interface StepContext extends CalculateContext {
  /** The rows of the right side of a join. */
  readonly readSource: (source: SolSource) => Promise<readonly SolRow[]>
}

/** What one step makes of the rows. */
export async function applyStep(
  rows: readonly SolRow[],
  step: BoundSolStep,
  context: StepContext,
): Promise<readonly SolRow[]> {
  switch (step.kind) {
    case 'where': {
      const passes = compileRowFilter(step.filter)
      const rest = step.rest && compileExpressionOf(step.rest, context)
      return rows.filter((row) => passes(row) && (rest === undefined || rest(row) === true))
    }
    case 'select':
      return makeColumns(rows, step.columns, context, false)
    case 'extend':
      return makeColumns(rows, step.columns, context, true)
    case 'distinct':
      return dropRepeated(makeColumns(rows, step.columns, context, false))
    case 'count':
      return [{ count: rows.length }]
    case 'aggregate':
      return aggregateRows(rows, step.aggregates, step.by, context)
    case 'order':
      return orderRows(rows, step.by, context)
    case 'limit':
      return rows.slice(0, step.count)
    case 'join':
      return joinRows(rows, await context.readSource(step.right), step)
    case 'render':
      return rows
    default:
      return step satisfies never
  }
}

function makeColumns(
  rows: readonly SolRow[],
  columns: readonly SolDefinition[],
  context: CalculateContext,
  keepsOthers: boolean,
): readonly SolRow[] {
  const compiled = columns.map(({ name, value }) => ({ name, read: compileExpressionOf(value, context) }))
  return rows.map((row) => {
    const made = compiled.map(({ name, read }) => [name, toJsonValue(read(row))] as const)
    return { ...(keepsOthers ? row : {}), ...Object.fromEntries(made) }
  })
}

function dropRepeated(rows: readonly SolRow[]): readonly SolRow[] {
  const seen = new Set<string>()
  return rows.filter((row) => {
    const key = JSON.stringify(row)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** Nulls come last, in both directions; rows that are equal stay in their order. */
function orderRows(
  rows: readonly SolRow[],
  by: readonly SolOrder[],
  context: CalculateContext,
): readonly SolRow[] {
  const keys = by.map(({ value, direction }) => ({
    read: compileExpressionOf(value, context),
    sign: direction === 'asc' ? 1 : -1,
  }))
  return rows
    .map((row) => ({ row, values: keys.map(({ read }) => read(row)) }))
    .toSorted((a, b) => {
      for (const [at, { sign }] of keys.entries()) {
        const [one, other] = [a.values[at]!, b.values[at]!]
        if (one === null || other === null) {
          if (one !== other) return one === null ? 1 : -1
          continue
        }
        const order = orderValues(one, other)
        if (order !== 0) return order * sign
      }
      return 0
    })
    .map(({ row }) => row)
}
