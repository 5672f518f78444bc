import { DEFAULT_SECTION, type RcSections } from './rc-file.ts'

/** How Timesketch's client signs in, by the names of its RC file. */
export const AUTH_MODES = ['userpass', 'http-basic', 'oauth', 'oauth_local'] as const
export type AuthMode = (typeof AUTH_MODES)[number]

/** What a section of an RC file says of a server. */
export interface ServerSettings {
  readonly url: string | undefined
  readonly username: string | undefined
  readonly authMode: AuthMode | undefined
  /** False: any certificate of the server is taken. */
  readonly verify: boolean
  readonly clientId: string | undefined
  readonly clientSecret: string | undefined
  readonly tokenFilePath: string | undefined
  /** Opens the token file where the user has no password for it. */
  readonly credentialKey: string | undefined
}

/** What a command line program remembers. */
export interface CliSettings {
  /** The sketch's id, as text. */
  readonly sketch: string | undefined
  readonly outputFormat: string
}

/** @param section - @default 'timesketch' */
export function readServerSettings(sections: RcSections, section: string = DEFAULT_SECTION): ServerSettings {
  const values = sections.get(section)
  const get = (key: string): string | undefined => values?.get(key) || undefined
  const mode = get('auth_mode')
  return {
    url: get('host_uri'),
    username: get('username'),
    // An old name.
    authMode: mode === 'timesketch' ? 'userpass' : AUTH_MODES.find((one) => one === mode),
    verify: get('verify') !== 'False',
    clientId: get('client_id'),
    clientSecret: get('client_secret'),
    tokenFilePath: get('token_file_path'),
    credentialKey: get('cred_key'),
  }
}

/** The keys of a section. Python's client fails without `verify`, and wants the keys of OAuth, be they empty. */
export function toRcValues(settings: ServerSettings): Record<string, string | undefined> {
  return {
    host_uri: settings.url ?? '',
    username: settings.username ?? '',
    verify: settings.verify ? 'True' : 'False',
    client_id: settings.clientId ?? '',
    client_secret: settings.clientSecret ?? '',
    auth_mode: settings.authMode ?? '',
    token_file_path: settings.tokenFilePath,
    cred_key: settings.credentialKey,
  }
}

export function readCliSettings(sections: RcSections): CliSettings {
  const values = sections.get('cli')
  return {
    sketch: values?.get('sketch') || undefined,
    outputFormat: values?.get('output_format') || values?.get('output') || 'tabular',
  }
}

/** What is needed before a server can be asked, in the order of asking. */
export type MissingSetting = 'url' | 'authMode' | 'username' | 'clientId' | 'clientSecret'

/** Settings that have no value and need one. */
export function findMissing(settings: ServerSettings): readonly MissingSetting[] {
  const needed: MissingSetting[] = ['url', 'authMode', 'username']
  if (settings.authMode?.startsWith('oauth')) needed.push('clientId', 'clientSecret')
  return needed.filter((name) => settings[name] === undefined)
}
