import { type DatePart, DatePartReader, isInDatePart } from '@timeskein/query'
import { RowSet } from '../../../../text/terms/row-set.ts'
import { timesInMs } from '../aggregate/date-buckets.ts'
import type { AskContext } from '../ask-context.ts'
import { compileEventTest, type EventTest } from '../match/event-test.ts'
import type { StoredTarget } from '../plan/field-target.ts'
import { findMaybeAlike } from './compared-rows.ts'
import { findAll, findListed, type RowFinder } from './row-finder.ts'
import { findPresent } from './value-rows.ts'
import { verifyRows } from './verify-rows.ts'

/** Finds events that have all of some fields and pass a test, by reading their source. */
export function findPassingEvents(
  targets: readonly StoredTarget[],
  test: EventTest,
  context: AskContext,
): RowFinder {
  const passes = compileEventTest(test)
  const entries = targets.map(({ own }) => own)
  if (!entries.every((entry) => entry !== undefined)) return (segment) => RowSet.none(segment.rowCount)
  const [field, other] = entries
  const listed =
    test.kind === 'fields' && field && other
      ? [findListed(() => findMaybeAlike(field, other, test, context))]
      : entries.map((entry) => findListed(() => findPresent(context, entry)))
  return findAll([...listed, (segment, within) => verifyRows(context, segment, within, passes)])
}

/** Finds events whose own time has a part in a range. */
export function findTimePart(test: DatePart): RowFinder {
  const reader = new DatePartReader(test)
  return async (segment, within) => {
    const readMs = timesInMs(await segment.readTimes())
    const rows: number[] = []
    within.forEach((row) => {
      if (isInDatePart(test, reader.ofTime(readMs(row)))) rows.push(row)
    })
    return RowSet.fromSorted(Uint32Array.from(rows), segment.rowCount)
  }
}
