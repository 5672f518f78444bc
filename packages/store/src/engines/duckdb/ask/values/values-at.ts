import type { RowSet } from '../../../../text/terms/row-set.ts'
import { lowerBound } from '../../../../text/terms/sorted-rows.ts'
import type { RowRange, ValueColumn } from '../../../../value-reading.ts'
import type { FieldEntry, SqlGroups } from '../../index-handle.ts'
import type { AskContext } from '../ask-context.ts'
import { compareCodePoints } from '../match/test-value.ts'
import { readDistinctValues } from './distinct-values.ts'
import { listValuePlaces } from './value-places.ts'

/** Of more rows than this their values are numbered first: a number is read many times as fast as a text. */
const MANY_ROWS = 32_768
/** So many rows a value must have on average, or numbering is no gain. */
const ROWS_PER_VALUE = 4

/** Reads a value of each of some rows. */
export async function readValuesAt(
  context: AskContext,
  entry: FieldEntry,
  rows: RowSet,
  range: RowRange,
  signal: AbortSignal | undefined,
): Promise<ValueColumn> {
  const placeOf = findPlaces(rows)
  const wanted = rows.toArray()
  for (let i = 0; i < wanted.length; i++) wanted[i]! += range.start
  const numbered =
    wanted.length > MANY_ROWS ? await numberValues(context, entry, range, wanted.length, signal) : undefined
  if (numbered)
    return await readNumbers(context, entry, { numbered, placeOf, count: wanted.length }, range, signal)
  const values: string[] = []
  const numbers = new Map<string, number>()
  const ids = new Int32Array(wanted.length).fill(-1)
  for (const { sql } of listValuePlaces(context, entry, range)) {
    const chosen = `SELECT (seq - ${range.start})::UINTEGER, value FROM (${sql}) JOIN ? USING (seq)`
    for await (const { rowCount, columns } of context.handle.query(chosen, [{ seqs: wanted }], signal)) {
      for (let i = 0; i < rowCount; i++) {
        const value = columns[1]![i] as string
        const place = placeOf(columns[0]![i] as number)
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

/** One row in so many, or fewer: a search in the list of them takes less than a place for each row there could be. */
const FEW_ROWS = 1 / 16

/** Tells of a row which of some rows it is, counted from 0; -1 where it is none of them. */
function findPlaces(rows: RowSet): (row: number) => number {
  const list = rows.toArray()
  if (rows.count <= rows.universe * FEW_ROWS)
    return (row) => {
      const at = lowerBound(list, row, 0, list.length)
      return list[at] === row ? at : -1
    }
  const places = new Int32Array(rows.universe).fill(-1)
  for (let i = 0; i < list.length; i++) places[list[i]!] = i
  return (row) => places[row]!
}

/** The different values of a field by code points, so that the smaller of two has the smaller number; undefined where they are many. */
async function numberValues(
  context: AskContext,
  entry: FieldEntry,
  range: RowRange,
  rowCount: number,
  signal: AbortSignal | undefined,
): Promise<SqlGroups | undefined> {
  const distinct = new Set<string>()
  for await (const { texts } of readDistinctValues(context, entry, { range, signal })) {
    for (const text of texts) distinct.add(text)
    if (distinct.size > rowCount / ROWS_PER_VALUE) return undefined
  }
  const values = [...distinct].sort(compareCodePoints)
  return { values, numbers: Uint32Array.from(values.keys()) }
}

async function readNumbers(
  context: AskContext,
  entry: FieldEntry,
  wanted: { readonly numbered: SqlGroups; readonly placeOf: (row: number) => number; readonly count: number },
  range: RowRange,
  signal: AbortSignal | undefined,
): Promise<ValueColumn> {
  const { numbered, placeOf, count } = wanted
  const ids = new Int32Array(count).fill(-1)
  for (const { sql } of listValuePlaces(context, entry, range)) {
    const chosen = `SELECT (seq - ${range.start})::UINTEGER, number FROM (${sql}) JOIN ? AS numbered USING (value)`
    for await (const { rowCount, columns } of context.handle.query(chosen, [numbered], signal)) {
      const rows = columns[0] as ArrayLike<number>
      const numbers = columns[1] as ArrayLike<number>
      for (let i = 0; i < rowCount; i++) {
        const place = placeOf(rows[i]!)
        if (place >= 0 && (ids[place]! < 0 || numbers[i]! < ids[place]!)) ids[place] = numbers[i]!
      }
    }
  }
  return { values: numbered.values, ids }
}
