import { Hono } from 'hono'
import type { Principal } from '../auth/principal.ts'
import { notFound } from '../errors/domain-error.ts'
import type { System } from '../system.ts'
import type { App, AppContext, AppEnv, DialectDeps, RouteDeclaration } from './app-types.ts'
import { AppsOnDemand, type DialectOnDemand } from './apps-on-demand.ts'
import { defineDialect } from './define-dialect.ts'
import { readOrigin, type TrustedProxies } from './forwarded.ts'
import { identify } from './identify.ts'
import { answerProblem } from './problem.ts'
import { RefusedActs } from './refused-acts.ts'
import { chooseRequestId } from './request-id.ts'
import { addSecurityHeaders } from './security-headers.ts'
import { makeSessionCookie } from './session-cookie.ts'
import { mountSystemRoutes } from './system-routes.ts'

/** Puts one dialect's routes onto the app. */
export type MountDialect = (app: App, deps: DialectDeps) => void

/** What an application is made of beside the system. */
export interface AppOptions {
  /** Mounted in this order; the first route that fits answers. */
  readonly dialects?: readonly (MountDialect | DialectOnDemand)[]
  /** Whether session cookies are sent back over HTTPS only; `auto`: when they were set over HTTPS. @default 'auto' */
  readonly secureCookies?: 'auto' | 'always' | 'never'
  /** Proxies in front that are believed about clients' addresses and schemes. @default none */
  readonly trustedProxies?: TrustedProxies
  /**
   * Whoever asks is this one, and nobody is asked for a key or a password: for calling the app in the process that has the data
   * open. An app with it must never listen. @default who calls is found out for each request
   */
  readonly principal?: Principal
}

/** The application: a function from requests to answers, without a port. */
export interface ServerApp {
  fetch(request: Request, env?: unknown): Response | Promise<Response>
  /** Every declared route, those of all dialects that are loaded on demand too: for tests that walk them. */
  listRoutes(): Promise<readonly RouteDeclaration[]>
}

/** Builds the application over an open system. */
export function createApp(system: System, options: AppOptions = {}): ServerApp {
  const { dialects = [] } = options
  const mounts = dialects.filter((dialect) => typeof dialect === 'function')
  const onDemand = dialects.filter((dialect) => typeof dialect !== 'function')
  const refusedActs = new RefusedActs(system.services.audit, Date.now)
  const own = buildApp(system, options, refusedActs, [mountSystemRoutes, ...mounts])
  const others = new AppsOnDemand(onDemand, (mount) => buildApp(system, options, refusedActs, [mount]))
  return {
    fetch(request, env) {
      const other = others.find(request)
      return other ? other.then((app) => app.fetch(request, env)) : own.fetch(request, env)
    },
    async listRoutes() {
      const apps = [own, ...(await others.loadAll())]
      return (await Promise.all(apps.map((app) => app.listRoutes()))).flat()
    },
  }
}

function buildApp(
  system: System,
  options: AppOptions,
  refusedActs: RefusedActs,
  mounts: readonly MountDialect[],
): ServerApp {
  const { services, log, metrics } = system
  const routes: RouteDeclaration[] = []
  const app: App = new Hono<AppEnv>()

  app.use(async (c, next) => {
    const startMs = performance.now()
    const requestId = chooseRequestId(c.req.header('x-request-id'))
    c.set('requestId', requestId)
    const origin = readOrigin(c, options.trustedProxies)
    c.set('address', origin.address)
    c.set('isSecure', origin.isSecure)
    c.set('log', log.child({ requestId }))
    if (options.principal) c.set('principal', options.principal)
    else await identify(c, services)
    await next()
    c.res.headers.set('X-Request-Id', requestId)
    const setCookie = c.get('setCookie')
    if (setCookie !== undefined) c.res.headers.append('Set-Cookie', setCookie)
    addSecurityHeaders(c.res.headers)
    const ms = performance.now() - startMs
    const route = c.get('route') ?? 'none'
    metrics.requestSeconds.observe({ method: c.req.method, route, status: c.res.status }, ms / 1000)
    c.get('log').info(
      {
        method: c.req.method,
        path: c.req.path,
        status: c.res.status,
        ms: Math.round(ms * 10) / 10,
        user: c.get('principal')?.username,
        address: c.get('address'),
      },
      'request',
    )
  })
  app.onError((error, c) => {
    c.get('log').error({ err: error }, 'request failed')
    return answerProblem(error, c)
  })
  app.notFound((c) => answerProblem(notFound('page', c.req.path.slice(0, 200)), c))

  const deps: DialectDeps = {
    system,
    services,
    defineDialect: (dialect) => defineDialect(app, system, { routes, refusedActs }, dialect),
    setSessionCookie: (c, cookieValue) =>
      c.set('setCookie', makeSessionCookie(cookieValue, isSecure(c, options.secureCookies ?? 'auto'))),
  }
  for (const mount of mounts) mount(app, deps)
  return {
    fetch: (request, env) => app.fetch(request, env as AppEnv['Variables']),
    listRoutes: async () => routes,
  }
}

function isSecure(c: AppContext, choice: NonNullable<AppOptions['secureCookies']>): boolean {
  return choice === 'auto' ? c.get('isSecure') : choice === 'always'
}
