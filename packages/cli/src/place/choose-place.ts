import { CliError } from '../cli-error.ts'
import type { CommandCall } from '../command.ts'
import { chooseDataDirectory } from '../data-directory.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { findSkeinProfile, listSkeinProfiles, readRc, timesketchRcPath } from './rc-files.ts'

/** Where a command works, and as whom. */
export type Place =
  | { readonly kind: 'data-directory'; readonly dataDirectory: string; readonly username: string }
  /** A server of ours, asked by our own API. Without a key it refuses. */
  | { readonly kind: 'timeskein'; readonly server: string; readonly apiKey: string | undefined }
  /** Any server that speaks Timesketch's API, by a section of `~/.timesketchrc`. */
  | { readonly kind: 'timesketch'; readonly section: string }

/**
 * The place that the options name. What a server is, is told by what opens it, never by asking it: an API key is ours, a section of
 * `~/.timesketchrc` is Timesketch's.
 *
 * @throws {CliError} For options that exclude each other, a user for a server, and a profile that is not there.
 */
export async function choosePlace(call: CommandCall, effects: Effects): Promise<Place> {
  const place = await findPlace(call, effects)
  const user = call.text('as')
  if (user !== undefined && place.kind !== 'data-directory')
    throw new CliError(
      `--as ${user} is for a data directory of this machine (--data); on a server who acts is told by the API key, or the profile`,
      EXIT.usage,
    )
  return place
}

async function findPlace(call: CommandCall, effects: Effects): Promise<Place> {
  const data = call.text('data')
  const server = call.text('server')
  const isBare = data === undefined && server === undefined
  const profileName = call.text('profile') ?? (isBare ? effects.env['SKEIN_PROFILE'] || undefined : undefined)
  if (data !== undefined && (server !== undefined || profileName !== undefined))
    throw new CliError('--data and --server exclude each other', EXIT.usage)
  const profile = profileName === undefined ? undefined : await readProfile(profileName, effects)
  if (profile?.kind === 'timesketch') {
    if (server === undefined) return profile
    throw new CliError(
      `--profile ${profile.section} names a Timesketch server already: leave --server out`,
      EXIT.usage,
    )
  }
  const address = server ?? profile?.server
  if (address !== undefined) {
    const apiKey = call.text('api-key') ?? effects.env['SKEIN_API_KEY'] ?? profile?.apiKey
    const section = apiKey === undefined ? await findSection(address, effects) : undefined
    return section === undefined
      ? { kind: 'timeskein', server: address, apiKey }
      : { kind: 'timesketch', section }
  }
  return {
    kind: 'data-directory',
    dataDirectory: chooseDataDirectory(data, effects),
    username: call.text('as') ?? 'admin',
  }
}

type Profile =
  | { readonly kind: 'timeskein'; readonly server: string; readonly apiKey: string | undefined }
  | { readonly kind: 'timesketch'; readonly section: string }

async function readProfile(name: string, effects: Effects): Promise<Profile> {
  const ours = await findSkeinProfile(name, effects)
  if (ours) return { kind: 'timeskein', ...ours }
  const theirs = await readRc(timesketchRcPath(effects))
  if (theirs.has(name)) return { kind: 'timesketch', section: name }
  const known = [...(await listSkeinProfiles(effects)), ...theirs.keys()].filter((one) => one !== 'cli')
  throw new CliError(
    `neither ~/.skeinrc nor ~/.timesketchrc has a section [${name}] for the profile; they have ${known.join(', ') || 'none'}. See: skein config --help`,
    EXIT.config,
  )
}

/** The section of `~/.timesketchrc` with this address. */
async function findSection(server: string, effects: Effects): Promise<string | undefined> {
  const sections = await readRc(timesketchRcPath(effects))
  if (sections.size === 0) return undefined
  const { readServerSettings } = await import('@timeskein/sdk')
  const wanted = toAddress(server)
  return [...sections.keys()].find((name) => {
    const { url } = readServerSettings(sections, name)
    return url !== undefined && toAddress(url) === wanted
  })
}

function toAddress(url: string): string {
  return URL.canParse(url) ? new URL(url).href.replace(/\/+$/, '') : url
}
