import { type IndexReading, RowSet, someValueAt } from '@timeskein/store'
import type { PredicateTable } from '../plan/predicate.ts'
import type { FieldTesters, KnownValues, LearnOptions } from './known-values.ts'
import { mayBeLong } from './known-values.ts'

/** Fields with more rows with long texts than this are not read: the words of the index say which of them matter. */
const MAX_READ_ROWS = 10_000
/** Texts that are too long for columns have more than so many units. */
const MAX_SHORT_UNITS = 256

/** Reads the texts that are too long for columns, of fields that have few of them, and says which rows answer which predicates. */
export async function learnLongTexts(
  index: IndexReading,
  table: PredicateTable,
  testers: FieldTesters,
  known: KnownValues,
  { fields: asked, from, signal }: Pick<LearnOptions, 'fields' | 'from' | 'signal'>,
): Promise<void> {
  const range = { start: from, end: index.nextSeq }
  const universe = range.end - range.start
  const fields: { readonly field: string; readonly rows: RowSet }[] = []
  for (const field of asked) {
    if (index.placeOf(field) !== 'events' || !index.hasLongTexts(field)) continue
    const rows = await index.rowsOfLongTexts(field, range, signal)
    for (const number of testers.predicatesOf(field))
      if (mayBeLong(table, number)) known.possibleLong[number] = rows.count > MAX_READ_ROWS ? 1 : 0
    if (rows.count > 0 && rows.count <= MAX_READ_ROWS) fields.push({ field, rows })
  }
  const found = new Map<number, number[]>()
  const all = fields.reduce((sum, { rows }) => sum.or(rows), RowSet.none(universe)).toArray()
  await index.visitSources(
    all.map((row) => row + from),
    ({ bytes, offsets }, firstSeq, start, end) => {
      for (const row of all.subarray(start, end)) {
        const at = row + from - firstSeq
        const event: unknown = JSON.parse(bytes.toString('utf8', offsets[at]!, offsets[at + 1]!))
        for (const { field, rows } of fields) {
          if (!rows.has(row)) continue
          someValueAt(event, field, (value) => {
            if (typeof value === 'string' && value.length > MAX_SHORT_UNITS) {
              for (const number of testers.of(field).test(value, 'string')) addRow(found, number, row + from)
            }
            return false
          })
        }
      }
    },
    signal,
  )
  for (const [number, rows] of found) {
    known.possibleLong[number] = 1
    known.words.set(number, exactRows(RowSet.fromSorted(Uint32Array.from(rows), index.nextSeq)))
  }
}

function exactRows(rows: RowSet): { readonly low: RowSet; readonly high: RowSet } {
  return { low: rows, high: rows }
}

function addRow(found: Map<number, number[]>, number: number, row: number): void {
  const rows = found.get(number)
  if (!rows) found.set(number, [row])
  else if (rows.at(-1) !== row) rows.push(row)
}
