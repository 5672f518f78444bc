import { MAX_CLAUSES } from '../../limits.ts'
import type { Query } from '../../query.ts'
import { simplify } from '../../simplify.ts'
import type { PipelineRun } from '../pipeline/apply-pipelines.ts'
import type { SigmaRule } from '../rule/rule.ts'
import { type CompiledExpression, compileExpression } from './compile-expression.ts'
import type { CompiledRule } from './compiled.ts'
import { buildExpression, type Expression, listAsks, tooManyParts } from './expression.ts'

/**
 * Compiles one rule.
 *
 * @param run - The rule as pipelines left it. With a placeholder that has no values it asks for nothing: what of it would hold cannot
 *   be told, and what a `not` makes of nothing is everything.
 * @throws {SigmaError} `unsupported` for what cannot be asked.
 */
export function compileRule({ rule, state }: PipelineRun, isReported: boolean): CompiledRule {
  const expression = buildExpression(rule)
  const { query, placeholders }: CompiledExpression = expression
    ? compileExpression(expression)
    : { query: { kind: 'none' }, placeholders: [] }
  const simple = simplify(placeholders.length > 0 ? { kind: 'none' } : query)
  checkSize(simple, rule)
  const fields = expression ? listFields(expression) : []
  return { kind: 'rule', rule, expression, query: simple, fields, placeholders, state, isReported }
}

function listFields(expression: Expression): readonly string[] {
  const fields = new Set<string>()
  for (const { field, value } of listAsks(expression)) {
    if (field !== undefined) fields.add(field)
    if (value.kind === 'field-reference') fields.add(value.field)
  }
  return [...fields].sort()
}

/** Parts of one question at most, as of every query language. */
function checkSize(query: Query, rule: SigmaRule): void {
  let count = 0
  const visit = (node: Query): void => {
    if (++count > MAX_CLAUSES) throw tooManyParts(rule)
    if (node.kind === 'and' || node.kind === 'or') for (const part of node.of) visit(part)
    else if (node.kind === 'not') visit(node.of)
  }
  visit(query)
}
