import type { Principal } from '../auth/principal.ts'
import { requireAdmin } from '../auth/require-admin.ts'
import { DomainError, forbidden, invalid } from '../errors/domain-error.ts'
import type { Services } from '../services/services.ts'
import type { Sketch } from '../services/sketches/sketch-service.ts'
import type { AppContext, PublicCall, RouteDeclaration } from './app-types.ts'
import { limitBody } from './body-limit.ts'

/** Form bodies read for their `csrf_token` are at most so long; longer ones bring the token in a header. */
const MAX_CSRF_FORM_BYTES = 1_048_576

/** Ways in that no page of another site can use: a key is sent on purpose, and in process there is no request from outside. */
const BROUGHT_BY_NO_BROWSER: ReadonlySet<Principal['via'] | undefined> = new Set(['api-key', 'local'])

/**
 * The one place where a declared route is held against who calls: CSRF, then who it is, then what they may do.
 *
 * @returns The sketch of `sketch:…` routes.
 * @throws {DomainError} What is missing.
 */
export async function checkRoute(
  c: AppContext,
  route: RouteDeclaration,
  call: PublicCall,
  services: Services,
): Promise<Sketch | undefined> {
  const refused = c.get('identityError')
  if (refused) throw refused
  if (route.csrf && !BROUGHT_BY_NO_BROWSER.has(call.principal?.via)) await checkCsrf(c, call, services)
  if (route.permission === 'public') return undefined
  const { principal } = call
  if (!principal) {
    throw new DomainError('unauthenticated', 'not-logged-in', 'Log in, or send an API key.')
  }
  if (!principal.scopes.has(route.keyScope)) {
    throw forbidden('key-scope', `This needs an API key with the scope '${route.keyScope}'.`, {
      scope: route.keyScope,
    })
  }
  if (route.permission === 'user') return undefined
  if (route.permission === 'admin') {
    requireAdmin(principal)
    return undefined
  }
  const permission = route.permission.slice('sketch:'.length) as 'read' | 'write' | 'delete'
  return await services.access.requireSketch(principal, readSketchId(c), permission)
}

async function checkCsrf(c: AppContext, call: PublicCall, services: Services): Promise<void> {
  const token = c.req.header('x-csrftoken') ?? c.req.header('x-csrf-token') ?? (await readFormToken(c))
  if (!token) throw invalid('csrf-missing', 'The CSRF token is missing.')
  if (!call.session) throw invalid('csrf-no-session', 'The CSRF session token is missing.')
  if (!services.auth.checkCsrf(call.session, token)) {
    throw invalid('csrf-mismatch', 'The CSRF tokens do not match.')
  }
}

/** Browsers' plain forms send the token as a field; Hono keeps the body it read for the handler. */
async function readFormToken(c: AppContext): Promise<string | undefined> {
  const type = c.req.header('content-type') ?? ''
  if (!type.startsWith('application/x-www-form-urlencoded')) return undefined
  // Nobody is known yet: without a limit anyone could have the server gather a body of any length.
  limitBody(c, MAX_CSRF_FORM_BYTES)
  const field = (await c.req.parseBody())['csrf_token']
  return typeof field === 'string' ? field : undefined
}

function readSketchId(c: AppContext): number {
  const text = c.req.param('sketchId') ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
}
