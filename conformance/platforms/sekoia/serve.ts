import { ALL_DIALECTS, createApp, listen, openSystem } from '../../../packages/server/src/index.ts'
import { RouteTable } from '../route-table.ts'

/** A server for checks; disposing stops it. */
export interface SekoiaServer extends AsyncDisposable {
  /** What the dialect's routes answered. */
  readonly routes: RouteTable
  /** Of the dialect, without a slash at its end. */
  readonly url: string
  /** Keys as `skein key create --for sekoia` makes them: an administrator's, and one that only searches events. */
  readonly key: string
  readonly searchKey: string
  /** Of somebody else, who has no sketch. */
  readonly otherKey: string
}

/** Starts a server on a free port of this machine over a fresh data directory. */
export async function serveSekoia(dataDirectory: string): Promise<SekoiaServer> {
  const system = await openSystem({ dataDirectory, starterRules: false })
  const { services } = system
  const admin = await services.auth.localPrincipal(system.firstAdmin!.username)
  await services.users.create(admin, { username: 'ana', password: 'correct horse' })
  const ana = await services.auth.localPrincipal('ana')
  const makeKey = async (principal: typeof admin, scopes: readonly string[]): Promise<string> => {
    const { credentials } = await services.platformKeys.create(principal, {
      kind: 'sekoia',
      name: 'check',
      scopes,
    })
    if (!('key' in credentials)) throw new Error('the credentials are none of Sekoia.io')
    return credentials.key
  }
  const keys = {
    key: await makeKey(admin, []),
    searchKey: await makeKey(admin, ['SIC_READ_INTAKES']),
    otherKey: await makeKey(ana, []),
  }
  const routes = await RouteTable.open(createApp(system, { dialects: ALL_DIALECTS }), 'sekoia')
  const listening = await listen(routes.watched, system, { port: 0 })
  return {
    ...keys,
    routes,
    url: `${listening.url}/sekoia`,
    async [Symbol.asyncDispose]() {
      await listening.stop()
    },
  }
}
