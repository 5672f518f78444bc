import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  compileSigma,
  isSigmaError,
  OWN_PIPELINES,
  type Pipeline,
  parsePipeline,
  printQueryString,
} from '@timeskein/query/sigma'
import { convertByPySigma, preparePython } from './pysigma.ts'
import type { Tally } from './tally.ts'

/** Of so many rules one is converted by both. */
const RULES_A_QUESTION = 7
/** Rules that are written otherwise with the same meaning. */
const OTHERWISE: ReadonlyMap<string, string> = new Map([
  [
    'proc_creation_win_cmd_launched_with_hidden_start_flag.yml',
    'values without dashes stand in one pair of brackets',
  ],
])

/**
 * pySigma from the package registry as an independent judge: query strings of both are the same, without a pipeline and with
 * one of ours, which it reads as well.
 *
 * @param folder - Where the SigmaHQ rules are unpacked.
 */
export function judgePySigma(folder: string, tally: Tally): void {
  const python = preparePython(tally)
  if (python === undefined) return
  const files = globSync('rules*/**/*.yml', { cwd: folder }).sort()
  const some = files.filter((_, at) => at % RULES_A_QUESTION === 0).map((file) => join(folder, file))
  compare(python, some, undefined, folder, tally)
  compare(python, some, 'sysmon', folder, tally)
}

function compare(
  python: string,
  files: readonly string[],
  pipelineName: string | undefined,
  folder: string,
  tally: Tally,
): void {
  const text = pipelineName === undefined ? undefined : OWN_PIPELINES.get(pipelineName)!
  const pipelineFile = join(folder, 'pipeline.yaml')
  if (text !== undefined) writeFileSync(pipelineFile, text)
  const judged = convertByPySigma(python, files, text === undefined ? undefined : pipelineFile)
  if (typeof judged === 'string') {
    tally.expect(false, `pySigma converts rules: ${judged}`)
    return
  }
  const pipelines = text === undefined ? [] : [parsePipeline({ file: pipelineName!, text })]
  let compared = 0
  for (const [file, theirs] of Object.entries(judged)) {
    // What pySigma's backend cannot say: placeholders without values, field references.
    if (typeof theirs === 'string') continue
    compared++
    const ours = convert(file, pipelines)
    const isSame = JSON.stringify(ours) === JSON.stringify(theirs.map(withoutBrackets))
    const isKnown = [...OTHERWISE.keys()].some((name) => file.endsWith(name))
    tally.expect(
      isSame || isKnown,
      `${file} with ${pipelineName ?? 'no pipeline'}\n  pySigma ${theirs}\n  ours    ${ours}`,
    )
  }
  tally.say(`pySigma: ${compared} of ${files.length} rules compared with ${pipelineName ?? 'no pipeline'}`)
}

function convert(file: string, pipelines: readonly Pipeline[]): readonly string[] {
  const { rules, failed } = compileSigma([{ file, text: readFileSync(file, 'utf8') }], { pipelines })
  try {
    return [
      ...rules.map(({ expression }) => (expression ? withoutBrackets(printQueryString(expression)) : '')),
      ...failed.map(({ reason }) => reason),
    ]
  } catch (error) {
    if (!isSigmaError(error)) throw error
    return [error.message]
  }
}

/** One value of a field needs no brackets; pySigma writes some. */
function withoutBrackets(query: string): string {
  return query.replaceAll(/:\(((?:\\.|[^()\\])*)\)/g, (all, values: string) =>
    values.includes(' OR ') ? all : `:${values}`,
  )
}
