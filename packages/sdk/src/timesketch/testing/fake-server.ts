import { type ConnectOptions, Timesketch } from '../timesketch.ts'

/** A request as a server saw it. */
export interface SeenRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Headers
  /** The body as text; '' for none. */
  readonly body: string
}

/** What a server answers: a value becomes JSON. */
export type FakeAnswer = (request: SeenRequest) => unknown

/** A server of a test, in the shapes of Timesketch 20261014, and what it was asked. */
export interface FakeServer {
  readonly fetch: typeof globalThis.fetch
  readonly seen: readonly SeenRequest[]
}

/** @param answers - By `METHOD path`, the longest that fits; what none fits is 404. */
export function makeFakeServer(answers: Readonly<Record<string, FakeAnswer>>): FakeServer {
  const seen: SeenRequest[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    const path = url.pathname + url.search
    const one = { method: request.method, path, headers: request.headers, body: await request.text() }
    seen.push(one)
    request.signal.throwIfAborted()
    const name = `${request.method} ${path}`
    const key = Object.keys(answers)
      .filter((start) => name.startsWith(start))
      .sort((a, b) => b.length - a.length)[0]
    if (key === undefined)
      return Response.json({ message: 'The requested URL was not found.' }, { status: 404 })
    const answer = await answers[key]?.(one)
    return answer instanceof Response ? answer : Response.json(answer)
  }
  return { fetch, seen }
}

/** A client with a key, whose first request is the test's own. */
export async function connectTo(
  server: FakeServer,
  options: Partial<ConnectOptions> = {},
): Promise<Timesketch> {
  const auth = { kind: 'api-key', key: 'sk_test' } as const
  return await Timesketch.connect({ url: 'http://timesketch.test', auth, fetch: server.fetch, ...options })
}

/** The envelope of one object, or of a list in a list. */
export function envelope(objects: unknown, meta: Readonly<Record<string, unknown>> = {}): unknown {
  return { meta, objects: [objects] }
}
