import { type ApiAddedConnector, type ApiConnectorSecret, CONNECTOR_PLATFORMS } from '@timeskein/model'
import { requireText } from '../arguments.ts'
import type { Backend } from '../backend/backend.ts'
import { openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { readPassword } from '../input/read-password.ts'
import { prose } from '../output/prose.ts'
import { formatTable } from '../output/table.ts'
import { drawStatus } from './connect/status-row.ts'
import { toMinute } from './connect/to-minute.ts'
import { findOrCreateSketch } from './sketch/find-or-create.ts'

/** `skein connect`: what is pulled from where; secrets are read from standard input and never printed. */
export const connectCommand: Command = {
  name: 'connect',
  summary: 'Say which platforms are pulled from, and see how that fares.',
  usage: [
    'add elements|threatstack|sekoia --name NAME --sketch S [--url URL] [--client-id X|--user-id X] --secret-stdin',
    'list',
    'status [NAME...]',
    'test NAME',
    'set-secret NAME [--client-id X|--user-id X] --secret-stdin',
    'rejects NAME',
    'remove NAME',
  ],
  options: {
    name: { type: 'string', value: 'NAME', help: 'name of the connector, and of its timeline' },
    url: { type: 'string', value: 'URL', help: 'address of the platform (default: the vendor’s own)' },
    sketch: {
      type: 'string',
      short: 's',
      value: 'NAME|ID',
      help: 'the sketch that it fills; a name that does not exist is made',
    },
    'client-id': { type: 'string', value: 'ID', help: 'client id (Elements)' },
    'user-id': {
      type: 'string',
      value: 'ID',
      help: 'user id (version 2 of Threat Stack; without it version 1)',
    },
    'org-id': { type: 'string', value: 'ID', help: 'organization, where the account has several' },
    'secret-stdin': {
      type: 'boolean',
      help: 'read client secret or API key, or what skein key create --json prints, from standard input; kept encrypted',
    },
    'allow-private': {
      type: 'boolean',
      help: 'the address may be one of a private network (administrators)',
    },
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  examples: [
    {
      line: 'echo "$SECRET" | skein connect add elements --name edr --sketch case --client-id fusion_0 --secret-stdin',
      says: 'tests the credentials and keeps them',
    },
    {
      line: 'skein connect status',
      says: 'what is pulled now, what fails, since when, and when it is tried next',
    },
    {
      line: 'echo "$SECRET" | skein connect set-secret edr --secret-stdin',
      says: 'when the platform’s credentials were changed',
    },
    { line: 'skein connect rejects edr', says: 'items that could not be stored, and why' },
  ],
  run: runConnect,
}

async function runConnect(call: CommandCall, effects: Effects): Promise<number> {
  const [action, ...words] = call.positionals
  if (action === 'add') return await add(call, effects, words)
  await using backend = await openBackend(call, effects)
  if (action === 'list' || action === 'status') return await tell(call, effects, backend, words)
  const [name, ...more] = words
  if (action !== 'test' && action !== 'remove' && action !== 'set-secret' && action !== 'rejects')
    throw new CliError(
      `add, list, status, test, set-secret, rejects or remove is expected, found "${action ?? ''}"`,
      EXIT.usage,
    )
  if (name === undefined || more.length > 0)
    throw new CliError(`skein connect ${action} needs the name of one connector`, EXIT.usage)
  if (action === 'rejects') return await tellRejects(call, effects, backend, name)
  if (action === 'remove') {
    await backend.connectors.remove(name)
    if (!call.flag('quiet')) effects.writeError(prose`${name} is forgotten; what it brought stays\n`)
    return EXIT.ok
  }
  const verdict =
    action === 'test'
      ? await backend.connectors.test(name)
      : await backend.connectors.setSecret(name, await readNewSecret(call, effects))
  if (call.flag('json')) await effects.writeData(`${JSON.stringify({ name, ok: true, verdict })}\n`)
  else await effects.writeOut(prose`${verdict}\n`)
  return EXIT.ok
}

async function add(call: CommandCall, effects: Effects, words: readonly string[]): Promise<number> {
  const platform = CONNECTOR_PLATFORMS.find((one) => one === words[0])
  if (!platform || words.length > 1)
    throw new CliError(
      `${CONNECTOR_PLATFORMS.join(', ')} is expected, found "${words.join(' ')}"`,
      EXIT.usage,
    )
  const name = requireText(call, 'name', 'connect add')
  const sketchName = requireText(call, 'sketch', 'connect add')
  const given = await readSecret(call, effects)
  const { clientId } = given
  const organisationId = call.text('org-id') ?? given.organisationId
  const url = call.text('url')
  await using backend = await openBackend(call, effects)
  const { sketch, isNew } = await findOrCreateSketch(backend, sketchName)
  let made: ApiAddedConnector
  try {
    made = await backend.connectors.add({
      name,
      platform,
      sketchId: sketch.id,
      secret: given.secret,
      allowPrivate: call.flag('allow-private'),
      ...(url === undefined ? {} : { url }),
      ...(clientId === undefined ? {} : { clientId }),
      ...(organisationId === undefined ? {} : { organisationId }),
    })
  } catch (error) {
    // A connector that was refused leaves no sketch of its own behind.
    if (isNew) await backend.forTidying().deleteSketch(sketch.id)
    throw error
  }
  if (call.flag('json')) await effects.writeData(`${JSON.stringify(made)}\n`)
  else await effects.writeOut(prose`${made.verdict}\n`)
  return EXIT.ok
}

/** Secret and client id as they were given, together or apart. */
async function readSecret(call: CommandCall, effects: Effects): Promise<Credentials> {
  if (!call.flag('secret-stdin'))
    throw new CliError('the secret is read from standard input: give --secret-stdin', EXIT.usage)
  const given = readCredentials(await readPassword(effects, { what: 'secret', option: '--secret-stdin' }))
  const clientId = call.text('client-id') ?? call.text('user-id') ?? given.clientId
  return { ...given, ...(clientId === undefined ? {} : { clientId }) }
}

async function readNewSecret(call: CommandCall, effects: Effects): Promise<ApiConnectorSecret> {
  const { secret, clientId } = await readSecret(call, effects)
  return { secret, ...(clientId === undefined ? {} : { clientId }) }
}

interface Credentials {
  readonly secret: string
  readonly clientId?: string
  readonly organisationId?: string
}

/** A secret as it is, or credentials as `skein key create --for … --json` prints them. */
function readCredentials(text: string): Credentials {
  if (!text.startsWith('{')) return { secret: text }
  let found: Record<string, unknown>
  try {
    found = JSON.parse(text) as Record<string, unknown>
  } catch {
    throw new CliError(
      'a secret, or credentials as one line of JSON, is expected on standard input',
      EXIT.badInput,
    )
  }
  const [secret, clientId, organisationId] = [
    ['client_secret', 'key'],
    ['client_id', 'user_id'],
    ['org_id'],
  ].map((names) => names.map((name) => found[name]).find((value) => typeof value === 'string'))
  if (typeof secret !== 'string')
    throw new CliError('credentials in JSON have a client_secret or a key; found neither', EXIT.badInput)
  return {
    secret,
    ...(typeof clientId === 'string' ? { clientId } : {}),
    ...(typeof organisationId === 'string' ? { organisationId } : {}),
  }
}

async function tell(
  call: CommandCall,
  effects: Effects,
  { connectors }: Backend,
  names: readonly string[],
): Promise<number> {
  const rows =
    names.length === 0
      ? await connectors.list()
      : await Promise.all(names.map((name) => connectors.get(name)))
  if (call.flag('json')) {
    await effects.writeData(`${JSON.stringify(rows)}\n`)
    return EXIT.ok
  }
  await effects.writeOut(drawStatus(rows, effects.columns))
  return EXIT.ok
}

async function tellRejects(
  call: CommandCall,
  effects: Effects,
  { connectors }: Backend,
  name: string,
): Promise<number> {
  const { rejects, total } = await connectors.listRejects(name)
  if (call.flag('json')) {
    await effects.writeData(`${JSON.stringify({ total, rejects })}\n`)
    return EXIT.ok
  }
  const rows = rejects.map(({ kind, id, at, reason }) => [kind, id ?? '', toMinute(at), reason])
  await effects.writeOut(
    formatTable(['item', 'id', 'last came', 'why'], rows, { width: effects.columns, color: false }),
  )
  if (rejects.length < total && !call.flag('quiet'))
    effects.writeError(prose`the latest ${String(rejects.length)} of ${String(total)}\n`)
  return EXIT.ok
}
