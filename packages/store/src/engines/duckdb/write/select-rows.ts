import type { Column, EventBatch } from '@timeskein/model'
import { pickEntries, pickText } from './pick-entries.ts'

/** A batch of some rows of another one: `kept`, ascending. Columns left without a value are left out. */
export function selectRows(batch: EventBatch, kept: Uint32Array): EventBatch {
  const { nanos } = batch
  const newRows = new Int32Array(batch.rowCount).fill(-1)
  for (let i = 0; i < kept.length; i++) newRows[kept[i]!] = i
  return {
    rowCount: kept.length,
    timesUs: BigInt64Array.from(kept, (row) => batch.timesUs[row]!),
    nanos: nanos && Uint16Array.from(kept, (row) => nanos[row]!),
    columns: batch.columns.flatMap((column) => selectColumn(column, newRows)),
    source: pickText(batch.source, kept),
    lines: Float64Array.from(kept, (row) => batch.lines[row]!),
  }
}

function selectColumn(column: Column, newRows: Int32Array): Column[] {
  const entries: number[] = []
  for (let entry = 0; entry < column.rows.length; entry++) {
    if (newRows[column.rows[entry]!]! >= 0) entries.push(entry)
  }
  if (entries.length === 0) return []
  const picked = pickEntries(column, Uint32Array.from(entries))
  return [{ ...picked, rows: picked.rows.map((row) => newRows[row]!) }]
}
