import { equal, match, ok, rejects, throws } from 'node:assert/strict'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { ThreatStack } from '../../../packages/sdk/src/index.ts'
import type { HapiCredentials, HapiHawk } from './hapi-hawk.ts'
import type { ThreatStackServer } from './serve.ts'

/** A check; it gives what is to be told, and throws what is wrong. */
export interface HapiCheck {
  readonly name: string
  readonly run: (hawk: HapiHawk, server: ThreatStackServer) => Promise<string>
}

const JSON_TYPE = 'application/json'

/** `@hapi/hawk` at both ends: as the client of our server, and as the server of our client. */
export const HAPI_CHECKS: readonly HapiCheck[] = [
  {
    name: 'hapi: requests that it signs are taken, and the answers are good to it',
    async run(hawk, server) {
      const paths = [
        '/v2/agents?status=online',
        '/v2/alerts?status=active&severity1&from=2020-01-01T00:00:00Z',
        '/v2/agents?status=offline&hostname=a%2Fb%20c&x=%C3%A9',
        '/help/hawk/self-test',
      ]
      for (const path of paths) equal(await call(hawk, server, { path }), 200)
      return `${paths.length} requests`
    },
  },
  {
    name: 'hapi: a body that it signed is taken, another one is not',
    async run(hawk, server) {
      const payload = JSON.stringify({ ids: ['f'.repeat(24)], dismissReason: 'MAINTENANCE' })
      const path = '/v2/alerts/dismiss'
      equal(await call(hawk, server, { path, method: 'POST', payload }), 404)
      equal(await call(hawk, server, { path, method: 'POST', payload, sent: `${payload} ` }), 401)
      return 'dismiss'
    },
  },
  {
    name: 'hapi: an answer that was changed is not good to it',
    async run(hawk, server) {
      const { answer, artifacts, text } = await send(hawk, server, { path: '/v2/agents?status=online' })
      const headers = Object.fromEntries(answer.headers)
      const options = { payload: text.replace('agents', 'egants'), required: true }
      throws(
        () => hawk.client.authenticate({ headers }, credentialsOf(server), artifacts, options),
        /payload/,
      )
      return 'refused'
    },
  },
  {
    name: 'hapi: a clock that is wrong is told with a proof that it accepts',
    async run(hawk, server) {
      const timestamp = Math.floor(Date.now() / 1000) - 3600
      const { answer, artifacts, text } = await send(hawk, server, { path: '/v2/rulesets', timestamp })
      equal(answer.status, 401)
      match(answer.headers.get('www-authenticate') ?? '', /^Hawk ts="\d+", tsm="/)
      const headers = Object.fromEntries(answer.headers)
      const options = { payload: text, required: false }
      hawk.client.authenticate({ headers }, credentialsOf(server), artifacts, options)
      return 'told'
    },
  },
  {
    name: 'hapi: what our client signs is good to it, and its answers to our client',
    async run(hawk, server) {
      let isChanged = false
      const seen: string[] = []
      const credentials = credentialsOf(server)
      const judge = http.createServer((request, response) => {
        void (async () => {
          const payload = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString()
          const { method = '', url = '', headers } = request
          const asked = { method, url, headers: headers as Record<string, string> }
          const { artifacts } = await hawk.server.authenticate(
            asked,
            (id) => (id === credentials.id ? credentials : undefined),
            payload === '' ? {} : { payload },
          )
          seen.push(`${method} ${url}`)
          const body = JSON.stringify(method === 'GET' ? { agents: [], token: null } : {})
          const proof = hawk.server.header(credentials, artifacts, { payload: body, contentType: JSON_TYPE })
          response.writeHead(200, { 'content-type': JSON_TYPE, 'server-authorization': proof })
          response.end(isChanged ? `${body} ` : body)
        })().catch((error: unknown) => response.writeHead(401).end(String(error)))
      })
      await new Promise<void>((resolve) => judge.listen(0, '127.0.0.1', resolve))
      try {
        const { port } = judge.address() as AddressInfo
        const client = ThreatStack.v2({
          userId: server.v2.user_id,
          organizationId: server.v2.org_id,
          apiKey: server.v2.key,
          baseUrl: `http://127.0.0.1:${port}/v2`,
          retryCount: 0,
        })
        await client.agents({ status: 'online', hostname: 'a b/é' }).toArray()
        await client.alerts.dismiss('a', { reason: 'OTHER', text: 'ä "quoted"' })
        equal(seen.length, 2)
        isChanged = true
        await rejects(client.agents({ status: 'online' }).toArray(), { code: 'unexpected-answer' })
        ok(seen[0]!.includes('hostname='))
        return seen.join(', ')
      } finally {
        judge.close()
        judge.closeAllConnections()
      }
    },
  },
]

function credentialsOf({ v2 }: ThreatStackServer): HapiCredentials {
  return { id: v2.user_id, key: v2.key, algorithm: 'sha256' }
}

interface Wish {
  readonly path: string
  readonly method?: string
  /** What is signed; sent unless something else is. */
  readonly payload?: string
  readonly sent?: string
  readonly timestamp?: number
}

interface Sent {
  readonly answer: Response
  readonly text: string
  readonly artifacts: object
}

async function send(
  hawk: HapiHawk,
  server: ThreatStackServer,
  { path, method = 'GET', payload, sent = payload, timestamp }: Wish,
): Promise<Sent> {
  const url = server.url + path
  const { header, artifacts } = hawk.client.header(url, method, {
    credentials: credentialsOf(server),
    ext: server.v2.org_id,
    ...(payload === undefined ? {} : { payload, contentType: JSON_TYPE }),
    ...(timestamp === undefined ? {} : { timestamp }),
  })
  const answer = await fetch(url, {
    method,
    headers: { authorization: header, ...(sent === undefined ? {} : { 'content-type': JSON_TYPE }) },
    ...(sent === undefined ? {} : { body: sent }),
  })
  return { answer, artifacts, text: await answer.text() }
}

/** @returns The status, of an answer that is signed as it should be. */
async function call(hawk: HapiHawk, server: ThreatStackServer, wish: Wish): Promise<number> {
  const { answer, artifacts, text } = await send(hawk, server, wish)
  // Whom it does not know the server does not sign for.
  if (answer.status === 401) return answer.status
  const headers = Object.fromEntries(answer.headers)
  hawk.client.authenticate({ headers }, credentialsOf(server), artifacts, { payload: text, required: true })
  return answer.status
}
