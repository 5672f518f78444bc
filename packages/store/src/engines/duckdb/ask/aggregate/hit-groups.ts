import type { SqlValue } from '../../index-handle.ts'
import type { AskContext } from '../ask-context.ts'
import type { SegmentHits } from '../page/event-page.ts'
import type { RowFinder } from '../rows/row-finder.ts'

/** Hits of one index. */
export interface HitGroup {
  readonly context: AskContext
  readonly hits: readonly SegmentHits[]
}

/** Hits by index, in the order of the hits. */
export function groupHits(hits: readonly SegmentHits[]): HitGroup[] {
  const groups = new Map<AskContext, SegmentHits[]>()
  for (const hit of hits) {
    const list = groups.get(hit.context)
    if (list) list.push(hit)
    else groups.set(hit.context, [hit])
  }
  return [...groups].map(([context, list]) => ({ context, hits: list }))
}

/** Events among the hits; each segment stands there at most once. */
export function countRows(hits: readonly SegmentHits[]): number {
  return hits.reduce((sum, { rows }) => sum + rows.count, 0)
}

/** Row numbers, in the index, of hits of one index. */
export function listSeqs(hits: readonly SegmentHits[]): Uint32Array {
  const ordered = hits.toSorted((a, b) => a.segment.firstSeq - b.segment.firstSeq)
  const seqs = new Uint32Array(countRows(hits))
  let at = 0
  for (const { rows, segment } of ordered) {
    rows.forEach((row) => {
      seqs[at++] = segment.firstSeq + row
    })
  }
  return seqs
}

/** SQL that keeps to the hits: a condition on `seq`. */
export interface HitFilter {
  readonly where: string
  readonly parameters: readonly SqlValue[]
}

/** Whole segments are given as ranges of row numbers, anything else as one bit for each row. */
export function filterToHits({ context, hits }: HitGroup): HitFilter {
  if (hits.length === 0) return { where: 'FALSE', parameters: [] }
  const isWhole = hits.every(({ rows, segment }) => rows.count === segment.rowCount)
  if (isWhole) {
    const covered = hits.reduce((sum, { segment }) => sum + segment.rowCount, 0)
    const all = context.snapshot.segments.reduce((sum, { rowCount }) => sum + rowCount, 0)
    if (covered === all) return { where: `seq < ${context.snapshot.nextSeq}`, parameters: [] }
    const ranges = joinRanges(hits).map(([start, end]) => `seq BETWEEN ${start} AND ${end - 1}`)
    if (ranges.length <= 16) return { where: `(${ranges.join(' OR ')})`, parameters: [] }
  }
  const seqs = listSeqs(hits)
  const firstSeq = seqs[0]!
  const lastSeq = seqs.at(-1)!
  const end = lastSeq - firstSeq + 1
  // The bit after the last row stays unset: it answers for rows that came while the question was asked.
  const bits = new Uint8Array(Math.ceil((end + 1) / 8))
  for (const seq of seqs) {
    const at = seq - firstSeq
    bits[at >>> 3]! |= 0x80 >>> (at & 7)
  }
  const bit = `least(greatest(seq - ${firstSeq}, 0), ${end})::INTEGER`
  return {
    where: `seq BETWEEN ${firstSeq} AND ${lastSeq} AND get_bit(CAST(? AS BIT), ${bit}) = 1`,
    parameters: [bits],
  }
}

function joinRanges(hits: readonly SegmentHits[]): [number, number][] {
  const ranges: [number, number][] = []
  for (const { segment } of hits.toSorted((a, b) => a.segment.firstSeq - b.segment.firstSeq)) {
    const last = ranges.at(-1)
    if (last?.[1] === segment.firstSeq) last[1] += segment.rowCount
    else ranges.push([segment.firstSeq, segment.firstSeq + segment.rowCount])
  }
  return ranges
}

/** The hits that a finder keeps; each index has a finder of its own. */
export async function narrowHits(
  hits: readonly SegmentHits[],
  makeFinder: (context: AskContext) => RowFinder,
): Promise<SegmentHits[]> {
  const finders = new Map<AskContext, RowFinder>()
  const kept: SegmentHits[] = []
  for (const hit of hits) {
    let find = finders.get(hit.context)
    if (!find) {
      find = makeFinder(hit.context)
      finders.set(hit.context, find)
    }
    hit.context.signal?.throwIfAborted()
    const rows = await find(hit.segment, hit.rows)
    if (rows.count > 0) kept.push({ ...hit, rows })
  }
  return kept
}
