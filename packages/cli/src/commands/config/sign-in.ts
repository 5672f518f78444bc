import { join } from 'node:path'
import { type AuthMode, DEFAULT_SECTION, readServerSettings, type ServerSettings } from '@timeskein/sdk'
import {
  askAtTerminal,
  connect,
  connectFromConfig,
  unverifiedFetch,
  writeServerSettings,
  writeStoredCredentials,
} from '@timeskein/sdk/node'
import { timesketchTokenPath } from '../../backend/timesketch/connect-profile.ts'
import { CliError } from '../../cli-error.ts'
import type { CommandCall } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { readPassword } from '../../input/read-password.ts'
import { printResult } from '../../output/print-result.ts'
import { prose } from '../../output/prose.ts'
import { readRc, timesketchRcPath } from '../../place/rc-files.ts'

/**
 * `skein config login`: signs in to a server that speaks Timesketch's API, and keeps how in a section of `~/.timesketchrc` and an
 * encrypted token file, those of Timesketch's own client. A password that the server refuses is not kept.
 */
export async function signIn(
  authMode: AuthMode | undefined,
  call: CommandCall,
  effects: Effects,
): Promise<number> {
  const section = call.text('profile') ?? DEFAULT_SECTION
  const rcPath = timesketchRcPath(effects)
  const stored = readServerSettings(await readRc(rcPath), section)
  const settings = readSettings(stored, section, authMode, call, effects)
  const store = {
    rcPath,
    section,
    tokenPath: timesketchTokenPath(effects),
    tokenPassword: effects.env['TIMESKETCH_TOKEN_PASSWORD'],
  }
  const confirm = call.flag('confirm')
  const { signal } = effects
  if (settings.authMode?.startsWith('oauth')) {
    await using timesketch = await connectFromConfig({ ...store, settings, confirm, signal })
    const { username } = await timesketch.users.me({ signal })
    return await tell(timesketch.url, username, section, call, effects)
  }
  const ask = async (text: string, known: string | undefined): Promise<string> =>
    known === undefined || confirm ? await askAtTerminal({ text, default: known }) : known
  const url = readAddress(await ask('Address of the Timesketch server', settings.url))
  const username = await ask('User name', settings.username)
  const password = call.flag('password-stdin')
    ? await readPassword(effects)
    : await askAtTerminal({ text: `Password for ${username}`, isSecret: true })
  const kind = settings.authMode === 'http-basic' ? 'http-basic' : 'password'
  const fetch = settings.verify ? undefined : unverifiedFetch
  await using timesketch = await connect({ url, auth: { kind, username, password }, fetch, signal })
  await timesketch.users.me({ signal })
  await writeServerSettings(rcPath, { ...settings, url, username }, section)
  await writeStoredCredentials({ kind: 'password', username, password }, store)
  return await tell(url, username, section, call, effects)
}

function readSettings(
  stored: ServerSettings,
  section: string,
  authMode: AuthMode | undefined,
  call: CommandCall,
  effects: Effects,
): ServerSettings {
  return {
    ...stored,
    url: call.text('server') ?? stored.url,
    username: call.text('username') ?? stored.username,
    authMode: authMode ?? stored.authMode ?? 'userpass',
    verify: call.flag('no-verify') ? false : stored.verify,
    clientId: call.text('client-id') ?? stored.clientId,
    clientSecret: call.text('client-secret') ?? stored.clientSecret,
    // One token file holds the secret of one server.
    tokenFilePath:
      stored.tokenFilePath ??
      (section === DEFAULT_SECTION
        ? undefined
        : join(effects.homeDirectory, `.timesketch.${encodeURIComponent(section)}.token`)),
  }
}

function readAddress(url: string): string {
  if (URL.canParse(url)) return url
  throw new CliError(`an address such as https://timesketch.example was expected, found "${url}"`, EXIT.usage)
}

async function tell(
  server: string,
  user: string,
  profile: string,
  call: CommandCall,
  effects: Effects,
): Promise<number> {
  const text = prose`signed in to ${server} as ${user}; use it with --profile ${profile}\n`
  await printResult({ server, user, profile }, text, call, effects)
  return EXIT.ok
}
