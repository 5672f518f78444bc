import { createInterface } from 'node:readline'
import { openSystem } from '@timeskein/server'

/**
 * Pulls at each line of standard input, and says what is there then, one JSON object a line: `events` and `entries` by sort and id with
 * what tells their state, each as often as it is there. Arguments: data directory, address, client id, client secret.
 */
const [dataDirectory = '', url = '', clientId = '', secret = ''] = process.argv.slice(2)
const NAME = 'judge'
/** Before the oldest item. */
const SINCE = new Date(Date.now() - 20 * 86_400_000).toISOString()

await using system = await openSystem({ dataDirectory, starterRules: false })
const { services } = system
const admin = await services.auth.localPrincipal('admin')
const sketchId = await findSketch()
if ((await services.connectors.list(admin)).length === 0)
  await services.connectors.add(admin, { name: NAME, platform: 'elements', url, sketchId, clientId, secret })
say({ is: 'open' })
for await (const _ of createInterface({ input: process.stdin })) {
  try {
    await services.connectors.pull(admin, NAME, { since: SINCE })
    say({ is: 'done', events: await listEvents(), entries: await listEntries() })
  } catch (error) {
    say({ is: 'failed', why: (error as Error).message })
  }
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

async function findSketch(): Promise<number> {
  const [existing] = (await services.sketches.list(admin, { scope: 'all', perPage: 1 })).sketches
  return (existing ?? (await services.sketches.create(admin, { name: 'pulled' }))).id
}

async function listEvents(): Promise<[string, string][]> {
  const events: [string, string][] = []
  for await (const page of services.explore.scan(admin, { sketchId, query: { kind: 'all' } }))
    for (const event of page) {
      const kind = String(event.get('event.dataset')).replace(/[._]/g, '-')
      const record = event.get('elements') as Record<string, unknown>
      events.push([`${kind} ${event.get('event.id')}`, tellState(kind, record)])
    }
  return events
}

async function listEntries(): Promise<[string, string][]> {
  const entries: [string, string][] = []
  for (let offset = 0; ; offset += 1000) {
    const { items } = await services.alerts.list(admin, { sketchId }, { limit: 1000, offset })
    for (const { details } of items) {
      const kind = 'detectionId' in details ? 'elements-detection' : 'elements-security-event'
      entries.push([`${kind} ${details['detectionId'] ?? details['id']}`, tellState(kind, details)])
    }
    if (items.length < 1000) break
  }
  for (const { details, status } of (await services.incidents.list(admin, { sketchId }, { limit: 1000 }))
    .items)
    entries.push([`elements-incident ${details['incidentId']}`, `${details['status']} as ${status}`])
  for (const { details, name } of (await services.devices.list(admin, { sketchId, limit: 1000 })).items) {
    const record = details['elements'] as Record<string, unknown> | undefined
    entries.push([`elements-device ${record?.['id']}`, name])
  }
  return entries
}

function tellState(kind: string, record: Readonly<Record<string, unknown>>): string {
  const member = { 'elements-incident': 'status', 'elements-security-event': 'engine' }[kind] ?? 'name'
  return String(record[member])
}
