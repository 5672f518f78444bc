import type { ImportProfile } from '@timeskein/model'
import type { TokenRange } from '../../text/terms/term-dictionary.ts'
import type { WantedTerms } from '../../text/terms/term-scan.ts'
import type { PackedSources } from '../../value-reading.ts'
import type { MarkList } from './marks/mark-list.ts'
import type { NewMark } from './marks/write-marks.ts'

/**
 * One open index: the seam between the writing side (`write/`) and the asking side (`ask/`).
 *
 * The handle owns the attached file; `snapshot` is replaced as a whole after each commit, so a question that took it at
 * its beginning asks about the same segments to its end. SQL sees the tables as they are: rows of dropped timelines are
 * gone from them at once, which a question learns at its end (`ask/dropped-rows.ts`).
 */
export interface IndexHandle {
  readonly index: string
  /** Name to prefix tables with in SQL, quoted: `"idx_<name>"`. */
  readonly schema: string
  readonly snapshot: IndexSnapshot
  /**
   * Runs SQL on a pooled connection and returns typed columns chunk by chunk. Cancels the query when the signal aborts.
   * Values other than numbers must be passed as parameters.
   */
  query(sql: string, parameters?: readonly SqlValue[], signal?: AbortSignal): AsyncIterable<SqlChunk>
  /** The source text of rows, in the order asked. Reads and unpacks each block once. */
  readSources(seqs: ArrayLike<number>, signal?: AbortSignal): Promise<readonly string[]>
  /** Blocks with the source text of some rows, which ascend, as they are stored. */
  packedSources(seqs: Uint32Array, signal?: AbortSignal): AsyncIterable<PackedSources>
  /** Source text of consecutive rows, block by block, for exports and scans. */
  scanSources(seqStart: number, seqEnd: number, signal?: AbortSignal): AsyncIterable<SourceRun>
  /** Runs a transaction that changes marks, one at a time for the index, and then replaces the snapshot. */
  write<T>(
    work: (run: (sql: string, parameters?: readonly SqlValue[]) => Promise<void>) => Promise<T>,
  ): Promise<T>
  /** Writes new marks, all or none, and replaces the snapshot; with what others add meanwhile. Durable when it resolves. */
  addMarks(marks: readonly NewMark[]): Promise<void>
}

/** A parameter of a statement. Whole numbers go in as BIGINT, others as DOUBLE, bytes as BLOB. */
export type SqlValue = string | number | bigint | boolean | null | Uint8Array | SqlRowSet | SqlGroups
/** A set of row numbers given to SQL: in the text it stands as a table with the column `seq`. */
export interface SqlRowSet {
  readonly seqs: Uint32Array
}

/** Texts with a number each given to SQL: in the text they stand as a table with the columns `value` and `number`. */
export interface SqlGroups {
  readonly values: readonly string[]
  readonly numbers: Uint32Array
}

/**
 * Columns of one chunk of a result. Numbers up to 2^53 and smaller integers come as numbers, BIGINT as bigint; a column of numbers
 * without NULL is a typed array.
 */
export interface SqlChunk {
  readonly rowCount: number
  readonly columns: readonly ArrayLike<unknown>[]
}

/**
 * In which fields words are looked up: one, or all but some. In one field whole values can be looked up instead of words
 * (each behind `WHOLE_MARK`), or words with their places.
 */
export type TermFields =
  | { readonly only: number; readonly as?: 'whole' | 'words with places' }
  | { readonly except: ReadonlySet<number> }

/** Rows of a segment, counted in it, that have a word in a field: a posting list (text/terms/postings.ts). */
export interface TermHit {
  readonly field: number
  readonly postings: Uint8Array
  /** Where the word stands in each of the rows (text/terms/term-positions.ts), if that was asked for and is known. */
  readonly places?: Uint8Array
}

/**
 * Looks at the words of one block of a dictionary.
 *
 * @returns What is said of words, by their number in the block, ascending; others are left out.
 */
export type ChooseTerms<Choice> = (bytes: Buffer, tokens: TokenRange) => ReadonlyMap<number, Choice>

/** Words that were chosen in one segment. */
export interface ChosenTerms<Choice> {
  readonly terms: readonly ChosenTerm<Choice>[]
  /** Reads the posting lists of some of the chosen words in some of their fields. */
  readPostings(ranges: readonly TermRange[]): Promise<readonly Uint8Array[]>
}

/** A word with what was said of it, and where its posting lists are. */
export interface ChosenTerm<Choice> {
  readonly choice: Choice
  readonly ranges: readonly TermRange[]
}

/** Where the posting list of a word in a field is. */
export interface TermRange {
  readonly field: number
  readonly start: number
  readonly end: number
}

/** Source text of consecutive rows: `firstSeq` is the number of the first one in the index. */
export interface SourceRun {
  readonly firstSeq: number
  readonly rows: readonly string[]
}

/** What is known of an index at one moment; immutable. */
export interface IndexSnapshot {
  readonly segments: readonly Segment[]
  readonly fields: FieldCatalogue
  /** One past the last row number given out. */
  readonly nextSeq: number
  /** Active mark operations, in the order they were made. */
  readonly marks: MarkList
}

/** Rows `firstSeq` to `firstSeq + rowCount` (exclusive) of one import; its times lie from `minUs` to `maxUs`, both inclusive. */
export interface Segment {
  readonly id: number
  readonly firstSeq: number
  readonly rowCount: number
  readonly timelineId: number
  readonly importId: string
  readonly profile: ImportProfile
  readonly minUs: bigint
  readonly maxUs: bigint
  /** Times of its rows; read from disk at the first call and kept. */
  readTimes(): Promise<SegmentTimes>
  /** Posting lists of words. */
  findTerms(wanted: WantedTerms, fields: TermFields): Promise<readonly TermHit[]>
  /** Looks at every word of the segment: those that `choose` says something of come back with that. */
  chooseTerms<Choice>(choose: ChooseTerms<Choice>): Promise<ChosenTerms<Choice>>
  /** Whether all whole values of a field, but the empty one, can be looked up. */
  listsValues(field: number): Promise<boolean>
}

/** Times of a segment's rows, row by row, in microseconds since 1970, and the nanoseconds beyond them (undefined: all 0). */
export interface SegmentTimes {
  readonly timesUs: BigInt64Array
  readonly nanos: Uint16Array | undefined
  /** Row numbers (in the segment) by ascending time; undefined: they stand in that order. */
  readonly order: Uint32Array | undefined
}

/** A field's number and where its values are. */
export interface FieldEntry {
  readonly id: number
  readonly name: string
  /** Kinds that have a wide column `f<id>_<kind>`. */
  readonly wide: ReadonlySet<'s' | 'i' | 'r' | 'b'>
}

/** The fields that events of an index have, by their dotted name or their number, which never changes. */
export interface FieldCatalogue {
  byName(name: string): FieldEntry | undefined
  byId(id: number): FieldEntry | undefined
  all(): Iterable<FieldEntry>
}
