import type { StoredEvent } from '@timeskein/model'
import type { Cursor } from '../../../../event-store.ts'
import { readEventMarks } from '../../marks/event-marks.ts'
import type { AskContext } from '../ask-context.ts'
import { formatEventId } from './event-id.ts'
import type { TimedRow, TimedRows } from './time-merge.ts'

/** Rows of a segment with the state of the index they were found in. */
export interface SegmentHits extends TimedRows {
  readonly context: AskContext
}

/** Reads the events of a page: sources and marks index by index, then in the order of the page. */
export async function readEvents(
  page: readonly TimedRow<SegmentHits>[],
  signal?: AbortSignal,
): Promise<StoredEvent[]> {
  const places = new Map<AskContext, number[]>()
  for (const [at, { of }] of page.entries()) {
    const list = places.get(of.context)
    if (list) list.push(at)
    else places.set(of.context, [at])
  }
  const events: StoredEvent[] = new Array(page.length)
  for (const [context, at] of places) {
    const seqs = at.map((place) => seqOf(page[place]!))
    const sources = await context.handle.readSources(seqs, signal)
    const marks = readEventMarks(context.marks, seqs)
    for (const [i, place] of at.entries()) {
      const { of, timeUs, nanos } = page[place]!
      events[place] = makeEvent(of, seqs[i]!, timeUs, nanos, sources[i]!, marks[i]!)
    }
  }
  return events
}

/** One event from its parts. */
export function makeEvent(
  { index, segment }: TimedRows,
  seq: number,
  timeUs: bigint,
  nanos: number,
  source: string,
  marks: StoredEvent['marks'],
): StoredEvent {
  return {
    index,
    id: formatEventId(index, seq),
    seq,
    timelineId: segment.timelineId,
    timeUs,
    nanos,
    source,
    profile: segment.profile,
    marks,
  }
}

/** Where a page that ends with this row ends. */
export function cursorAfter(row: TimedRow<SegmentHits>): Cursor {
  return { timeUs: row.timeUs, nanos: row.nanos, index: row.of.index, seq: seqOf(row) }
}

function seqOf({ of, row }: TimedRow<SegmentHits>): number {
  return of.segment.firstSeq + row
}
