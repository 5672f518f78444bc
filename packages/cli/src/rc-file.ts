import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError } from './cli-error.ts'
import type { Effects } from './effects.ts'
import { EXIT } from './exit-codes.ts'

/** A server as a section of `~/.skeinrc` names it. */
export interface Profile {
  readonly server: string
  readonly apiKey: string | undefined
}

/**
 * Reads one section of `~/.skeinrc`, an INI file like Timesketch's `~/.timesketchrc`: `[name]` lines, then `key = value`;
 * `#` and `;` begin comments. Keys: `server` (or `host_uri`), `api_key`.
 *
 * @throws {CliError} When the file, the section or its `server` is missing.
 */
export async function readProfile(name: string, effects: Effects): Promise<Profile> {
  const path = join(effects.homeDirectory, '.skeinrc')
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new CliError(`cannot read ${path} for --profile ${name}`, EXIT.config, { cause: error })
  }
  const sections = parseIni(text)
  const section = sections.get(name)
  if (!section)
    throw new CliError(
      `${path} has no section [${name}]; it has ${[...sections.keys()].join(', ') || 'none'}`,
      EXIT.config,
    )
  const server = section.get('server') ?? section.get('host_uri')
  if (!server) throw new CliError(`section [${name}] of ${path} has no "server"`, EXIT.config)
  return { server, apiKey: section.get('api_key') }
}

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
