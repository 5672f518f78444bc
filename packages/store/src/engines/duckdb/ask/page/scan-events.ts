import type { StoredEvent } from '@timeskein/model'
import type { Cursor, ScanRequest } from '../../../../event-store.ts'
import { readEventMarks } from '../../marks/event-marks.ts'
import { makeEvent, readEvents, type SegmentHits } from './event-page.ts'
import { TimeMerge } from './time-merge.ts'

/** So few that what is made of a page has mostly become garbage before the collector looks at it: 1,000 cost a third more. */
const DEFAULT_PAGE_SIZE = 200
/** From this share of a segment's rows on, its source is read from end to end instead of row by row. */
const DENSE_SHARE = 0.2

/** Every event of the hits in pages: by time, or (without `sort`) in the order in which they lie on disk. */
export async function* scanHits(
  hits: readonly SegmentHits[],
  request: ScanRequest,
): AsyncGenerator<readonly StoredEvent[], void, undefined> {
  const pageSize = Math.max(1, request.pageSize ?? DEFAULT_PAGE_SIZE)
  if (request.sort) {
    const merge = new TimeMerge(hits, request.sort, request.after)
    for (;;) {
      request.signal?.throwIfAborted()
      const page = await merge.take(pageSize)
      if (page.length > 0) yield await readEvents(page, request.signal)
      if (page.length < pageSize) return
    }
  }
  let page: StoredEvent[] = []
  for (const hit of hits) {
    for await (const events of scanSegment(hit, pageSize, request.after, request.signal)) {
      for (const event of events) {
        page.push(event)
        if (page.length < pageSize) continue
        yield page
        page = []
      }
    }
  }
  if (page.length > 0) yield page
}

async function* scanSegment(
  hit: SegmentHits,
  pageSize: number,
  after: Cursor | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<StoredEvent[], void, undefined> {
  const { segment, rows, index, context } = hit
  if (after && index < after.index) return
  const firstRow = after && index === after.index ? Math.max(0, after.seq + 1 - segment.firstSeq) : 0
  const wanted = rows.toArray(firstRow)
  if (wanted.length === 0) return
  const { timesUs, nanos } = await segment.readTimes()
  const toEvents = (some: Uint32Array, sources: readonly string[]): StoredEvent[] => {
    const seqs = Array.from(some, (row) => row + segment.firstSeq)
    const marks = readEventMarks(context.marks, seqs)
    return seqs.map((seq, i) =>
      makeEvent(hit, seq, timesUs[some[i]!]!, nanos?.[some[i]!] ?? 0, sources[i]!, marks[i]!),
    )
  }
  if (wanted.length < segment.rowCount * DENSE_SHARE) {
    for (let start = 0; start < wanted.length; start += pageSize) {
      const some = wanted.subarray(start, start + pageSize)
      const seqs = some.map((row) => row + segment.firstSeq)
      yield toEvents(some, await context.handle.readSources(seqs, signal))
    }
    return
  }
  const start = segment.firstSeq + wanted[0]!
  const end = segment.firstSeq + wanted.at(-1)! + 1
  let next = 0
  for await (const run of context.handle.scanSources(start, end, signal)) {
    const runStart = run.firstSeq - segment.firstSeq
    const from = next
    while (next < wanted.length && wanted[next]! < runStart + run.rows.length) next++
    if (next === from) continue
    const some = wanted.subarray(from, next)
    yield toEvents(
      some,
      Array.from(some, (row) => run.rows[row - runStart]!),
    )
  }
}
