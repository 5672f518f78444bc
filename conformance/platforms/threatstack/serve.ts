import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ALL_DIALECTS, createApp, listen, openSystem } from '../../../packages/server/src/index.ts'
import type { Item } from './items.ts'

/** A server for checks; disposing stops it. */
export interface ThreatStackServer extends AsyncDisposable {
  /** Of the dialect, without a slash at its end. */
  readonly url: string
  /** Of an administrator, for version 1. */
  readonly v1Key: string
  readonly v2: { readonly user_id: string; readonly org_id: string; readonly key: string }
  importItems(items: readonly Item[]): Promise<void>
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
  const listening = await listen(createApp(system, { dialects: ALL_DIALECTS }), system, { port: 0 })
  let files = 0
  return {
    url: `${listening.url}/threatstack`,
    v1Key: v1.credentials.key,
    v2: v2.credentials,
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
