import type { ApiPolicy, ApiPolicyChange } from '@timeskein/model'
import { openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { countWords } from '../output/count-words.ts'
import { printResult } from '../output/print-result.ts'
import { lines, type Prose, prose } from '../output/prose.ts'
import { formatTable } from '../output/table.ts'
import { readAction, requireArgument } from './case/actions.ts'
import { findPolicy } from './policy/find-policy.ts'

const ACTIONS = ['list', 'show', 'create', 'change', 'delete'] as const

/** `skein policy`: named sets of the library's rules. */
export const policyCommand: Command = {
  name: 'policy',
  summary: 'Policies: named sets of rules that a run of detection can be told to use.',
  usage: [
    'list',
    'show NAME|ID',
    'create NAME [--rule ID]... [--description TEXT]',
    'change NAME|ID [--name TEXT] [--description TEXT] [--add ID]... [--drop ID]...',
    'delete NAME|ID',
  ],
  options: {
    rule: { type: 'string', value: 'ID', multiple: true, help: 'create: a rule of the library' },
    add: { type: 'string', value: 'ID', multiple: true, help: 'change: one rule more' },
    drop: { type: 'string', value: 'ID', multiple: true, help: 'change: a rule that is to be out of it' },
    name: { type: 'string', value: 'TEXT', help: 'change: what it is called' },
    description: { type: 'string', value: 'TEXT', help: 'what it is for' },
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  examples: [
    {
      line: 'skein policy create loud --rule 5f4a6b42-9c2e-4d6f-8a52-3d9f1c7be001',
      says: 'a set of one rule',
    },
    { line: 'skein detect --sketch case --policy loud', says: 'a run with its rules only' },
  ],
  run: runPolicy,
}

async function runPolicy(call: CommandCall, effects: Effects): Promise<number> {
  const action = readAction(call, policyCommand, ACTIONS)
  if (action === 'list') return await listPolicies(call, effects)
  const name = requireArgument(call, policyCommand, 1, action === 'create' ? 'a name' : 'a name or id')
  if (call.positionals.length > 2)
    throw new CliError(
      `skein policy ${action} takes one name, found "${call.positionals[2]}" behind it`,
      EXIT.usage,
    )
  const description = call.text('description')
  const said = description === undefined ? {} : { description }
  await using backend = await openBackend(call, effects)
  if (action === 'create') {
    const made = await backend.policies.create({ name, ...said, rules: [...call.texts('rule')] })
    return await printPolicy(made, call, effects)
  }
  const policy = await findPolicy(backend, name)
  if (action === 'show') return await printPolicy(policy, call, effects)
  if (action === 'delete') {
    await backend.policies.delete(policy.id)
    await printResult({ deleted: policy.id }, lines([prose`deleted: ${policy.name}`]), call, effects)
    return EXIT.ok
  }
  const change = { ...said, ...readChange(policy, call) }
  if (Object.keys(change).length === 0)
    throw new CliError('skein policy change needs --name, --description, --add or --drop', EXIT.usage)
  return await printPolicy(await backend.policies.update(policy.id, change), call, effects)
}

function readChange(policy: ApiPolicy, call: CommandCall): ApiPolicyChange {
  const name = call.text('name')
  const lower = (option: string): readonly string[] => call.texts(option).map((id) => id.toLowerCase())
  const [added, dropped] = [lower('add'), lower('drop')]
  const strange = dropped.find((id) => !policy.rules.includes(id))
  if (strange !== undefined)
    throw new CliError(
      `--drop: a rule of the policy ${policy.name} expected, found "${strange}"`,
      EXIT.notFound,
    )
  return {
    ...(name === undefined ? {} : { name }),
    ...(added.length + dropped.length === 0
      ? {}
      : { rules: [...new Set([...policy.rules, ...added])].filter((id) => !dropped.includes(id)) }),
  }
}

async function listPolicies(call: CommandCall, effects: Effects): Promise<number> {
  await using backend = await openBackend(call, effects)
  const policies = await backend.policies.list()
  const rows = policies.map(({ id, name, rules, description }) => [
    id,
    String(rules.length),
    name,
    description,
  ])
  const table = formatTable(['id', 'rules', 'name', 'description'], rows, {
    width: effects.columns,
    color: false,
    whole: ['id'],
  })
  await printResult(policies, table, call, effects)
  return EXIT.ok
}

async function printPolicy(policy: ApiPolicy, call: CommandCall, effects: Effects): Promise<number> {
  const { id, name, description, owner, rules } = policy
  const told: Prose[] = [
    prose`${name}  ${id}  ${countWords(rules.length, 'rule')}${owner === undefined ? '' : prose`, made by ${owner}`}`,
    ...(description === '' ? [] : [prose`${description}`]),
    ...rules.map((rule) => prose`  ${rule}`),
  ]
  await printResult(policy, lines(told), call, effects)
  return EXIT.ok
}
