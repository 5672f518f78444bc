import type { ApiSuppression } from '@timeskein/model'
import { requireText } from '../arguments.ts'
import { openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { printResult } from '../output/print-result.ts'
import { lines, prose } from '../output/prose.ts'
import { formatTable } from '../output/table.ts'
import { readAction, requireArgument } from './case/actions.ts'

const ACTIONS = ['list', 'add', 'remove'] as const
/** A day, or a moment with its zone. */
const MOMENT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}))?$/

/** `skein suppression`: what keeps hits from becoming alerts. */
export const suppressionCommand: Command = {
  name: 'suppression',
  summary: 'Suppressions: keep hits of a rule, or on a host, from becoming alerts.',
  usage: [
    'list [--sketch NAME|ID]',
    'add [--sketch NAME|ID] [--rule ID] [--host NAME] [--until TIME] --reason TEXT',
    'remove ID',
  ],
  options: {
    sketch: {
      type: 'string',
      short: 's',
      value: 'NAME|ID',
      help: 'of this sketch; add: without one it holds in all (administrators)',
    },
    rule: { type: 'string', value: 'ID', help: 'add: of this rule' },
    host: { type: 'string', value: 'NAME', help: 'add: on this host' },
    until: {
      type: 'string',
      value: 'TIME',
      help: 'add: 2026-12-31, or a moment with its zone (default for ever)',
    },
    reason: { type: 'string', value: 'TEXT', help: 'add: why' },
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  examples: [
    {
      line: "skein suppression add -s case --host scanner-1 --reason 'our scanner'",
      says: 'its events are tagged all the same',
    },
    { line: 'skein suppression list', says: 'what holds, with the ids that remove takes' },
  ],
  run: runSuppression,
}

async function runSuppression(call: CommandCall, effects: Effects): Promise<number> {
  const action = readAction(call, suppressionCommand, ACTIONS)
  if (action === 'add') return await addSuppression(call, effects)
  if (action === 'remove') {
    const id = requireArgument(call, suppressionCommand, 1, "a suppression's id")
    if (call.positionals.length > 2)
      throw new CliError(
        `skein suppression remove takes one id, found ${call.positionals.length - 1}`,
        EXIT.usage,
      )
    await using backend = await openBackend(call, effects)
    await backend.suppressions.remove(id)
    await printResult({ removed: id }, lines([prose`removed: ${id}`]), call, effects)
    return EXIT.ok
  }
  await using backend = await openBackend(call, effects)
  const sketch = call.text('sketch')
  const found = await backend.suppressions.list(
    sketch === undefined ? undefined : (await backend.findSketch(sketch)).id,
  )
  await printResult(found, tabulate(found, effects.columns), call, effects)
  return EXIT.ok
}

async function addSuppression(call: CommandCall, effects: Effects): Promise<number> {
  const reason = requireText(call, 'reason', 'suppression add')
  const [rule, host, sketch] = [call.text('rule'), call.text('host'), call.text('sketch')]
  const until = readMoment(call.text('until'))
  await using backend = await openBackend(call, effects)
  const made = await backend.suppressions.add({
    reason,
    ...(sketch === undefined ? {} : { sketchId: (await backend.findSketch(sketch)).id }),
    ...(rule === undefined ? {} : { rule }),
    ...(host === undefined ? {} : { host }),
    ...(until === undefined ? {} : { until }),
  })
  await printResult(made, tabulate([made], effects.columns), call, effects)
  return EXIT.ok
}

function readMoment(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const ms = MOMENT.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms))
    throw new CliError(
      `--until: a day as 2026-12-31 or a moment as 2026-12-31T18:00:00Z expected, found "${text}"`,
      EXIT.usage,
    )
  return new Date(ms).toISOString()
}

function tabulate(suppressions: readonly ApiSuppression[], width: number): ReturnType<typeof formatTable> {
  const rows = suppressions.map(({ id, sketchId, rule, host, until, reason }) => [
    id,
    sketchId === undefined ? 'all' : String(sketchId),
    rule ?? '',
    host ?? '',
    until?.slice(0, 16).replace('T', ' ') ?? '',
    reason,
  ])
  return formatTable(['id', 'sketch', 'rule', 'host', 'until (UTC)', 'reason'], rows, {
    width,
    color: false,
    whole: ['id'],
  })
}
