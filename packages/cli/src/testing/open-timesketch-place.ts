import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createApp, listen, mountTimesketch, openSystem } from '@timeskein/server'
import { runSkein } from './run-skein.ts'

/** A server that speaks Timesketch's API and nothing else, with a profile for it in a home directory of its own. */
export interface TimesketchTestPlace extends AsyncDisposable {
  readonly url: string
  readonly user: { readonly username: string; readonly password: string }
  /** Has `.timesketchrc`, `[timesketch]` in it, and the password, encrypted. */
  readonly homeDirectory: string
}

/** Opens one in a folder, on a free port of this machine, and signs in to it as a person would. */
export async function openTimesketchPlace(folder: string): Promise<TimesketchTestPlace> {
  const system = await openSystem({ dataDirectory: join(folder, 'data') })
  const admin = await system.services.auth.localPrincipal('admin')
  const user = { username: 'ana', password: 'correct horse 100%' }
  await system.services.users.create(admin, user)
  const server = await listen(createApp(system, { dialects: [mountTimesketch] }), system, { port: 0 })
  const homeDirectory = join(folder, 'home')
  await mkdir(homeDirectory)
  const words = ['config', 'login', '--server', server.url, '--username', user.username, '--password-stdin']
  const run = await runSkein(words, { homeDirectory, stdin: `${user.password}\n` })
  if (run.exitCode !== 0) throw new Error(`signing in failed: ${run.err}`)
  return {
    url: server.url,
    user,
    homeDirectory,
    [Symbol.asyncDispose]: async () => await server.stop(0),
  }
}
