import type { z } from 'zod'
import { DomainError, isDomainError, notFound } from '../../errors/domain-error.ts'
import type {
  AppContext,
  DialectDeps,
  DialectOptions,
  Method,
  PublicCall,
  UserCall,
} from '../../http/app-types.ts'
import { describeApi, type OperationDescription } from '../../http/openapi.ts'
import type { PlatformName } from '../../services/platform-limits/platform-limit-service.ts'
import type { PlatformRoute } from './platform-route.ts'
import { MINUTE_MS, nameCaller, type RateTicket, Throttle, tooManyRequests } from './throttle.ts'

const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** The API of another platform. */
export interface Platform {
  /** Also the first step of its paths, `/threatstack`, and how the audit log calls it. */
  readonly name: PlatformName
  readonly title: string
  /** Made once for each server, whose is what they remember from one request to the next. The first that fits answers. */
  readonly makeRoutes: () => readonly PlatformRoute[]
  /** As for `defineDialect`. */
  readonly identify: NonNullable<DialectOptions['identify']>
  /**
   * Answers refusals in the platform's shape. Beside what checks of routes throw: `not-found` (`page-not-found`) for paths that it
   * does not have, `too-many` (`rate-limited`, details.retryAfterSeconds) for those who ask too often.
   */
  readonly onError: DialectOptions['onError']
  /** What refusals look like, for the OpenAPI document. */
  readonly refusal: { readonly type: string; readonly schema: z.ZodType }
  /** Of the OpenAPI document. */
  readonly securitySchemes: Readonly<Record<string, unknown>>
  /** What is said on every answer about how often one may ask. @default nothing */
  readonly describeLimit?: (ticket: RateTicket) => Readonly<Record<string, string>>
  /** Last look at every answer, refusals too. */
  readonly finish?: (c: AppContext, answer: Response) => Response | Promise<Response>
}

/**
 * Puts a platform's API under `/<name>`, with its document at `/<name>/openapi.json`. Paths may end in a slash, or begin with two, as
 * addresses that scripts put together do. Who calls is throttled by API key, or by user where there is none.
 */
export function mountPlatform(deps: DialectDeps, platform: Platform): void {
  const prefix = `/${platform.name}`
  const throttle = new Throttle(() => performance.now())
  const tickets = new WeakMap<AppContext, RateTicket>()

  const finish = async (c: AppContext, answer: Response): Promise<Response> => {
    const ticket = tickets.get(c)
    for (const [name, value] of Object.entries((ticket && platform.describeLimit?.(ticket)) ?? {}))
      answer.headers.set(name, value)
    return (await platform.finish?.(c, answer)) ?? answer
  }
  const router = deps.defineDialect({
    name: platform.name,
    identify: platform.identify,
    onError: async (error, c) => await finish(c, await platform.onError(asNobody(error, c), c)),
  })
  const take = async (c: AppContext, { principal, services }: PublicCall): Promise<void> => {
    if (!principal || principal.via === 'local') return
    const requests = await services.platformLimits.requestsPerMinute(platform.name)
    const ticket = throttle.take(nameCaller(principal), { requests, windowMs: MINUTE_MS })
    tickets.set(c, ticket)
    if (!ticket.isAllowed) throw tooManyRequests(ticket)
  }

  const routes = platform.makeRoutes()
  for (const route of routes) {
    const [path, ...alsoAt] = [route.path, ...(route.alsoAt ?? [])].flatMap((one) => spell(prefix + one))
    router[route.permission](
      route.method,
      path!,
      async (c: AppContext, call: PublicCall) => {
        await take(c, call)
        // On public routes there may be no principal; they ask for it themselves.
        return await finish(c, await route.answer(c, call as UserCall))
      },
      { ...route.options, alsoAt },
    )
  }
  const document = describePlatform(platform, routes, deps.system.version)
  router.public('GET', `${prefix}/openapi.json`, (c) => c.json(document))
  for (const method of METHODS)
    router.public(
      method,
      `${prefix}/*`,
      async (c, call) => {
        await take(c, call)
        throw notFound('page', c.req.path.slice(0, 200))
      },
      { csrf: false },
    )
}

/** Programs have no sessions: what they send without credentials lacks these, and not what a browser would have to send. */
function asNobody(error: unknown, c: AppContext): unknown {
  if (!isDomainError(error) || !error.code.startsWith('csrf-') || c.get('session')) return error
  return new DomainError('unauthenticated', 'not-logged-in', 'Credentials were expected, found none.')
}

/** The OpenAPI document of a platform's API. */
export function describePlatform(
  platform: Pick<Platform, 'name' | 'title' | 'refusal' | 'securitySchemes'>,
  routes: readonly PlatformRoute[],
  version: string,
): Record<string, unknown> {
  const { title, refusal, securitySchemes } = platform
  return describeApi(
    { title, version, refusal: { name: 'Refusal', ...refusal }, securitySchemes },
    routes.map((route) => ({
      method: route.method,
      path: `/${platform.name}${route.path}`,
      summary: route.summary,
      isPublic: route.permission === 'public',
      query: route.query,
      body:
        route.body &&
        Object.fromEntries((route.bodyTypes ?? ['application/json']).map((type) => [type, route.body!])),
      answers: describeAnswers(route),
      refusal: route.refusal,
      alsoAt: route.alsoAt?.map((path) => `/${platform.name}${path}`),
      extensions: {
        'x-permission': route.permission,
        ...(route.permissions ? { 'x-permissions': route.permissions } : {}),
      },
    })),
  )
}

function describeAnswers({ answers, fileTypes }: PlatformRoute): OperationDescription['answers'] {
  const described = Object.entries(answers).map(([status, schema], place) => [
    status,
    place === 0 && fileTypes ? { types: fileTypes } : schema && { types: ['application/json'], schema },
  ])
  return Object.fromEntries(described) as OperationDescription['answers']
}

/** With and without a slash at the end, and with two between the prefix and the rest. */
function spell(path: string): readonly string[] {
  return [path, `${path}/`, path.replace(/^(\/[^/]+)\//, '$1//')]
}
