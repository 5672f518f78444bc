import type { Cursor } from '../../../../event-store.ts'
import type { RowSet } from '../../../../text/terms/row-set.ts'
import type { Segment, SegmentTimes } from '../../index-handle.ts'
import { lowerBound } from '../rows/seq-list.ts'

/** Rows of one segment that answer, and the index they are of. */
export interface TimedRows {
  readonly index: string
  readonly segment: Segment
  readonly rows: RowSet
}

/** One event on its way to a page. */
export interface TimedRow<T extends TimedRows> {
  readonly of: T
  /** Counted in the segment. */
  readonly row: number
  readonly timeUs: bigint
  readonly nanos: number
}

/** Which end of time comes first; ties turn with it. */
export type SortOrder = 'asc' | 'desc'

/**
 * Walks rows of many segments by time, equal times by index name, then by row number, all in the same direction. Each
 * segment stands in time order already, so this is a merge; times of a segment are read when its turn comes near.
 */
export class TimeMerge<T extends TimedRows> {
  readonly #heap: Entry<T>[] = []
  readonly #order: SortOrder
  readonly #after: Cursor | undefined

  /** @param after - Walk on behind this row, whether or not it is among the rows. */
  constructor(lists: readonly T[], order: SortOrder, after?: Cursor) {
    this.#order = order
    this.#after = after
    for (const list of lists) {
      if (list.rows.count === 0) continue
      const { minUs, maxUs } = list.segment
      if (after && (order === 'asc' ? maxUs < after.timeUs : minUs > after.timeUs)) continue
      this.#push({ list, walk: undefined, timeUs: order === 'asc' ? minUs : maxUs, nanos: 0, row: 0 })
    }
  }

  /** The next rows, at most so many; fewer only at the end. */
  async take(count: number): Promise<TimedRow<T>[]> {
    const taken: TimedRow<T>[] = []
    while (taken.length < count && this.#heap.length > 0) {
      const top = this.#heap[0]!
      if (!top.walk) {
        await this.#openTop(top)
        continue
      }
      taken.push({ of: top.list, row: top.row, timeUs: top.timeUs, nanos: top.nanos })
      this.#moveTop(top)
    }
    return taken
  }

  /** Passes over rows; quicker than taking them where whole segments can be passed over. */
  async skip(count: number): Promise<void> {
    let left = count
    while (left > 0 && this.#heap.length > 0) {
      const top = this.#heap[0]!
      if (!top.walk) {
        await this.#openTop(top)
        continue
      }
      this.#moveTop(top)
      left--
    }
  }

  async #openTop(top: Entry<T>): Promise<void> {
    const times = await top.list.segment.readTimes()
    top.walk = makeWalk(top.list, times, this.#order)
    if (this.#after) skipTo(top, times, this.#after, this.#order)
    this.#moveTop(top)
  }

  /** Moves the entry at the top to its next row, or out. */
  #moveTop(top: Entry<T>): void {
    const row = top.walk!.next()
    if (row < 0) {
      const last = this.#heap.pop()!
      if (this.#heap.length > 0) {
        this.#heap[0] = last
        this.#sink()
      }
      return
    }
    const { times } = top.walk!
    top.row = row
    top.timeUs = times.timesUs[row]!
    top.nanos = times.nanos?.[row] ?? 0
    this.#sink()
  }

  #push(entry: Entry<T>): void {
    const heap = this.#heap
    heap.push(entry)
    let at = heap.length - 1
    while (at > 0) {
      const parent = (at - 1) >>> 1
      if (!this.#isBefore(heap[at]!, heap[parent]!)) return
      const moved = heap[at]!
      heap[at] = heap[parent]!
      heap[parent] = moved
      at = parent
    }
  }

  #sink(): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      let first = at
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && this.#isBefore(heap[child]!, heap[first]!)) first = child
      }
      if (first === at) return
      const moved = heap[at]!
      heap[at] = heap[first]!
      heap[first] = moved
      at = first
    }
  }

  /** A segment not yet read comes before rows of the time it might begin with. */
  #isBefore(a: Entry<T>, b: Entry<T>): boolean {
    if (a.timeUs !== b.timeUs) return a.timeUs < b.timeUs === (this.#order === 'asc')
    if (!a.walk || !b.walk) return !a.walk && b.walk !== undefined
    const difference = a.nanos - b.nanos || compareNames(a.list.index, b.list.index) || seqOf(a) - seqOf(b)
    return this.#order === 'asc' ? difference < 0 : difference > 0
  }
}

interface Entry<T extends TimedRows> {
  readonly list: T
  /** Undefined until its times are read; then `timeUs` is a bound and not the time of a row. */
  walk: Walk | undefined
  timeUs: bigint
  nanos: number
  row: number
}

/** Rows of one segment in time order. */
interface Walk {
  readonly times: SegmentTimes
  /** The next row, or -1 at the end. */
  next(): number
  /** Passes over everything before a place in the segment's time order; places count from its earliest row. */
  seek(place: number): void
}

function makeWalk({ rows, segment }: TimedRows, times: SegmentTimes, order: SortOrder): Walk {
  const { rowCount } = segment
  const rowAt = (place: number): number => (times.order ? times.order[place]! : place)
  const step = order === 'asc' ? 1 : -1
  let place = order === 'asc' ? 0 : rowCount - 1
  const seek = (to: number): void => {
    place = to
  }
  if (rows.count === rowCount) {
    return {
      times,
      next: () => {
        if (place < 0 || place >= rowCount) return -1
        const row = rowAt(place)
        place += step
        return row
      },
      seek,
    }
  }
  if (!times.order) return walkListed(rows.toArray(), times, order)
  return {
    times,
    next: () => {
      for (; place >= 0 && place < rowCount; place += step) {
        const row = rowAt(place)
        if (rows.has(row)) {
          place += step
          return row
        }
      }
      return -1
    },
    seek,
  }
}

/** Goes through some rows of a segment that stands in time order, so that a row's number is its place. */
function walkListed(rows: Uint32Array, times: SegmentTimes, order: SortOrder): Walk {
  const step = order === 'asc' ? 1 : -1
  let at = order === 'asc' ? 0 : rows.length - 1
  return {
    times,
    next: () => {
      const row = rows[at]
      at += step
      return row ?? -1
    },
    seek: (place) => {
      const notBefore = lowerBound(rows, place)
      at = order === 'asc' || rows[notBefore] === place ? notBefore : notBefore - 1
    },
  }
}

/** Sets a walk behind a cursor: by halving over the segment's time order. */
function skipTo<T extends TimedRows>(
  entry: Entry<T>,
  times: SegmentTimes,
  after: Cursor,
  order: SortOrder,
): void {
  const { segment, index } = entry.list
  let low = 0
  let high = segment.rowCount
  while (low < high) {
    const middle = (low + high) >>> 1
    const row = times.order ? times.order[middle]! : middle
    const difference =
      compareTimes(times.timesUs[row]!, after.timeUs) ||
      (times.nanos?.[row] ?? 0) - after.nanos ||
      compareNames(index, after.index) ||
      segment.firstSeq + row - after.seq
    if (order === 'asc' ? difference <= 0 : difference < 0) low = middle + 1
    else high = middle
  }
  entry.walk!.seek(order === 'asc' ? low : low - 1)
}

function compareTimes(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function seqOf<T extends TimedRows>({ list, row }: Entry<T>): number {
  return list.segment.firstSeq + row
}
