import type { AggregationResult, Aggregations, Query } from '@timeskein/query'
import type { Cursor, FieldInfo, Scope, SearchProgress } from '@timeskein/store'
import type { Principal } from '../../auth/principal.ts'
import type { EventView } from '../events/event-view.ts'
import type { Timeline } from '../timelines/timeline-service.ts'

/**
 * Which timelines of a sketch: all that are ready, or those meant by the entries. An entry is an index name (all of the
 * sketch's timelines in it), a timeline id (number or digits) or a timeline name in any case; unknown entries count for nothing, as in
 * Timesketch, unless they are refused.
 */
export interface TimelineSelection {
  readonly entries: 'all' | readonly (string | number)[]
  /** Timelines that are being imported count too. @default false */
  readonly includeProcessing?: boolean
  /** Timelines of an archived sketch count too, which is then not refused: for its export. @default false */
  readonly includeArchived?: boolean
  /** An entry that means no timeline of the sketch, whatever its status, is `invalid` (`unknown-timelines`). @default false */
  readonly refuseUnknown?: boolean
}

/** A selection made concrete. */
export interface ResolvedScope {
  readonly scope: Scope
  readonly timelines: readonly Timeline[]
}

/** What a caller can say of any question. */
export interface ExploreOptions {
  readonly signal?: AbortSignal
  /** Answer with what there is after so long. */
  readonly timeLimitMs?: number
  readonly onProgress?: (progress: SearchProgress) => void
}

/** Which events of which sketch. */
export interface ExploreQuestion extends ExploreOptions {
  readonly sketchId: number
  /** @default all ready timelines */
  readonly selection?: TimelineSelection
  readonly query: Query
  /** Asked on the way to something else, which is in the audit log by itself. @default false */
  readonly isStep?: boolean
}

/** A question with the page of its events that is wanted. */
export interface ExploreRequest extends ExploreQuestion {
  /** @default 'asc' */
  readonly sort?: 'asc' | 'desc'
  readonly size: number
  readonly from?: number
  readonly after?: Cursor
  readonly aggregations?: Aggregations
}

/** A page of events with what was counted beside it. */
export interface ExploreResult {
  readonly events: readonly EventView[]
  /** Exact when `complete`. */
  readonly total: number
  readonly countByIndex: ReadonlyMap<string, number>
  readonly countByTimeline: ReadonlyMap<number, number>
  readonly aggregations: Readonly<Record<string, AggregationResult>>
  readonly next: Cursor | undefined
  readonly tookMs: number
  readonly complete: boolean
  readonly incompleteReason: string | undefined
  readonly timelines: readonly Timeline[]
}

/**
 * One page of a scroll. `scrollId` is undefined when there is nothing after it; asking on with the old id gives empty pages
 * until it expires.
 */
export interface ScrollPage extends ExploreResult {
  readonly scrollId: string | undefined
}

/** Events on a page when nobody says how many. */
export const DEFAULT_PAGE_SIZE = 50
/** Longest life of a scroll between two pages. */
export const SCROLL_TTL_MS = 60_000
/** Scrolls that can be open at once, over all users; the one unused longest gives way. */
export const MAX_OPEN_SCROLLS = 500

/**
 * Questions about the events of a sketch. Every call needs read and refuses archived sketches (`conflict`, `sketch-archived`),
 * unless the selection includes what is archived.
 * The audit log tells who asked what and who read which events.
 */
export interface ExploreService {
  /** The timelines meant; an empty scope when none is. @throws {DomainError} `invalid` (`unknown-timelines`) where they are refused. */
  resolveScope(sketchId: number, selection?: TimelineSelection): Promise<ResolvedScope>
  /** @throws {DomainError} `invalid`: `no-timelines` when the selection means none, `bad-interval` and `bad-time-zone` of aggregations. */
  search(principal: Principal, request: ExploreRequest): Promise<ExploreResult>
  count(principal: Principal, question: ExploreQuestion): Promise<number>
  /** Every event, in pages, at constant memory; stopping early stops the work. */
  scan(
    principal: Principal,
    question: ExploreQuestion & { sort?: 'asc' | 'desc'; pageSize?: number; after?: Cursor },
  ): AsyncIterable<readonly EventView[]>
  /** As `search`, and keeps the place for `nextScrollPage`. */
  openScroll(principal: Principal, request: ExploreRequest): Promise<ScrollPage>
  /** @throws {DomainError} `not-found` (`scroll-not-found`) when unknown, expired, another user's or another sketch's. */
  nextScrollPage(
    principal: Principal,
    sketchId: number,
    scrollId: string,
    options?: ExploreOptions,
  ): Promise<ScrollPage>
  closeScroll(principal: Principal, scrollId: string): Promise<void>
  /** Fields of the timelines meant; with `cardinality` as `EventStore.listFields` has it. */
  fields(
    principal: Principal,
    sketchId: number,
    selection?: TimelineSelection,
    wanted?: { readonly cardinality?: boolean },
  ): Promise<readonly FieldInfo[]>
  /** Events by id, in the order asked; undefined where the sketch has no such event. */
  getEvents(
    principal: Principal,
    sketchId: number,
    ids: readonly string[],
    options?: { includeProcessing?: boolean; isStep?: boolean },
  ): Promise<readonly (EventView | undefined)[]>
  /** How a question would be answered, one step a line. */
  explain(principal: Principal, request: ExploreRequest): Promise<readonly string[]>
}
