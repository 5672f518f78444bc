import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Elements } from '@timeskein/sdk'
import {
  ALL_DIALECTS,
  createApp,
  type Listening,
  listen,
  openSystem,
  type Principal,
} from '@timeskein/server'
import type { Choices } from '../../opensearch/random.ts'

/** A platform over items that the judge makes and changes. */
export interface JudgedPlatform extends AsyncDisposable {
  /** Without a path. */
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  /** Makes new items, and changes some of those that are there. */
  goOn(choices: Choices): Promise<void>
  /** Everything there is, by sort and id: `elements-incident i1` -> what tells its state. */
  list(): Promise<ReadonlyMap<string, string>>
}

const HOUR_MS = 3_600_000

/** Opens one in a folder, with so many security events. */
export async function openPlatform(folder: string, eventCount: number): Promise<JudgedPlatform> {
  const system = await openSystem({ dataDirectory: join(folder, 'platform'), starterRules: false })
  const { services } = system
  const admin: Principal = await services.auth.localPrincipal('admin')
  const { id: sketchId } = await services.sketches.create(admin, { name: 'platform' })
  let made = 0
  const importItems = async (items: readonly object[]): Promise<void> => {
    const path = join(folder, 'items.jsonl')
    await writeFile(path, items.map((item) => JSON.stringify(item)).join('\n'))
    const { ended } = await services.imports.start(admin, {
      sketchId,
      timeline: { name: 'items' },
      inputs: [{ path }],
    })
    const job = await ended
    if (job.status !== 'done') throw new Error(`the items could not be made: ${job.error}`)
  }
  const makeItems = (count: number): object[] =>
    Array.from({ length: count }, () => ++made).flatMap((number) =>
      number % 50 === 1 ? [makeEvent(number), ...makeIncident(number)] : [makeEvent(number)],
    )
  await importItems([...makeDevices(25), ...makeItems(eventCount)])
  const { credentials } = await services.platformKeys.create(admin, {
    name: 'judge',
    kind: 'elements',
    scopes: ['read'],
  })
  const { client_id: clientId, client_secret: clientSecret } = credentials as Record<string, string>
  const server: Listening = await listen(createApp(system, { dialects: ALL_DIALECTS }), system, { port: 0 })
  const elements = new Elements({
    baseUrl: `${server.url}/elements`,
    clientId: clientId!,
    clientSecret: clientSecret!,
  })
  return {
    url: server.url,
    clientId: clientId!,
    clientSecret: clientSecret!,
    async goOn(choices) {
      await importItems(makeItems(choices.between(1, 5)))
      const { items } = await services.incidents.list(admin, { sketchId }, { limit: 1000 })
      for (const { uid } of [choices.pick(items), choices.pick(items)])
        await services.incidents.decide(admin, uid, {
          status: choices.pick(['open', 'acknowledged', 'in-progress', 'monitoring', 'closed']),
        })
    },
    async list() {
      const all = new Map<string, string>()
      for await (const { id, name } of elements.devices.list()) all.set(`elements-device ${id}`, name)
      for await (const { incidentId, status } of elements.incidents.list()) {
        all.set(`elements-incident ${incidentId}`, status)
        for await (const { detectionId, name } of elements.incidents.detections(incidentId))
          all.set(`elements-detection ${detectionId}`, name ?? '')
      }
      const start = new Date(Date.now() - 20 * 24 * HOUR_MS)
      for await (const { id, engine } of elements.securityEvents.list({ start, order: 'asc' }))
        all.set(`elements-security-event ${id}`, engine)
      return all
    },
    [Symbol.asyncDispose]: async () => await server.stop(0),
  }
}

function makeEvent(number: number): object {
  // Several have one moment, and some are written late.
  const time = new Date(Date.now() - HOUR_MS * (number % 3) - (number % 7) * 1000).toISOString()
  return {
    id: `event-${number}`,
    severity: number % 5 === 0 ? 'critical' : 'warning',
    engine: number % 2 === 0 ? 'deepGuard' : 'firewall',
    action: 'blocked',
    acknowledged: false,
    clientTimestamp: time,
    serverTimestamp: time,
    persistenceTimestamp: time,
    device: { id: `device-${number % 25}`, name: `WS-${number % 25}` },
    details: { alertType: 'test', filePath: `C:\\${number}.exe` },
  }
}

function makeIncident(number: number): object[] {
  const time = new Date(Date.now() - 2 * HOUR_MS).toISOString()
  const incidentId = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
  return [
    {
      incidentId,
      incidentPublicId: `public-${number}`,
      name: `Incident ${number}`,
      status: 'new',
      riskLevel: 'high',
      createdTimestamp: time,
      updatedTimestamp: time,
    },
    {
      detectionId: `00000000-0000-4000-9000-${String(number).padStart(12, '0')}`,
      incidentId,
      deviceId: `device-${number % 25}`,
      name: `detection ${number}`,
      severity: 'medium',
      createdTimestamp: time,
    },
  ]
}

function makeDevices(count: number): object[] {
  return Array.from({ length: count }, (_, number) => ({
    id: `device-${number}`,
    name: `WS-${number}`,
    type: 'computer',
    state: 'active',
    protectionStatus: 'protected',
    protectionStatusOverview: 'allOk',
    registrationTimestamp: '2026-01-01T00:00:00.000Z',
    statusUpdateTimestamp: '2026-01-01T00:00:00.000Z',
  }))
}
