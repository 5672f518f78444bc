import { CliError } from '../cli-error.ts'
import type { CommandCall } from '../command.ts'
import { describeMissingData } from '../data-directory.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { lines } from '../output/prose.ts'
import { choosePlace, type Place } from '../place/choose-place.ts'
import type { Backend, ImportCalls } from './backend.ts'

/**
 * Opens what the options name: a server (`--server`, `--profile`), else the data directory in this process.
 *
 * @param mustExist - The command asks for what only a data directory with something in it has: none is made for it.
 * @throws {CliError} `notFound` for a data directory that must exist and does not.
 */
export async function openBackend(
  call: CommandCall,
  effects: Effects,
  { mustExist = false }: { readonly mustExist?: boolean } = {},
): Promise<Backend> {
  const place = await choosePlace(call, effects)
  if (place.kind !== 'data-directory') return await openServer(place, effects)
  const missing = mustExist ? await describeMissingData(place.dataDirectory) : undefined
  if (missing !== undefined) throw new CliError(`no data directory: ${missing}`, EXIT.notFound)
  const { openLocalBackend } = await import('./local/open-local-backend.ts')
  const backend = await openLocalBackend({
    dataDirectory: place.dataDirectory,
    username: place.username,
    tellOnce: (message) => effects.writeError(lines([message])),
    signal: effects.signal,
  })
  if (!call.flag('quiet')) effects.writeError(lines(backend.notes))
  return backend
}

/** Who looks at evidence: the server that the options name, else this process, for which no data directory is opened. */
export async function choosePreviewer(
  call: CommandCall,
  effects: Effects,
): Promise<Pick<ImportCalls, 'previewFile'>> {
  const place = await choosePlace(call, effects)
  if (place.kind !== 'data-directory') return await openServer(place, effects)
  return await import('./local/preview-file.ts')
}

async function openServer(
  place: Exclude<Place, { kind: 'data-directory' }>,
  effects: Effects,
): Promise<Backend> {
  if (place.kind === 'timesketch') {
    const { openTimesketchBackend } = await import('./timesketch/open-timesketch-backend.ts')
    return await openTimesketchBackend(place.section, effects)
  }
  const { openRemoteBackend } = await import('./remote/open-remote-backend.ts')
  return await openRemoteBackend({ server: place.server, apiKey: place.apiKey, signal: effects.signal })
}
