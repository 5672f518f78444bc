import type { ApiPlatformCredentials, KeyKind } from '@timeskein/model'
import { openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { lines } from '../output/prose.ts'
import { formatTable } from '../output/table.ts'

const KINDS: readonly KeyKind[] = ['timeskein', 'threatstack', 'threatstack-v2', 'elements', 'sekoia']

/** `skein key`: a key is printed once, when it is made; only its hash is kept. */
export const keyCommand: Command = {
  name: 'key',
  summary: 'Manage API keys for scripts.',
  usage: ['create [--for API] [--user NAME] [--scope read|write|admin]… [--name TEXT]', 'list', 'revoke ID'],
  options: {
    user: { type: 'string', value: 'NAME', help: 'whose key (default: the acting user)' },
    scope: {
      type: 'string',
      value: 'SCOPE',
      multiple: true,
      help: "read, write or admin, or a permission in the platform's words; several with commas or one by one (default write; for another platform's API whatever the user may do)",
    },
    name: { type: 'string', value: 'TEXT', help: 'what it is for' },
    for: {
      type: 'string',
      value: 'API',
      help: `the API the key is for: ${KINDS.join(', ')} (default timeskein)`,
    },
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  examples: [
    {
      line: 'skein key create --user ana --scope read --json',
      says: 'prints {"id": …, "key": …}; the key is shown this once',
    },
    {
      line: 'skein key create --for elements --user ana --scope connect.api.read --json',
      says: 'prints {"id": …, "client_id": …, "client_secret": …} for scripts written for WithSecure Elements',
    },
  ],
  run: runKey,
}

async function runKey(call: CommandCall, effects: Effects): Promise<number> {
  const [action, id] = call.positionals
  const kind = readKind(call.text('for') ?? 'timeskein')
  await using backend = await openBackend(call, effects)
  switch (action) {
    case 'create': {
      const user = call.text('user')
      const scopes = call.texts('scope').flatMap((text) => text.split(/[\s,]+/).filter(Boolean))
      const key = { name: call.text('name') ?? 'command line', ...(user === undefined ? {} : { user }) }
      const made =
        kind === 'timeskein'
          ? await backend.createKey({ ...key, scopes: scopes.length > 0 ? scopes : ['write'] })
          : await backend.createPlatformKey({ ...key, kind, scopes })
      if (call.flag('json')) await effects.writeData(`${JSON.stringify(made)}\n`)
      else await effects.writeOut(lines(describeCredentials(made)))
      return EXIT.ok
    }
    case 'list': {
      const keys = await backend.listKeys()
      if (call.flag('json')) await effects.writeData(`${JSON.stringify(keys)}\n`)
      else {
        const rows = keys.map((key) => [
          String(key.id),
          key.user,
          key.kind,
          key.prefix,
          (key.permissions ?? key.scopes).join(' '),
          key.isRevoked ? 'revoked' : '',
          key.name,
        ])
        await effects.writeOut(
          formatTable(['id', 'user', 'for', 'key', 'scopes', 'state', 'name'], rows, {
            width: effects.columns,
            color: false,
          }),
        )
      }
      return EXIT.ok
    }
    case 'revoke': {
      if (id === undefined || !/^\d+$/.test(id))
        throw new CliError(`skein key revoke needs the key's id, found "${id ?? ''}"`, EXIT.usage)
      await backend.revokeKey(Number(id))
      return EXIT.ok
    }
    default:
      throw new CliError(`create, list or revoke is expected, found "${action ?? ''}"`, EXIT.usage)
  }
}

function readKind(text: string): KeyKind {
  const kind = KINDS.find((one) => one === text)
  if (kind) return kind
  throw new CliError(`--for takes ${KINDS.join(', ')}; found "${text}"`, EXIT.usage)
}

/** One secret alone, so that it can be piped; several with their names. */
function describeCredentials({ id: _, ...credentials }: ApiPlatformCredentials): readonly string[] {
  const entries = Object.entries(credentials)
  return entries.length === 1
    ? entries.map(([, value]) => value)
    : entries.map(([name, value]) => `${name}: ${value}`)
}
