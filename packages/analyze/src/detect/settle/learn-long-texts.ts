import { type IndexReading, RowSet, uniteRows } from '@timeskein/store'
import { type BlockSharing, runBlockWork } from '../blocks/run-block-work.ts'
import type { PredicateTable } from '../plan/predicate.ts'
import { runInTurns } from '../plan/run-steps.ts'
import type { FieldTesters, KnownValues, LearnOptions } from './known-values.ts'
import { mayBeLong } from './known-values.ts'
import { addRow, visitLongTexts } from './long-text-work.ts'

/** Fields with more rows with long texts than this are not read: the words of the index say which of them matter. */
const MAX_READ_ROWS = 10_000

/** What long texts tell: to be put beside what values tell. */
export type LongTextsKnown = Pick<KnownValues, 'possibleLong' | 'words'>

/** Reads the texts that are too long for columns, of fields that have few of them, and says which rows answer which predicates. */
export async function learnLongTexts(
  index: IndexReading,
  table: PredicateTable,
  testers: FieldTesters,
  {
    fields: asked,
    from,
    signal,
    thread,
    leaves,
  }: Omit<LearnOptions, 'onField' | 'asked'> & Pick<BlockSharing, 'thread' | 'leaves'>,
): Promise<LongTextsKnown> {
  const known: LongTextsKnown = { possibleLong: new Uint8Array(table.all.length), words: new Map() }
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
  const seqs = uniteRows(
    fields.map(({ rows }) => rows),
    universe,
  ).toArray()
  for (let at = 0; at < seqs.length; at++) seqs[at]! += from
  const job = {
    kind: 'long-texts',
    fields: fields.map(({ field, rows }) => ({
      field,
      predicates: testers.predicatesOf(field).map((number) => table.get(number)),
      rows: rows.toPlain(),
    })),
    start: from,
  } as const
  const found = new Map<number, number[]>()
  const large: number[] = []
  for (const some of await runBlockWork(index, seqs, job, { thread, leaves, signal })) {
    for (const [number, rows] of some.found) for (const row of rows) addRow(found, number, row)
    large.push(...some.large)
  }
  for (const seq of large) {
    const [source] = await index.sourcesAt(Uint32Array.of(seq), signal)
    const event: unknown = JSON.parse(source!)
    for (const { field, rows } of fields) {
      if (!rows.has(seq - from)) continue
      const texts: string[] = []
      visitLongTexts(event, field, (text) => texts.push(text))
      const tester = await testers.prepare(field)
      for (const text of texts) {
        signal?.throwIfAborted()
        for (const number of await runInTurns(tester.testInSteps(text, 'string'))) addRow(found, number, seq)
      }
    }
  }
  for (const [number, rows] of found) {
    known.possibleLong[number] = 1
    known.words.set(number, exactRows(RowSet.fromSorted(Uint32Array.from(rows).sort(), index.nextSeq)))
  }
  return known
}

function exactRows(rows: RowSet): { readonly low: RowSet; readonly high: RowSet } {
  return { low: rows, high: rows }
}
