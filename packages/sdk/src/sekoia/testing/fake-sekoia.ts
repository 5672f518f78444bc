import { Sekoia } from '../sekoia.ts'

/** A request that a fake got. */
export interface SeenRequest {
  readonly method: string
  /** Below the address of the API. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly body: string
}

/** Answers a request: what is no `Response` is sent as JSON. */
export type Answer = (request: SeenRequest) => unknown

/** A client whose requests are answered by method and path, such as `GET /v1/me`. */
export function makeFakeSekoia(answers: Readonly<Record<string, Answer>>): {
  readonly sekoia: Sekoia
  readonly seen: readonly SeenRequest[]
} {
  const seen: SeenRequest[] = []
  const sekoia = new Sekoia({
    apiKey: 'secret-key',
    url: 'http://sekoia.test/base/v1/',
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const { pathname, searchParams } = new URL(request.url)
      const path = pathname.replace(/^\/base/, '')
      const told = {
        method: request.method,
        path,
        query: searchParams,
        headers: request.headers,
        body: await request.text(),
      }
      seen.push(told)
      const answer = answers[`${request.method} ${path}`]?.(told)
      if (answer instanceof Response) return answer
      return answer === undefined
        ? Response.json({ message: `nothing at ${path}`, code: 'not-found' }, { status: 404 })
        : Response.json(answer)
    },
  })
  return { sekoia, seen }
}

/** A page of numbered items, as the platform pages by `limit` and `offset`. */
export function pageOf(total: number, makeItem: (place: number) => unknown): Answer {
  return ({ query }) => {
    const offset = Number(query.get('offset') ?? 0)
    const count = Math.max(0, Math.min(Number(query.get('limit') ?? 20), total - offset))
    return { items: Array.from({ length: count }, (_, place) => makeItem(offset + place)), total }
  }
}
