import type { RowSet } from '../../../../text/row-set.ts'
import type { RowRange, ValueColumn } from '../../../../value-reading.ts'
import type { FieldEntry } from '../../index-handle.ts'
import type { AskContext } from '../ask-context.ts'
import { compareCodePoints } from '../match/test-value.ts'
import { listValuePlaces } from './value-places.ts'

/** Reads a value of each of some rows. */
export async function readValuesAt(
  context: AskContext,
  entry: FieldEntry,
  rows: RowSet,
  range: RowRange,
  signal: AbortSignal | undefined,
): Promise<ValueColumn> {
  const wanted = rows.toArray()
  const places = new Int32Array(range.end - range.start).fill(-1)
  for (let i = 0; i < wanted.length; i++) {
    places[wanted[i]!] = i
    wanted[i]! += range.start
  }
  const values: string[] = []
  const numbers = new Map<string, number>()
  const ids = new Int32Array(wanted.length).fill(-1)
  for (const { sql } of listValuePlaces(context, entry, range)) {
    const chosen = `SELECT (seq - ${range.start})::UINTEGER, value FROM (${sql}) JOIN ? USING (seq)`
    for await (const { rowCount, columns } of context.handle.query(chosen, [{ seqs: wanted }], signal)) {
      for (let i = 0; i < rowCount; i++) {
        const value = columns[1]![i] as string
        const place = places[columns[0]![i] as number]!
        let id = numbers.get(value)
        if (id === undefined) {
          id = values.push(value) - 1
          numbers.set(value, id)
        }
        const before = ids[place]!
        if (before < 0 || compareCodePoints(value, values[before]!) < 0) ids[place] = id
      }
    }
  }
  return { values, ids }
}
