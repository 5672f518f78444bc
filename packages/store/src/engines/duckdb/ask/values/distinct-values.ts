import type { DistinctOptions, ValueBatch, ValueKind } from '../../../../value-reading.ts'
import type { FieldEntry } from '../../index-handle.ts'
import type { AskContext } from '../ask-context.ts'
import { listValuePlaces, type ValuePlace } from './value-places.ts'

/** Rows whose values are told apart together, half as many more where that leaves none over: that many different ones are held in memory. */
const STRETCH_ROWS = 1_000_000
/** Rows that show whether a field has few different values, each many times, or nearly as many as rows. */
const SAMPLE_ROWS = 65_536
/** From so many different texts of a sample on it pays to look for literals in every text. */
const MANY_TEXTS: number = SAMPLE_ROWS / 8
/** More characters of literals than this make a search of their own that is slower than reading the texts. */
const MAX_LITERAL_CHARACTERS = 1000

/** Reads the different values that a field has; those of one kind after those of another, those of some rows after those of others. */
export async function* readDistinctValues(
  context: AskContext,
  entry: FieldEntry,
  { range, literals, signal }: DistinctOptions = {},
): AsyncGenerator<ValueBatch, void, undefined> {
  const { start, end } = range ?? { start: 0, end: context.snapshot.nextSeq }
  const pattern = literals && end - start > SAMPLE_ROWS * 2 ? writePattern(literals) : undefined
  let isFiltered = false
  for (let from = start; from < end; ) {
    const isSample = from === start && pattern !== undefined
    const isLast = end - from < STRETCH_ROWS * 1.5
    const to = isSample ? from + SAMPLE_ROWS : isLast ? end : from + STRETCH_ROWS
    let textCount = 0
    for (const [kind, places] of Map.groupBy(
      listValuePlaces(context, entry, { start: from, end: to }),
      (place) => place.kind,
    )) {
      const wanted = kind === 'string' && isFiltered ? pattern : undefined
      const parameters = wanted === undefined ? [] : [wanted]
      const sql = selectDistinct(places, wanted !== undefined)
      for await (const { rowCount, columns } of context.handle.query(sql, parameters, signal)) {
        if (kind === 'string') textCount += rowCount
        if (rowCount > 0) yield { kind: kind satisfies ValueKind, texts: columns[0] as readonly string[] }
      }
    }
    if (isSample) isFiltered = textCount >= MANY_TEXTS
    from = to
  }
}

/** @param isFiltered - Texts are held against a pattern, the statement's parameter, before they are told apart. */
function selectDistinct(places: readonly ValuePlace[], isFiltered: boolean): string {
  const rows = places.map(({ sql, integerSql }) => integerSql ?? sql).join(' UNION ALL ')
  const condition = isFiltered ? ' WHERE regexp_matches(lower(value), ?)' : ''
  return `SELECT CAST(value AS VARCHAR) FROM (SELECT DISTINCT value FROM (${rows})${condition})`
}

/** A pattern of RE2 that texts in lower case with one of the literals match; undefined where there are too many. */
function writePattern(literals: readonly string[]): string | undefined {
  const pattern = literals.map((literal) => literal.replaceAll(/[^a-z0-9]/g, '\\$&')).join('|')
  return pattern.length > 0 && pattern.length <= MAX_LITERAL_CHARACTERS ? pattern : undefined
}
