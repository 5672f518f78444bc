import * as arrow from '@uwdata/flechette'
import * as parquet from 'hyparquet-writer'
import { type ConnectOptions, Timesketch } from '../../packages/sdk/src/index.ts'
import { nodeFiles } from '../../packages/sdk/src/node/index.ts'

/** Somebody who can sign in. */
export interface Account {
  readonly username: string
  readonly password: string
}

/** A server that the client is checked against; disposing of it ends one of ours. */
export interface Place extends AsyncDisposable {
  readonly url: string
  readonly user: Account
  readonly admin: Account
  /** A key of a server of ours; undefined for others, which have none. */
  readonly apiKey: string | undefined
  /** Reaches the server. */
  readonly fetch: typeof globalThis.fetch
  /** A folder for files; it is thrown away. */
  readonly folder: string
}

/** A server of ours in this process, without a port, over a fresh data directory. */
export async function openOwnPlace(folder: string): Promise<Place> {
  const { createApp, mountTimesketch, openSystem } = await import('../../packages/server/src/index.ts')
  const system = await openSystem({ dataDirectory: `${folder}/data` })
  const { firstAdmin } = system
  if (!firstAdmin) throw new Error(`${folder} has been used before: a fresh folder was expected`)
  const user = { username: 'test', password: 'test password' }
  const principal = await system.services.auth.localPrincipal(firstAdmin.username)
  await system.services.users.create(principal, user)
  const app = createApp(system, { dialects: [mountTimesketch] })
  const scopes = ['read', 'write', 'admin'] as const
  const { key } = await system.services.auth.createApiKey(principal, { name: 'check', scopes })
  return {
    url: 'http://skein.test',
    user,
    admin: firstAdmin,
    apiKey: key,
    fetch: async (input, init) => await app.fetch(new Request(input, init)),
    folder,
    [Symbol.asyncDispose]: () => system.close({ deadlineMs: 0 }),
  }
}

/** Any server that speaks Timesketch's API. Sketches of the checks are left behind. */
export function openPlaceAt(url: string, user: Account, admin: Account, folder: string): Place {
  return {
    url,
    user,
    admin,
    apiKey: undefined,
    fetch: globalThis.fetch,
    folder,
    async [Symbol.asyncDispose]() {
      // Not ours to end.
    },
  }
}

/** A client of the user, with tables and files. */
export async function connect(place: Place, options: Partial<ConnectOptions> = {}): Promise<Timesketch> {
  return await Timesketch.connect({
    url: place.url,
    auth: { kind: 'password', ...place.user },
    fetch: place.fetch,
    arrow,
    parquet,
    files: nodeFiles,
    ...options,
  })
}
