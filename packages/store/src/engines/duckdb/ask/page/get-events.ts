import type { StoredEvent } from '@timeskein/model'
import { RowSet } from '../../../../text/terms/row-set.ts'
import type { OpenIndex } from '../scope-hits.ts'
import { parseEventId } from './event-id.ts'
import { readEvents, type SegmentHits } from './event-page.ts'
import type { TimedRow } from './time-merge.ts'

/** Events by id, in the order asked; undefined for an id that no segment of the scope has. */
export async function getEvents(
  indexes: readonly OpenIndex[],
  ids: readonly string[],
): Promise<(StoredEvent | undefined)[]> {
  const page: TimedRow<SegmentHits>[] = []
  const places: number[] = []
  for (const [place, id] of ids.entries()) {
    const found = findEvent(indexes, id)
    if (!found) continue
    const { timesUs, nanos } = await found.of.segment.readTimes()
    const { of, row } = found
    page.push({ of, row, timeUs: timesUs[row]!, nanos: nanos?.[row] ?? 0 })
    places.push(place)
  }
  const events: (StoredEvent | undefined)[] = ids.map(() => undefined)
  for (const [at, event] of (await readEvents(page)).entries()) events[places[at]!] = event
  return events
}

function findEvent(
  indexes: readonly OpenIndex[],
  id: string,
): { readonly of: SegmentHits; readonly row: number } | undefined {
  const parsed = parseEventId(id)
  if (!parsed) return undefined
  const { seq, indexPrefix } = parsed
  for (const { context, segments } of indexes) {
    if (!context.handle.index.startsWith(indexPrefix)) continue
    const segment = segments.find(({ firstSeq, rowCount }) => seq >= firstSeq && seq < firstSeq + rowCount)
    if (!segment) continue
    const rows = RowSet.none(segment.rowCount)
    return { of: { index: context.handle.index, segment, rows, context }, row: seq - segment.firstSeq }
  }
  return undefined
}
