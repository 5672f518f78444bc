import { join } from 'node:path'
import type { Timesketch } from '@timeskein/sdk'
import { connectFromConfig } from '@timeskein/sdk/node'
import type { Effects } from '../../effects.ts'
import { timesketchRcPath } from '../../place/rc-files.ts'

/** `~/.timesketch.token`, the file of Timesketch's own client, where a section names no other. */
export function timesketchTokenPath(effects: Effects): string {
  return join(effects.homeDirectory, '.timesketch.token')
}

/**
 * Signs in to the server of a section of `~/.timesketchrc`. What is missing is asked for at the terminal and kept, as Timesketch's own
 * client does; `$TIMESKETCH_TOKEN_PASSWORD` opens a token file that has a password of the user's.
 */
export async function connectProfile(section: string, effects: Effects): Promise<Timesketch> {
  return await connectFromConfig({
    rcPath: timesketchRcPath(effects),
    tokenPath: timesketchTokenPath(effects),
    section,
    tokenPassword: effects.env['TIMESKETCH_TOKEN_PASSWORD'],
    signal: effects.signal,
  })
}
