import { type DomainErrorKind, isDomainError } from '../../../errors/domain-error.ts'
import type { AppContext, DialectDeps, PublicCall } from '../../../http/app-types.ts'
import { CSRF_TEXT } from '../errors.ts'
import { errorPage, redirectPage } from '../pages/error-page.ts'
import { sendHomePage } from '../pages/home-page.ts'
import { sendLoginPage } from '../pages/login-page.ts'
import { STYLE_PATH, sendStyle } from '../pages/page.ts'
import type { TimesketchRouter } from '../router.ts'

/** Sketches on the home page. */
const HOME_SKETCHES = 25
/** Refusals of whoever signs in, which are answered with the page; without Retry-After, as the Python client would wait it out inside its constructor. */
const STATUS_OF_REFUSAL: Readonly<Partial<Record<DomainErrorKind, number>>> = {
  unauthenticated: 200,
  'too-many': 429,
}

/** `/login/`, `/logout/` and `/` (Timesketch 20261014: views/auth.py and views/spa.py). */
export function routeLogin(router: TimesketchRouter, deps: DialectDeps): void {
  const slash = (c: AppContext) =>
    redirectPage(c, 308, `${new URL(c.req.url).pathname}/${new URL(c.req.url).search}`)
  router.page('GET', '/login', slash)
  router.page('POST', '/login', slash, { csrf: false })
  router.page('GET', '/logout', slash)
  router.page('GET', '/login/', (c, call) => showLogin(c, call, deps))
  router.page('POST', '/login/', (c, call) => login(c, call, deps), { csrf: false })
  router.page('GET', '/login/api_callback/', refuseTokens)
  router.page('GET', '/login/google_openid_connect/', (c) => errorPage(c, 400, NO_GOOGLE))
  router.page('GET', '/logout/', (c, call) => logout(c, call, deps))
  router.page('GET', '/', showHome)
  router.page('GET', STYLE_PATH, sendStyle)
}

async function showLogin(c: AppContext, call: PublicCall, deps: DialectDeps): Promise<Response> {
  if (call.principal) return redirectPage(c, 302, localTarget(c.req.query('next')))
  let csrfToken = call.session?.csrfToken
  if (csrfToken === undefined) {
    const opened = await call.services.auth.openSession(call.address)
    deps.setSessionCookie(c, opened.cookieValue)
    csrfToken = opened.session.csrfToken
  }
  return sendLoginPage(c, { csrfToken })
}

async function login(c: AppContext, call: PublicCall, deps: DialectDeps): Promise<Response> {
  const form = new URLSearchParams(await c.req.text())
  const token = form.get('csrf_token') || c.req.header('x-csrftoken') || c.req.header('x-csrf-token') || ''
  if (token === '') return errorPage(c, 400, CSRF_TEXT['csrf-missing']!)
  if (!call.session) return errorPage(c, 400, CSRF_TEXT['csrf-no-session']!)
  if (!call.services.auth.checkCsrf(call.session, token))
    return errorPage(c, 400, CSRF_TEXT['csrf-mismatch']!)

  const username = form.get('username') ?? ''
  try {
    const { cookieValue } = await call.services.auth.login({
      username,
      password: form.get('password') ?? '',
      address: call.address,
      session: call.session,
      requestId: call.requestId,
    })
    deps.setSessionCookie(c, cookieValue)
  } catch (error) {
    if (!isDomainError(error)) throw error
    const { kind, message: problem } = error
    const status = STATUS_OF_REFUSAL[kind]
    if (status === undefined) throw error
    return sendLoginPage(c, { csrfToken: call.session.csrfToken, problem, username, status })
  }
  return redirectPage(c, 302, localTarget(c.req.query('next')))
}

const NO_GOOGLE =
  'Signing in with Google is not set up on this server: take a user name and its password, or an API key.'

/** The end of the client's OAuth flow, on a server without client ids of its own. */
function refuseTokens(c: AppContext): Response {
  if (!c.req.header('authorization')?.startsWith('Bearer '))
    return errorPage(c, 401, 'Request not authenticated.')
  if (!c.req.query('id_token')) return errorPage(c, 401, 'No ID token supplied.')
  return errorPage(c, 400, NO_GOOGLE)
}

async function logout(c: AppContext, call: PublicCall, deps: DialectDeps): Promise<Response> {
  if (call.session) await call.services.auth.logout(call.session, call)
  deps.setSessionCookie(c, undefined)
  return redirectPage(c, 302, '/login/')
}

async function showHome(c: AppContext, call: PublicCall): Promise<Response> {
  if (!call.principal) return redirectPage(c, 302, '/login/?next=%2F')
  const list = await call.services.sketches.list(call.principal, { scope: 'all', perPage: HOME_SKETCHES })
  return sendHomePage(c, {
    username: call.principal.username,
    csrfToken: call.session?.csrfToken,
    sketches: list.sketches,
    total: list.totalItems,
    version: call.system.version,
  })
}

/**
 * Where to go after signing in: a path of this server, never another host.
 *
 * Refused are `//host`, `\\host`, anything with a scheme and control characters that browsers drop.
 */
export function localTarget(next: string | undefined): string {
  if (next === undefined || !next.startsWith('/')) return '/'
  if (/[\x00-\x1f\x7f]/.test(next) || next.replaceAll('\\', '/').startsWith('//')) return '/'
  return encodeURI(decodeSafely(next)).replaceAll('\\', '%5C')
}

function decodeSafely(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    // A path with broken escapes is passed on as it is: encodeURI makes it safe for a header.
    return path
  }
}
