import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { createApp, listen, mountTimesketch, openSystem } from '../../packages/server/src/index.ts'

/** Somebody who can sign in. */
export interface Account {
  readonly username: string
  readonly password: string
}

/** A server for checks; disposing stops it. */
export interface CheckServer extends AsyncDisposable {
  readonly url: string
  readonly user: Account
  readonly admin: Account
}

const USER = { username: 'test', password: 'test password' }

/** Starts a server on a free port of this machine over a fresh data directory, with an administrator and a user. */
export async function serveForChecks(dataDirectory: string): Promise<CheckServer> {
  await cp(join(import.meta.dirname, 'config'), join(dataDirectory, 'config'), { recursive: true })
  const system = await openSystem({ dataDirectory })
  const { firstAdmin } = system
  if (!firstAdmin) throw new Error(`${dataDirectory} has been used before: a fresh directory was expected`)
  const principal = await system.services.auth.localPrincipal(firstAdmin.username)
  await system.services.users.create(principal, USER)
  const app = createApp(system, { dialects: [mountTimesketch] })
  const listening = await listen(app, system, { port: 0 })
  return {
    url: listening.url,
    user: USER,
    admin: firstAdmin,
    [Symbol.asyncDispose]: () => listening.stop(),
  }
}
