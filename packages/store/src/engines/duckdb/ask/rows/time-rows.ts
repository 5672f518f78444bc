import { RowSet } from '../../../../text/terms/row-set.ts'
import { RowSetBuilder } from '../../../../text/terms/row-set-builder.ts'
import type { Segment, SegmentTimes } from '../../index-handle.ts'
import type { DateSpan } from '../plan/date-span.ts'

/** Rows of a segment whose time lies in a span. Reads the times only where the segment lies partly in it. */
export async function findRowsInSpan(segment: Segment, { startUs, endUs }: DateSpan): Promise<RowSet> {
  const { rowCount, minUs, maxUs } = segment
  if ((endUs !== undefined && minUs >= endUs) || (startUs !== undefined && maxUs < startUs)) {
    return RowSet.none(rowCount)
  }
  if ((startUs === undefined || minUs >= startUs) && (endUs === undefined || maxUs < endUs)) {
    return RowSet.all(rowCount)
  }
  const times = await segment.readTimes()
  const start = startUs === undefined ? 0 : findPosition(times, startUs)
  const end = endUs === undefined ? rowCount : findPosition(times, endUs)
  if (!times.order) return RowSet.range(start, Math.max(start, end), rowCount)
  const builder = new RowSetBuilder(rowCount)
  for (let position = start; position < end; position++) builder.add(times.order[position]!)
  return builder.finish()
}

/** First position in time order whose time is not before `us`. */
export function findPosition({ timesUs, order }: SegmentTimes, us: bigint): number {
  let low = 0
  let high = timesUs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (timesUs[order ? order[middle]! : middle]! < us) low = middle + 1
    else high = middle
  }
  return low
}
