import type { EventBatch, ImportProfile, StoredEvent } from '@timeskein/model'
import type { AggregationResult, Aggregations, Query } from '@timeskein/query'
import type { PreparedSegment } from './prepared-segment.ts'
import type { ValueReading } from './value-reading.ts'

/**
 * What every engine does. Callers ask about a capability, never about an engine's name.
 *
 * Names: an *index* holds events and is named by 32 hex digits; a *timeline* is a number whose events live in one index;
 * a *scope* says which timelines of which indexes a question is about.
 */
export interface EventStore extends AsyncDisposable {
  readonly capabilities: StoreCapabilities

  /** Makes an empty index; does nothing when it exists. */
  createIndex(index: string): Promise<void>
  /** Removes an index with all its events and marks, and frees its disk; does nothing when there is none. */
  dropIndex(index: string): Promise<void>
  listIndexes(): Promise<readonly IndexInfo[]>
  /** Events of one index by timeline, with the first and last time of each. */
  describeTimelines(index: string): Promise<readonly TimelineInfo[]>

  /**
   * Opens an import: everything appended becomes visible together at `commit`, or not at all. Imports into one index wait
   * for each other; readers never wait.
   */
  beginImport(target: ImportTarget): Promise<ImportTransaction>
  /** Says whether an import with this id was committed to the index and stored any row; false when its timeline was dropped since. */
  hasImport(index: string, importId: string): Promise<boolean>
  /**
   * Removes the events of one timeline. Returns how many there were. Pages, counts and marks that are under way over it begin
   * anew with what is left; a second drop meanwhile, or a scan, ends them with `no-row`.
   */
  dropTimeline(index: string, timelineId: number): Promise<number>

  /** One page of events with their total and aggregations. */
  search(request: SearchRequest): Promise<SearchResult>
  /** Every event that answers, in pages, at constant memory; stopping early stops the work. */
  scan(request: ScanRequest): AsyncIterable<readonly StoredEvent[]>
  /** How many events answer; exact. */
  count(request: CountRequest): Promise<number>
  /**
   * The fields of a scope with their kinds and how many events have each.
   *
   * @param wanted - `cardinality`: their distinct values are estimated as well, which looks at every value there is. @default false
   */
  listFields(scope: Scope, wanted?: { readonly cardinality?: boolean }): Promise<readonly FieldInfo[]>
  /** Events by id, in the order asked; undefined where the scope has no such event. */
  getEvents(scope: Scope, ids: readonly string[]): Promise<readonly (StoredEvent | undefined)[]>
  /** Opens the values of a scope for thousands of questions at once; to be disposed of. */
  readValues(scope: Scope, signal?: AbortSignal): Promise<ValueReading>
  /** How a question would be answered, for people: one step a line. */
  explain(request: SearchRequest): Promise<readonly string[]>

  /** Puts a mark on events. Durable when it resolves. */
  mark(operation: MarkOperation): Promise<MarkOutcome>
  /**
   * As `mark` for each of several operations on one scope, that of the first; those of one index are written together, which
   * takes about as long as one. Durable when it resolves; after a crash an index has all of them or none.
   */
  markAll(operations: readonly MarkOperation[]): Promise<readonly MarkOutcome[]>
  /**
   * Takes a whole mark operation back (`active` false) or puts it in force again. Returns false when there is no such operation.
   *
   * @param indexes - Those that may hold it, so that no other is opened. @default all
   */
  setMarkActive(operationId: string, active: boolean, indexes?: readonly string[]): Promise<boolean>
  /** Ids of the mark operations the store holds; for reconciling the log after a crash. */
  listMarkOperations(index: string): Promise<readonly string[]>

  /** What the store holds on disk and whether it can be read. */
  check(): Promise<readonly StoreFinding[]>
}

/** What callers may use of an engine, and must do without where it says false. */
export interface StoreCapabilities {
  /** Worker threads may hand over prepared segments; others are prepared by the engine itself or need none. */
  readonly takesPreparedSegments: boolean
  /** Pages can start after a cursor. */
  readonly cursors: boolean
}

/** An index with its committed events; the size is that of all its files on disk. */
export interface IndexInfo {
  readonly index: string
  readonly eventCount: number
  readonly sizeBytes: number
}

/** A timeline that has events in an index, with its first and last time in microseconds since 1970, both inclusive. */
export interface TimelineInfo {
  readonly timelineId: number
  readonly eventCount: number
  /** Undefined when there is no event. */
  readonly firstUs: bigint | undefined
  readonly lastUs: bigint | undefined
}

/** What a check found of one thing; `warning` loses nothing, `error` means that events cannot be read. */
export interface StoreFinding {
  readonly severity: 'ok' | 'warning' | 'error'
  readonly subject: string
  readonly message: string
}

/** Which events a question is about: for each index all its timelines, or those listed. */
export type Scope = readonly { readonly index: string; readonly timelineIds?: readonly number[] }[]

/** Where the events of an import go, and what its import knows of their fields. */
export interface ImportTarget {
  readonly index: string
  readonly timelineId: number
  /** Names the import for ever; 32 hex digits. */
  readonly importId: string
  readonly profile: ImportProfile
  /**
   * True: a row equal, byte for byte, to one the timeline held before this import, and not yet matched by another row of
   * this import, is a duplicate and not stored again. False: every row is stored.
   */
  readonly skipKnownRows: boolean
  /** Constants of the profile in which rows differ that are equal else: those of imports with another value are not known. @default none */
  readonly tellApartBy?: readonly string[]
}

/** An import under way. After `commit` or `rollback` every call but disposing fails (`import-ended`). */
export interface ImportTransaction extends AsyncDisposable {
  /** Row number of the next row that is stored; those of a batch follow one another. `formatEventId` makes ids of them. */
  readonly nextSeq: number
  /**
   * Adds a batch; its buffers belong to the store from here on. `prepared` is `prepareSegment(batch)`, made in another thread.
   * Resolves when the store can take the next one (back-pressure).
   */
  append(batch: EventBatch, prepared?: PreparedSegment): Promise<{ stored: number; duplicates: number }>
  /**
   * What is appended from here on is of another import into the same timeline, with an id and a profile of its own: many small ones
   * are committed together so. Rows of those before it in this transaction are not known to it (`skipKnownRows`): the caller sees to it
   * that it has none of them.
   */
  nextImport(importId: string, profile: ImportProfile): Promise<void>
  /** Makes everything durable and visible. */
  commit(): Promise<void>
  /** Forgets everything. Disposing without `commit` does the same. */
  rollback(): Promise<void>
}

/** How long a question may take and who hears of it. An abort throws the reason of `signal`; nothing has been changed. */
export interface QueryOptions {
  readonly signal?: AbortSignal
  /**
   * Stop working after so many milliseconds and answer with what there is, marked incomplete. That is every event that answers
   * among the rows looked at by then, the first ones as they are stored; the reason says how many were.
   */
  readonly timeLimitMs?: number
  /** Called as work goes on; `done` of `total` rows looked at so far. */
  readonly onProgress?: (progress: SearchProgress) => void
}

/** How far a question is; the numbers never fall. */
export interface SearchProgress {
  readonly rowsDone: number
  readonly rowsTotal: number
  /** Events found so far. */
  readonly found: number
}

/** A question to some events. Indexes that do not exist have none. */
export interface CountRequest extends QueryOptions {
  readonly scope: Scope
  readonly query: Query
}

/** A question for one page, its total, and what the aggregations make of all events that answer. */
export interface SearchRequest extends CountRequest {
  /** By time; equal times by index name, then by row number, in the same direction. */
  readonly sort: 'asc' | 'desc'
  readonly size: number
  /** Skip so many events first. @default 0 */
  readonly from?: number
  /** Begin after this event of the same question; wins over `from`. */
  readonly after?: Cursor
  readonly aggregations?: Aggregations
}

/** A question for every event that answers; its time limit is not looked at. */
export interface ScanRequest extends CountRequest {
  /** Undefined: in the order that is quickest. */
  readonly sort?: 'asc' | 'desc'
  /** Events a page. @default 1000 */
  readonly pageSize?: number
  readonly after?: Cursor
}

/** Where a page ended. */
export interface Cursor {
  readonly timeUs: bigint
  readonly nanos: number
  readonly index: string
  readonly seq: number
}

/** One page of what answers; totals, counts and aggregations are about all pages. */
export interface SearchResult {
  readonly events: readonly StoredEvent[]
  /** Exact when `complete`. */
  readonly total: number
  /** Hits by index and by timeline. */
  readonly countByIndex: ReadonlyMap<string, number>
  readonly countByTimeline: ReadonlyMap<number, number>
  readonly aggregations: Readonly<Record<string, AggregationResult>>
  /** Where the next page begins; undefined at the end. */
  readonly next: Cursor | undefined
  readonly tookMs: number
  readonly complete: boolean
  /** Why it is not complete; undefined when it is. */
  readonly incompleteReason: string | undefined
}

/** A field of a scope, by its dotted name; it may hold values of several kinds. */
export interface FieldInfo {
  readonly name: string
  readonly kinds: readonly ('string' | 'integer' | 'real' | 'boolean' | 'date')[]
  /** Events that have a value; exact. */
  readonly eventCount: number
  /** Distinct values, estimated to a few per cent; only when asked for. */
  readonly cardinality?: number
}

/** One act of marking, by one person, on any number of events. */
export interface MarkOperation {
  /** Names the operation for ever; unique. Operations of one `markAll` may share it: they are taken back together. */
  readonly id: string
  readonly kind: 'tag' | 'untag' | 'label' | 'unlabel' | 'attribute' | 'attributes'
  /** The tag or label, or the attribute's name; of `attributes` what people are told. */
  readonly value: string
  /** Of `attribute`: the value for all events. */
  readonly json?: unknown
  /** Of `attributes`: which event gets which value of which name; `target` names all of these events. */
  readonly attributes?: readonly { readonly id: string; readonly name: string; readonly json: unknown }[]
  readonly sketchId: number
  readonly userId: number
  readonly atUs: bigint
  /** The events: by id, all that answer a question, or by ascending row numbers of each index; rows that are not there are passed over. */
  readonly target:
    | { readonly ids: readonly string[] }
    | { readonly query: Query }
    | { readonly rows: ReadonlyMap<string, Uint32Array> }
  readonly scope: Scope
  /** Not written where it would change nothing. @default written all the same */
  readonly isDroppedIfIdle?: boolean
  /**
   * Told, before the first write, which indexes are going to hold the operation (after a crash it is whole when all do), and
   * what it is going to answer.
   */
  readonly beforeWrite?: (
    indexes: readonly string[],
    counts: Pick<MarkOutcome, 'matched' | 'changed'>,
  ) => Promise<void>
  readonly signal?: AbortSignal
}

/** What an act of marking did. */
export interface MarkOutcome {
  /** Events meant. */
  readonly matched: number
  /** Events whose state changed: a tag that was there already changes nothing. */
  readonly changed: number
  /** Ids of `target.ids` that the scope does not have. */
  readonly unknownIds: readonly string[]
}
