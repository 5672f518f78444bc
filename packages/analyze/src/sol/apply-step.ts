import type { BoundSolStep, SolDefinition, SolOrder, SolSource, SolValue } from '@timeskein/query/sol'
import { aggregateRows } from './aggregate-rows.ts'
import { type CalculateContext, compileExpressionOf } from './calculate.ts'
import { orderValues } from './compare-values.ts'
import { joinRows } from './join-rows.ts'
import { type SolRow, toJsonValue } from './row.ts'
import { compileRowFilter } from './row-filter.ts'
import type { RowWork } from './row-work.ts'

/** What steps of one run need. */
export interface StepContext extends CalculateContext {
  /** The rows of the right side of a join. */
  readonly readSource: (source: SolSource) => Promise<readonly SolRow[]>
  readonly work: RowWork
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
      return await context.work.filter(
        rows,
        (row) => passes(row) && (rest === undefined || rest(row) === true),
      )
    }
    case 'select':
      return await makeColumns(rows, step.columns, context, false)
    case 'extend':
      return await makeColumns(rows, step.columns, context, true)
    case 'distinct':
      return await dropRepeated(await makeColumns(rows, step.columns, context, false), context)
    case 'count':
      return [{ count: rows.length }]
    case 'aggregate':
      return await aggregateRows(rows, step.aggregates, step.by, context)
    case 'order':
      return await orderRows(rows, step.by, context)
    case 'limit':
      return rows.slice(0, step.count)
    case 'join':
      return await joinRows(rows, await context.readSource(step.right), step, context.work)
    case 'render':
      return rows
    default:
      return step satisfies never
  }
}

async function makeColumns(
  rows: readonly SolRow[],
  columns: readonly SolDefinition[],
  context: StepContext,
  keepsOthers: boolean,
): Promise<readonly SolRow[]> {
  const compiled = columns.map(({ name, value }) => ({ name, read: compileExpressionOf(value, context) }))
  const results: SolRow[] = []
  for await (const some of context.work.walk(rows))
    for (const row of some) {
      const made = Object.fromEntries(compiled.map(({ name, read }) => [name, toJsonValue(read(row))]))
      context.work.holdRead(made)
      const result = keepsOthers ? { ...row, ...made } : made
      if (keepsOthers) context.work.holdMade(Object.keys(result).length)
      results.push(result)
    }
  return results
}

async function dropRepeated(rows: readonly SolRow[], { work }: StepContext): Promise<readonly SolRow[]> {
  const seen = new Set<string>()
  return await work.filter(rows, (row) => {
    const key = JSON.stringify(row)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** Nulls come last, in both directions; rows that are equal stay in their order. */
async function orderRows(
  rows: readonly SolRow[],
  by: readonly SolOrder[],
  context: StepContext,
): Promise<readonly SolRow[]> {
  const keys = by.map(({ value, direction }) => ({
    read: compileExpressionOf(value, context),
    sign: direction === 'asc' ? 1 : -1,
  }))
  const keyed: { readonly row: SolRow; readonly values: readonly SolValue[] }[] = []
  for await (const some of context.work.walk(rows))
    for (const row of some) keyed.push({ row, values: keys.map(({ read }) => read(row)) })
  return keyed
    .sort((a, b) => {
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
