import { ConfigError } from '../errors/config-error.ts'
import { DEFAULT_SECTION } from '../timesketch/config/rc-file.ts'
import {
  AUTH_MODES,
  findMissing,
  type MissingSetting,
  readServerSettings,
  type ServerSettings,
} from '../timesketch/config/settings.ts'
import { readServerUrl } from '../timesketch/connection/server-url.ts'
import type { Auth } from '../timesketch/sign-in/auth.ts'
import { startInstalledAppFlow } from '../timesketch/sign-in/installed-app-flow.ts'
import type { OAuthTokens } from '../timesketch/sign-in/oauth-tokens.ts'
import { type ConnectOptions, Timesketch } from '../timesketch/timesketch.ts'
import {
  defaultRcPath,
  readRcSections,
  readStoredCredentials,
  type TokenStoreOptions,
  writeServerSettings,
  writeStoredCredentials,
} from './config-files.ts'
import { nodeFiles } from './node-files.ts'
import { signInWithBrowser } from './oauth-listener.ts'
import { type Ask, askAtTerminal } from './prompts.ts'
import { unverifiedFetch } from './unverified-fetch.ts'

/** Where the configuration is, and how what is missing is asked for. */
export interface ConfiguredConnectOptions extends Partial<Omit<ConnectOptions, 'auth'>> {
  /** @default `~/.timesketchrc` */
  readonly rcPath?: string | undefined
  /** Section of the RC file. @default 'timesketch' */
  readonly section?: string | undefined
  /** Password of the token file. @default the key in the RC file */
  readonly tokenPassword?: string | undefined
  /** The token file of a section that names none. @default `~/.timesketch.token` */
  readonly tokenPath?: string | undefined
  /** Values that go before those of the file. */
  readonly settings?: Partial<ServerSettings> | undefined
  /** Asks what is missing; `false` fails instead. @default at the terminal */
  readonly ask?: Ask | false | undefined
  /** Ask for what is known too. @default false */
  readonly confirm?: boolean | undefined
  /** Tells which address to open for OAuth. @default on standard error */
  readonly show?: ((authorizationUrl: string) => void | Promise<void>) | undefined
}

/** The same as `Timesketch.connect`, with the files of this machine. */
export async function connect(options: ConnectOptions): Promise<Timesketch> {
  return await Timesketch.connect({ files: nodeFiles, ...options })
}

/**
 * Connects as `~/.timesketchrc` and `~/.timesketch.token` say, the files of Timesketch's own client. What is missing is asked for, and
 * the answers are kept there.
 *
 * @throws {ConfigError} When something is missing that cannot be asked for, a file cannot be read, or the address in it is none.
 */
export async function connectFromConfig(options: ConfiguredConnectOptions = {}): Promise<Timesketch> {
  const rcPath = options.rcPath ?? defaultRcPath()
  const section = options.section ?? DEFAULT_SECTION
  const ask = options.ask === false ? refuseToAsk(rcPath, section) : (options.ask ?? askAtTerminal)
  const stored = readServerSettings(await readRcSections(rcPath), section)
  const given = { ...stored, ...(options.url === undefined ? {} : { url: options.url }), ...options.settings }
  const settings = await complete(given, ask, options.confirm ?? false)
  const isOfFile = settings.url !== undefined && settings.url === stored.url
  const url = readServerUrl(settings.url ?? '', isOfFile ? { path: rcPath, section } : undefined)
  if (JSON.stringify(settings) !== JSON.stringify(stored))
    await writeServerSettings(rcPath, settings, section)
  const store = { rcPath, section, tokenPassword: options.tokenPassword, tokenPath: options.tokenPath }
  const { show, ...rest } = options
  return await connect({
    ...rest,
    url,
    fetch: options.fetch ?? (settings.verify ? undefined : unverifiedFetch),
    auth: await makeAuth(settings, store, ask, show ?? showOnStandardError),
  })
}

const QUESTIONS: Readonly<Record<MissingSetting, string>> = {
  url: 'Address of the Timesketch server',
  authMode: `How to sign in (${AUTH_MODES.join(', ')})`,
  username: 'User name',
  clientId: 'OAuth client id',
  clientSecret: 'OAuth client secret',
}

async function complete(given: ServerSettings, ask: Ask, isConfirming: boolean): Promise<ServerSettings> {
  let settings = given
  const asked = new Set<MissingSetting>()
  for (;;) {
    const missing = findMissing(settings)
    const next =
      missing[0] ??
      (isConfirming ? KNOWN.find((name) => !asked.has(name) && settings[name] !== undefined) : undefined)
    if (next === undefined) return settings
    asked.add(next)
    const isSecret = next === 'clientSecret'
    const answer = await ask({
      text: QUESTIONS[next],
      isSecret,
      default: isSecret ? undefined : settings[next],
    })
    if (next !== 'authMode') settings = answer === '' ? settings : { ...settings, [next]: answer }
    else settings = { ...settings, authMode: AUTH_MODES.find((mode) => mode === answer) ?? settings.authMode }
  }
}

const KNOWN: readonly MissingSetting[] = ['url', 'authMode', 'username', 'clientId', 'clientSecret']

async function makeAuth(
  settings: ServerSettings,
  store: TokenStoreOptions,
  ask: Ask,
  show: NonNullable<ConfiguredConnectOptions['show']>,
): Promise<Auth> {
  const { authMode = 'userpass', username = '' } = settings
  const credentials = await readStoredCredentials(store)
  const keep = async (tokens: OAuthTokens): Promise<void> => {
    await writeStoredCredentials({ kind: 'oauth', tokens }, store)
  }
  if (authMode === 'oauth' || authMode === 'oauth_local') {
    if (credentials?.kind === 'oauth') return { kind: 'oauth', tokens: credentials.tokens, onRenewed: keep }
    const client = { clientId: settings.clientId ?? '', clientSecret: settings.clientSecret ?? '' }
    const tokens =
      authMode === 'oauth' ? await signInWithBrowser(client, { show }) : await askForCode(client, show, ask)
    await keep(tokens)
    return { kind: 'oauth', tokens, onRenewed: keep }
  }
  const kind = authMode === 'http-basic' ? 'http-basic' : 'password'
  if (credentials?.kind === 'password')
    return { kind, username: credentials.username || username, password: credentials.password }
  const password = await ask({ text: `Password for ${username}`, isSecret: true })
  await writeStoredCredentials({ kind: 'password', username, password }, store)
  return { kind, username, password }
}

async function askForCode(
  client: { clientId: string; clientSecret: string },
  show: NonNullable<ConfiguredConnectOptions['show']>,
  ask: Ask,
): Promise<OAuthTokens> {
  const flow = await startInstalledAppFlow(client)
  await show(flow.authorizationUrl)
  return await flow.finish(await ask({ text: 'The code, or the address the browser was sent to' }))
}

function refuseToAsk(path: string, section: string): Ask {
  return async ({ text }) => {
    throw new ConfigError(`${path}, section [${section}]: missing: ${text}`, { path })
  }
}

function showOnStandardError(authorizationUrl: string): void {
  process.stderr.write(`Open this address in a browser and sign in:\n${authorizationUrl}\n`)
}
