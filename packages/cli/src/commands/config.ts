import { readChoice } from '../arguments.ts'
import type { Command, CommandCall } from '../command.ts'
import { OUTPUT_OPTIONS } from '../command.ts'
import type { Effects } from '../effects.ts'
import { LISTING_OPTIONS } from '../output/listing/formats.ts'
import { readAction } from './case/actions.ts'

const ACTIONS = ['list', 'get', 'set', 'login'] as const
/** How Timesketch's client signs in, by the names of its RC file. */
const AUTH_MODES = ['userpass', 'http-basic', 'oauth', 'oauth_local'] as const

/** `skein config`: profiles, and what is remembered for Timesketch servers; in the files of Timesketch's own client. */
export const configCommand: Command = {
  name: 'config',
  summary: 'Sign in to Timesketch servers, and remember sketch and format for them.',
  usage: [
    'list',
    'login [--profile NAME] [--server URL] [--username NAME] [--auth-mode MODE] [--password-stdin]',
    'get sketch|output-format',
    'set sketch ID|""',
    'set output-format text|csv|tabular|json',
  ],
  options: {
    profile: {
      type: 'string',
      value: 'NAME',
      help: 'login: the section of ~/.timesketchrc (default timesketch)',
    },
    server: { type: 'string', value: 'URL', help: 'login: the address of the server' },
    username: { type: 'string', short: 'u', value: 'NAME', help: 'login: who signs in' },
    'auth-mode': { type: 'string', value: AUTH_MODES.join('|'), help: 'login: how (default userpass)' },
    'password-stdin': {
      type: 'boolean',
      help: 'login: take the password from standard input, not from the terminal',
    },
    'client-id': { type: 'string', value: 'ID', help: 'login: of OAuth' },
    'client-secret': { type: 'string', value: 'TEXT', help: 'login: of OAuth' },
    'no-verify': { type: 'boolean', help: 'login: take any certificate of the server' },
    confirm: { type: 'boolean', help: 'login: ask for what is known too' },
    ...LISTING_OPTIONS,
    ...OUTPUT_OPTIONS,
  },
  examples: [
    {
      line: 'skein config login --server https://timesketch.example --username ana',
      says: 'asks for the password and keeps it encrypted',
    },
    { line: 'skein sketch list --profile timesketch', says: 'any verb, on that server' },
    { line: 'skein config set sketch 25', says: 'the sketch of every verb with such a profile' },
  ],
  async run(call: CommandCall, effects: Effects): Promise<number> {
    const action = readAction(call, configCommand, ACTIONS)
    if (action === 'list')
      return await (await import('./config/list-profiles.ts')).listProfiles(call, effects)
    if (action === 'login') {
      const authMode = readChoice(call, 'auth-mode', AUTH_MODES)
      return await (await import('./config/sign-in.ts')).signIn(authMode, call, effects)
    }
    const remembered = await import('./config/remembered.ts')
    return action === 'get'
      ? await remembered.tellRemembered(call, effects)
      : await remembered.remember(call, effects)
  },
}
