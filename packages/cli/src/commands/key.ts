import { openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { prose } from '../output/prose.ts'
import { formatTable } from '../output/table.ts'

/** `skein key`: a key is printed once, when it is made; only its hash is kept. */
export const keyCommand: Command = {
  name: 'key',
  summary: 'Manage API keys for scripts.',
  usage: ['create [--user NAME] [--scope read|write|admin] [--name TEXT]', 'list', 'revoke ID'],
  options: {
    user: { type: 'string', value: 'NAME', help: 'whose key (default: the acting user)' },
    scope: { type: 'string', value: 'SCOPE', help: 'read, write or admin (default write)' },
    name: { type: 'string', value: 'TEXT', help: 'what it is for' },
    for: {
      type: 'string',
      value: 'API',
      help: 'timeskein: the API the key is for (default, and the only one today)',
    },
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  examples: [
    {
      line: 'skein key create --user ana --scope read --json',
      says: 'prints {"id": …, "key": …}; the key is shown this once',
    },
  ],
  run: runKey,
}

async function runKey(call: CommandCall, effects: Effects): Promise<number> {
  const [action, id] = call.positionals
  const target = call.text('for')
  if (target !== undefined && target !== 'timeskein')
    throw new CliError(`--for takes timeskein; found "${target}"`, EXIT.usage)
  await using backend = await openBackend(call, effects)
  switch (action) {
    case 'create': {
      const user = call.text('user')
      const made = await backend.createKey({
        name: call.text('name') ?? 'command line',
        scopes: [call.text('scope') ?? 'write'],
        ...(user === undefined ? {} : { user }),
      })
      if (call.flag('json')) await effects.writeData(`${JSON.stringify(made)}\n`)
      else await effects.writeOut(prose`${made.key}\n`)
      return EXIT.ok
    }
    case 'list': {
      const keys = await backend.listKeys()
      if (call.flag('json')) await effects.writeData(`${JSON.stringify(keys)}\n`)
      else {
        const rows = keys.map((key) => [
          String(key.id),
          key.user,
          key.prefix,
          key.scopes.join(' '),
          key.isRevoked ? 'revoked' : '',
          key.name,
        ])
        await effects.writeOut(
          formatTable(['id', 'user', 'key', 'scopes', 'state', 'name'], rows, {
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
