import { compileSigma, isPipeline, parsePipelines, type SigmaCompilation } from '@timeskein/query/sigma'
import type { CommandCall } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { lines } from '../../output/prose.ts'
import { readPipelines } from './read-pipelines.ts'
import { readRuleFiles } from './read-rule-files.ts'

/** `skein sigma check`: what of a set of rules and pipelines can be used, and why not the rest. */
export async function checkRules(
  paths: readonly string[],
  call: CommandCall,
  effects: Effects,
): Promise<number> {
  const pipelines = await readPipelines(call)
  const { sources, unreadable } = await readRuleFiles(paths, effects.signal)
  const given = sources.filter(isPipeline)
  const checked = parsePipelines(given)
  const compilation = compileSigma(
    sources.filter((source) => !isPipeline(source)),
    { pipelines },
  )
  const failed = [...unreadable, ...checked.problems, ...compilation.failed]
  const rules = compilation.ruleCount + unreadable.length
  const compiled = countCompiled(compilation)
  const usable = compiled + checked.pipelines.length
  const files = compilation.files + given.length + unreadable.length
  const placeholders = compilation.rules
    .filter((one) => one.placeholders.length > 0)
    .map(({ rule, placeholders: names }) => ({ file: rule.place.file, rule: rule.meta.title, names }))
  if (call.flag('json')) {
    const report = {
      files,
      rules,
      pipelines: given.length,
      compiled,
      failed,
      warnings: compilation.warnings,
      placeholders,
    }
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
    const read = [
      `${files} files`,
      `${rules} rules`,
      ...(given.length > 0 ? [`${given.length} pipelines`] : []),
    ]
    const sum = `${read.join(', ')}: ${usable} can be used, ${failed.length} cannot`
    await effects.writeOut(
      lines([...told('FAILED ', failed), ...told('WARNING', compilation.warnings), ...unset, sum]),
    )
  }
  const isBad = failed.length > 0 && (usable === 0 || call.flag('strict'))
  return isBad ? EXIT.badInput : EXIT.ok
}

/** The correlation that an aggregation of Sigma 1 makes is not a rule more. */
function countCompiled({ rules, correlations }: SigmaCompilation): number {
  return rules.length + correlations.filter(({ correlation }) => correlation !== undefined).length
}
