import { SkeinClient } from '@timeskein/sdk'
import { CliError } from '../../cli-error.ts'
import { EXIT } from '../../exit-codes.ts'
import { requireApiKey } from '../../place/require-api-key.ts'
import type { Backend } from '../backend.ts'
import { createAuditCalls } from './audit.ts'
import { createConnectorCalls } from './connectors.ts'
import { createDetectionCalls } from './detection.ts'
import { createImportCalls } from './imports.ts'
import { createMarkCalls } from './marks.ts'
import { createQuestionCalls } from './questions.ts'
import { createSketchCalls } from './sketches.ts'
import { createUserCalls } from './users.ts'

/** The client that does the work, and what ends the calls that take no signal of their own. */
export interface RemotePlace {
  readonly client: SkeinClient
  readonly options: { readonly signal: AbortSignal }
}

/** How long whoever interrupted the work waits at most for what it began to be taken away. */
const TIDYING_MS = 15_000

/** Reaches a server; nothing is asked of it yet. */
export async function openRemoteBackend(options: {
  server: string
  apiKey: string | undefined
  signal: AbortSignal
}): Promise<Backend> {
  const { server, apiKey, signal } = options
  if (!URL.canParse(server))
    throw new CliError(
      `--server takes an address such as http://127.0.0.1:5000, found "${server}"`,
      EXIT.usage,
    )
  return createRemoteBackend(
    new SkeinClient({ baseUrl: server, apiKey: requireApiKey(apiKey) }),
    server,
    signal,
  )
}

function createRemoteBackend(client: SkeinClient, server: string, signal: AbortSignal): Backend {
  const place: RemotePlace = { client, options: { signal } }
  return {
    place: server,
    notes: [],
    ...createUserCalls(place),
    ...createSketchCalls(place),
    ...createImportCalls(place),
    ...createQuestionCalls(place),
    ...createMarkCalls(place),
    ...createAuditCalls(place),
    ...createConnectorCalls(place),
    ...createDetectionCalls(place),
    diagnose: () => client.diagnose({ signal }),
    forTidying: () => createRemoteBackend(client, server, AbortSignal.timeout(TIDYING_MS)),
    async [Symbol.asyncDispose]() {
      // Nothing is held open between calls.
    },
  }
}
