import type { RowSet } from '../../../../text/terms/row-set.ts'
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
  const read: { readonly rows: ArrayLike<number>; readonly numbers: ArrayLike<number> }[] = []
  const counts = new Uint32Array(count)
  for (const { kind, sql, integerSql } of listValuePlaces(context, entry, range)) {
    const wantedOf = groups.get(kind)
    if (!wantedOf || wantedOf.size === 0) continue
    const table: SqlGroups = { values: [...wantedOf.keys()], numbers: Uint32Array.from(wantedOf.values()) }
    const wanted = integerSql ? '(SELECT CAST(value AS BIGINT) AS value, number FROM ?)' : '?'
    const joined = `SELECT (seq - ${range.start})::UINTEGER, number FROM (${integerSql ?? sql}) JOIN ${wanted} AS wanted USING (value)`
    for await (const { rowCount, columns } of context.handle.query(joined, [table], signal)) {
      const [rows, numbers] = columns as [ArrayLike<number>, ArrayLike<number>]
      for (let i = 0; i < rowCount; i++) counts[numbers[i]!]!++
      read.push({ rows, numbers })
    }
  }
  const builders = Array.from(counts, (expected) => new RowSetBuilder(universe, expected))
  for (const { rows, numbers } of read)
    for (let i = 0; i < rows.length; i++) builders[numbers[i]!]!.add(rows[i]!)
  return builders.map((builder) => builder.finish())
}
