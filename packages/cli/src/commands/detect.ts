import type { ApiDetectionReport, ApiRuleProblem } from '@timeskein/model'
import { toApiRuleProblem } from '@timeskein/server'
import { readChoice, requireText } from '../arguments.ts'
import type { RuleFile } from '../backend/detection-calls.ts'
import { openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { openTextFile } from '../output/output-file.ts'
import { printResult } from '../output/print-result.ts'
import { lines, prose } from '../output/prose.ts'
import { tellWhenSlow } from '../progress/tell-when-slow.ts'
import { boundYoungGeneration } from '../server/bound-young-generation.ts'
import { describeReport } from './detect/describe-report.ts'
import { findPolicy } from './policy/find-policy.ts'
import { readRuleFiles } from './sigma/read-rule-files.ts'

/** `skein detect`: rules over the events of a sketch, with an account of every rule. */
export const detectCommand: Command = {
  name: 'detect',
  summary: 'Run Sigma rules over a sketch: tags, alerts, incidents, and an account of every rule.',
  usage: [
    '--sketch NAME|ID [--timeline NAME|ID] [--rules PATH...|--policy NAME|ID] [--pipeline FILE,…] [--layer FILE] [--dry-run]',
    '--sketch NAME|ID --live on|off|show',
  ],
  options: {
    sketch: { type: 'string', short: 's', value: 'NAME|ID', help: 'the sketch' },
    timeline: { type: 'string', value: 'NAME|ID', help: 'only this timeline' },
    rules: {
      type: 'string',
      value: 'PATH',
      multiple: true,
      help: 'rules to run instead of those of the library: a file, folder or zip; more may follow it',
    },
    policy: {
      type: 'string',
      value: 'NAME|ID',
      help: 'only the rules of this policy, of those of the library',
    },
    pipeline: {
      type: 'string',
      short: 'p',
      value: 'FILE,…',
      multiple: true,
      help: 'processing pipelines in the format of pySigma for this run, beside those of the library',
    },
    live: {
      type: 'string',
      value: 'on|off|show',
      help: 'runs nothing: whether events that come are looked at',
    },
    layer: { type: 'string', value: 'FILE', help: "write a layer of MITRE's ATT&CK Navigator" },
    'dry-run': { type: 'boolean', help: 'only report: no tags, no alerts' },
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  required: ['sketch'],
  examples: [
    {
      line: 'skein detect --sketch case',
      says: 'the enabled rules of the library; a second run doubles nothing',
    },
    { line: 'skein detect -s case --rules sigma/rules --dry-run', says: 'what a set would find' },
    {
      line: 'skein detect -s case --pipeline site.yml --dry-run',
      says: 'with field names and values of placeholders of your own',
    },
    { line: 'skein detect -s case --live off', says: 'imports of this sketch are followed by no look' },
    {
      line: 'skein detect -s case --layer case.json',
      says: 'which techniques were found, for the ATT&CK Navigator',
    },
  ],
  run: runDetect,
}

async function runDetect(call: CommandCall, effects: Effects): Promise<number> {
  using _bound = boundYoungGeneration()
  const live = readChoice(call, 'live', ['on', 'off', 'show'])
  if (live !== undefined) return await switchLive(live, call, effects)
  const policy = call.text('policy')
  if (policy !== undefined && call.texts('rules').length > 0)
    throw new CliError(
      '--policy is about rules of the library, --rules about others; give one of them',
      EXIT.usage,
    )
  const rules = await readRules(call, effects)
  const pipelines = await readPipelines(call)
  const name = requireText(call, 'sketch', 'detect')
  const timeline = call.text('timeline')
  await using backend = await openBackend(call, effects)
  const sketch = await backend.findSketch(name)
  const layerPath = call.text('layer')
  await using layer = layerPath === undefined ? undefined : await openTextFile(layerPath)
  const run = backend.detect({
    sketchId: sketch.id,
    isDryRun: call.flag('dry-run'),
    signal: effects.signal,
    ...(timeline === undefined ? {} : { timeline }),
    ...(rules === undefined ? {} : { rules: rules.files }),
    ...(pipelines === undefined ? {} : { pipelines }),
    ...(policy === undefined ? {} : { policy: (await findPolicy(backend, policy)).id }),
  })
  const found = await tellWhenSlow(
    run,
    'rules look at the events (Ctrl-C stops that; nothing of it is stored)',
    call,
    effects,
  )
  const report = {
    ...found,
    rules: found.rules + (rules?.unreadable.length ?? 0),
    unsupported: [...(rules?.unreadable ?? []), ...found.unsupported],
  }
  if (layer) {
    const { toNavigatorLayer } = await import('@timeskein/server')
    await layer.write(`${JSON.stringify(toNavigatorLayer(report, { name: sketch.name }), null, 2)}\n`)
  }
  await printResult(report, describeReport(report, effects.columns), call, effects)
  if (rules && !hasRun(report))
    throw new CliError(
      `none of the rules given with --rules can be run (${report.rules} found); the account says why`,
      EXIT.badInput,
    )
  return EXIT.ok
}

/** The compiler is loaded where it is needed: a run of a server starts sooner without it. */
async function readPipelines(call: CommandCall): Promise<readonly RuleFile[] | undefined> {
  if (call.texts('pipeline').length === 0) return undefined
  return await (await import('./sigma/read-pipelines.ts')).readPipelineFiles(call)
}

/** Whether some rule was held against the events. */
function hasRun({ matched, unmatched }: ApiDetectionReport): boolean {
  return matched.length > 0 || Object.values(unmatched).some((count) => count > 0)
}

/** Turns looking at events as they come on or off, and says how it is. */
async function switchLive(wish: 'on' | 'off' | 'show', call: CommandCall, effects: Effects): Promise<number> {
  const name = requireText(call, 'sketch', 'detect')
  const others = ['timeline', 'policy', 'layer'].filter((option) => call.text(option) !== undefined)
  others.push(...['rules', 'pipeline'].filter((option) => call.texts(option).length > 0))
  if (call.flag('dry-run')) others.push('dry-run')
  if (others.length > 0)
    throw new CliError(`--live runs nothing; found --${others.join(', --')} beside it`, EXIT.usage)
  await using backend = await openBackend(call, effects)
  const { id, name: sketch } = await backend.findSketch(name)
  if (wish !== 'show') await backend.setLive(id, wish === 'on')
  const live = await backend.isLive(id)
  const said = live ? 'events that come are looked at' : 'events that come are not looked at'
  await printResult({ sketchId: id, live }, lines([prose`${sketch}: ${said}`]), call, effects)
  return EXIT.ok
}

/** Rules of files, and those that cannot be read; undefined where the library is meant. */
async function readRules(
  call: CommandCall,
  effects: Effects,
): Promise<
  | {
      readonly files: readonly RuleFile[]
      readonly unreadable: readonly ApiRuleProblem[]
    }
  | undefined
> {
  // A list of paths as a shell makes it of a pattern: all that stands behind the first one.
  const paths = [...call.texts('rules'), ...call.positionals]
  if (call.texts('rules').length === 0) {
    if (paths.length === 0) return undefined
    throw new CliError(`skein detect takes no argument but after --rules; found "${paths[0]}"`, EXIT.usage)
  }
  const { sources, unreadable } = await readRuleFiles(paths, effects.signal)
  if (sources.length === 0 && unreadable.length === 0)
    throw new CliError(
      `files of rules (.yml, .yaml) were expected in ${paths.join(', ')}, found none`,
      EXIT.badInput,
    )
  return { files: sources, unreadable: unreadable.map(toApiRuleProblem) }
}
