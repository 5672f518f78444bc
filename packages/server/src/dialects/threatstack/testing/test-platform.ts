import { hashHawkBody, printHawkHeader, signHawk } from '@timeskein/model/hawk'
import type { Principal } from '../../../auth/principal.ts'
import { createApp } from '../../../http/create-app.ts'
import { openTemporarySystem, type TemporarySystem } from '../../../testing/temporary-system.ts'
import { findReplyProblem, type OpenApiDocument } from '../../platform/testing/check-reply.ts'
import { mountThreatStack } from '../mount-threatstack.ts'

const JSON_TYPE = 'application/json'

/** What a call answered. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: whatever it is, tests say what they expect.
  readonly json: any
}

/** How a request by version 2 differs from one that is right. */
export interface Signing {
  readonly ts?: number
  readonly nonce?: string
  readonly key?: string
  readonly ext?: string
  /** Signed in place of the body that is sent. */
  readonly signedBody?: string
  readonly withoutHash?: boolean
}

/** A platform of its own with a user, every reply of which is held against the OpenAPI document. For tests. */
export interface TestPlatform extends AsyncDisposable {
  readonly place: TemporarySystem
  readonly ana: Principal
  readonly sketchId: number
  /** By the key of version 1. */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Reply>
  /** By version 2; a body is sent as JSON. */
  call(method: string, path: string, body?: unknown, signing?: Signing): Promise<Reply>
  /** What the signature of version 2 is made with. */
  readonly credentials: { readonly user_id: string; readonly org_id: string; readonly key: string }
  fetch(request: Request): Promise<Reply>
  /** Forgets what is kept in memory, as a new process does. */
  restart(): void
}

/** Opens it. @param isAdmin - Whether the user of the keys is an administrator. */
export async function openTestPlatform(isAdmin = false): Promise<TestPlatform> {
  const place = await openTemporarySystem()
  const { services } = place.system
  const ana = isAdmin ? place.admin : await place.addUser('ana')
  const { id: sketchId } = await services.sketches.create(ana, { name: 'case' })
  const v1 = await services.platformKeys.create(ana, { kind: 'threatstack', name: 'v1' })
  const v2 = await services.platformKeys.create(ana, { kind: 'threatstack-v2', name: 'v2' })
  if (!('user_id' in v2.credentials) || !('key' in v1.credentials))
    throw new Error('no credentials were made')
  const { credentials } = v2
  const v1Key = v1.credentials.key
  let app = createApp(place.system, { dialects: [mountThreatStack] })
  const fetched = await app.fetch(new Request('http://localhost/threatstack/openapi.json'))
  const document = (await fetched.json()) as OpenApiDocument
  let nonces = 0

  const fetch = async (request: Request): Promise<Reply> => {
    const { pathname } = new URL(request.url)
    const answer = await app.fetch(request)
    const text = await answer.clone().text()
    const isJson = answer.headers.get('content-type')?.startsWith(JSON_TYPE)
    if (isJson) {
      const problem = await findReplyProblem(document, request.method, pathname, answer)
      if (problem !== undefined && answer.status !== 404) throw new Error(problem)
    }
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: isJson ? JSON.parse(text) : undefined,
    }
  }
  return {
    place,
    ana,
    sketchId,
    credentials,
    fetch,
    restart() {
      app = createApp(place.system, { dialects: [mountThreatStack] })
    },
    get: (path, headers = {}) =>
      fetch(
        new Request(`http://localhost/threatstack/api/v1${path}`, {
          headers: { authorization: v1Key, ...headers },
        }),
      ),
    async call(method, path, body, signing = {}) {
      const text = body === undefined ? undefined : JSON.stringify(body)
      const url = new URL(`http://localhost/threatstack${path.startsWith('/help') ? '' : '/v2'}${path}`)
      const signed = signing.signedBody ?? text
      const hash =
        signed === undefined || signing.withoutHash ? undefined : await hashHawkBody(signed, JSON_TYPE)
      nonces += 1
      const { ts = Math.floor(Date.now() / 1000), nonce = `n${nonces}`, ext = credentials.org_id } = signing
      const resource = url.pathname + url.search
      const mac = await signHawk('header', signing.key ?? credentials.key, {
        ...{ ts, nonce, method, resource, ext, hash },
        host: 'localhost',
        port: 80,
      })
      const authorization = printHawkHeader({ id: credentials.user_id, ts, nonce, hash, ext, mac })
      return await fetch(
        new Request(url, {
          method,
          headers: { authorization, ...(text === undefined ? {} : { 'content-type': JSON_TYPE }) },
          ...(text === undefined ? {} : { body: text }),
        }),
      )
    },
    async [Symbol.asyncDispose]() {
      await place[Symbol.asyncDispose]()
    },
  }
}

/** Alerts `Alert 0`, `Alert 1` … in the sketch, made a minute after one another up to a moment, on the hosts `web-0`, `web-1`. */
export async function storeAlerts(
  { place, ana, sketchId }: Pick<TestPlatform, 'place' | 'ana' | 'sketchId'>,
  count: number,
  options: { readonly endMs?: number; readonly severity?: number; readonly ruleUuid?: string } = {},
): Promise<void> {
  const { endMs = Date.now(), severity = 80, ruleUuid } = options
  await place.system.services.alerts.store(
    ana,
    Array.from({ length: count }, (_, n) => ({
      sourceKey: `alert ${n} ${severity}`,
      source: 'api',
      sketchId,
      title: `Alert ${n}`,
      severity,
      host: `web-${n % 2}`,
      account: 'root',
      ...(ruleUuid === undefined ? {} : { ruleUuid }),
      spans: new Map([[0, { count: n + 1, firstUs: BigInt(endMs) * 1000n, lastUs: BigInt(endMs) * 1000n }]]),
      createdAtMs: endMs - (count - 1 - n) * 60_000,
    })),
  )
}
