import { Elements } from '../elements.ts'

/** A request that was sent, as the platform sees it. */
export interface Seen {
  readonly method: string
  readonly path: string
  /** Of the query, or of the form. */
  readonly values: URLSearchParams
  readonly headers: Headers
  readonly json: unknown
}

/** Answers by method and path; a function makes one for each request. */
export type Answers = Readonly<Record<string, ((seen: Seen) => Response | object) | undefined>>

/** A client, and a platform in the shapes of the reference that gives out tokens `token-1`, `token-2` … */
export function makeFakePlatform(answers: Answers): { readonly elements: Elements; readonly seen: Seen[] } {
  const seen: Seen[] = []
  let tokens = 0
  const elements = new Elements({
    clientId: 'fusion_0',
    clientSecret: 'hidden',
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const url = new URL(request.url)
      const text = await request.text()
      const isForm = request.headers.get('content-type')?.includes('urlencoded') === true
      const one: Seen = {
        method: request.method,
        path: url.pathname,
        values: isForm ? new URLSearchParams(text) : url.searchParams,
        headers: request.headers,
        json: text !== '' && !isForm ? JSON.parse(text) : undefined,
      }
      const answer = answers[`${one.method} ${one.path}`]
      seen.push(one)
      if (one.path === '/as/token.oauth2' && !answer) {
        tokens += 1
        return Response.json({ access_token: `token-${tokens}`, token_type: 'Bearer', expires_in: 1799 })
      }
      const made = answer?.(one) ?? new Response('{}', { status: 404 })
      return made instanceof Response ? made : Response.json(made)
    },
  })
  return { elements, seen }
}
