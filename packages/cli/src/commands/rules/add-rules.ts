import type { ApiRuleProblem } from '@timeskein/model'
import { toApiRuleProblem } from '@timeskein/server'
import { openBackend } from '../../backend/open-backend.ts'
import { CliError } from '../../cli-error.ts'
import type { CommandCall } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { countWords } from '../../output/count-words.ts'
import { printResult } from '../../output/print-result.ts'
import { lines, type Prose, prose } from '../../output/prose.ts'
import { readRuleFiles } from '../sigma/read-rule-files.ts'

/** Problems that are printed; `--json` has them all. */
const MAX_TOLD = 50

/** `skein rules add`, of rules and pipelines: what is wrong with one rule is told and spoils no other. */
export async function addRules(
  paths: readonly string[],
  call: CommandCall,
  effects: Effects,
): Promise<number> {
  const { sources, unreadable } = await readRuleFiles(paths, effects.signal)
  if (sources.length === 0 && unreadable.length === 0)
    throw new CliError(
      `files of rules (.yml, .yaml) were expected in ${paths.join(', ')}, found none`,
      EXIT.badInput,
    )
  await using backend = await openBackend(call, effects)
  const additions = await backend.rules.add(sources, effects.signal)
  const failed = [...unreadable.map(toApiRuleProblem), ...additions.failed]
  const report = {
    ...additions,
    files: additions.files + unreadable.length,
    rules: additions.rules + unreadable.length,
    failed,
  }
  const { added, updated, restored, unchanged, disabled, unsupported, pipelines } = report
  const counts = [
    `${added} added`,
    `${updated} updated`,
    ...(restored > 0 ? [`${restored} brought back that had been removed`] : []),
    `${unchanged} unchanged`,
    `${failed.length} not taken`,
  ]
  const notes = [
    ...(unsupported.length > 0 ? [`${unsupported.length} cannot be run`] : []),
    ...(disabled > 0 ? [`${disabled} stay disabled (skein rules enable ID...)`] : []),
  ]
  const found = [
    countWords(report.files, 'file'),
    ...(pipelines < report.rules || pipelines === 0 ? [countWords(report.rules - pipelines, 'rule')] : []),
    ...(pipelines > 0 ? [countWords(pipelines, 'pipeline')] : []),
  ]
  const sum = prose`${found.join(', ')}: ${[counts.join(', '), ...notes].join('; ')}`
  const told = [...tell('NOT TAKEN ', failed), ...tell('CANNOT RUN', unsupported), sum]
  await printResult(report, lines(told), call, effects)
  return failed.length > 0 && added + updated + restored + unchanged === 0 ? EXIT.badInput : EXIT.ok
}

function tell(kind: string, problems: readonly ApiRuleProblem[]): readonly Prose[] {
  const told = problems.slice(0, MAX_TOLD).map(({ file, line, column, rule, reason }) => {
    const name = rule === undefined ? '' : `${JSON.stringify(rule)}: `
    return prose`${kind}  ${file}:${line}:${column}  ${name}${reason}`
  })
  const more = problems.length - told.length
  return more > 0 ? [...told, prose`${kind}  and ${more} more (--json lists them all)`] : told
}
