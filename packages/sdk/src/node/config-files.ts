import { homedir } from 'node:os'
import { join } from 'node:path'
import { ConfigError } from '../errors/config-error.ts'
import { changeRcFile, DEFAULT_SECTION, parseRcFile, type RcSections } from '../timesketch/config/rc-file.ts'
import { readServerSettings, type ServerSettings, toRcValues } from '../timesketch/config/settings.ts'
import {
  decryptTokenFile,
  encryptTokenFile,
  generateCredentialKey,
  type StoredCredentials,
} from '../timesketch/config/token-file.ts'
import { readIfThere, writePrivately } from './private-file.ts'

/** `~/.timesketchrc` */
export function defaultRcPath(): string {
  return join(homedir(), '.timesketchrc')
}

/** `~/.timesketch.token` */
export function defaultTokenPath(): string {
  return join(homedir(), '.timesketch.token')
}

/** All sections of an RC file; none when there is no file. @throws {ConfigError} When it cannot be read. */
export async function readRcSections(path: string): Promise<RcSections> {
  const bytes = await readIfThere(path)
  if (!bytes) return new Map()
  try {
    return parseRcFile(new TextDecoder().decode(bytes))
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new ConfigError(`${path}, ${error.message}`, { path }, { cause: error })
    throw error
  }
}

/** Changes keys of a section of an RC file, and nothing else of it; only its owner may read it. */
export async function writeRcValues(
  path: string,
  section: string,
  values: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const bytes = await readIfThere(path)
  await writePrivately(path, changeRcFile(bytes ? new TextDecoder().decode(bytes) : '', section, values))
}

/** Writes what is known of a server into an RC file. @param section - @default 'timesketch' */
export async function writeServerSettings(
  path: string,
  settings: ServerSettings,
  section: string = DEFAULT_SECTION,
): Promise<void> {
  await writeRcValues(path, section, toRcValues(settings))
}

/** Where the secrets of a server are. */
export interface TokenStoreOptions {
  readonly rcPath: string
  readonly section?: string | undefined
  /** The user's own password of the token file; without one the key in the RC file is taken. */
  readonly tokenPassword?: string | undefined
  /** The token file of a section that names none. @default `~/.timesketch.token` */
  readonly tokenPath?: string | undefined
}

/**
 * Credentials of the token file that a section names; undefined when there is no file.
 *
 * @throws {ConfigError} When the password does not open it.
 */
export async function readStoredCredentials(
  options: TokenStoreOptions,
): Promise<StoredCredentials | undefined> {
  const settings = readServerSettings(await readRcSections(options.rcPath), options.section)
  const path = settings.tokenFilePath ?? options.tokenPath ?? defaultTokenPath()
  const file = await readIfThere(path)
  if (!file) return undefined
  const password = options.tokenPassword || settings.credentialKey
  if (!password)
    throw new ConfigError(`${path} is encrypted: give its password, or cred_key in ${options.rcPath}`, {
      path,
    })
  const credentials = await decryptTokenFile(file, password)
  if (!credentials)
    throw new ConfigError(`${path} does not open with this password: delete it to sign in anew`, { path })
  return credentials
}

/** Encrypts credentials into the token file that a section names, with a new key in the RC file where there is no password. */
export async function writeStoredCredentials(
  credentials: StoredCredentials,
  options: TokenStoreOptions,
): Promise<void> {
  const { rcPath, section = DEFAULT_SECTION } = options
  const settings = readServerSettings(await readRcSections(rcPath), section)
  const path = settings.tokenFilePath ?? options.tokenPath ?? defaultTokenPath()
  const password = options.tokenPassword || generateCredentialKey()
  const file = await encryptTokenFile(credentials, password)
  if (!options.tokenPassword) await writeRcValues(rcPath, section, { cred_key: password })
  await writePrivately(path, file)
}
