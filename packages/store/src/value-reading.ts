import type { Query, Regexp, Wildcard } from '@timeskein/query'
import type { RowSet } from './text/terms/row-set.ts'

/**
 * The values of a scope, for those who hold thousands of questions against the same events: each different value is looked at
 * once, and rows are then asked for by value. It sees the events that were there when it was opened.
 */
export interface ValueReading extends Disposable {
  readonly indexes: readonly IndexReading[]
  /**
   * To be called at the end: what was read is whole.
   *
   * @throws {StoreError} `no-row` when a timeline of the scope was dropped meanwhile.
   */
  assertWhole(): void
}

/** Types of values as JSON has them; numbers are told apart by whether they fit 64 bits of an integer. */
export type ValueKind = 'string' | 'integer' | 'real' | 'boolean'

/** Rows `start` to `end` (exclusive) of an index, by number; sets of its rows are counted from `start`. */
export interface RowRange {
  readonly start: number
  readonly end: number
}

/** Consecutive rows of one timeline. */
export interface TimelineRun extends RowRange {
  readonly timelineId: number
}

/** Some different values of a field, as they are written. */
export interface ValueBatch {
  readonly kind: ValueKind
  readonly texts: readonly string[]
}

/** Which different values of a field are read. */
export interface DistinctOptions {
  /** Of these rows only. @default all */
  readonly range?: RowRange | undefined
  /**
   * Runs of printable ASCII in lower case: texts with none of them, in any case, may be left out. @default none is left out
   */
  readonly literals?: readonly string[] | undefined
  readonly signal?: AbortSignal | undefined
}

/** A number for each value that is asked about. */
export type ValueGroups = ReadonlyMap<ValueKind, ReadonlyMap<string, number>>

/** A value of each of some rows: `values[ids[i]]`, or none where that is -1. */
export interface ValueColumn {
  readonly values: readonly string[]
  readonly ids: Int32Array
}

/** A question to texts: of any field, or, of one field, to those that are too long for its columns. */
export type WordQuestion = Wildcard | Regexp

/** Rows of an index that answer for certain, and rows that may. */
export interface WordBounds {
  readonly low: RowSet
  readonly high: RowSet
}

/** Source texts of neighbouring rows in UTF-8: row `i` is `bytes[offsets[i]]` to `bytes[offsets[i + 1]]` (exclusive). */
export interface SourceBytes {
  readonly bytes: Buffer
  readonly offsets: Uint32Array
}

/** Source texts as they are stored, in plain data: any thread can unpack them, with `visitPackedSources`. */
export interface PackedSources {
  readonly bytes: Uint8Array
  /** Ascending. */
  readonly blocks: readonly PackedBlock[]
  /** The rows asked for that stand in the blocks, ascending; each block has some. A buffer of their own: another thread is sent it whole. */
  readonly seqs: Uint32Array
}

/** Where a block stands, in bytes, and the rows that it holds. */
export interface PackedBlock {
  readonly at: number
  readonly sizeBytes: number
  readonly firstSeq: number
  readonly rowCount: number
}

/**
 * Told of a block the rows asked for that stand in it, each as row `seq - firstSeq`. Its bytes are there until the call
 * returns.
 */
export type VisitSource = (block: SourceBytes, firstSeq: number, seqs: Uint32Array) => void

/** One index of a scope. */
export interface IndexReading {
  readonly index: string
  /** One past the last row number. */
  readonly nextSeq: number
  /** The rows that are in the scope, ascending. */
  readonly runs: readonly TimelineRun[]
  /** Names of the fields that events of the index have themselves; those of timelines outside of the scope included. */
  readonly fieldNames: ReadonlySet<string>
  /**
   * Where values of a field are: `events` that have it themselves, `nowhere`, or `elsewhere`: in times, marks, the profile of an
   * import or a field of another name, which only `rowsOf` looks at.
   */
  placeOf(field: string): 'events' | 'elsewhere' | 'nowhere'
  /** Reads, for whoever is going to ask about most rows, what is read for many fields at once: they need not wait for it then. */
  readAhead(signal: AbortSignal): Promise<void>
  /**
   * The different values of a field that events have themselves, but texts too long for columns; of all timelines of the index.
   * Of a field with very many, some come again.
   */
  distinctValues(field: string, options?: DistinctOptions): AsyncIterable<ValueBatch>
  /** Rows by value: for each number below `count` those with a value of that number. Rows outside of the scope may be there. */
  rowsOfValues(
    field: string,
    groups: ValueGroups,
    count: number,
    range: RowRange,
    signal?: AbortSignal,
  ): Promise<readonly RowSet[]>
  /** Whether `distinctValues` leaves out texts of the field for their length. */
  hasLongTexts(field: string): boolean
  /** Rows with a text that `distinctValues` leaves out. */
  rowsOfLongTexts(field: string, range: RowRange, signal?: AbortSignal): Promise<RowSet>
  /**
   * Rows of the scope that answer a question.
   *
   * @param within - Looks at these only, counted from the range's start. @default all
   */
  rowsOf(query: Query, range: RowRange, within?: RowSet, signal?: AbortSignal): Promise<RowSet>
  /**
   * Which rows of the scope may answer questions, by the words that their answers must have; rows are counted from 0. Of rows that are
   * not certain, the texts of the source decide: of a question to any field all but `datetime` and `timestamp`.
   *
   * @param from - Rows below this one are not asked for: they may be there or not. @default 0
   * @returns In the order asked; undefined where `rowsOf` alone can tell.
   */
  wordBoundsOf(
    questions: readonly WordQuestion[],
    signal?: AbortSignal,
    from?: number,
  ): Promise<readonly (WordBounds | undefined)[]>
  /** A value of each of some rows, as it is written: the smallest by code points where a row has several, short texts only. */
  valuesAt(field: string, rows: RowSet, range: RowRange, signal?: AbortSignal): Promise<ValueColumn>
  /** Times of rows of the scope, in microseconds since 1970. */
  timesAt(seqs: Uint32Array): Promise<BigInt64Array>
  /** Source texts of rows, in the order asked. */
  sourcesAt(seqs: Uint32Array, signal?: AbortSignal): Promise<readonly string[]>
  /** Reads the source texts of some rows, which ascend, some blocks at a time. */
  packedSources(seqs: Uint32Array, signal?: AbortSignal): AsyncIterable<PackedSources>
}
