import { invalid } from '../../errors/domain-error.ts'
import { readRules } from '../rules/read-rules.ts'

/**
 * Holds a rule that was made of a payload against the compiler. Its lines are not those of the payload: what is wrong is shown by its text.
 *
 * @throws {DomainError} `invalid` (`bad-rule`): it cannot be read, or never be run.
 */
export function checkRuleText(text: string): void {
  const { rules, failed } = readRules({ file: 'rule', text })
  for (const problem of [...failed, ...[...rules].map((rule) => rule.problem)]) {
    if (problem === undefined) continue
    const { line, reason, code } = problem
    const words = text.split('\n')[line - 1]?.trim().slice(0, 200) ?? ''
    throw invalid('bad-rule', `The payload cannot be used: at "${words}": ${reason}.`, {
      reason,
      problem: code,
    })
  }
}
