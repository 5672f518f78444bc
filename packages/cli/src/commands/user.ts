import { randomBytes } from 'node:crypto'
import { openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { readPassword } from '../input/read-password.ts'
import { prose } from '../output/prose.ts'
import { formatTable } from '../output/table.ts'

/** Shorter passwords are taken as they are, with a word about it. */
const USUAL_PASSWORD_LENGTH = 8

/** `skein user`: a password that is made up is printed once; those of `--password-stdin` never are. */
export const userCommand: Command = {
  name: 'user',
  summary: 'Manage accounts.',
  usage: ['add NAME [--admin] [--password-stdin]', 'list', 'passwd NAME [--password-stdin]', 'disable NAME'],
  options: {
    admin: { type: 'boolean', help: 'make the new user an administrator' },
    'password-stdin': {
      type: 'boolean',
      help: 'read the password from standard input (else one is made up and printed once)',
    },
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  examples: [
    { line: 'skein user add ana', says: 'makes an account and prints its password once' },
    { line: 'echo "$PASSWORD" | skein user add bot --password-stdin', says: 'with a password of yours' },
  ],
  run: runUser,
}

async function runUser(call: CommandCall, effects: Effects): Promise<number> {
  const [action, name, ...more] = call.positionals
  if (more.length > 0)
    throw new CliError(`found too many words: ${more.join(' ')}. See: skein user --help`, EXIT.usage)
  if (action === 'list') return await listUsers(call, effects)
  if (action !== 'add' && action !== 'passwd' && action !== 'disable')
    throw new CliError(`add, list, passwd or disable is expected, found "${action ?? ''}"`, EXIT.usage)
  if (name === undefined) throw new CliError(`skein user ${action} needs a name`, EXIT.usage)
  const given = call.flag('password-stdin') ? await readPassword(effects) : undefined
  await using backend = await openBackend(call, effects)
  if (action === 'disable') {
    await backend.disableUser(name)
    if (!call.flag('quiet')) effects.writeError(prose`${name} can no longer log in\n`)
    return EXIT.ok
  }
  const password = given ?? randomBytes(15).toString('base64url')
  if (action === 'add') await backend.addUser({ name, password, isAdmin: call.flag('admin') })
  else await backend.setPassword(name, password)
  if (call.flag('json'))
    await effects.writeData(`${JSON.stringify({ name, ...(given === undefined ? { password } : {}) })}\n`)
  else if (given === undefined) await effects.writeOut(prose`password of ${name}: ${password}\n`)
  else if (!call.flag('quiet'))
    effects.writeError(
      action === 'add' ? prose`user ${name} is added\n` : prose`the password of ${name} is changed\n`,
    )
  if (password.length < USUAL_PASSWORD_LENGTH && !call.flag('quiet'))
    effects.writeError(
      prose`note: this password has ${password.length} characters; one of fewer than ${USUAL_PASSWORD_LENGTH} is soon guessed\n`,
    )
  return EXIT.ok
}

async function listUsers(call: CommandCall, effects: Effects): Promise<number> {
  await using backend = await openBackend(call, effects)
  const users = await backend.listUsers()
  if (call.flag('json')) await effects.writeData(`${JSON.stringify(users)}\n`)
  else {
    const rows = users.map((user) => [
      String(user.id),
      user.name,
      user.isAdmin ? 'admin' : 'user',
      user.isActive ? '' : 'disabled',
    ])
    await effects.writeOut(
      formatTable(['id', 'name', 'role', 'state'], rows, { width: effects.columns, color: false }),
    )
  }
  return EXIT.ok
}
