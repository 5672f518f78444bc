import { Sekoia } from '@timeskein/sdk'
import { createApp, type ServerApp } from '../../../http/create-app.ts'
import { openTemporarySystem, type TemporarySystem } from '../../../testing/temporary-system.ts'
import { findReplyProblem, type OpenApiDocument } from '../../platform/testing/check-reply.ts'
import { mountSekoia } from '../mount-sekoia.ts'

/** An app that speaks the dialect, over a system that goes with it. For tests. */
export interface SekoiaPlace extends AsyncDisposable {
  readonly place: TemporarySystem
  readonly app: ServerApp
  /** Of an administrator. */
  readonly sekoia: Sekoia
  /** Replies that were not as the API's document says. */
  readonly problems: readonly string[]
  /** @param username - Whose key. @default the administrator's */
  connect(scopes?: readonly string[], username?: string): Promise<Sekoia>
  /** A request without the client; its reply is held against the document too. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** An intake of a new entity. */
  makeIntake(name?: string): Promise<{ readonly key: string; readonly uuid: string; readonly entity: string }>
}

const BASE = 'http://skein.test/sekoia'

/** Opens one; every reply of the API is held against its document. */
export async function openSekoia(): Promise<SekoiaPlace> {
  const place = await openTemporarySystem()
  const app = createApp(place.system, { dialects: [mountSekoia] })
  const document = (await (await app.fetch(new Request(`${BASE}/openapi.json`))).json()) as OpenApiDocument
  const problems: string[] = []
  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const { method, url } = request
    const reply = await app.fetch(request)
    const path = new URL(url).pathname
      .replace(/^\/sekoia\/(batch|array|jsons|plain.*)?$/, '/sekoia/api/v1/intake-http/$1')
      .replace(/^\/sekoia\/api\/v1\/(?!intake-http)/, '/sekoia/v1/')
      .replace(/\/$/, '')
    const problem = await findReplyProblem(document, method, path, reply)
    if (problem !== undefined) problems.push(problem)
    return reply
  }
  const { services } = place.system
  const connect: SekoiaPlace['connect'] = async (scopes = [], username) => {
    const principal = username === undefined ? place.admin : await services.auth.localPrincipal(username)
    const { credentials } = await services.platformKeys.create(principal, {
      kind: 'sekoia',
      name: 'test',
      scopes,
    })
    if (!('key' in credentials)) throw new Error('the credentials are none of Sekoia.io')
    return new Sekoia({ apiKey: credentials.key, url: BASE, fetch: send, retryCount: 0 })
  }
  const sekoia = await connect()
  return {
    place,
    app,
    sekoia,
    problems,
    connect,
    ask: (path, init) => send(BASE + path, init),
    async makeIntake(name = 'endpoint') {
      const entity = await sekoia.entities.create({ name: 'Paris', entity_id: '1001' })
      const [format] = await sekoia.intakes.listFormats().toArray()
      const { intake_key: key, uuid } = await sekoia.intakes.create({
        name,
        entity_uuid: entity.uuid,
        format_uuid: format!.uuid,
      })
      return { key, uuid, entity: entity.uuid }
    },
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  }
}
