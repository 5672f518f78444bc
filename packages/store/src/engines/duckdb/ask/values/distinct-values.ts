import type { RowRange, ValueBatch, ValueKind } from '../../../../value-reading.ts'
import type { FieldEntry } from '../../index-handle.ts'
import type { AskContext } from '../ask-context.ts'
import { listValuePlaces } from './value-places.ts'

/** Reads every different value that a field has in a range of rows, or in all, once; those of one kind after those of another. */
export async function* readDistinctValues(
  context: AskContext,
  entry: FieldEntry,
  range: RowRange | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<ValueBatch, void, undefined> {
  const places = Map.groupBy(listValuePlaces(context, entry, range), ({ kind }) => kind)
  for (const [kind, some] of places) {
    const rows = some.map(({ sql, integerSql }) => integerSql ?? sql).join(' UNION ALL ')
    const sql = `SELECT CAST(value AS VARCHAR) FROM (SELECT DISTINCT value FROM (${rows}))`
    for await (const { rowCount, columns } of context.handle.query(sql, [], signal)) {
      if (rowCount > 0) yield { kind: kind satisfies ValueKind, texts: columns[0] as readonly string[] }
    }
  }
}
