import type { StoredEvent } from '@timeskein/model'
import type {
  CountRequest,
  EventStore,
  FieldInfo,
  MarkOperation,
  MarkOutcome,
  ScanRequest,
  Scope,
  SearchRequest,
  SearchResult,
} from '../../../event-store.ts'
import type { ValueReading } from '../../../value-reading.ts'
import { applyMarks, listMarkOperations, setMarkActive } from '../marks/apply-mark.ts'
import { aggregateHits } from './aggregate/aggregate.ts'
import { askAgainIfDropped, refuseIfDropped } from './dropped-rows.ts'
import type { IndexSource } from './index-source.ts'
import { listFields } from './list-fields.ts'
import { cursorAfter, readEvents, type SegmentHits } from './page/event-page.ts'
import { getEvents } from './page/get-events.ts'
import { scanHits } from './page/scan-events.ts'
import { TimeMerge } from './page/time-merge.ts'
import { explainPlan } from './plan/explain.ts'
import { planQuery } from './plan/plan.ts'
import { AskMemory, catalogueOf, findHits, type OpenIndex, openScope } from './scope-hits.ts'
import { startClock } from './time-limit.ts'
import { openReading } from './values/open-reading.ts'

const DEFAULT_RESULT_BYTES = 64 * 1024 * 1024

/** How the asking half is set up. */
export interface AskerOptions {
  /** Memory for what questions found, in bytes. @default 64 MiB */
  readonly resultCacheBytes?: number
}

/** The asking and marking half of the embedded store. Holds no files: it leases indexes while it works on them. */
export class Asker
  implements
    Pick<
      EventStore,
      | 'search'
      | 'scan'
      | 'count'
      | 'listFields'
      | 'getEvents'
      | 'readValues'
      | 'explain'
      | 'mark'
      | 'setMarkActive'
      | 'listMarkOperations'
      | 'markAll'
    >
{
  readonly #source: IndexSource
  readonly #memory: AskMemory

  constructor(source: IndexSource, options: AskerOptions = {}) {
    this.#source = source
    this.#memory = new AskMemory(options.resultCacheBytes ?? DEFAULT_RESULT_BYTES)
  }

  /** See `EventStore.search`. */
  async search(request: SearchRequest): Promise<SearchResult> {
    return await askAgainIfDropped(() => this.#search(request))
  }

  async #search(request: SearchRequest): Promise<SearchResult> {
    const startMs = performance.now()
    using clock = startClock(request)
    using scope = await openScope(this.#source, this.#memory, request.scope, clock.signal)
    const found = await findHits(scope.indexes, request, this.#memory, clock.limit)
    const merge = new TimeMerge(found.hits, request.sort, request.after)
    if (!request.after && request.from) await merge.skip(request.from)
    const page = await merge.take(request.size + 1)
    const hasMore = page.length > request.size
    if (hasMore) page.pop()
    const events = await readEvents(page, request.signal)
    const { incompleteReason } = found
    const aggregations = request.aggregations
      ? await aggregateHits(request.aggregations, ...withoutLimit(found.hits, scope.indexes, request.signal))
      : {}
    refuseIfDropped(scope.indexes)
    const last = page.at(-1)
    return {
      events,
      total: found.total,
      ...countHits(found.hits),
      aggregations,
      next: hasMore && last ? cursorAfter(last) : undefined,
      tookMs: performance.now() - startMs,
      complete: incompleteReason === undefined,
      incompleteReason,
    }
  }

  /** See `EventStore.scan`. A time limit is not looked at: an export is whole or is stopped by its reader. */
  async *scan(request: ScanRequest): AsyncGenerator<readonly StoredEvent[], void, undefined> {
    using scope = await openScope(this.#source, this.#memory, request.scope, request.signal)
    const { hits } = await findHits(scope.indexes, request, this.#memory, undefined)
    yield* scanHits(hits, request)
  }

  /**
   * See `EventStore.count`.
   *
   * @throws {DOMException} `TimeoutError` when the time limit passes: half a count is none.
   */
  async count(request: CountRequest): Promise<number> {
    return await askAgainIfDropped(() => this.#count(request))
  }

  async #count(request: CountRequest): Promise<number> {
    using clock = startClock(request)
    using scope = await openScope(this.#source, this.#memory, request.scope, clock.signal)
    const { total, incompleteReason } = await findHits(scope.indexes, request, this.#memory, clock.limit)
    if (incompleteReason !== undefined)
      throw new DOMException(`counting stopped: ${incompleteReason}`, 'TimeoutError')
    return total
  }

  /** See `EventStore.explain`. */
  async explain(request: SearchRequest): Promise<readonly string[]> {
    using scope = await openScope(this.#source, this.#memory, request.scope, request.signal)
    const nowMs = Date.now()
    const lines: string[] = []
    for (const { context, segments } of scope.indexes) {
      const plan = planQuery(request.query, catalogueOf(context, nowMs))
      lines.push(...(await explainPlan(plan, context, segments)))
    }
    return lines
  }

  /** See `EventStore.listFields`. */
  async listFields(
    scope: Scope,
    { cardinality = false }: { readonly cardinality?: boolean } = {},
  ): Promise<readonly FieldInfo[]> {
    using opened = await openScope(this.#source, this.#memory, scope, undefined)
    return await listFields(opened.indexes, this.#memory, cardinality)
  }

  /** See `EventStore.readValues`. */
  async readValues(scope: Scope, signal?: AbortSignal): Promise<ValueReading> {
    return openReading(await openScope(this.#source, this.#memory, scope, signal))
  }

  /** See `EventStore.getEvents`. */
  async getEvents(scope: Scope, ids: readonly string[]): Promise<readonly (StoredEvent | undefined)[]> {
    using opened = await openScope(this.#source, this.#memory, scope, undefined)
    return await getEvents(opened.indexes, ids)
  }

  /** See `EventStore.mark`. */
  async mark(operation: MarkOperation): Promise<MarkOutcome> {
    return (await this.markAll([operation]))[0]!
  }

  /** See `EventStore.markAll`. */
  async markAll(operations: readonly MarkOperation[]): Promise<readonly MarkOutcome[]> {
    return await askAgainIfDropped(() => applyMarks(this.#source, this.#memory, operations))
  }

  /** See `EventStore.setMarkActive`. */
  async setMarkActive(operationId: string, active: boolean, indexes?: readonly string[]): Promise<boolean> {
    return await setMarkActive(this.#source, operationId, active, indexes)
  }

  /** See `EventStore.listMarkOperations`. */
  async listMarkOperations(index: string): Promise<readonly string[]> {
    return await listMarkOperations(this.#source, index)
  }
}

/** Aggregations go on when the time is up: over what was found by then they are quick, and half of one is none. */
function withoutLimit(
  hits: readonly SegmentHits[],
  indexes: readonly OpenIndex[],
  signal: AbortSignal | undefined,
): [SegmentHits[], OpenIndex[]] {
  const contexts = new Map(indexes.map(({ context }) => [context, { ...context, signal }]))
  return [
    hits.map((hit) => ({ ...hit, context: contexts.get(hit.context)! })),
    indexes.map((index) => ({ ...index, context: contexts.get(index.context)! })),
  ]
}

function countHits(hits: readonly SegmentHits[]): Pick<SearchResult, 'countByIndex' | 'countByTimeline'> {
  const countByIndex = new Map<string, number>()
  const countByTimeline = new Map<number, number>()
  for (const { index, segment, rows } of hits) {
    countByIndex.set(index, (countByIndex.get(index) ?? 0) + rows.count)
    const { timelineId } = segment
    countByTimeline.set(timelineId, (countByTimeline.get(timelineId) ?? 0) + rows.count)
  }
  return { countByIndex, countByTimeline }
}
