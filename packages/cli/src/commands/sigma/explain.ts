import { stat } from 'node:fs/promises'
import { compileSigma, explainCorrelation, explainRule, type SigmaCompilation } from '@timeskein/query/sigma'
import { CliError } from '../../cli-error.ts'
import type { CommandCall } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { lines } from '../../output/prose.ts'
import { readPipelines } from './read-pipelines.ts'
import { readRuleFiles } from './read-rule-files.ts'

interface Explanation {
  readonly id: string | undefined
  readonly name: string | undefined
  readonly title: string
  readonly fields: readonly string[]
  readonly explanation: readonly string[]
}

/**
 * `skein sigma explain`: what rules look for, in words. Arguments are files or folders, and ids or names of rules, which are looked
 * for in those and in `--rules`.
 */
export async function explainRules(
  names: readonly string[],
  call: CommandCall,
  effects: Effects,
): Promise<number> {
  const pipelines = await readPipelines(call)
  const isThere = await Promise.all(names.map(exists))
  const paths = names.filter((_, at) => isThere[at])
  const wanted = names.filter((_, at) => !isThere[at])
  const folders = (call.text('rules') ?? '').split(',').filter((path) => path !== '')
  if (paths.length + folders.length === 0)
    throw new CliError(
      `there is no file ${names.join(', ')}; a rule's id needs --rules PATH to look in`,
      EXIT.notFound,
    )
  const { sources, unreadable } = await readRuleFiles([...paths, ...folders], effects.signal)
  const compilation = compileSigma(sources, { pipelines })
  const all = explainAll(compilation)
  const isWanted = ({ id, name, title }: Explanation): boolean =>
    wanted.some((one) => one.toLowerCase() === id?.toLowerCase() || one === name || one === title)
  const chosen = wanted.length === 0 ? all : all.filter(isWanted)
  const failed = [...unreadable, ...compilation.failed]
  if (chosen.length === 0 && failed.length === 0)
    throw new CliError(
      `there is no rule ${wanted.join(', ')} in ${[...paths, ...folders].join(', ')}`,
      EXIT.notFound,
    )
  if (call.flag('json')) await effects.writeData(`${JSON.stringify({ rules: chosen, failed })}\n`)
  else {
    await effects.writeOut(lines(chosen.flatMap(({ explanation }) => [...explanation, ''])))
    effects.writeError(
      lines(failed.map(({ file, line, column, reason }) => `${file}:${line}:${column}: ${reason}`)),
    )
  }
  return chosen.length === 0 ? EXIT.badInput : EXIT.ok
}

function explainAll({ rules, correlations }: SigmaCompilation): readonly Explanation[] {
  return [
    ...rules.map((compiled) => {
      const { id, name, title } = compiled.rule.meta
      return { id, name, title, fields: compiled.fields, explanation: explainRule(compiled) }
    }),
    ...correlations.map((compiled) => {
      const { id, name, title } = compiled.meta
      return { id, name, title, fields: compiled.groupBy, explanation: explainCorrelation(compiled) }
    }),
  ]
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    // An id or a name, then; what is neither is told when no rule has it.
    return false
  }
}
