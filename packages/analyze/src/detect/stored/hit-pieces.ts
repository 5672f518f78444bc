import type { ValueColumn } from '@timeskein/store'
import type { RuleHits } from '../contract/hits.ts'
import type { DetectRule } from '../contract/rule-set.ts'
import type { HitTable } from '../correlate/hit-table.ts'

/** Most events of one piece. */
const MAX_PIECE_EVENTS = 65_536

/** Hands out hits from a place on in pieces of bounded size. */
export function* toPieces(
  rule: DetectRule,
  table: HitTable,
  from: number,
): Generator<RuleHits, void, undefined> {
  const { index, seqs, timesUs, timelineIds, columns } = table
  for (let start = from; start < seqs.length; start += MAX_PIECE_EVENTS) {
    const end = Math.min(seqs.length, start + MAX_PIECE_EVENTS)
    yield {
      kind: 'rule',
      rule,
      index,
      seqs: seqs.subarray(start, end),
      timesUs: timesUs.subarray(start, end),
      timelineIds: timelineIds.subarray(start, end),
      columns: Object.fromEntries(
        Object.entries(columns).map(([name, column]) => [name, cutColumn(column, start, end)]),
      ),
    }
  }
}

function cutColumn({ values, ids }: ValueColumn, start: number, end: number): ValueColumn {
  return { values, ids: ids.subarray(start, end) }
}
