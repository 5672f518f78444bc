import { readChoice, readWholeNumber } from '../arguments.ts'
import type { Backend } from '../backend/backend.ts'
import { openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { printResult } from '../output/print-result.ts'
import { concat, lines, prose } from '../output/prose.ts'
import { formatTable } from '../output/table.ts'
import { readAction, requireArgument } from './case/actions.ts'
import { changeEach } from './change-each.ts'
import { addRules } from './rules/add-rules.ts'

const ACTIONS = ['add', 'list', 'show', 'enable', 'disable', 'remove'] as const
const KINDS = ['rule', 'correlation', 'filter', 'pipeline'] as const
const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const

/** `skein rules`: the library of Sigma rules that detection runs, and of the pipelines it runs them with. */
export const rulesCommand: Command = {
  name: 'rules',
  summary: 'The library of Sigma rules that detection runs.',
  usage: [
    'add PATH...',
    'list [--kind KIND] [--level LEVEL] [--text TEXT] [--enabled|--disabled] [--limit N]',
    'show ID',
    'enable|disable ID...',
    'remove ID...',
  ],
  options: {
    kind: { type: 'string', value: 'KIND', help: `list: ${KINDS.join(', ')}` },
    level: { type: 'string', value: 'LEVEL', help: `list: ${LEVELS.join(', ')}` },
    text: { type: 'string', value: 'TEXT', help: 'list: part of title, id, file or a tag' },
    enabled: { type: 'boolean', help: 'list: only those that are run' },
    disabled: { type: 'boolean', help: 'list: only those that are not' },
    limit: { type: 'string', short: 'n', value: 'N', help: 'list: rules to print (default all)' },
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  examples: [
    { line: 'skein rules add sigma/rules', says: 'a folder, zip or file; SigmaHQ as it is unpacked' },
    {
      line: 'skein rules add pipelines/site.yml',
      says: 'a processing pipeline: own fields, values of placeholders',
    },
    { line: 'skein rules list --level critical', says: 'what is there' },
    {
      line: 'skein rules disable 5f4a6b42-9c2e-4d6f-8a52-3d9f1c7be001',
      says: 'one that is too loud',
    },
  ],
  run: runRules,
}

async function runRules(call: CommandCall, effects: Effects): Promise<number> {
  const action = readAction(call, rulesCommand, ACTIONS)
  if (action === 'list') {
    await using backend = await openBackend(call, effects)
    return await listRules(backend, call, effects)
  }
  const what = action === 'add' ? 'a file, folder or zip of rules, or a pipeline' : "a rule's id"
  requireArgument(call, rulesCommand, 1, what)
  const names = call.positionals.slice(1)
  if (action === 'add') return await addRules(names, call, effects)
  await using backend = await openBackend(call, effects)
  if (action === 'show') return await showRule(backend, names, call, effects)
  if (action === 'remove') {
    await changeEach(names, backend.rules.get, backend.rules.remove)
    await printResult({ removed: names }, lines(names.map((id) => prose`removed: ${id}`)), call, effects)
    return EXIT.ok
  }
  const changed = await changeEach(names, backend.rules.get, (id) =>
    backend.rules.setEnabled(id, action === 'enable'),
  )
  const said = changed.map(
    ({ id, title, isEnabled }) => prose`${isEnabled ? 'enabled' : 'disabled'}: ${title} (${id})`,
  )
  await printResult(changed.length === 1 ? changed[0] : changed, lines(said), call, effects)
  return EXIT.ok
}

async function listRules(backend: Backend, call: CommandCall, effects: Effects): Promise<number> {
  const kind = readChoice(call, 'kind', KINDS)
  const level = readChoice(call, 'level', LEVELS)
  const text = call.text('text')
  const [enabled, disabled] = [call.flag('enabled'), call.flag('disabled')]
  if (enabled && disabled)
    throw new CliError('--enabled and --disabled leave no rule; give one of them', EXIT.usage)
  const limit = readWholeNumber(call, 'limit', 1)
  const rules = await backend.rules.list({
    ...(kind === undefined ? {} : { kind }),
    ...(level === undefined ? {} : { level }),
    ...(text === undefined ? {} : { text }),
    ...(enabled || disabled ? { enabled } : {}),
  })
  const shown = limit === undefined ? rules : rules.slice(0, limit)
  const rows = shown.map((rule) => [
    rule.id,
    rule.isEnabled ? (rule.problem ? 'cannot run' : 'enabled') : 'disabled',
    rule.kind,
    rule.level ?? '',
    String(rule.version),
    rule.title,
  ])
  const table = formatTable(['id', 'state', 'kind', 'level', 'version', 'title'], rows, {
    width: effects.columns,
    color: false,
    whole: ['id'],
  })
  const cut = shown.length < rules.length ? prose`${shown.length} of ${rules.length} rules\n` : prose``
  await printResult(shown, concat(table, cut), call, effects)
  return EXIT.ok
}

async function showRule(
  backend: Backend,
  names: readonly string[],
  call: CommandCall,
  effects: Effects,
): Promise<number> {
  if (names.length > 1) throw new CliError(`skein rules show takes one id, found ${names.length}`, EXIT.usage)
  const rule = await backend.rules.get(names[0]!)
  const { problem, owner, versions } = rule
  const head = [
    prose`${rule.id}  version ${rule.version}, ${rule.isEnabled ? 'enabled' : 'disabled'}, ${owner === undefined ? 'from the starter set' : prose`added by ${owner}`}`,
    prose`file: ${rule.file}`,
    ...(problem ? [prose`cannot be run: line ${problem.line}: ${problem.reason}`] : []),
    ...(versions.length > 1
      ? [prose`versions: ${versions.map(({ version, at }) => `${version} (${at.slice(0, 10)})`).join(', ')}`]
      : []),
    prose``,
  ]
  await printResult(rule, concat(lines(head), lines(rule.text.trimEnd().split('\n'))), call, effects)
  return EXIT.ok
}
