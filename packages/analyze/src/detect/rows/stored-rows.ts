import { type IndexReading, type RowRange, RowSet, uniteRows } from '@timeskein/store'
import type { PredicateTable } from '../plan/predicate.ts'
import type { KnownValues } from '../settle/known-values.ts'
import { listFields } from '../settle/left-rules.ts'
import { type Bounds, exactly } from './bounds.ts'
import type { PredicateRows } from './find-bounds.ts'
import { classify, type ValueClasses } from './value-classes.ts'

/** Memory for rows of predicates that were put together, in bytes. */
const MAX_KEPT_BYTES = 160 * 1024 * 1024
/** Work that is not known before it is done: fetching a field's rows, and asking the store for what no value tells. */
const FETCH_COST = 1e5
const ASK_COST = 3e6
/** What another thread is looking for is asked for last. */
const SEARCH_COST = 1e9
/** Below this share of a range, a question is asked of the rows that are left, and its answer is not kept. */
const FEW_ROWS = 1 / 8

interface FieldRows {
  readonly classes: ValueClasses
  /** Rows by class. */
  readonly rows: readonly RowSet[]
  readonly long: RowSet
}

/** Rows of predicates in one range of a stored index; fields are fetched when the first rule needs them. */
export class StoredRows implements PredicateRows {
  readonly range: RowRange
  readonly #index: IndexReading
  readonly #table: PredicateTable
  readonly #known: KnownValues
  readonly #matters: Uint8Array
  readonly #signal: AbortSignal | undefined
  readonly #classes: Map<string, ValueClasses>
  readonly #fields = new Map<string, Promise<FieldRows>>()
  readonly #kept = new Map<number, Bounds>()
  #keptBytes = 0
  #sharedMs = 0

  /** @param classes - Kept from range to range, to be given empty at first. */
  constructor(
    index: IndexReading,
    range: RowRange,
    {
      table,
      known,
      matters,
      classes,
    }: {
      readonly table: PredicateTable
      readonly known: KnownValues
      readonly matters: Uint8Array
      readonly classes: Map<string, ValueClasses>
    },
    signal: AbortSignal | undefined,
  ) {
    this.#index = index
    this.range = range
    this.#table = table
    this.#known = known
    this.#matters = matters
    this.#classes = classes
    this.#signal = signal
  }

  /**
   * Fetches the rows of all fields, one after the other, before rules ask for them: the database works while sets are put together.
   * Resolves when the last one was fetched, or with the next one after the signal aborted.
   */
  async fetchAhead(signal: AbortSignal): Promise<void> {
    for (const field of listFields(this.#matters, { table: this.#table })) {
      if (signal.aborted) return
      if (this.#index.placeOf(field) === 'events') await this.#rowsOfField(field)
    }
  }

  /** Time spent on what all rules share. */
  get sharedMs(): number {
    return this.#sharedMs
  }

  /** True for a predicate that another thread is looking for in the sources of all events. */
  isSearched(predicate: number): boolean {
    return this.#known.searched?.predicates.has(predicate) ?? false
  }

  costOf(predicate: number): number {
    const kept = this.#kept.get(predicate)
    if (kept) return kept.high.count
    const { field } = this.#table.get(predicate)
    if (this.isSearched(predicate)) return SEARCH_COST
    if (field === undefined || this.#index.placeOf(field) !== 'events') return ASK_COST
    return this.#fields.has(field) ? FETCH_COST / 10 : FETCH_COST
  }

  async find(predicate: number, within: RowSet): Promise<Bounds> {
    const kept = this.#kept.get(predicate)
    if (kept) return kept
    const { field, query } = this.#table.get(predicate)
    if (field === undefined || this.#index.placeOf(field) !== 'events') {
      const words = (await this.#searchedOf(predicate)) ?? this.#wordsOf(predicate)
      if (words && field === undefined) return this.#keep(predicate, words)
      // Columns tell of all rows what they tell of a few.
      const isFew = query.kind !== 'exists' && within.count < within.universe * FEW_ROWS
      const rows = await this.#index.rowsOf(query, this.range, isFew ? within : undefined, this.#signal)
      return isFew ? exactly(rows) : this.#keep(predicate, exactly(rows))
    }
    const startMs = performance.now()
    const rows = await this.#rowsOfField(field)
    this.#sharedMs += performance.now() - startMs
    return this.#keep(predicate, this.#putTogether(predicate, rows))
  }

  #rowsOfField(field: string): Promise<FieldRows> {
    const rows = this.#fields.get(field) ?? this.#fetch(field)
    this.#fields.set(field, rows)
    return rows
  }

  async #fetch(field: string): Promise<FieldRows> {
    const values = this.#known.fields.get(field)
    const universe = this.range.end - this.range.start
    let classes = this.#classes.get(field)
    if (!classes) {
      classes = classify(values ?? new Map(), this.#matters)
      this.#classes.set(field, classes)
    }
    const { groups, count } = classes
    const rows =
      count > 0 ? await this.#index.rowsOfValues(field, groups, count, this.range, this.#signal) : []
    const long = this.#index.hasLongTexts(field)
      ? await this.#index.rowsOfLongTexts(field, this.range, this.#signal)
      : RowSet.none(universe)
    return { classes, rows, long }
  }

  #putTogether(predicate: number, { classes, rows, long }: FieldRows): Bounds {
    const numbers = classes.byPredicate.get(predicate) ?? []
    const low = uniteRows(
      numbers.map((number) => rows[number]!),
      long.universe,
    )
    if (this.#known.possibleLong[predicate] === 0) return exactly(low)
    const more = this.#wordsOf(predicate) ?? { low: RowSet.none(long.universe), high: long }
    const sure = low.or(more.low)
    return more.low === more.high ? exactly(sure) : { low: sure, high: sure.or(more.high) }
  }

  /** What a search of all sources found of a predicate in this range; it may have to be waited for. */
  async #searchedOf(predicate: number): Promise<Bounds | undefined> {
    if (!this.isSearched(predicate)) return undefined
    const startMs = performance.now()
    const found = await this.#known.searched!.found
    this.#sharedMs += performance.now() - startMs
    return exactly(this.#cut(found.get(predicate)!.rows))
  }

  /** What the words of the index tell of a predicate in this range. */
  #wordsOf(predicate: number): Bounds | undefined {
    const known = this.#known.words.get(predicate)
    if (!known) return undefined
    const high = this.#cut(known.high)
    return known.low === known.high ? exactly(high) : { low: this.#cut(known.low), high }
  }

  /** Rows of the whole index as rows of this range. */
  #cut(rows: RowSet): RowSet {
    const { start, end } = this.range
    if (start === 0 && end === rows.universe) return rows
    const some = rows.toArray(start, end)
    for (let at = 0; at < some.length; at++) some[at]! -= start
    return RowSet.fromSorted(some, end - start)
  }

  #keep(predicate: number, bounds: Bounds): Bounds {
    const bytes = sizeOf(bounds.low) + (bounds.high === bounds.low ? 0 : sizeOf(bounds.high))
    if (this.#keptBytes + bytes <= MAX_KEPT_BYTES) {
      this.#keptBytes += bytes
      this.#kept.set(predicate, bounds)
    }
    return bounds
  }
}

/** Bytes of a set: 4 for each of few rows, a bit for each row there could be otherwise. */
function sizeOf(rows: RowSet): number {
  return Math.min(rows.count * 4, rows.universe / 8)
}
