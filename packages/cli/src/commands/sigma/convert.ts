import { printQuery, toDsl } from '@timeskein/query'
import {
  type CompiledRule,
  compileSigma,
  isSigmaError,
  printQueryString,
  printSql,
  type SigmaProblem,
} from '@timeskein/query/sigma'
import { readChoice } from '../../arguments.ts'
import type { CommandCall } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { lines } from '../../output/prose.ts'
import { readPipelines } from './read-pipelines.ts'
import { readRuleFiles } from './read-rule-files.ts'
import { TARGETS, type Target } from './targets.ts'

/** `skein sigma convert`: each rule as a question in another language, one a line; what cannot be is said on standard error. */
export async function convertRules(
  paths: readonly string[],
  call: CommandCall,
  effects: Effects,
): Promise<number> {
  const target = readChoice(call, 'to', TARGETS) ?? 'query_string'
  const pipelines = await readPipelines(call)
  const { sources, unreadable } = await readRuleFiles(paths, effects.signal)
  const compilation = compileSigma(sources, { pipelines })
  const failed = [...unreadable, ...compilation.failed]
  const converted: { id: string | undefined; title: string; file: string; query: unknown }[] = []
  for (const compiled of compilation.rules) {
    const { meta, place } = compiled.rule
    try {
      const query = writeRule(compiled, target)
      converted.push({ id: meta.id, title: meta.title, file: place.file, query })
    } catch (error) {
      if (!isSigmaError(error)) throw error
      const { code, message: reason } = error
      failed.push({ code, ...(error.place ?? place), rule: meta.title, reason })
    }
  }
  if (call.flag('json')) await effects.writeData(`${JSON.stringify({ converted, failed })}\n`)
  else {
    for (const { query } of converted) {
      const text = typeof query === 'string' ? query : JSON.stringify(query)
      await effects.writeData(`${text.replaceAll('\n', '\\n')}\n`)
    }
    effects.writeError(lines(failed.map(describeFailure)))
  }
  return converted.length === 0 && failed.length > 0 ? EXIT.badInput : EXIT.ok
}

function writeRule({ expression, query }: CompiledRule, target: Target): unknown {
  switch (target) {
    case 'query_string':
      return expression ? printQueryString(expression) : '(NOT *:*)'
    case 'dsl':
      return toDsl(query)
    case 'sql':
      return expression ? printSql(expression) : 'SELECT * FROM events WHERE FALSE'
    case 'tree':
      return printQuery(query)
  }
}

function describeFailure({ file, line, column, reason }: SigmaProblem): string {
  return `${file}:${line}:${column}: ${reason}`
}
