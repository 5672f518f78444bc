import type { AskContext } from '../ask-context.ts'
import type { PlanNode } from '../plan/plan-node.ts'
import { findListed, type RowFinder } from '../rows/row-finder.ts'
import { querySeqs } from '../rows/seq-list.ts'
import { column } from '../rows/value-rows.ts'
import { textAlone } from './field-test.ts'
import { type Matcher, matcherSql, type SqlCondition } from './matcher.ts'

/**
 * Takes from the parts of an AND those that SQL answers from one wide column each, and asks for them in one statement: the
 * columns are read side by side, and the rows of the most frequent value are never listed.
 *
 * @returns The parts that are left, and the finder of the others; undefined when there are not two of them.
 */
export function joinColumnTests(
  parts: readonly PlanNode[],
  context: AskContext,
): { readonly find: RowFinder; readonly rest: readonly PlanNode[] } | undefined {
  const conditions: SqlCondition[] = []
  const rest: PlanNode[] = []
  for (const part of parts) {
    const condition = conditionOf(part, context)
    if (condition) conditions.push(condition)
    else rest.push(part)
  }
  if (conditions.length < 2) return undefined
  const { handle, signal } = context
  const where = conditions.map(({ sql }) => `(${sql})`).join(' AND ')
  const parameters = conditions.flatMap((condition) => condition.parameters)
  const sql = `SELECT seq FROM ${handle.schema}.wide WHERE ${where}`
  return { find: findListed(() => querySeqs(handle, sql, parameters, signal)), rest }
}

/** The part as a condition on a column that holds all strings of its field that can answer. */
function conditionOf(part: PlanNode, { kinds }: AskContext): SqlCondition | undefined {
  if (part.kind !== 'field') return undefined
  const { own, aliases, hasConstants, hasMarks } = part.target
  if (!own || aliases.length > 0 || hasConstants || hasMarks) return undefined
  if (!own.wide.has('s') || kinds.get(own.id)?.has('s')) return undefined
  const matcher = wholeMatcherOf(part)
  if (!matcher) return undefined
  const condition = matcherSql(matcher, column(own, 's'), false)
  return condition.exact ? condition : undefined
}

/** What a short value must be as a whole, if nothing else would answer. */
function wholeMatcherOf({ test }: PlanNode & { readonly kind: 'field' }): Matcher | undefined {
  const text = textAlone(test)
  if (text?.kind !== 'whole' || text.maxUnits === Number.POSITIVE_INFINITY) return undefined
  return text.matcher
}
