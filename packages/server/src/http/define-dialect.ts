import { isQueryError } from '@timeskein/query'
import { isDomainError } from '../errors/domain-error.ts'
import type { System } from '../system.ts'
import type {
  App,
  AppContext,
  DialectOptions,
  DialectRouter,
  Method,
  PublicCall,
  RouteDeclaration,
  RouteOptions,
  RoutePermission,
  SketchCall,
  UserCall,
} from './app-types.ts'
import { DEFAULT_MAX_BODY_BYTES, limitBody } from './body-limit.ts'
import { noteIdentity } from './identify.ts'
import type { RefusedActs } from './refused-acts.ts'
import { checkRoute } from './route-checks.ts'

type Answer = (c: AppContext, call: PublicCall) => Response | Promise<Response>

/** Opens the router of one dialect: each route goes into the table and onto the app behind the same checks. */
export function defineDialect(
  app: App,
  system: System,
  { routes, refusedActs }: { readonly routes: RouteDeclaration[]; readonly refusedActs: RefusedActs },
  options: DialectOptions,
): DialectRouter {
  const declare = (
    method: Method,
    path: string,
    permission: RoutePermission,
    answer: Answer,
    more: RouteOptions = {},
  ): void => {
    const route: RouteDeclaration = {
      dialect: options.name,
      method,
      path,
      permission,
      keyScope: more.keyScope ?? defaultScope(method, permission),
      csrf: more.csrf ?? method !== 'GET',
    }
    routes.push(route)
    const maxBodyBytes = more.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES
    app.on(method, [path, ...(more.alsoAt ?? [])], async (c) => {
      c.set('route', path)
      try {
        limitBody(c, maxBodyBytes)
        if (options.identify) await identifyByDialect(c, system, options.identify)
        const call = makeCall(c, system, options.name)
        const sketch = await checkRoute(c, route, call, system.services)
        return await answer(c, sketch ? ({ ...call, sketch } as PublicCall) : call)
      } catch (error) {
        if (!isDomainError(error) && !isQueryError(error) && !isClientGone(c))
          c.get('log').warn({ err: error }, 'request threw')
        await refusedActs.note(error, c, route, makeCall(c, system, options.name))
        return await options.onError(error, c)
      }
    })
  }
  // checkRoute has refused whoever a handler's type does not allow for: the casts below only say so.
  return {
    public: (method, path, handler, more) => declare(method, path, 'public', handler, more),
    user: (method, path, handler, more) =>
      declare(method, path, 'user', (c, call) => handler(c, call as UserCall), more),
    admin: (method, path, handler, more) =>
      declare(method, path, 'admin', (c, call) => handler(c, call as UserCall), more),
    sketch: (method, path, permission, handler, more) =>
      declare(method, path, `sketch:${permission}`, (c, call) => handler(c, call as SketchCall), more),
  }
}

async function identifyByDialect(
  c: AppContext,
  system: System,
  identify: NonNullable<DialectOptions['identify']>,
): Promise<void> {
  const via = c.get('principal')?.via
  if (via === 'api-key' || via === 'local' || c.get('identityError')) return
  const identity = await identify(c, system.services)
  if (identity) noteIdentity(c, identity)
}

function makeCall(c: AppContext, system: System, dialect: string): PublicCall {
  const principal = c.get('principal')
  return {
    system,
    services: system.services,
    log: c.get('log'),
    requestId: c.get('requestId'),
    address: c.get('address'),
    signal: c.req.raw.signal,
    principal: principal && { ...principal, dialect },
    session: c.get('session'),
  }
}

/** A client that went away makes what was done for it fail; that is no fault. */
function isClientGone(c: AppContext): boolean {
  return c.req.raw.signal.aborted
}

function defaultScope(method: Method, permission: RoutePermission): RouteDeclaration['keyScope'] {
  if (permission === 'admin') return 'admin'
  return method === 'GET' || permission === 'sketch:read' ? 'read' : 'write'
}
