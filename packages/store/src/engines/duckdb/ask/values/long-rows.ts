import type { RowSet } from '../../../../text/terms/row-set.ts'
import { RowSetBuilder } from '../../../../text/terms/row-set-builder.ts'
import type { AskContext } from '../ask-context.ts'
import { addBits, bitsSql } from '../rows/seq-list.ts'

/** Rows of a whole index that have a string too long for the columns, by the number of the field. */
export type LongRows = ReadonlyMap<number, RowSet>

/** Reads those of all fields at once: a statement for each takes longer than what it answers. */
export async function loadLongRows({ handle, snapshot, signal }: AskContext): Promise<LongRows> {
  const builders = new Map<number, RowSetBuilder>()
  const sql = bitsSql(
    `SELECT field, seq FROM ${handle.schema}.tall WHERE kind = 'l' AND seq < ${snapshot.nextSeq}`,
    'field',
  )
  for await (const { rowCount, columns } of handle.query(sql, [], signal)) {
    const [chunks, bits, fields] = columns as [ArrayLike<number>, ArrayLike<Uint8Array>, ArrayLike<number>]
    for (let i = 0; i < rowCount; i++) {
      const builder = builders.get(fields[i]!) ?? new RowSetBuilder(snapshot.nextSeq)
      builders.set(fields[i]!, builder)
      addBits(Number(chunks[i]), bits[i]!, (seq) => builder.add(seq))
    }
  }
  return new Map([...builders].map(([field, builder]) => [field, builder.finish()]))
}
