import { RowSet } from '../../../../text/terms/row-set.ts'
import type { Segment } from '../../index-handle.ts'
import { cutToSegment, type SeqList } from './seq-list.ts'

/**
 * Answers a part of a question for one segment: the rows of `within` that belong to the answer, counted in the segment.
 * What serves all segments (an SQL query, the postings of a word) is fetched at the first call that needs it.
 */
export type RowFinder = (segment: Segment, within: RowSet) => RowSet | Promise<RowSet>

/**
 * Rows that all finders find; later ones look only at what earlier ones left.
 *
 * @param signal - Looked at before each finder: there may be thousands.
 */
export function findAll(finders: readonly RowFinder[], signal?: AbortSignal): RowFinder {
  return async (segment, within) => {
    let rows = within
    for (const find of finders) {
      if (rows.count === 0) break
      signal?.throwIfAborted()
      rows = await find(segment, rows)
    }
    return rows
  }
}

/**
 * Rows that some finder finds; later ones look only at what earlier ones did not find.
 *
 * @param signal - Looked at before each finder: there may be thousands.
 */
export function findSome(finders: readonly RowFinder[], signal?: AbortSignal): RowFinder {
  return async (segment, within) => {
    let found = RowSet.none(segment.rowCount)
    let rest = within
    for (const [at, find] of finders.entries()) {
      if (rest.count === 0) break
      signal?.throwIfAborted()
      const more = await find(segment, rest)
      found = found.or(more)
      if (at < finders.length - 1) rest = rest.andNot(more)
    }
    return found
  }
}

/** Rows that so many finders find; the signal is looked at before each. */
export function findAtLeast(finders: readonly RowFinder[], atLeast: number, signal?: AbortSignal): RowFinder {
  return async (segment, within) => {
    const counts = new Uint16Array(segment.rowCount)
    for (const find of finders) {
      signal?.throwIfAborted()
      const rows = await find(segment, within)
      rows.forEach((row) => {
        counts[row]!++
      })
    }
    const rows: number[] = []
    for (let row = 0; row < counts.length; row++) if (counts[row]! >= atLeast) rows.push(row)
    return RowSet.fromSorted(Uint32Array.from(rows), segment.rowCount)
  }
}

/** Rows of a list for the whole index. */
export function findListed(list: Promise<SeqList> | (() => Promise<SeqList>)): RowFinder {
  let seqs: Promise<SeqList> | undefined
  return async (segment, within) => {
    seqs ??= typeof list === 'function' ? list() : list
    return within.and(cutToSegment(await seqs, segment))
  }
}

/** Keeps what was made of each segment, for questions that come back to it. */
export function rememberBySegment<Made>(
  make: (segment: Segment) => Promise<Made>,
): (segment: Segment) => Promise<Made> {
  const known = new Map<number, Promise<Made>>()
  return (segment) => {
    const made = known.get(segment.id) ?? make(segment)
    known.set(segment.id, made)
    return made
  }
}
