import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RcSections } from '@timeskein/sdk'
import { CliError } from '../cli-error.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'

/** A server of ours as a section of `~/.skeinrc` names it. */
export interface SkeinProfile {
  readonly server: string
  readonly apiKey: string | undefined
}

/** `~/.skeinrc`: servers of ours. */
export function skeinRcPath(effects: Effects): string {
  return join(effects.homeDirectory, '.skeinrc')
}

/** `$TIMESKETCH_RC`, else `~/.timesketchrc`: the file of Timesketch's own client: servers that speak Timesketch's API. */
export function timesketchRcPath(effects: Effects): string {
  return effects.env['TIMESKETCH_RC'] || join(effects.homeDirectory, '.timesketchrc')
}

/** Sections of an RC file; none when there is no file. @throws {CliError} When it cannot be read. */
export async function readRc(path: string): Promise<RcSections> {
  // Most commands read none.
  const { isConfigError, readRcSections } = await import('@timeskein/sdk/node')
  try {
    return await readRcSections(path)
  } catch (error) {
    if (isConfigError(error)) throw new CliError(error.message, EXIT.config, { cause: error })
    throw new CliError(`cannot read ${path}`, EXIT.config, { cause: error })
  }
}

/**
 * The section of that name of `~/.skeinrc`; undefined when there is none. Keys: `server` (or `host_uri`), `api_key`.
 *
 * @throws {CliError} When it has no `server`.
 */
export async function findSkeinProfile(name: string, effects: Effects): Promise<SkeinProfile | undefined> {
  const path = skeinRcPath(effects)
  const section = parseIni(await readText(path)).get(name)
  if (!section) return undefined
  const server = section.get('server') ?? section.get('host_uri')
  if (!server) throw new CliError(`section [${name}] of ${path} has no "server"`, EXIT.config)
  return { server, apiKey: section.get('api_key') }
}

/** Names of the sections of `~/.skeinrc`. */
export async function listSkeinProfiles(effects: Effects): Promise<readonly string[]> {
  return [...parseIni(await readText(skeinRcPath(effects))).keys()]
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw new CliError(`cannot read ${path}`, EXIT.config, { cause: error })
  }
}

// Looser than Timesketch's RC file: whatever is no `key = value` is passed over, as it always was.
function parseIni(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>()
  let section: Map<string, string> | undefined
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue
    const header = /^\[(.+)\]$/.exec(trimmed)
    if (header?.[1] !== undefined) {
      section = new Map()
      sections.set(header[1].trim(), section)
      continue
    }
    const equals = trimmed.indexOf('=')
    if (equals > 0)
      section?.set(trimmed.slice(0, equals).trim().toLowerCase(), trimmed.slice(equals + 1).trim())
  }
  return sections
}
