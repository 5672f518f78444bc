import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSystem } from '@timeskein/server'
import { makeSyntheticJsonLines } from '../data/synthetic.ts'
import type { Figure } from '../figures.ts'
import { runSkein, startServer } from '../skein-process.ts'
import { tellStep } from '../tell-step.ts'
import { makeApi } from './api.ts'
import { measureDownloads } from './measure-downloads.ts'
import { makeSketches, measureList } from './measure-list.ts'
import { measureLoad } from './measure-load.ts'
import { type Account, measurePython } from './measure-python.ts'
import { measureSearches } from './measure-searches.ts'
import { measureUploads } from './measure-uploads.ts'
import { measureBeside, type TimesketchPeer } from './peer.ts'

const ACCOUNT: Account = { username: 'bench', password: 'bench password' }

/**
 * Timesketch's API over HTTP, against a server in a process of its own.
 *
 * @param peer - Asked for the same when ours has ended. @default nobody
 */
export async function benchTimesketch(events: number, peer?: TimesketchPeer): Promise<readonly Figure[]> {
  const figures = await measureOurs(events)
  return peer ? await measureBeside(figures, peer) : figures
}

async function measureOurs(events: number): Promise<readonly Figure[]> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'timeskein-bench-'))
  try {
    tellStep(`import of ${events.toLocaleString('en')} synthetic events`)
    const file = await makeSyntheticJsonLines(events)
    await runSkein(['import', file, '--sketch', 'bench', '--data', dataDirectory, '--quiet'])
    const { key, sketchId } = await prepare(dataDirectory)
    tellStep('ten thousand sketches')
    await makeSketches(dataDirectory, ACCOUNT.username)
    await using server = await startServer(dataDirectory)
    const api = makeApi(server.url, key)
    tellStep('first pages')
    const searches = await measureSearches(api, sketchId)
    tellStep('the list of sketches')
    const list = await measureList(api)
    tellStep('many clients at once')
    const load = await measureLoad(api, key, sketchId, server.pid)
    tellStep('exports')
    const downloads = await measureDownloads(api, sketchId, events, server.pid)
    const uploads = await measureUploads(api)
    tellStep('the Python packages')
    const python = await measurePython(server.url, ACCOUNT)
    return [...searches, ...load, list, ...downloads, ...uploads, ...python]
  } finally {
    await rm(dataDirectory, { recursive: true, force: true })
  }
}

/** A user with a key of theirs, who may do everything with the sketch. */
async function prepare(dataDirectory: string): Promise<{ key: string; sketchId: number }> {
  const system = await openSystem({ dataDirectory })
  try {
    const { services } = system
    const admin = await services.auth.localPrincipal('admin')
    const sketch = await services.sketches.resolve(admin, 'bench')
    await services.users.create(admin, ACCOUNT)
    await services.access.changeSketchGrants(admin, sketch.id, {
      grantUsers: [ACCOUNT.username],
      permissions: ['read', 'write', 'delete'],
    })
    const user = await services.auth.localPrincipal(ACCOUNT.username)
    const { key } = await services.auth.createApiKey(user, { name: 'bench', scopes: ['read', 'write'] })
    return { key, sketchId: sketch.id }
  } finally {
    await system.close()
  }
}
