import { SignInError } from '../../errors/sign-in-error.ts'
import type { ConnectionParts } from '../connection/connection.ts'
import { readCsrfToken } from '../connection/csrf-token.ts'
import type { Authorization, Session } from '../connection/session.ts'
import type { Auth } from './auth.ts'
import { areTokensOver, type OAuthTokens } from './oauth-tokens.ts'
import { fetchServiceToken } from './service-account.ts'
import { refreshTokens } from './token-request.ts'

/** What a way of signing in comes down to. */
export interface SignInMethod {
  /** The header `Authorization` of every request; undefined for none. */
  readonly authorization: Authorization
  readonly signIn: ConnectionParts['signIn']
  readonly canSignInAgain: boolean
}

/** @param fetch - For the endpoints of OAuth. */
export function toSignInMethod(auth: Auth, fetch: typeof globalThis.fetch): SignInMethod {
  switch (auth.kind) {
    case 'password':
      return {
        authorization: async () => undefined,
        signIn: (session, signal) => signInByForm(session, auth, signal),
        canSignInAgain: true,
      }
    case 'http-basic':
      return withHeader(async () => `Basic ${toBasic(auth.username, auth.password)}`)
    case 'oauth':
      return {
        authorization: async () => undefined,
        signIn: makeOAuthSignIn(auth, fetch),
        canSignInAgain: true,
      }
    case 'api-key':
      return {
        authorization: async () => `Bearer ${auth.key}`,
        signIn: async () => {
          // A key speaks for itself: no session, no CSRF token.
        },
        canSignInAgain: false,
      }
    case 'token': {
      const { token } = auth
      return withHeader(async (signal) => `Bearer ${typeof token === 'string' ? token : await token(signal)}`)
    }
    case 'service-account':
      return withHeader(makeServiceAuthorization(auth, fetch))
    case 'none':
      return withHeader(async () => undefined)
    default:
      return auth satisfies never
  }
}

/** The server knows the caller by a header, or by the network; only the CSRF token is fetched. */
function withHeader(authorization: Authorization): SignInMethod {
  return { authorization, signIn: fetchCsrfToken, canSignInAgain: true }
}

/** As `TimesketchApi._authenticate_session` does it: the page, its token, the form. */
async function signInByForm(
  session: Session,
  { username, password }: { username: string; password: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  const path = '/login/?local_auth=1'
  const page = await session.send({ method: 'GET', path, signal })
  const html = await page.response.text()
  if (!page.response.ok) throw refuse(session, page.response, 'the sign-in page is not there')
  session.csrfToken = readCsrfToken(html)
  const { response, path: end } = await session.send({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: () =>
      new URLSearchParams({
        username,
        password,
        ...(session.csrfToken === undefined ? {} : { csrf_token: session.csrfToken }),
      }).toString(),
    signal,
  })
  await response.body?.cancel()
  if (response.status === 200 && /\/login\/?$/.test(end))
    throw refuse(
      session,
      { status: 401, headers: response.headers },
      `wrong user name or password for ${JSON.stringify(username)}`,
    )
  if (!response.ok) throw refuse(session, response, 'the sign-in form was refused')
}

/** As `TimesketchApi.authenticate_oauth_session` does it. */
function makeOAuthSignIn(
  auth: Auth & { kind: 'oauth' },
  fetch: typeof globalThis.fetch,
): ConnectionParts['signIn'] {
  let { tokens }: { tokens: OAuthTokens } = auth
  return async (session, signal) => {
    if (areTokensOver(tokens) || tokens.idToken === undefined) {
      tokens = await refreshTokens(tokens, { fetch, signal })
      await auth.onRenewed?.(tokens)
    }
    const query = new URLSearchParams({ id_token: tokens.idToken ?? '' })
    const { response } = await session.send({
      method: 'GET',
      path: `/login/api_callback/?${query}`,
      headers: { authorization: `Bearer ${tokens.accessToken}` },
      signal,
    })
    await response.body?.cancel()
    if (!response.ok) throw refuse(session, response, 'the tokens were refused')
    await fetchCsrfToken(session, signal)
  }
}

function makeServiceAuthorization(
  auth: Auth & { kind: 'service-account' },
  fetch: typeof globalThis.fetch,
): Authorization {
  let current: { token: string; expiresAt: string } | undefined
  return async (signal) => {
    if (!current || areTokensOver(current))
      current = await fetchServiceToken(auth.key, auth.audience, { fetch, signal })
    return `Bearer ${current.token}`
  }
}

async function fetchCsrfToken(session: Session, signal: AbortSignal | undefined): Promise<void> {
  const { response } = await session.send({ method: 'GET', path: '/', signal })
  const html = await response.text()
  if (response.status === 401 || response.status === 403)
    throw refuse(session, response, 'the credentials were refused')
  session.csrfToken = readCsrfToken(html)
}

function refuse(
  session: Session,
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  reason: string,
): SignInError {
  const requestId = headers.get('x-request-id') ?? undefined
  return new SignInError(`sign in at ${session.baseUrl}: ${reason} (status ${status})`, { status, requestId })
}

function toBasic(username: string, password: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(`${username}:${password}`)))
}
