import type { CountRequest, Scope } from '../../../event-store.ts'
import { RowSet } from '../../../text/terms/row-set.ts'
import type { IndexHandle, IndexSnapshot, Segment } from '../index-handle.ts'
import { MarkFolder, type MarkState } from '../marks/fold-marks.ts'
import { type AskContext, type FieldKinds, loadFieldKinds } from './ask-context.ts'
import { refuseIfDropped } from './dropped-rows.ts'
import { type HandleLease, type IndexSource, leaseIfPresent } from './index-source.ts'
import type { CountedField } from './list-fields.ts'
import type { SegmentHits } from './page/event-page.ts'
import { type PlanCatalogue, planQuery } from './plan/plan.ts'
import type { PlanNode } from './plan/plan-node.ts'
import { readsSources } from './plan/reads-sources.ts'
import { makeFinder } from './rows/find-rows.ts'
import { type FoundRows, ResultCache } from './rows/result-cache.ts'
import { Turns } from './turns.ts'

/** Steps asked for at once: as many as the runtime has threads for reading files. */
const STEPS_AT_ONCE = 4
/** Rows that are looked at in one step where their sources are read; else a whole segment is. */
const ROWS_READ_PER_STEP = 16_384

/** What asking keeps between questions: folded marks, kinds of fields, found rows. One for a store. */
export class AskMemory {
  readonly results: ResultCache
  readonly #folders = new WeakMap<IndexHandle, MarkFolder>()
  readonly #fields = new WeakMap<object, Map<string, Promise<readonly CountedField[]>>>()
  readonly #kinds = new WeakMap<object, Promise<FieldKinds>>()

  /** @param resultBytes - How much found rows may take. */
  constructor(resultBytes: number) {
    this.results = new ResultCache(resultBytes)
  }

  foldMarks(handle: IndexHandle, snapshot: IndexSnapshot): MarkState {
    const known = this.#folders.get(handle)
    const folder = known ?? new MarkFolder()
    if (!known) this.#folders.set(handle, folder)
    return folder.fold(snapshot.marks)
  }

  /** Keeps the fields of an index, or of some of its timelines, as long as its events do not change. */
  rememberFields(
    { context, segments }: OpenIndex,
    cardinality: boolean,
    list: () => Promise<readonly CountedField[]>,
  ): Promise<readonly CountedField[]> {
    const state = context.snapshot.segments
    const lists = this.#fields.get(state) ?? new Map<string, Promise<readonly CountedField[]>>()
    this.#fields.set(state, lists)
    const key = `${cardinality} ${segments.map(({ id }) => id).join(' ')}`
    const known = lists.get(key)
    if (known) return known
    const made = list()
    made.catch(() => lists.delete(key))
    lists.set(key, made)
    return made
  }

  fieldKinds(handle: IndexHandle, snapshot: IndexSnapshot): Promise<FieldKinds> {
    let kinds = this.#kinds.get(snapshot.segments)
    if (!kinds) {
      kinds = loadFieldKinds(handle)
      kinds.catch(() => this.#kinds.delete(snapshot.segments))
      this.#kinds.set(snapshot.segments, kinds)
    }
    return kinds
  }
}

/** One index of a scope, opened: its state, and the segments that the scope is about. */
export interface OpenScope extends Disposable {
  readonly indexes: readonly OpenIndex[]
}

/** An index as a question sees it to its end, and those of its segments that have rows in the scope. */
export interface OpenIndex {
  readonly context: AskContext
  readonly segments: readonly Segment[]
}

/** Opens the indexes of a scope, by name; those that do not exist are left out. */
export async function openScope(
  source: IndexSource,
  memory: AskMemory,
  scope: Scope,
  signal: AbortSignal | undefined,
): Promise<OpenScope> {
  const leases: HandleLease[] = []
  const release = (): void => {
    for (const lease of leases.splice(0)) lease[Symbol.dispose]()
  }
  try {
    const indexes: OpenIndex[] = []
    for (const [index, timelineIds] of [...joinScope(scope)].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const lease = await leaseIfPresent(source, index)
      if (!lease) continue
      leases.push(lease)
      const handle = lease.file
      const { snapshot } = handle
      const context: AskContext = {
        handle,
        snapshot,
        marks: memory.foldMarks(handle, snapshot),
        kinds: await memory.fieldKinds(handle, snapshot),
        signal,
      }
      const segments = snapshot.segments.filter(
        ({ timelineId, rowCount }) => rowCount > 0 && (!timelineIds || timelineIds.has(timelineId)),
      )
      indexes.push({ context, segments })
    }
    return { indexes, [Symbol.dispose]: release }
  } catch (error) {
    release()
    throw error
  }
}

/** The indexes of a scope with the timelines asked for; undefined: all. An index named twice counts once. */
function joinScope(scope: Scope): Map<string, Set<number> | undefined> {
  const joined = new Map<string, Set<number> | undefined>()
  for (const { index, timelineIds } of scope) {
    const known = joined.get(index)
    if (timelineIds === undefined || (joined.has(index) && known === undefined)) joined.set(index, undefined)
    else joined.set(index, new Set([...(known ?? []), ...timelineIds]))
  }
  return joined
}

/** What the names in a question mean in one index. */
export function catalogueOf({ handle, snapshot, marks }: AskContext, nowMs: number): PlanCatalogue {
  const markedFields = new Set(marks.attributes.keys())
  if (marks.tags.size > 0 || marks.removedTags.size > 0) markedFields.add('tag')
  return {
    index: handle.index,
    nextSeq: snapshot.nextSeq,
    nowMs,
    fields: snapshot.fields,
    segments: snapshot.segments,
    markedFields,
  }
}

/** Which events of a scope answer, as far as the work came. */
export interface ScopeHits {
  readonly hits: readonly SegmentHits[]
  readonly total: number
  readonly incompleteReason: string | undefined
}

/** Rows of a segment that are looked at together: from `start` to `end` (exclusive). */
interface Step {
  readonly segment: Segment
  readonly start: number
  readonly end: number
}

/**
 * Finds the rows that answer, step by step, giving others their turn in between.
 *
 * @param limit - Aborts when the time is up: what the steps taken by then have found is the answer, with a reason.
 * @throws What the request's own signal aborted with.
 * @throws {StoreError} `no-row` when a timeline was dropped meanwhile.
 */
export async function findHits(
  indexes: readonly OpenIndex[],
  request: CountRequest,
  memory: AskMemory,
  limit: AbortSignal | undefined,
): Promise<ScopeHits> {
  const hits: SegmentHits[] = []
  const rowsTotal = indexes.reduce(
    (sum, { segments }) => segments.reduce((rows, { rowCount }) => rows + rowCount, sum),
    0,
  )
  let rowsDone = 0
  let total = 0
  const nowMs = Date.now()
  const turns = new Turns()
  try {
    for (const { context, segments } of indexes) {
      const plan = planQuery(request.query, catalogueOf(context, nowMs))
      const finder = makeRememberingFinder(plan, context, memory)
      using _ = { [Symbol.dispose]: finder.keep }
      for await (const [step, rows] of findAhead(cutSteps(segments, plan), finder.find)) {
        if (turns.isDue) await turns.giveWay()
        context.signal?.throwIfAborted()
        addHits(hits, step, rows, context)
        if (step.end === step.segment.rowCount) finder.remember(step.segment, hits.at(-1))
        total += rows.count
        rowsDone += step.end - step.start
        request.onProgress?.({ rowsDone, rowsTotal, found: total })
      }
    }
  } catch (error) {
    request.signal?.throwIfAborted()
    if (!limit?.aborted) throw error
    const reason = `the time limit of ${request.timeLimitMs} ms was reached after ${rowsDone} of ${rowsTotal} events`
    return { hits, total, incompleteReason: reason }
  }
  refuseIfDropped(indexes)
  return { hits, total, incompleteReason: undefined }
}

function cutSteps(segments: readonly Segment[], plan: PlanNode): Step[] {
  const size = readsSources(plan) ? ROWS_READ_PER_STEP : Number.POSITIVE_INFINITY
  const steps: Step[] = []
  for (const segment of segments) {
    for (let start = 0; start < segment.rowCount; start += size)
      steps.push({ segment, start, end: Math.min(start + size, segment.rowCount) })
  }
  return steps
}

/** Adds what a step found to what those before it found in the segment. */
function addHits(hits: SegmentHits[], { segment }: Step, rows: RowSet, context: AskContext): void {
  if (rows.count === 0) return
  const last = hits.at(-1)
  if (last?.segment === segment) hits[hits.length - 1] = { ...last, rows: last.rows.or(rows) }
  else hits.push({ index: context.handle.index, segment, rows, context })
}

/** Takes steps in their order, some before it is their turn: while one waits for the disk another one works. */
async function* findAhead(
  steps: readonly Step[],
  find: (step: Step) => Promise<RowSet>,
): AsyncGenerator<[Step, RowSet], void, undefined> {
  const asked: Promise<RowSet>[] = []
  for (const [i, step] of steps.entries()) {
    while (asked.length < Math.min(steps.length, i + STEPS_AT_ONCE)) {
      const rows = find(steps[asked.length]!)
      // Whoever waits for it hears of a failure; when nobody does any more it is of no account.
      rows.catch(() => {})
      asked.push(rows)
    }
    yield [step, await asked[i]!]
  }
}

/** Answers for whole segments, from memory where the question was asked before. */
function makeRememberingFinder(
  plan: PlanNode,
  context: AskContext,
  memory: AskMemory,
): {
  find(step: Step): Promise<RowSet>
  /** Says what all steps of a segment found; `last`: the last hits there are, of that segment or an earlier one. */
  remember(segment: Segment, last: SegmentHits | undefined): void
  keep(): void
} {
  const find = makeFinder(plan, context)
  const isTrivial = plan.kind === 'all' || plan.kind === 'none'
  const key = isTrivial ? '' : memory.results.keyOf(plan, context.snapshot.segments, context.marks)
  const known = isTrivial ? undefined : memory.results.get(key)
  const found: FoundRows = new Map(known)
  return {
    find: async ({ segment, start, end }) => {
      const before = known?.get(segment.id)
      if (end - start === segment.rowCount) return before ?? (await find(segment, RowSet.all(end)))
      const within = RowSet.range(start, end, segment.rowCount)
      return before?.and(within) ?? (await find(segment, within))
    },
    remember: (segment, last) => {
      found.set(segment.id, last?.segment === segment ? last.rows : RowSet.none(segment.rowCount))
    },
    keep: () => {
      if (!isTrivial && found.size > (known?.size ?? 0)) memory.results.set(key, found)
    },
  }
}
