import { RowSet } from '../../../../text/terms/row-set.ts'
import { RowSetBuilder } from '../../../../text/terms/row-set-builder.ts'
import type { RowRange, ValueGroups } from '../../../../value-reading.ts'
import type { FieldEntry, SqlGroups } from '../../index-handle.ts'
import type { AskContext } from '../ask-context.ts'
import { listValuePlaces } from './value-places.ts'

/** Finds the rows of many values at once: the values are fed to DuckDB as a table and joined with the field's. */
export async function findGroups(
  context: AskContext,
  entry: FieldEntry,
  { groups, count }: { readonly groups: ValueGroups; readonly count: number },
  range: RowRange,
  signal: AbortSignal | undefined,
): Promise<readonly RowSet[]> {
  const universe = range.end - range.start
  const builders = new Map<number, RowSetBuilder>()
  for (const { kind, sql, integerSql } of listValuePlaces(context, entry, range)) {
    const numbers = groups.get(kind)
    if (!numbers || numbers.size === 0) continue
    const table: SqlGroups = { values: [...numbers.keys()], numbers: Uint32Array.from(numbers.values()) }
    const wanted = integerSql ? '(SELECT CAST(value AS BIGINT) AS value, number FROM ?)' : '?'
    const joined = `SELECT (seq - ${range.start})::UINTEGER, number FROM (${integerSql ?? sql}) JOIN ${wanted} AS wanted USING (value)`
    for await (const { rowCount, columns } of context.handle.query(joined, [table], signal)) {
      const rows = columns[0] as ArrayLike<number>
      const found = columns[1] as ArrayLike<number>
      for (let i = 0; i < rowCount; i++) {
        let builder = builders.get(found[i]!)
        if (!builder) {
          builder = new RowSetBuilder(universe)
          builders.set(found[i]!, builder)
        }
        builder.add(rows[i]!)
      }
    }
  }
  return Array.from({ length: count }, (_, number) => builders.get(number)?.finish() ?? RowSet.none(universe))
}
