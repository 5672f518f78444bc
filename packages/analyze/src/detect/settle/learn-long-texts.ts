import { type IndexReading, RowSet, someValueAt } from '@timeskein/store'
import type { PredicateTable } from '../plan/predicate.ts'
import { runInTurns } from '../plan/run-steps.ts'
import { LARGE_SOURCE_BYTES } from '../rows/large-source.ts'
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
  const fields: AskedField[] = []
  for (const field of asked) {
    if (index.placeOf(field) !== 'events' || !index.hasLongTexts(field)) continue
    const rows = await index.rowsOfLongTexts(field, range, signal)
    for (const number of testers.predicatesOf(field))
      if (mayBeLong(table, number)) known.possibleLong[number] = rows.count > MAX_READ_ROWS ? 1 : 0
    if (rows.count === 0 || rows.count > MAX_READ_ROWS) continue
    await testers.prepare(field)
    fields.push({ field, rows })
  }
  const found = new Map<number, number[]>()
  const all = fields.reduce((sum, { rows }) => sum.or(rows), RowSet.none(universe)).toArray()
  const large: number[] = []
  await index.visitSources(
    all.map((row) => row + from),
    ({ bytes, offsets }, firstSeq, start, end) => {
      for (const row of all.subarray(start, end)) {
        const at = row + from - firstSeq
        const [textStart, textEnd] = [offsets[at]!, offsets[at + 1]!]
        if (textEnd - textStart > LARGE_SOURCE_BYTES) {
          large.push(row)
          continue
        }
        for (const { field, text } of listLongTexts(bytes.toString('utf8', textStart, textEnd), fields, row))
          for (const number of testers.of(field).test(text, 'string')) addRow(found, number, row + from)
      }
    },
    signal,
  )
  for (const row of large) {
    const [source] = await index.sourcesAt(Uint32Array.of(row + from), signal)
    for (const { field, text } of listLongTexts(source!, fields, row)) {
      signal?.throwIfAborted()
      const answered = await runInTurns(testers.of(field).testInSteps(text, 'string'))
      for (const number of answered) addRow(found, number, row + from)
    }
  }
  for (const [number, rows] of found) {
    known.possibleLong[number] = 1
    known.words.set(number, exactRows(RowSet.fromSorted(Uint32Array.from(rows).sort(), index.nextSeq)))
  }
}

interface AskedField {
  readonly field: string
  /** Rows with a long text in it. */
  readonly rows: RowSet
}

/** Long texts of a row, of the fields in which it has some. */
function listLongTexts(
  source: string,
  fields: readonly AskedField[],
  row: number,
): readonly { readonly field: string; readonly text: string }[] {
  const event: unknown = JSON.parse(source)
  const texts: { readonly field: string; readonly text: string }[] = []
  for (const { field, rows } of fields) {
    if (!rows.has(row)) continue
    someValueAt(event, field, (value) => {
      if (typeof value === 'string' && value.length > MAX_SHORT_UNITS) texts.push({ field, text: value })
      return false
    })
  }
  return texts
}

function exactRows(rows: RowSet): { readonly low: RowSet; readonly high: RowSet } {
  return { low: rows, high: rows }
}

function addRow(found: Map<number, number[]>, number: number, row: number): void {
  const rows = found.get(number)
  if (!rows) found.set(number, [row])
  else if (rows.at(-1) !== row) rows.push(row)
}
