import type { StoredSegment } from '../snapshot.ts'

/** Segments with fewer rows are small: each costs a question as much as a large one. */
const SMALL_ROWS = 8192
const MERGED_ROWS = 32_768
/** Segments that a merge must save to be worth its work. */
const WORTHWHILE_SAVING = 64

/**
 * Runs of small segments that may become one each: neighbours in the index, of one timeline and with equal profiles.
 * Nothing when all of them together would save little.
 *
 * @param segments - In the order of their rows.
 */
export function planMerges(segments: readonly StoredSegment[]): StoredSegment[][] {
  const runs: StoredSegment[][] = []
  let run: StoredSegment[] = []
  let rowCount = 0
  for (const segment of segments) {
    const last = run.at(-1)
    const joins = last && follows(last, segment) && rowCount + segment.rowCount <= MERGED_ROWS
    if (segment.rowCount >= SMALL_ROWS || !joins) {
      runs.push(run)
      run = []
      rowCount = 0
    }
    if (segment.rowCount >= SMALL_ROWS) continue
    run.push(segment)
    rowCount += segment.rowCount
  }
  runs.push(run)
  const merges = runs.filter((segments) => segments.length > 1)
  const saving = merges.reduce((sum, segments) => sum + segments.length - 1, 0)
  return saving >= WORTHWHILE_SAVING ? merges : []
}

function follows(before: StoredSegment, segment: StoredSegment): boolean {
  return (
    before.firstSeq + before.rowCount === segment.firstSeq &&
    before.timelineId === segment.timelineId &&
    (before.profile === segment.profile || JSON.stringify(before.profile) === JSON.stringify(segment.profile))
  )
}
