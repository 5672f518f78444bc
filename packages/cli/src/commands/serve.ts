import { readChoice, readWholeNumber } from '../arguments.ts'
import { CliError } from '../cli-error.ts'
import { type Command, type CommandCall, type OptionSpec, OUTPUT_OPTIONS } from '../command.ts'
import { chooseDataDirectory } from '../data-directory.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { holdYoungGeneration } from '../server/hold-young-generation.ts'
import type { ServerOptions } from '../server/run-server.ts'

const DEFAULT_PORT = 5000
const MAX_PORT = 65_535

/** Options of the verbs that serve. */
export const SERVE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  data: {
    type: 'string',
    value: 'DIR',
    help: 'data directory (default $SKEIN_DATA, else the XDG data folder)',
  },
  host: { type: 'string', value: 'ADDRESS', help: 'address to listen on (default 127.0.0.1)' },
  port: {
    type: 'string',
    short: 'p',
    value: 'N',
    help: `port to listen on (default ${DEFAULT_PORT}; 0 takes a free one)`,
  },
  'trust-proxy': {
    type: 'string',
    value: 'N|ADDRESS,…',
    help: 'believe the N proxies in front, or those with these addresses or networks, about clients (default none)',
  },
  'secure-cookies': {
    type: 'string',
    value: 'WHEN',
    help: 'auto (default: for clients on HTTPS), always, never: sessions over HTTPS only',
  },
  'log-level': { type: 'string', value: 'debug|info|warn|error|silent', help: 'default warn' },
}

/** `skein serve`: ends at SIGINT or SIGTERM, after the requests and imports under way or their deadline. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'Run the server: the Timesketch API, our own API, one process.',
  usage: ['[options]'],
  options: { ...SERVE_OPTIONS, quiet: OUTPUT_OPTIONS['quiet'] ?? { type: 'boolean', help: '' } },
  examples: [
    { line: 'skein serve', says: 'on http://127.0.0.1:5000, data in the default folder' },
    { line: 'skein serve --data /srv/case --port 8080', says: 'another folder, another port' },
  ],
  async run(call, effects) {
    const options = readServeOptions(call, effects)
    using loading = holdYoungGeneration()
    const { runServer } = await import('../server/run-server.ts')
    await runServer(
      { ...options, isQuiet: call.flag('quiet'), whenListening: async () => loading.release() },
      effects,
    )
    return EXIT.ok
  },
}

/** What the options say about where to listen and where data is. */
export function readServeOptions(
  call: CommandCall,
  effects: Effects,
): Pick<ServerOptions, 'dataDirectory' | 'host' | 'port' | 'trustProxy' | 'secureCookies' | 'logLevel'> {
  const port = readWholeNumber(call, 'port', 0) ?? DEFAULT_PORT
  if (port > MAX_PORT)
    throw new CliError(`--port takes a number up to ${MAX_PORT}, found "${port}"`, EXIT.usage)
  return {
    dataDirectory: chooseDataDirectory(call.text('data'), effects),
    host: call.text('host') ?? '127.0.0.1',
    port,
    trustProxy: call.text('trust-proxy'),
    secureCookies: readChoice(call, 'secure-cookies', ['auto', 'always', 'never'] as const) ?? 'auto',
    logLevel: readChoice(call, 'log-level', ['debug', 'info', 'warn', 'error', 'silent'] as const) ?? 'warn',
  }
}
