import { isQueryError, type Query } from '@timeskein/query'
import type { RE2JS } from 're2js'
import { compileExpression } from '../expression.ts'
import { readRuleQuery } from '../rule-query.ts'
import { AnalyzerFailure, type AnalyzerParameters } from './analyzer.ts'

/** The events that a rule means. @throws {AnalyzerFailure} Why that cannot be read. */
export function queryOfRule(name: string, members: AnalyzerParameters): Query {
  try {
    return readRuleQuery(name, members)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AnalyzerFailure(
      isQueryError(error) ? `rule ${name}: its query cannot be read: ${reason}` : reason,
      {
        cause: error,
      },
    )
  }
}

/** A rule's regular expression. @throws {AnalyzerFailure} Why it is none. */
export function expressionOfRule(name: string, expression: string, flags: readonly string[]): RE2JS {
  try {
    return compileExpression(expression, flags)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AnalyzerFailure(
      `rule ${name}: an expression in the syntax of RE2 was expected, found ${JSON.stringify(expression.slice(0, 200))}: ${reason}`,
      { cause: error },
    )
  }
}
