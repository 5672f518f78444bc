import type { Timesketch } from '@timeskein/sdk'
import type { Effects } from '../../effects.ts'
import type { Backend } from '../backend.ts'
import { connectProfile } from './connect-profile.ts'
import { createConnectorCalls } from './connectors.ts'
import { createDetectionCalls } from './detection.ts'
import { createMarkCalls } from './marks.ts'
import { createQuestionCalls } from './questions.ts'
import { refuse } from './refuse.ts'
import { createSketchCalls } from './sketches.ts'
import { createUserCalls } from './users.ts'

/** The client that does the work, and what ends the calls that take no signal of their own. */
export interface TimesketchPlace {
  readonly timesketch: Timesketch
  readonly options: { readonly signal: AbortSignal }
}

/** How long whoever interrupted the work waits at most for what it began to be taken away. */
const TIDYING_MS = 5000

/** Signs in to any server that speaks Timesketch's API, by a section of `~/.timesketchrc`. */
export async function openTimesketchBackend(section: string, effects: Effects): Promise<Backend> {
  const timesketch = await connectProfile(section, effects)
  return createTimesketchBackend(timesketch, effects.signal)
}

/** The same for a client that is signed in already; disposing signs it out. */
export function createTimesketchBackend(timesketch: Timesketch, signal: AbortSignal): Backend {
  const place: TimesketchPlace = { timesketch, options: { signal } }
  const refuseFiles = async (): Promise<never> =>
    refuse('Files are sent with skein upload: what skein import reads is not stored')
  return {
    place: timesketch.url,
    notes: [],
    ...createUserCalls(place),
    ...createSketchCalls(place),
    ...createQuestionCalls(place),
    ...createMarkCalls(place),
    importFiles: refuseFiles,
    previewFile: refuseFiles,
    ...createConnectorCalls(),
    ...createDetectionCalls(),
    listAudit: async () => refuse('There is no audit log to be read'),
    async diagnose() {
      const { server, plaso } = await timesketch.version(place.options)
      const message = `Timesketch ${server} at ${timesketch.url}, Plaso ${plaso ?? 'unknown'}`
      return [{ severity: 'ok', subject: 'server', message }]
    },
    forTidying: () => createTimesketchBackend(timesketch, AbortSignal.timeout(TIDYING_MS)),
    async [Symbol.asyncDispose]() {
      await timesketch[Symbol.asyncDispose]().catch(() => {
        // The work is done; a session that cannot be ended ends by itself.
      })
    },
  }
}
