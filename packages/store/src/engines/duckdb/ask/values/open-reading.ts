import type { Query } from '@timeskein/query'
import { RowSet } from '../../../../text/terms/row-set.ts'
import { RowSetBuilder } from '../../../../text/terms/row-set-builder.ts'
import type {
  DistinctOptions,
  IndexReading,
  PackedSources,
  RowRange,
  TimelineRun,
  ValueBatch,
  ValueColumn,
  ValueGroups,
  ValueReading,
  WordBounds,
  WordQuestion,
} from '../../../../value-reading.ts'
import { EMPTY_MARKS } from '../../marks/fold-marks.ts'
import type { AskContext } from '../ask-context.ts'
import { refuseIfDropped } from '../dropped-rows.ts'
import { isUnknown, resolveField } from '../plan/field-target.ts'
import { planQuery } from '../plan/plan.ts'
import { makeFinder } from '../rows/find-rows.ts'
import { catalogueOf, type OpenIndex, type OpenScope } from '../scope-hits.ts'
import { Turns } from '../turns.ts'
import { cutRows } from './cut-rows.ts'
import { readDistinctValues } from './distinct-values.ts'
import { findGroups } from './group-rows.ts'
import { type LongRows, loadLongRows } from './long-rows.ts'
import { listDistinct, listGroups, RareFields } from './rare-values.ts'
import { SharedLoad } from './shared-load.ts'
import { readValuesAt } from './values-at.ts'
import { findWordBounds } from './word-bounds.ts'

/**
 * Reads the values of an open scope, which it closes when it is disposed of. They are those of the events as they were imported:
 * what marks gave to events is none of them, so that what is found does not depend on what was found before.
 */
export function openReading(scope: OpenScope): ValueReading {
  return {
    indexes: scope.indexes.map(
      (one) => new OpenIndexReading({ ...one, context: { ...one.context, marks: EMPTY_MARKS } }),
    ),
    assertWhole: () => refuseIfDropped(scope.indexes),
    [Symbol.dispose]: () => scope[Symbol.dispose](),
  }
}

class OpenIndexReading implements IndexReading {
  readonly index: string
  readonly nextSeq: number
  readonly runs: readonly TimelineRun[]
  readonly fieldNames: ReadonlySet<string>
  readonly #open: OpenIndex
  readonly #nowMs = Date.now()
  readonly #rareFields: SharedLoad<RareFields>
  readonly #longRows: SharedLoad<LongRows>

  constructor(open: OpenIndex) {
    this.#open = open
    const { handle, snapshot, signal: ofReading } = open.context
    const until = (stop: AbortSignal): AskContext => ({
      ...open.context,
      signal: ofReading ? AbortSignal.any([ofReading, stop]) : stop,
    })
    this.#rareFields = new SharedLoad((stop) => RareFields.load(until(stop)))
    this.#longRows = new SharedLoad((stop) => loadLongRows(until(stop)))
    this.index = handle.index
    this.nextSeq = snapshot.nextSeq
    this.fieldNames = new Set([...snapshot.fields.all()].map(({ name }) => name))
    this.runs = open.segments
      .map(({ firstSeq, rowCount, timelineId }) => ({
        start: firstSeq,
        end: firstSeq + rowCount,
        timelineId,
      }))
      .sort((a, b) => a.start - b.start)
  }

  placeOf(field: string): 'events' | 'elsewhere' | 'nowhere' {
    if (field.includes('*')) return 'elsewhere'
    const target = resolveField(field, this.#catalogue())
    if (target.kind !== 'stored') return 'elsewhere'
    if (isUnknown(target)) return 'nowhere'
    const isPlain = target.view === 'words' && target.own !== undefined
    return isPlain && target.aliases.length === 0 && !target.hasConstants && !target.hasMarks
      ? 'events'
      : 'elsewhere'
  }

  async readAhead(signal: AbortSignal): Promise<void> {
    const loads = [this.#rareFields.get(signal), this.#longRows.get(signal)]
    // Where one fails, the other still reads what is closed behind this.
    await Promise.allSettled(loads)
    await Promise.all(loads)
  }

  async *distinctValues(
    field: string,
    options?: DistinctOptions,
  ): AsyncGenerator<ValueBatch, void, undefined> {
    const entry = this.#entryOf(field)
    if (!entry) return
    const range = options?.range ?? { start: 0, end: this.nextSeq }
    const rareFields = RareFields.isWorthwhile(range, this.nextSeq)
      ? await this.#rareFields.get(options?.signal)
      : await this.#rareFields.getIfAsked(options?.signal)
    const rare = rareFields?.of(entry)
    if (rare) yield* listDistinct(rare, range)
    else yield* readDistinctValues(this.#open.context, entry, options)
  }

  async rowsOfValues(
    field: string,
    groups: ValueGroups,
    count: number,
    range: RowRange,
    signal?: AbortSignal,
  ): Promise<readonly RowSet[]> {
    const entry = this.#entryOf(field)
    if (!entry) return Array.from({ length: count }, () => RowSet.none(range.end - range.start))
    const rare = (await this.#rareFields.getIfAsked(signal))?.of(entry)
    if (rare) return listGroups(rare, { groups, count }, range)
    return await findGroups(this.#open.context, entry, { groups, count }, range, signal)
  }

  hasLongTexts(field: string): boolean {
    const entry = this.#entryOf(field)
    return entry !== undefined && (this.#open.context.kinds.get(entry.id)?.has('l') ?? false)
  }

  async rowsOfLongTexts(field: string, range: RowRange, signal?: AbortSignal): Promise<RowSet> {
    const entry = this.#entryOf(field)
    const rows =
      entry && this.hasLongTexts(field) ? (await this.#longRows.get(signal)).get(entry.id) : undefined
    const universe = range.end - range.start
    if (!rows) return RowSet.none(universe)
    return universe === rows.universe ? rows : cutRows(rows, range.start, 0, universe, universe)
  }

  async rowsOf(query: Query, range: RowRange, within?: RowSet, signal?: AbortSignal): Promise<RowSet> {
    const context = { ...this.#open.context, signal }
    const find = makeFinder(planQuery(query, this.#catalogue()), context)
    const builder = new RowSetBuilder(range.end - range.start)
    const turns = new Turns()
    for (const segment of this.#open.segments) {
      const { firstSeq, rowCount } = segment
      const start = Math.max(0, range.start - firstSeq)
      const end = Math.min(rowCount, range.end - firstSeq)
      if (end <= start) continue
      if (turns.isDue) await turns.giveWay()
      signal?.throwIfAborted()
      const base = firstSeq - range.start
      const wanted = within ? cutRows(within, base, start, end, rowCount) : RowSet.range(start, end, rowCount)
      if (wanted.count === 0) continue
      const rows = await find(segment, wanted)
      rows.forEach((row) => {
        builder.add(row + base)
      })
    }
    return builder.finish()
  }

  wordBoundsOf(
    questions: readonly WordQuestion[],
    signal?: AbortSignal,
    from = 0,
  ): Promise<readonly (WordBounds | undefined)[]> {
    const segments = this.#open.segments.filter(({ firstSeq, rowCount }) => firstSeq + rowCount > from)
    return findWordBounds({ ...this.#open, segments }, questions, this.#longRows, signal)
  }

  async valuesAt(field: string, rows: RowSet, range: RowRange, signal?: AbortSignal): Promise<ValueColumn> {
    const entry = this.#entryOf(field)
    if (!entry || rows.count === 0) return { values: [], ids: new Int32Array(rows.count).fill(-1) }
    return await readValuesAt(this.#open.context, entry, rows, range, signal)
  }

  async timesAt(seqs: Uint32Array): Promise<BigInt64Array> {
    const times = new BigInt64Array(seqs.length)
    let at = 0
    for (const segment of this.#open.segments.toSorted((a, b) => a.firstSeq - b.firstSeq)) {
      const { firstSeq, rowCount } = segment
      if (at === seqs.length) break
      if (seqs[at]! >= firstSeq + rowCount) continue
      const { timesUs } = await segment.readTimes()
      for (; at < seqs.length && seqs[at]! < firstSeq + rowCount; at++) {
        if (seqs[at]! < firstSeq)
          throw new RangeError(`ascending rows of the scope expected, found ${seqs[at]}`)
        times[at] = timesUs[seqs[at]! - firstSeq]!
      }
    }
    return times
  }

  sourcesAt(seqs: Uint32Array, signal?: AbortSignal): Promise<readonly string[]> {
    return this.#open.context.handle.readSources(seqs, signal)
  }

  packedSources(seqs: Uint32Array, signal?: AbortSignal): AsyncIterable<PackedSources> {
    return this.#open.context.handle.packedSources(seqs, signal)
  }

  #entryOf(field: string) {
    return this.#open.context.snapshot.fields.byName(field)
  }

  #catalogue() {
    return catalogueOf(this.#open.context, this.#nowMs)
  }
}
