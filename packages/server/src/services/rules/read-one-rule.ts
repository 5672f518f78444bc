import { invalid } from '../../errors/domain-error.ts'
import type { ReadRule } from './read-rules.ts'

/** The one rule of a text. @throws {DomainError} `invalid` (`bad-rule`) with what is wrong and where. */
export async function readOneRule(text: string): Promise<ReadRule> {
  const { readRules } = await import('./read-rules.ts')
  const { count, rules, failed } = readRules({ file: 'rule', text })
  const [problem] = failed
  if (problem) {
    const { line, column, reason, code } = problem
    throw invalid('bad-rule', `The rule cannot be read: line ${line}, column ${column}: ${reason}.`, {
      line,
      column,
      reason,
      problem: code,
    })
  }
  const [rule] = count === 1 ? rules : []
  if (!rule) throw invalid('bad-rule', `One rule was expected, found ${count}.`, { found: count })
  return rule
}
