import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { ALL_DIALECTS, createApp, listen, openSystem } from '../../../packages/server/src/index.ts'
import { RouteTable } from '../route-table.ts'
import { type Item, makeEvents, makeIncident } from './items.ts'

/** Credentials as `skein key create --for elements` makes them. */
export interface Client {
  readonly client_id: string
  readonly client_secret: string
}

/** A server for checks; disposing stops it. */
export interface ElementsServer extends AsyncDisposable {
  /** What the dialect's routes answered. */
  readonly routes: RouteTable
  /** Of the dialect, without a slash at its end. */
  readonly url: string
  /** Takes what is to happen while a script runs: `POST {"events": 3}`, `POST {"detections": 130}`. */
  readonly controlUrl: string
  readonly client: Client
  readonly readingClient: Client
  /** Of an administrator. */
  readonly adminClient: Client
  importItems(items: readonly Item[]): Promise<void>
}

/** Starts a server on a free port of this machine over a fresh data directory. */
export async function serveElements(dataDirectory: string): Promise<ElementsServer> {
  const system = await openSystem({ dataDirectory, starterRules: false })
  const { services } = system
  const admin = await services.auth.localPrincipal(system.firstAdmin!.username)
  await services.users.create(admin, { username: 'ana', password: 'correct horse' })
  const ana = await services.auth.localPrincipal('ana')
  const { id: sketchId } = await services.sketches.create(ana, { name: 'elements' })

  const makeClient = async (owner: typeof ana, scopes: readonly string[]): Promise<Client> => {
    const { credentials } = await services.platformKeys.create(owner, {
      kind: 'elements',
      name: 'check',
      scopes,
    })
    if (!('client_id' in credentials)) throw new Error('the credentials are none of Elements')
    return credentials
  }
  let files = 0
  const importItems = async (items: readonly Item[]): Promise<void> => {
    files += 1
    const path = join(dataDirectory, `items-${files}.jsonl`)
    await writeFile(path, items.map((item) => JSON.stringify(item)).join('\n'))
    const { ended } = await services.imports.start(ana, {
      sketchId,
      timeline: { name: 'elements' },
      inputs: [{ path }],
    })
    const { status } = await ended
    if (status !== 'done') throw new Error(`the import of ${path} is ${status}`)
  }

  const routes = await RouteTable.open(createApp(system, { dialects: ALL_DIALECTS }), 'elements')
  const listening = await listen(routes.watched, system, { port: 0 })
  const control = createServer((request, response) => {
    void (async () => {
      const chunks = await Array.fromAsync(request as AsyncIterable<Buffer>)
      const { events, detections } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<
        string,
        number
      >
      const items =
        events !== undefined ? makeEvents(events, Date.now()) : makeIncident(detections ?? 0, Date.now())
      await importItems(items)
      response.end(
        JSON.stringify(items.map((item) => item['id'] ?? item['detectionId'] ?? item['incidentId'])),
      )
    })().catch((error: unknown) => {
      response.statusCode = 500
      response.end(String(error))
    })
  })
  await new Promise<void>((resolve) => {
    control.listen(0, '127.0.0.1', resolve)
  })
  return {
    routes,
    url: `${listening.url}/elements`,
    controlUrl: `http://127.0.0.1:${(control.address() as AddressInfo).port}`,
    client: await makeClient(ana, []),
    readingClient: await makeClient(ana, ['read']),
    adminClient: await makeClient(admin, []),
    importItems,
    async [Symbol.asyncDispose]() {
      control.close()
      await listening.stop()
    },
  }
}
