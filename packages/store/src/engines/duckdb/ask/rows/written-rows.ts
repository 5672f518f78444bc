import type { FieldEntry } from '../../index-handle.ts'
import type { AskContext } from '../ask-context.ts'
import { type Matcher, matcherSql } from '../match/matcher.ts'
import { type NumberTest, readNumber, testNumber } from '../match/number-test.ts'
import { compileMatcher } from '../match/test-value.ts'
import type { WrittenTest } from '../match/written-test.ts'
import type { StoredTarget } from '../plan/field-target.ts'
import { findListed, type RowFinder } from './row-finder.ts'
import { querySeqs, type SeqList, uniteSeqs } from './seq-list.ts'
import { column, filterValues } from './value-rows.ts'

/** Finds rows by values of another type than a question was written for. */
export function findWritten(
  { own, aliases }: StoredTarget,
  test: WrittenTest,
  context: AskContext,
): RowFinder {
  const entries = own ? [own, ...aliases] : aliases
  return findListed(async () => {
    let found: SeqList = new Uint32Array(0)
    for (const entry of entries) {
      const more =
        test.kind === 'matcher'
          ? await findValuesAsText(context, entry, test.matcher)
          : await findNumerals(context, entry, test.number)
      found = uniteSeqs(found, more)
    }
    return found
  })
}

/** Numbers and truth values by how they are written; each different one is looked at once. */
async function findValuesAsText(context: AskContext, entry: FieldEntry, matcher: Matcher): Promise<SeqList> {
  const { schema } = context.handle
  const parts: string[] = []
  for (const kind of ['i', 'r', 'b'] as const)
    if (entry.wide.has(kind)) parts.push(selectWide(schema, `CAST(${column(entry, kind)} AS VARCHAR)`))
  const tall = context.kinds.get(entry.id)
  const written = { i: 'CAST(whole AS VARCHAR)', r: 'CAST(number AS VARCHAR)', b: BOOLEAN_TEXT } as const
  for (const kind of ['i', 'r', 'b'] as const)
    if (tall?.has(kind)) parts.push(selectTall(schema, entry, kind, written[kind]))
  if (parts.length === 0) return new Uint32Array(0)
  const condition = matcherSql(matcher, 'value', false)
  if (!condition.exact) return await filterValues(context, parts, [], compileMatcher(matcher))
  const sql = `SELECT seq FROM (${parts.join(' UNION ALL ')}) WHERE ${condition.sql}`
  return await querySeqs(context.handle, sql, condition.parameters, context.signal)
}

/** How a truth value of the `tall` table is written. */
const BOOLEAN_TEXT = `CASE WHEN whole = 0 THEN 'false' ELSE 'true' END`

/** Texts that are a number in a range. */
async function findNumerals(context: AskContext, entry: FieldEntry, test: NumberTest): Promise<SeqList> {
  const { schema } = context.handle
  const parts: string[] = []
  if (entry.wide.has('s')) parts.push(selectWide(schema, column(entry, 's')))
  if (context.kinds.get(entry.id)?.has('s')) parts.push(selectTall(schema, entry, 's', 'text'))
  return await filterValues(context, parts, [], (text) => {
    const number = readNumber(text)
    return number !== undefined && testNumber(test, number)
  })
}

function selectWide(schema: string, value: string): string {
  return `SELECT seq, ${value} AS value FROM ${schema}.wide WHERE ${value} IS NOT NULL`
}

function selectTall(schema: string, entry: FieldEntry, kind: string, value: string): string {
  return `SELECT seq, ${value} AS value FROM ${schema}.tall WHERE field = ${entry.id} AND kind = '${kind}'`
}
