import { SignInError } from '../../errors/sign-in-error.ts'
import { CookieJar, canSendCookies } from '../../transport/cookie-jar.ts'
import { hideSecrets } from '../../transport/without-secrets.ts'

/** One exchange of a session, below the API: login pages and API calls alike. */
export interface SessionRequest {
  readonly method: string
  /** From the root of the server, with its query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: () => string | FormData | undefined
  readonly signal?: AbortSignal | undefined
}

/** What came back, and from where after redirects. */
export interface SessionAnswer {
  readonly response: Response
  /** Path of the last address asked. */
  readonly path: string
}

/** What tells a server who is asking. It may be renewed while a client lives. */
export type Authorization = (signal: AbortSignal | undefined) => Promise<string | undefined>

/** Most redirects that are followed for one request. */
const MAX_REDIRECTS = 10

/**
 * What a browser does for a page: keeps cookies, follows redirects, sends the CSRF token and the authorization along. Where the
 * runtime is a browser, the browser does the first two. A redirect to another server is refused: it would take the authorization there.
 */
export class Session {
  readonly baseUrl: string
  /** Sent as `x-csrftoken` with every request once it is known. */
  csrfToken: string | undefined
  readonly #fetch: typeof globalThis.fetch
  readonly #authorization: Authorization
  #jar: CookieJar | undefined
  /** Headers of the last request. */
  #sent: Headers | undefined

  /** @param baseUrl - Without a slash at its end. */
  constructor(baseUrl: string, fetch: typeof globalThis.fetch, authorization: Authorization) {
    this.baseUrl = baseUrl
    this.#fetch = fetch
    this.#authorization = authorization
    this.#jar = canSendCookies() ? new CookieJar() : undefined
  }

  /** Forgets who was signed in. Answers that are still to come belong to the old session and leave nothing in the new one. */
  clear(): void {
    if (this.#jar) this.#jar = new CookieJar()
    this.csrfToken = undefined
  }

  /** What the server says without the credentials that it was sent. */
  hide(said: string): string {
    return hideSecrets(said, this.#sent ? Object.fromEntries(this.#sent) : {})
  }

  async send(request: SessionRequest): Promise<SessionAnswer> {
    let url = new URL(this.baseUrl + request.path)
    let { method } = request
    let body = request.body?.()
    const jar = this.#jar
    for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
      const headers = await this.#makeHeaders(request, body, jar)
      this.#sent = headers
      const response = await this.#fetch(url.href, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        ...(request.signal ? { signal: request.signal } : {}),
        ...(jar ? { redirect: 'manual' } : { credentials: 'include' }),
      })
      jar?.store(response.headers)
      const location = response.headers.get('location')
      if (!jar || location === null || response.status < 300 || response.status > 399)
        return { response, path: response.redirected ? new URL(response.url).pathname : url.pathname }
      await response.body?.cancel()
      const next = new URL(location, url)
      if (next.origin !== url.origin)
        throw new SignInError(
          `${url.origin} sends its callers on to ${next.origin}: give that address instead`,
          { advice: `Connect to ${next.origin}, if that is your server.` },
        )
      url = next
      const keepsMethod = response.status === 307 || response.status === 308
      if (!keepsMethod) method = 'GET'
      body = keepsMethod ? request.body?.() : undefined
    }
    throw new SignInError(`${this.baseUrl}: more than ${MAX_REDIRECTS} redirects for one request`)
  }

  async #makeHeaders(
    request: SessionRequest,
    body: string | FormData | undefined,
    jar: CookieJar | undefined,
  ): Promise<Headers> {
    const headers = new Headers(request.headers)
    if (body === undefined) headers.delete('content-type')
    const cookie = jar?.header()
    if (cookie !== undefined) headers.set('cookie', cookie)
    if (!headers.has('authorization')) {
      const authorization = await this.#authorization(request.signal)
      if (authorization !== undefined) headers.set('authorization', authorization)
    }
    if (this.csrfToken !== undefined) {
      headers.set('x-csrftoken', this.csrfToken)
      // Behind TLS the server compares the referrer with its own address (flask-wtf, WTF_CSRF_SSL_STRICT).
      headers.set('referer', `${this.baseUrl}/`)
    }
    return headers
  }
}
