import type { SolDefinition, SolExpression, SolValue } from '@timeskein/query/sol'
import { type CalculateContext, compileExpressionOf, type RowValue } from './calculate.ts'
import { orderValues, readNumber } from './compare-values.ts'
import { listElements, type SolRow, toJsonValue } from './row.ts'
import type { RowWork } from './row-work.ts'

type Call = Extract<SolExpression, { readonly kind: 'call' }>

/** A row for each combination of values of `by`: those columns, then the aggregates. Without `by` there is one row, also for none. */
export async function aggregateRows(
  rows: readonly SolRow[],
  aggregates: readonly SolDefinition[],
  by: readonly SolDefinition[],
  context: CalculateContext & { readonly work: RowWork },
): Promise<readonly SolRow[]> {
  const keys = by.map(({ name, value }) => ({ name, read: compileExpressionOf(value, context) }))
  const groups = new Map<string, { readonly columns: Record<string, unknown>; readonly rows: SolRow[] }>()
  if (by.length === 0) groups.set('', { columns: {}, rows: [...rows] })
  else
    for await (const some of context.work.walk(rows))
      for (const row of some) {
        const columns = Object.fromEntries(keys.map(({ name, read }) => [name, toJsonValue(read(row))]))
        const key = JSON.stringify(Object.values(columns))
        const group = groups.get(key)
        if (group) group.rows.push(row)
        else {
          context.work.holdRead(columns)
          groups.set(key, { columns, rows: [row] })
        }
      }
  return [...groups.values()].map((group) => {
    const sums = aggregates.map(({ name, value }) => {
      const read = compileExpressionOf(value, {
        ...context,
        ofGroup: (call) => () => summarise(call, group.rows, context),
      })
      return [name, toJsonValue(read({}))] as const
    })
    return { ...group.columns, ...Object.fromEntries(sums) }
  })
}

/** What a function makes of the rows of a group; nulls do not count. */
function summarise(call: Call, rows: readonly SolRow[], context: CalculateContext): SolValue {
  const [part] = call.of
  if (call.name === 'count' || !part) return rows.length
  const read = compileExpressionOf(part, context)
  if (call.name === 'countif') return rows.reduce((count, row) => count + Number(read(row) === true), 0)
  switch (call.name) {
    case 'count_distinct':
      return countDistinct(rows, read)
    case 'make_set':
      return makeSet(rows, read)
    case 'min':
      return pick(rows, read, (value, best) => orderValues(value, best) < 0)
    case 'max':
      return pick(rows, read, (value, best) => orderValues(value, best) > 0)
    case 'sum':
      return add(rows, read).sum
    case 'avg': {
      const { sum, count } = add(rows, read)
      return count === 0 ? null : sum / count
    }
    default:
      throw new Error(`${call.name} is no function of a group`)
  }
}

function* readValues(rows: readonly SolRow[], read: RowValue): Generator<SolValue> {
  for (const row of rows) for (const value of listElements(read(row))) if (value !== null) yield value
}

function add(rows: readonly SolRow[], read: RowValue): { readonly sum: number; readonly count: number } {
  let [sum, count] = [0, 0]
  for (const value of readValues(rows, read)) {
    const number = readNumber(value)
    if (number === undefined) continue
    sum += number
    count++
  }
  return { sum, count }
}

function countDistinct(rows: readonly SolRow[], read: RowValue): number {
  const seen = new Set<string>()
  for (const value of readValues(rows, read)) seen.add(JSON.stringify(toJsonValue(value)))
  return seen.size
}

function makeSet(rows: readonly SolRow[], read: RowValue): readonly SolValue[] {
  const seen = new Map<string, SolValue>()
  for (const value of readValues(rows, read)) {
    const key = JSON.stringify(toJsonValue(value))
    if (!seen.has(key)) seen.set(key, value)
  }
  return [...seen.values()]
}

function pick(
  rows: readonly SolRow[],
  read: RowValue,
  isBetter: (value: SolValue, best: SolValue) => boolean,
): SolValue {
  let best: SolValue = null
  for (const value of readValues(rows, read)) if (best === null || isBetter(value, best)) best = value
  return best
}
