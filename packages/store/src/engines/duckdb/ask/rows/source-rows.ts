import type { FieldEntry } from '../../index-handle.ts'
import type { AskContext } from '../ask-context.ts'
import type { TextTest } from '../match/field-test.ts'
import { compileRawTest } from '../match/raw-source-test.ts'
import { someValueAt } from '../match/source-values.ts'
import { compileTextTest } from '../match/test-value.ts'
import type { WordNeed } from '../plan/word-needs.ts'
import { findAll, type RowFinder } from './row-finder.ts'
import { cutToSegment, type SeqList } from './seq-list.ts'
import { findTerms, lookUpNeed } from './term-rows.ts'
import { findLong } from './value-rows.ts'
import { verifyRows } from './verify-rows.ts'

/** Rows with a string in the field that passes, read from the source. */
export function findInSource(entry: FieldEntry, test: TextTest, context: AskContext): RowFinder {
  const passes = compileTextTest(test)
  const passesRaw = compileRawTest(test, entry.name)
  const hasPassing = (event: unknown): boolean =>
    someValueAt(event, entry.name, (value) => typeof value === 'string' && passes(value))
  return (segment, within) => verifyRows(context, segment, within, hasPassing, passesRaw)
}

/** Rows whose long strings pass, read from the source; the words they need make the candidates. */
export function findInLong(
  entry: FieldEntry,
  test: TextTest,
  needs: readonly WordNeed[],
  context: AskContext,
): RowFinder {
  const findPassing = findInSource(entry, test, context)
  let long: Promise<SeqList> | undefined
  const findNeeded = findAll(needs.map((need) => findTerms(lookUpNeed(need, { only: entry.id }))))
  return async (segment, within) => {
    long ??= findLong(context, entry)
    return findPassing(segment, await findNeeded(segment, within.and(cutToSegment(await long, segment))))
  }
}
