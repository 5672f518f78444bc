import { deepStrictEqual, equal, match, ok } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { Elements } from '../../../packages/sdk/src/index.ts'
import { makeEvents, makeIncident } from './items.ts'
import { readRecordedEvents } from './recorded-events.ts'
import type { ElementsServer } from './serve.ts'

/** A check; it gives what is to be told, and throws what is wrong. Undefined: it could not be done. */
export interface ClientCheck {
  readonly name: string
  readonly run: (server: ElementsServer, folder: string) => Promise<string | { readonly skipped: string }>
}

const EXAMPLES = join(import.meta.dirname, '../../../examples/elements')

/** The TypeScript client and its examples against the server. */
export const CLIENT_CHECKS: readonly ClientCheck[] = [
  {
    name: 'the recorded events of the vendor are served as they were told, field for field',
    async run(server) {
      const recorded = readRecordedEvents()
      if (!recorded) return { skipped: 'the recorded events are not on this machine' }
      await server.importItems(recorded)
      const byId = new Map(recorded.map((event) => [String(event['id']), event]))
      const served = await connect(server)
        .securityEvents.list({ start: '2020-01-01', end: '2026-01-01', engineGroup: ['epp', 'edr', 'ecp'] })
        .toArray()
      equal(served.length, byId.size)
      for (const event of served) {
        const { message: _message, description: _description, ...told } = event
        deepStrictEqual({ ...told, ...byId.get(event.id) }, told)
      }
      return `${served.length} events of ${recorded.length} files`
    },
  },
  {
    name: 'the examples print what the recipes print',
    async run(server, folder) {
      const token = await runExample(server, 'authentication')
      match(token, /^Client=fusion_[0-9a-f]{24}, organization=[0-9a-f-]{36}\n$/)
      const refused = await runExample(server, 'authentication', [], { WS_SECRET: 'wrong' })
      match(refused, /invalid_client.*\nTransaction-id=0000-[0-9a-f]{16}\n$/s)
      const devices = await runExample(server, 'list_devices')
      equal(devices.match(/^Device name=WS-\d+, status=critical, company=Example Oy$/gm)?.length, 23)
      const table = await runExample(server, 'count_by_engine')
      match(table, /^\|Engine\|Events count\|\n(\|\w+\|\d+\|\n)+$/)
      const eventCursor = join(folder, 'events.cursor')
      const first = await runExample(server, 'poll_security_events', [eventCursor, '--once'])
      equal((await runExample(server, 'poll_security_events', [eventCursor, '--once'])).length, 0)
      const more = makeEvents(10, Date.now())
      await server.importItems(more)
      const second = await runExample(server, 'poll_security_events', [eventCursor, '--once'])
      equal(second.split('\n').length - 1, more.filter(({ engine }) => engine !== 'emailScan').length)
      const detectionCursor = join(folder, 'detections.cursor')
      const before = await runExample(server, 'poll_detections', [detectionCursor, '--once'])
      await server.importItems(makeIncident(4, Date.now()))
      const after = await runExample(server, 'poll_detections', [detectionCursor, '--once'])
      equal(after.split('\n').length - 1, 4)
      const isolated = await runExample(server, 'isolate_device', ['e297cbf5-ba53-4e66-909c-000000000001'])
      match(isolated, /^Device=\S+, operation=\d{19}, status=finished\n$/)
      return `${countLines(devices)} devices, ${countLines(first) + countLines(second)} events, ${countLines(before) + 4} detections, ${isolated.trim()}`
    },
  },
  {
    name: 'incidents are closed, commented and told of in their history',
    async run(server) {
      const { incidents } = connect(server)
      const incident = await incidents.list({ status: 'new' }).first()
      ok(incident)
      deepStrictEqual(
        await incidents.setStatus(incident.incidentId, { status: 'closed', resolution: 'securityTest' }),
        [{ target: incident.incidentId, status: 200 }],
      )
      await incidents.comment([incident.incidentId], 'Looked into.')
      const closed = await incidents.get(incident.incidentId)
      deepStrictEqual([closed?.status, closed?.resolution], ['closed', 'securityTest'])
      const updates = await incidents.updates(incident.incidentId).toArray()
      return updates.map(({ type }) => type).join(', ')
    },
  },
  {
    name: 'lists of everything else answer',
    async run(server) {
      const elements = connect(server)
      const organizations = await elements.organizations().toArray()
      const organizationId = organizations[0]!.id
      const { id } = await elements.responseActions.execute('netstat', {
        organizationId,
        targets: ['e297cbf5-ba53-4e66-909c-000000000002'],
      })
      const lists = {
        organizations: organizations.length,
        profiles: (await elements.profiles('windows').toArray()).length,
        exposures: (await elements.exposureIdentities().toArray()).length,
        databases: (await elements.latestDatabaseVersions('hydra')).length,
        missingUpdates: (await elements.softwareUpdates.missing().toArray()).length,
        installations: (await elements.softwareUpdates.installations({ lastDays: 7 }).toArray()).length,
        responses: (await elements.responseActions.list({ organizationId }).toArray()).length,
        tasks: (await elements.responseActions.tasks(id).toArray()).length,
        acts: (await elements.auditLogs.list({ start: '1h' }).toArray()).length,
        protected: (await elements.devices.count('protectionStatus'))[0]?.count,
      }
      equal(lists.responses, 1)
      equal(lists.tasks, 1)
      ok(lists.acts > 3)
      return JSON.stringify(lists)
    },
  },
]

function connect({ url, client }: ElementsServer): Elements {
  return new Elements({ clientId: client.client_id, clientSecret: client.client_secret, baseUrl: url })
}

function countLines(text: string): number {
  return text.split('\n').length - 1
}

/** What an example prints; its failures too. */
async function runExample(
  { url, client }: ElementsServer,
  name: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = spawn(process.execPath, [join(EXAMPLES, `${name}.ts`), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      WS_API_URL: url,
      WS_CLIENT_ID: client.client_id,
      WS_SECRET: client.client_secret,
      ...env,
    },
  })
  child.stdout.setEncoding('utf8')
  return (await Array.fromAsync(child.stdout as AsyncIterable<string>)).join('')
}
