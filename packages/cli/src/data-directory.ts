import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Effects } from './effects.ts'

/**
 * Where data is kept: `--data`, else `$SKEIN_DATA`, else the platform's folder for application data (XDG base directory
 * specification on Linux).
 */
export function chooseDataDirectory(option: string | undefined, effects: Effects): string {
  if (option) return option
  const fromEnvironment = effects.env['SKEIN_DATA']
  if (fromEnvironment) return fromEnvironment
  if (effects.platform === 'win32')
    return join(effects.env['LOCALAPPDATA'] ?? join(effects.homeDirectory, 'AppData', 'Local'), 'timeskein')
  if (effects.platform === 'darwin')
    return join(effects.homeDirectory, 'Library', 'Application Support', 'timeskein')
  return join(effects.env['XDG_DATA_HOME'] || join(effects.homeDirectory, '.local', 'share'), 'timeskein')
}

/** Why nothing can be read in a data directory that is not there, or that is an empty folder; undefined when something is there. */
export async function describeMissingData(directory: string): Promise<string | undefined> {
  const isMissing = await readdir(directory).then(
    (names) => names.length === 0,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  )
  if (!isMissing) return undefined
  return `There is none at ${resolve(directory)}. Name another with --data; the first "skein import" or "skein serve" makes one.`
}
