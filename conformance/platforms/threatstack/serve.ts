import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ALL_DIALECTS, createApp, listen, openSystem } from '../../../packages/server/src/index.ts'
import { RouteTable } from '../route-table.ts'
import type { Item } from './items.ts'

/** A server for checks; disposing stops it. */
export interface ThreatStackServer extends AsyncDisposable {
  /** What the dialect's routes answered. */
  readonly routes: RouteTable
  /** Of the dialect, without a slash at its end. */
  readonly url: string
  /** Of an administrator, for version 1. */
  readonly v1Key: string
  readonly v2: { readonly user_id: string; readonly org_id: string; readonly key: string }
  importItems(items: readonly Item[]): Promise<void>
  /** @param text - A rule of Sigma. */
  addRule(text: string): Promise<void>
  /** Somebody who is no administrator. */
  addMember(name: string): Promise<void>
}

/** Starts a server on a free port of this machine over a fresh data directory. */
export async function serveThreatStack(dataDirectory: string): Promise<ThreatStackServer> {
  const system = await openSystem({ dataDirectory, starterRules: true })
  const { services } = system
  const admin = await services.auth.localPrincipal(system.firstAdmin!.username)
  const { id: sketchId } = await services.sketches.create(admin, { name: 'threatstack' })
  const v1 = await services.platformKeys.create(admin, { kind: 'threatstack', name: 'check' })
  const v2 = await services.platformKeys.create(admin, { kind: 'threatstack-v2', name: 'check' })
  if (!('key' in v1.credentials) || !('user_id' in v2.credentials))
    throw new Error('no credentials were made')
  const routes = await RouteTable.open(createApp(system, { dialects: ALL_DIALECTS }), 'threatstack')
  const listening = await listen(routes.watched, system, { port: 0 })
  let files = 0
  return {
    routes,
    url: `${listening.url}/threatstack`,
    v1Key: v1.credentials.key,
    v2: v2.credentials,
    async addRule(text) {
      await services.rules.create(admin, text)
    },
    async addMember(name) {
      await services.users.create(admin, { username: name, password: 'correct horse' })
    },
    async importItems(items) {
      files += 1
      const path = join(dataDirectory, `items-${files}.jsonl`)
      await writeFile(path, items.map((item) => JSON.stringify(item)).join('\n'))
      const { ended } = await services.imports.start(admin, {
        sketchId,
        timeline: { name: 'threatstack' },
        inputs: [{ path }],
      })
      const { status } = await ended
      if (status !== 'done') throw new Error(`the import of ${path} is ${status}`)
    },
    async [Symbol.asyncDispose]() {
      await listening.stop()
    },
  }
}
