import { Timesketch } from '@timeskein/sdk'
import { nodeFiles } from '@timeskein/sdk/node'
import { CliError } from '../cli-error.ts'
import type { CommandCall } from '../command.ts'
import { describeMissingData } from '../data-directory.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { lines } from '../output/prose.ts'
import { choosePlace } from '../place/choose-place.ts'
import { requireApiKey } from '../place/require-api-key.ts'

/** A client of Timesketch's API, wherever the command works; disposing ends what was opened for it. */
export interface TimesketchAccess extends AsyncDisposable {
  readonly timesketch: Timesketch
  /** For every call: Ctrl-C ends it. */
  readonly options: { readonly signal: AbortSignal }
}

/** Stands for the process itself: nothing is sent to it over a network. */
const IN_PROCESS_URL = 'http://skein.internal'

/**
 * Timesketch's API at the place that the options name: a Timesketch server, one of ours (by its API key), or a data directory, whose
 * API is called in this process.
 *
 * @param mustExist - The command asks for what only a data directory with something in it has: none is made for it.
 * @throws {CliError} `notFound` for a data directory that must exist and does not.
 */
export async function openTimesketch(
  call: CommandCall,
  effects: Effects,
  { mustExist = false }: { readonly mustExist?: boolean } = {},
): Promise<TimesketchAccess> {
  const place = await choosePlace(call, effects)
  const options = { signal: effects.signal }
  switch (place.kind) {
    case 'timesketch': {
      const { connectProfile } = await import('../backend/timesketch/connect-profile.ts')
      const timesketch = await connectProfile(place.section, effects)
      return {
        timesketch,
        options,
        async [Symbol.asyncDispose]() {
          await timesketch.signOut().catch(() => {
            // The work is done; a session that cannot be ended ends by itself.
          })
        },
      }
    }
    case 'timeskein': {
      const { server, apiKey } = place
      const auth = { kind: 'api-key', key: requireApiKey(apiKey) } as const
      const timesketch = await Timesketch.connect({ url: server, auth, files: nodeFiles, ...options })
      return { timesketch, options, async [Symbol.asyncDispose]() {} }
    }
    case 'data-directory': {
      const missing = mustExist ? await describeMissingData(place.dataDirectory) : undefined
      if (missing !== undefined) throw new CliError(`no data directory: ${missing}`, EXIT.notFound)
      return await openInProcess(place, call, effects)
    }
    default:
      return place satisfies never
  }
}

async function openInProcess(
  place: { readonly dataDirectory: string; readonly username: string },
  call: CommandCall,
  effects: Effects,
): Promise<TimesketchAccess> {
  const { createApp, mountTimesketch } = await import('@timeskein/server')
  const { openLocalSystem } = await import('../backend/local/open-local-backend.ts')
  const { system, principal, close } = await openLocalSystem({
    ...place,
    tellOnce: (message) => effects.writeError(lines([message])),
    signal: effects.signal,
  })
  if (!call.flag('quiet')) effects.writeError(lines(system.recovery.map((note) => note.message)))
  const app = createApp(system, { dialects: [mountTimesketch], principal })
  try {
    const timesketch = await Timesketch.connect({
      url: IN_PROCESS_URL,
      auth: { kind: 'none' },
      fetch: async (input, init) => await app.fetch(new Request(input, init)),
      files: nodeFiles,
      signal: effects.signal,
    })
    const options = { signal: effects.signal }
    return { timesketch, options, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}
