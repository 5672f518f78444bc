import { deepStrictEqual, equal, ok } from 'node:assert/strict'
import { Elements } from '../../../packages/sdk/src/index.ts'
import type { ClientCheck } from './client-checks.ts'
import type { Client, ElementsServer } from './serve.ts'

const DEVICE = 'e297cbf5-ba53-4e66-909c-000000000003'

/** What the routes do that no recipe asks: by the client where it has a word for them, else as any program asks. */
export const ROUTE_CHECKS: readonly ClientCheck[] = [
  {
    name: 'security events are asked for without a body as with one',
    async run(server) {
      const start = new Date(Date.now() - 4 * 86_400_000).toISOString()
      const place = `/security-events/v1/security-events?engineGroup=epp&persistenceTimestampStart=${start}&limit=5`
      const { items } = await ask<{ items: { id: string }[] }>(server, server.client, 'GET', place)
      const first = connect(server, server.client).securityEvents.list({ start, engineGroup: ['epp'] })
      equal(items[0]?.id, (await first.first())?.id)
      return `${items.length} events`
    },
  },
  {
    name: 'a response action is begun by the address that takes any',
    async run(server) {
      const place = '/response-actions/v1/response-actions'
      const begun = await ask<{ id: string }>(server, server.client, 'POST', place, {
        type: 'netstat',
        targets: [DEVICE],
      })
      ok(begun.id)
      return begun.id
    },
  },
  {
    name: 'an invitation is sent, given another role and taken back',
    async run(server) {
      const { invitations } = connect(server, server.adminClient)
      const sent = await invitations.create({ email: 'sam@example.com' })
      const place = `/invitations/v1/invitations?invitationId=${sent.id}`
      equal(
        (await ask<{ role: string }>(server, server.adminClient, 'PUT', place, { role: 'admin' })).role,
        'admin',
      )
      ok((await invitations.list().toArray()).some(({ id }) => id === sent.id))
      await invitations.delete(sent.id)
      deepStrictEqual(
        (await invitations.list().toArray()).filter(({ id }) => id === sent.id),
        [],
      )
      return sent.id
    },
  },
]

function connect({ url }: ElementsServer, { client_id, client_secret }: Client): Elements {
  return new Elements({ clientId: client_id, clientSecret: client_secret, baseUrl: url })
}

async function ask<Answer>(
  { url }: ElementsServer,
  { client_id: id, client_secret: secret }: Client,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const own = { 'user-agent': 'conformance', accept: 'application/json' }
  const signIn = await fetch(`${url}/as/token.oauth2`, {
    method: 'POST',
    headers: { ...own, authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  const { access_token: token } = (await signIn.json()) as { readonly access_token: string }
  const answer = await fetch(url + path, {
    method,
    headers: { ...own, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  ok(answer.ok, `${method} ${path} answered ${answer.status}: ${text}`)
  return JSON.parse(text) as Answer
}
