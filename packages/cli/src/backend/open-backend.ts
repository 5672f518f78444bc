import { CliError } from '../cli-error.ts'
import type { CommandCall } from '../command.ts'
import { chooseDataDirectory } from '../data-directory.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { lines } from '../output/prose.ts'
import { readProfile } from '../rc-file.ts'
import type { Backend, ImportCalls } from './backend.ts'

/** Opens what the options name: a server (`--server`, `--profile`), else the data directory in this process. */
export async function openBackend(call: CommandCall, effects: Effects): Promise<Backend> {
  const remote = await openNamedServer(call, effects)
  if (remote) return remote
  const { openLocalBackend } = await import('./local/open-local-backend.ts')
  const backend = await openLocalBackend({
    dataDirectory: chooseDataDirectory(call.text('data'), effects),
    username: call.text('as') ?? 'admin',
    tellOnce: (message) => effects.writeError(lines([message])),
  })
  if (!call.flag('quiet')) effects.writeError(lines(backend.notes))
  return backend
}

/** Who looks at evidence: the server that the options name, else this process, for which no data directory is opened. */
export async function choosePreviewer(
  call: CommandCall,
  effects: Effects,
): Promise<Pick<ImportCalls, 'previewFile'>> {
  return (await openNamedServer(call, effects)) ?? (await import('./local/preview-file.ts'))
}

/** The server of `--server` or `--profile`; undefined when neither is given. */
async function openNamedServer(call: CommandCall, effects: Effects): Promise<Backend | undefined> {
  const profileName = call.text('profile')
  const profile = profileName === undefined ? undefined : await readProfile(profileName, effects)
  const server = call.text('server') ?? profile?.server
  if (server === undefined) return undefined
  if (call.text('data') !== undefined)
    throw new CliError('--data and --server exclude each other', EXIT.usage)
  const apiKey = call.text('api-key') ?? effects.env['SKEIN_API_KEY'] ?? profile?.apiKey
  const { openRemoteBackend } = await import('./remote/open-remote-backend.ts')
  return await openRemoteBackend({ server, apiKey, signal: effects.signal })
}
