import { type IndexReading, type RowRange, type RowSet, RowSetBuilder } from '@timeskein/store'

/** Rows that are worked on together: sets of them take 256 KiB at most. */
export const MAX_RANGE_ROWS: number = 2 ** 21

/** Cuts an index into ranges that begin and end with a run of its rows. */
export function cutRanges({ runs }: IndexReading, maxRows: number = MAX_RANGE_ROWS): RowRange[] {
  const ranges: { start: number; end: number }[] = []
  for (const { start, end } of runs) {
    const last = ranges.at(-1)
    if (last && end - last.start <= maxRows) last.end = end
    else ranges.push({ start, end })
  }
  return ranges
}

/** Rows of a range that are in the scope and not below `from`. */
export function rowsInScope({ runs }: IndexReading, range: RowRange, from = 0): RowSet {
  const builder = new RowSetBuilder(range.end - range.start)
  for (const run of runs) {
    const start = Math.max(run.start, range.start, from)
    const end = Math.min(run.end, range.end)
    if (end > start) builder.addRange(start - range.start, end - range.start)
  }
  return builder.finish()
}

/** The timeline of each of some rows of the scope, which ascend. */
export function timelinesOf({ runs }: IndexReading, seqs: Uint32Array): Uint32Array {
  const timelines = new Uint32Array(seqs.length)
  let run = 0
  for (let at = 0; at < seqs.length; at++) {
    while (run < runs.length - 1 && runs[run]!.end <= seqs[at]!) run++
    timelines[at] = runs[run]?.timelineId ?? 0
  }
  return timelines
}
