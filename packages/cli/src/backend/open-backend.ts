import { CliError } from '../cli-error.ts'
import type { CommandCall } from '../command.ts'
import { chooseDataDirectory } from '../data-directory.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { lines } from '../output/prose.ts'
import { readProfile } from '../rc-file.ts'
import type { Backend } from './backend.ts'

/** Opens what the options name: a server (`--server`, `--profile`), else the data directory in this process. */
export async function openBackend(call: CommandCall, effects: Effects): Promise<Backend> {
  const profileName = call.text('profile')
  const profile = profileName === undefined ? undefined : await readProfile(profileName, effects)
  const server = call.text('server') ?? profile?.server
  if (server !== undefined) {
    if (call.text('data') !== undefined)
      throw new CliError('--data and --server exclude each other', EXIT.usage)
    const apiKey = call.text('api-key') ?? effects.env['SKEIN_API_KEY'] ?? profile?.apiKey
    const { openRemoteBackend } = await import('./remote/open-remote-backend.ts')
    return await openRemoteBackend({ server, apiKey, signal: effects.signal })
  }
  const { openLocalBackend } = await import('./local/open-local-backend.ts')
  const backend = await openLocalBackend({
    dataDirectory: chooseDataDirectory(call.text('data'), effects),
    username: call.text('as') ?? 'admin',
    tellOnce: (message) => effects.writeError(lines([message])),
  })
  if (!call.flag('quiet')) effects.writeError(lines(backend.notes))
  return backend
}
