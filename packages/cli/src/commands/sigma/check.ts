import { compileSigma, type SigmaCompilation } from '@timeskein/query/sigma'
import type { CommandCall } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { lines } from '../../output/prose.ts'
import { readPipelines } from './read-pipelines.ts'
import { readRuleFiles } from './read-rule-files.ts'

/** `skein sigma check`: what of a set of rules can be used, and why not the rest. */
export async function checkRules(
  paths: readonly string[],
  call: CommandCall,
  effects: Effects,
): Promise<number> {
  const pipelines = await readPipelines(call)
  const { sources, unreadable } = await readRuleFiles(paths, effects.signal)
  const compilation = compileSigma(sources, { pipelines })
  const failed = [...unreadable, ...compilation.failed]
  const rules = compilation.ruleCount + unreadable.length
  const compiled = countCompiled(compilation)
  const files = compilation.files + unreadable.length
  const placeholders = compilation.rules
    .filter((one) => one.placeholders.length > 0)
    .map(({ rule, placeholders: names }) => ({ file: rule.place.file, rule: rule.meta.title, names }))
  if (call.flag('json')) {
    const report = { files, rules, compiled, failed, warnings: compilation.warnings, placeholders }
    await effects.writeData(`${JSON.stringify(report)}\n`)
  } else {
    const told = (kind: string, list: SigmaCompilation['failed']): readonly string[] =>
      list.map(({ file, line, column, rule, reason }) => {
        const name = rule === undefined ? '' : `${JSON.stringify(rule)}: `
        return `${kind}  ${file}:${line}:${column}  ${name}${reason}`
      })
    const unset = placeholders.map(
      ({ file, rule, names }) =>
        `NOTE     ${file}  ${JSON.stringify(rule)} is not run: values for ${names.join(', ')} expected (vars of a pipeline)`,
    )
    const sum = `${files} files, ${rules} rules: ${compiled} can be used, ${failed.length} cannot`
    await effects.writeOut(
      lines([...told('FAILED ', failed), ...told('WARNING', compilation.warnings), ...unset, sum]),
    )
  }
  const isBad = failed.length > 0 && (compiled === 0 || call.flag('strict'))
  return isBad ? EXIT.badInput : EXIT.ok
}

/** The correlation that an aggregation of Sigma 1 makes is not a rule more. */
function countCompiled({ rules, correlations }: SigmaCompilation): number {
  return rules.length + correlations.filter(({ correlation }) => correlation !== undefined).length
}
