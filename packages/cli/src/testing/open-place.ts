import { createApp, type Listening, listen, mountSkein, mountTimesketch, openSystem } from '@timeskein/server'

/** Where commands of a test work: straight on a data directory, or through a server that has it open. */
export type PlaceKind = 'data directory' | 'server'

/** A place for commands; a server is stopped when it is disposed of. */
export interface TestPlace extends AsyncDisposable {
  /** The options that name it. */
  readonly where: string[]
}

/** Opens a place on a data directory; a server listens on a free port of this machine. */
export async function openPlace(kind: PlaceKind, dataDirectory: string): Promise<TestPlace> {
  if (kind === 'data directory')
    return { where: ['--data', dataDirectory], [Symbol.asyncDispose]: async () => {} }
  const system = await openSystem({ dataDirectory })
  const admin = await system.services.auth.localPrincipal('admin')
  const { key } = await system.services.auth.createApiKey(admin, { name: 'test', scopes: ['admin'] })
  const server: Listening = await listen(
    createApp(system, { dialects: [mountTimesketch, mountSkein] }),
    system,
    { port: 0 },
  )
  return {
    where: ['--server', server.url, '--api-key', key],
    [Symbol.asyncDispose]: async () => await server.stop(0),
  }
}
