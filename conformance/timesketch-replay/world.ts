import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { TestClient } from '../../packages/server/src/dialects/timesketch/testing/test-server.ts'
import {
  createApp,
  mountTimesketch,
  openSystem,
  type RouteDeclaration,
  type System,
} from '../../packages/server/src/index.ts'

/** A server of ours without a port, and everybody who asked the recorded one. */
export interface World extends AsyncDisposable {
  readonly system: System
  /** Timesketch's routes that it has. */
  listRoutes(): Promise<readonly RouteDeclaration[]>
  /** Who asks. `nobody` has not signed in, `newcomer` signs in as part of the recording. */
  client(name: string): TestClient
  /** A sketch of `test` that was there before; it has an event. */
  readonly earlierSketchId: number
  /** Password of `test` and `test2`. */
  readonly password: string
  /** The token that the sign-in page gives the newcomer. */
  readToken(): Promise<string>
}

const PASSWORD = 'a password for everybody'
const CONFIG = join(import.meta.dirname, 'config')

/** Opens a server over a fresh data directory with the users of the recording: `test`, `test2` and the administrator `admin`. */
export async function openWorld(dataDirectory: string): Promise<World> {
  await cp(CONFIG, join(dataDirectory, 'config'), { recursive: true })
  const system = await openSystem({ dataDirectory })
  const { firstAdmin } = system
  if (!firstAdmin) throw new Error(`${dataDirectory} has been used before: a fresh directory was expected`)
  const principal = await system.services.auth.localPrincipal(firstAdmin.username)
  for (const username of ['test', 'test2'])
    await system.services.users.create(principal, { username, password: PASSWORD })
  const app = createApp(system, { dialects: [mountTimesketch] })
  const clients = new Map<string, TestClient>()
  for (const name of ['test', 'test2', 'newcomer', 'nobody', 'admin']) clients.set(name, new TestClient(app))
  for (const name of ['test', 'test2']) await clients.get(name)!.signIn(name, PASSWORD)
  const earlierSketchId = await makeEarlierSketches(clients.get('test')!)
  await clients.get('admin')!.signIn(firstAdmin.username, firstAdmin.password)
  return {
    system,
    listRoutes: async () => (await app.listRoutes()).filter(({ dialect }) => dialect === 'timesketch'),
    earlierSketchId,
    password: PASSWORD,
    async readToken() {
      const page = await clients.get('newcomer')!.send('GET', '/login/?local_auth=1')
      return /id="csrf_token"[^>]*value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    },
    client(name) {
      const client = clients.get(name)
      if (!client)
        throw new Error(`the recording asks as ${name}: expected one of ${[...clients.keys()].join(', ')}`)
      return client
    },
    [Symbol.asyncDispose]: () => system.close({ deadlineMs: 0 }),
  }
}

/** The recorded server had nine sketches before, the last of them with events. */
async function makeEarlierSketches(client: TestClient): Promise<number> {
  let last = 0
  for (let number = 1; number <= 9; number += 1) {
    const name = 'bench upload otrf'
    last = (await client.post('/sketches/', { name, description: name })).json.objects[0].id
  }
  const event = { message: 'a row', datetime: '2024-01-01T00:00:00Z', timestamp_desc: 'x' }
  await client.upload({ sketch_id: last, name: 'events', events: JSON.stringify(event) })
  await client.post(`/sketches/${last}/explore/`, { query: '*', filter: {} })
  return last
}
