import { RowSet } from '../../../../text/terms/row-set.ts'
import type { Segment } from '../../index-handle.ts'
import type { AskContext } from '../ask-context.ts'
import type { RawSourceTest } from '../match/raw-source-test.ts'
import { Turns } from '../turns.ts'

/** Rows whose source is read at once. */
const ROWS_PER_READ = 1024
/**
 * Keeps the rows of a segment whose event passes a test, by reading their source.
 *
 * @param passes - Gets what `JSON.parse` made of the source.
 * @param passesRaw - Is asked first, with the source as it is.
 */
export async function verifyRows(
  { handle, signal }: AskContext,
  segment: Segment,
  candidates: RowSet,
  passes: (event: unknown) => boolean,
  passesRaw?: RawSourceTest,
): Promise<RowSet> {
  if (candidates.count === 0) return candidates
  const rows = candidates.toArray()
  const kept = new Uint32Array(rows.length)
  let length = 0
  const turns = new Turns()
  for (let start = 0; start < rows.length; start += ROWS_PER_READ) {
    signal?.throwIfAborted()
    const some = rows.subarray(start, start + ROWS_PER_READ)
    const sources = await handle.readSources(
      some.map((row) => row + segment.firstSeq),
      signal,
    )
    for (let i = 0; i < some.length; i++) {
      if (passesRaw?.(sources[i]!) ?? passes(JSON.parse(sources[i]!))) kept[length++] = some[i]!
      if (!turns.isDue) continue
      await turns.giveWay()
      signal?.throwIfAborted()
    }
  }
  return RowSet.fromSorted(kept.slice(0, length), segment.rowCount)
}
