import { invalid } from '../../errors/domain-error.ts'
import { type ReadRule, readRules } from '../rules/read-rules.ts'

/**
 * Reads a rule that was made of a payload, and holds it against the compiler. Its lines are not those of the payload: what is wrong is
 * shown by its text.
 *
 * @throws {DomainError} `invalid` (`bad-rule`): it cannot be read, or never be run.
 */
export function readRuleText(text: string): ReadRule {
  const { rules, failed } = readRules({ file: 'rule', text })
  const all = [...rules]
  const problem = [...failed, ...all.map((rule) => rule.problem)].find((one) => one !== undefined)
  if (problem) {
    const { line, reason, code } = problem
    const words = text.split('\n')[line - 1]?.trim().slice(0, 200) ?? ''
    throw invalid('bad-rule', `The payload cannot be used: at "${words}": ${reason}.`, {
      reason,
      problem: code,
    })
  }
  const [rule] = all
  if (!rule || all.length > 1 || rule.document.kind === 'pipeline')
    throw invalid('bad-rule', `The payload cannot be used: one rule was expected, found ${all.length}.`)
  return rule
}
