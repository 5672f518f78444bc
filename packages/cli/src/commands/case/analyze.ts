import { compileWildcard } from '@timeskein/query'
import type { Analysis, ExactJson, Timeline } from '@timeskein/sdk'
import { readPairs, requireText } from '../../arguments.ts'
import { findTimeline } from '../../backend/timesketch/find-timeline.ts'
import { CliError } from '../../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { LISTING_OPTIONS } from '../../output/listing/formats.ts'
import { type ListingRow, printListing } from '../../output/listing/print-listing.ts'
import { lines, prose } from '../../output/prose.ts'
import { openSketch, type SketchAccess } from '../../timesketch/open-sketch.ts'
import { runAnalyses } from '../../timesketch/run-analyses.ts'
import { readAction, requireArgument, SKETCH_OPTION } from './actions.ts'

const ACTIONS = ['list', 'run', 'status', 'results', 'cancel'] as const

/** What Timesketch’s own command calls all timelines. */
const ALL_TIMELINES = 'all'

/** `skein analyze`: analyzers, over the timelines of a sketch. */
export const analyzeCommand: Command = {
  name: 'analyze',
  summary: 'Run analyzers over timelines; what they find becomes tags, fields and stories.',
  usage: [
    'list --sketch NAME|ID',
    'run ANALYZER... --sketch NAME|ID [--timeline NAME|ID|all] [--param NAME=VALUE]... [--again]',
    'status --sketch NAME|ID [--timeline NAME|ID|all]',
    'results [ANALYZER] --sketch NAME|ID [--timeline NAME|ID|all]',
    'cancel SESSION --sketch NAME|ID',
  ],
  options: {
    sketch: SKETCH_OPTION,
    timeline: { type: 'string', value: 'NAME|ID', help: 'only this timeline (default all)' },
    param: {
      type: 'string',
      short: 'p',
      value: 'NAME=VALUE',
      multiple: true,
      help: 'run: a parameter, for every analyzer named',
    },
    again: { type: 'boolean', help: 'run: also what has been run since the timeline changed last' },
    ...LISTING_OPTIONS,
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  required: ['sketch'],
  examples: [
    { line: "skein analyze run domain 'browser_*' -s case", says: 'names may have * and ?, as in a shell' },
    {
      line: 'skein analyze run similarity_scorer -p data_type=syslog:line -s case --timeline server',
      says: 'with a parameter',
    },
    {
      line: 'skein analyze results domain -s case',
      says: 'what it found; "skein undo" takes its marks back',
    },
  ],
  run: runAnalyze,
}

async function runAnalyze(call: CommandCall, effects: Effects): Promise<number> {
  const action = readAction(call, analyzeCommand, ACTIONS)
  const names = action === 'run' ? requireNames(call) : []
  const sessionId = action === 'cancel' ? readSessionId(call) : 0
  const parameters = readPairs(call, 'param', 'data_type=syslog:line')
  await using access = await openSketch(call, effects, requireText(call, 'sketch', 'analyze'))
  const { sketch, options } = access
  switch (action) {
    case 'list': {
      const all = await sketch.analyzers.list(options)
      const rows = all.map(({ name, displayName, description, isMulti }) => ({
        name,
        title: displayName,
        multi: isMulti,
        description,
      }))
      await printListing(rows, ['name', 'title', 'multi', 'description'], call, effects)
      return EXIT.ok
    }
    case 'run':
      return await runNamed(access, names, parameters, call, effects)
    case 'status': {
      const rows = (await listAnalyses(access, call, effects)).map(toRow)
      await printListing(rows, ['session', 'timeline', 'analyzer', 'of', 'status', 'updated'], call, effects)
      return EXIT.ok
    }
    case 'results': {
      const [, name] = call.positionals
      const all = await listAnalyses(access, call, effects)
      const rows = all.filter(({ analyzerName }) => name === undefined || analyzerName === name).map(toRow)
      await printListing(rows, ['timeline', 'analyzer', 'of', 'status', 'result', 'log'], call, effects)
      return EXIT.ok
    }
    case 'cancel': {
      const { analyses } = await sketch.analyzers.cancel(sessionId, options)
      await printListing(
        analyses.map(toRow),
        ['timeline', 'analyzer', 'of', 'status', 'result'],
        call,
        effects,
      )
      return EXIT.ok
    }
    default:
      return action satisfies never
  }
}

async function runNamed(
  access: SketchAccess,
  names: readonly string[],
  parameters: Readonly<Record<string, string>>,
  call: CommandCall,
  effects: Effects,
): Promise<number> {
  await requireKnown(access, names)
  const timelines = await chooseTimelines(access, call, effects)
  const hasParameters = Object.keys(parameters).length > 0
  const run = {
    names,
    timelineIds: timelines.map(({ id }) => id),
    force: call.flag('again'),
    ...(hasParameters ? { parameters: Object.fromEntries(names.map((name) => [name, parameters])) } : {}),
  }
  const ended = await runAnalyses(access, access.summary.id, run, ({ done, total }) => {
    if (!call.flag('quiet')) effects.writeError(prose`analyses: ${done} of ${total} have ended\n`)
  })
  if (ended.length === 0 && !call.flag('quiet'))
    effects.writeError(
      lines(['nothing was run: it has been since the timelines changed last (--again), or none is ready']),
    )
  await printListing(ended.map(toRow), ['timeline', 'analyzer', 'of', 'status', 'result'], call, effects)
  return ended.every(({ status }) => status !== 'ERROR') ? EXIT.ok : EXIT.failed
}

/** @throws {CliError} Naming what no analyzer is called; nothing has been run then. */
async function requireKnown({ sketch, options }: SketchAccess, names: readonly string[]): Promise<void> {
  const known = (await sketch.analyzers.list(options)).map(({ name }) => name)
  const unknown = names.filter((name) => !known.some(compileWildcard(name).matches))
  if (unknown.length === 0) return
  throw new CliError(
    `there is no analyzer ${unknown.map((name) => `"${name}"`).join(', ')}; there are: ${known.join(', ')}`,
    EXIT.notFound,
  )
}

async function listAnalyses(
  access: SketchAccess,
  call: CommandCall,
  effects: Effects,
): Promise<readonly Analysis[]> {
  const analyses: Analysis[] = []
  for (const { id } of await chooseTimelines(access, call, effects))
    analyses.push(...(await access.sketch.timelines.analyses(id, access.options)))
  return analyses
}

async function chooseTimelines(
  { sketch, options }: SketchAccess,
  call: CommandCall,
  effects: Effects,
): Promise<readonly Pick<Timeline, 'id'>[]> {
  const named = call.text('timeline')
  if (named !== undefined && named !== ALL_TIMELINES) return [await findTimeline(sketch, named, effects)]
  const all = await sketch.timelines.list(options)
  if (all.length === 0) throw new CliError('the sketch has no timeline to be analysed', EXIT.notFound)
  return all
}

function requireNames(call: CommandCall): readonly string[] {
  requireArgument(call, analyzeCommand, 1, 'the name of an analyzer')
  return call.positionals.slice(1)
}

function readSessionId(call: CommandCall): number {
  const text = requireArgument(call, analyzeCommand, 1, 'the number of a session')
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new CliError(`a session has a number, found "${text}". See: skein analyze status`, EXIT.usage)
}

function toRow(analysis: Analysis): ListingRow {
  const details = asObject(analysis.resultDetails)
  return {
    id: analysis.id,
    session: analysis.sessionId,
    timeline: analysis.timelineName,
    analyzer: analysis.analyzerName,
    of: partOf(analysis.parameters),
    status: analysis.status,
    updated: analysis.updatedAt,
    result: details?.['result_summary'] ?? analysis.result,
    log: analysis.log,
    details,
  }
}

/** Which of several sets of parameters it ran with, by the name that sets have. */
function partOf(parameters: ExactJson | undefined): ExactJson | undefined {
  const own = asObject(parameters)
  return own?.['feature_name'] ?? own?.['tag'] ?? own?.['data_type']
}

function asObject(value: ExactJson | undefined): Readonly<Record<string, ExactJson>> | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
  // What is left of JSON's kinds is an object.
  return value as Readonly<Record<string, ExactJson>>
}
