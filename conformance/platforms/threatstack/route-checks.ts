import { equal, ok } from 'node:assert/strict'
import { signFetch } from '../../../packages/sdk/src/threatstack/v2/signed-fetch.ts'
import { waitFor } from '../wait-for.ts'
import { type ClientCheck, connectV2 } from './client-checks.ts'
import type { ThreatStackServer } from './serve.ts'

const CVE = 'CVE-2026-10001'
const RULE = `title: Use of a known weakness
id: 6d1a3bd4-5f3e-4c0a-9f7b-6f0c3a3f7e11
status: test
logsource:
    category: application
detection:
    selection:
        message|contains: known-weakness-10001
    condition: selection
level: high
tags:
    - cve.2026-10001
`
/** The first of the agents that were imported. */
const HOST = 'web-0.example.org'

/** What the routes of version 2 do that no script of the vendor's page asks: by the client where it has a word for them, else signed by hand. */
export const ROUTE_CHECKS: readonly ClientCheck[] = [
  {
    name: 'version 2: a weakness that a host was attacked by, the host and its package, and none to be left out',
    async run(server) {
      await server.addRule(RULE)
      const event = { 'host.name': HOST, message: 'GET /?q=known-weakness-10001' }
      await server.importItems([{ datetime: new Date().toISOString(), ...event }])
      const { vulnerabilities } = connectV2(server)
      const found = await waitFor(() => vulnerabilities.get(CVE))
      equal(found.severity, 'high')
      const [host] = await vulnerabilities.servers(CVE).toArray()
      equal(host?.hostname, HOST)
      equal((await vulnerabilities.ofPackage(found.reportedPackage).toArray()).length, 1)
      for (const kind of ['server', 'agent']) {
        const told: { readonly cves: unknown[] } = await ask(
          server,
          'GET',
          `/vulnerabilities/${kind}/${host!.agentId}`,
        )
        equal(told.cves.length, 1)
      }
      const { suppressions } = await ask<{ suppressions: unknown[] }>(
        server,
        'GET',
        '/vulnerabilities/suppressed',
      )
      equal(suppressions.length, 0)
      return `${found.cveNumber} on ${host!.hostname}`
    },
  },
  {
    name: 'version 2: one event of an alert',
    async run(server) {
      const { alerts } = connectV2(server)
      const alert = await alerts.list({ severity: 2 }).first()
      const [event] = (await alerts.events(alert!.id))!
      const id = String(event!['id'])
      const { details } = await ask<{ details: { id: string } }>(
        server,
        'GET',
        `/alerts/${alert!.id}/events/${id}`,
      )
      equal(details.id, id)
      return id
    },
  },
  {
    name: 'version 2: a member is made an owner and disabled, an invitation and a webhook are told again',
    async run(server) {
      await server.addMember('bo')
      const { organization } = connectV2(server)
      const member = (await organization.members({ enabledOnly: true }).toArray()).find(
        ({ role }) => role !== 'owner',
      )
      ok(member)
      await organization.setRole(member.id, 'owner')
      await organization.removeMember(member.id)
      const [left] = (await organization.members().toArray()).filter(({ id }) => id === member.id)
      equal(left?.userEnabled, false)
      const again = await ask<{ status: string }>(server, 'PUT', '/organizations/invites', {
        email: 'bo@example.org',
        role: 'reader',
      })
      equal(again.status, 'pending')
      const webhook = await organization.createWebhook({ url: 'https://hooks.example.org/y', enabled: false })
      const told = await ask<{ id: string }>(server, 'GET', `/integrations/webhooks/${webhook.id}`)
      equal(told.id, webhook.id)
      await organization.deleteWebhook(webhook.id)
      return `${member.id} disabled`
    },
  },
]

async function ask<Answer>(
  { url, v2 }: ThreatStackServer,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const signed = signFetch(fetch, { id: v2.user_id, key: v2.key, ext: v2.org_id })
  const answer = await signed(`${url}/v2${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const text = await answer.text()
  ok(answer.ok, `${method} ${path} answered ${answer.status}: ${text}`)
  return JSON.parse(text) as Answer
}
