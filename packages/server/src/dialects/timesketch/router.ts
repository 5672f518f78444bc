import { writeIfRoom } from '../../errors/out-of-room.ts'
import type {
  AppContext,
  DialectRouter,
  Method,
  PublicCall,
  RouteOptions,
  SketchCall,
  UserCall,
} from '../../http/app-types.ts'
import { STANDARD_TEXT } from './errors.ts'
import { redirectPage } from './pages/error-page.ts'
import { sendJson } from './reply.ts'

/** Where the API lives. */
const API_PREFIX = '/api/v1'

type Handle<Call> = (c: AppContext, call: Call) => Response | Promise<Response>

/** Changes of the sketch itself are no activity in it. */
const NO_ACTIVITY: ReadonlySet<string> = new Set([
  '/sketches/:sketchId/',
  '/sketches/:sketchId/collaborators/',
  '/sketches/:sketchId/archive/',
])

/**
 * Declares Timesketch's routes under `/api/v1` and answers what none of them takes as Flask does: 308 to the spelling with
 * the slash, 405 with the methods there are, 404.
 */
export interface TimesketchRouter {
  user(method: Method, path: string, handler: Handle<UserCall>, options?: RouteOptions): void
  sketch(
    method: Method,
    path: string,
    permission: 'read' | 'write' | 'delete',
    handler: Handle<SketchCall>,
    options?: RouteOptions,
  ): void
  /** A route outside `/api/v1`. */
  page(method: Method, path: string, handler: Handle<PublicCall>, options?: RouteOptions): void
  /** To be called once, after the last route. */
  declareRest(): void
}

/** @param router - The app's own; every route goes through it and so through its checks. */
export function createTimesketchRouter(router: DialectRouter): TimesketchRouter {
  const known: { pattern: RegExp; method: Method }[] = []

  function declare(method: Method, path: string): string {
    const full = `${API_PREFIX}${path}`
    known.push({ pattern: toPattern(full), method })
    return full.replace(/:(\w+Id)(?=\/)/g, ':$1{[0-9]+}')
  }

  return {
    user(method, path, handler, options) {
      router.user(method, declare(method, path), handler, options)
    },
    sketch(method, path, permission, handler, options) {
      const isActivity = permission === 'write' && !NO_ACTIVITY.has(path)
      router.sketch(
        method,
        declare(method, path),
        permission,
        isActivity ? noting(handler) : handler,
        options,
      )
    },
    page(method, path, handler, options) {
      router.public(method, path, handler, options)
    },
    declareRest() {
      const answer: Handle<PublicCall> = (c) => answerUnknown(c, known)
      // Which methods there are is no secret: Flask tells it before it asks who it is.
      for (const method of ['OPTIONS', 'TRACE'] as const)
        router.public(method, `${API_PREFIX}/*`, answer, { csrf: false })
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
        router.user(method, `${API_PREFIX}/*`, answer, { keyScope: 'read' })
        // A client whose address ends in a slash asks for //api/v1/….
        router.public(method, `/${API_PREFIX}/*`, collapseSlashes, { csrf: false })
      }
    },
  }
}

/** What was written is the sketch's last activity. */
function noting(handler: Handle<SketchCall>): Handle<SketchCall> {
  return async (c, call) => {
    const answer = await handler(c, call)
    if (answer.ok) await noteActivity(call, call.sketch.id)
    return answer
  }
}

/** Notes that the caller did something in a sketch; where the disk is full, the answer is worth more than the note. */
export async function noteActivity(call: UserCall, sketchId: number): Promise<void> {
  const { services, principal, log } = call
  await writeIfRoom(log, { activity: { sketchId, userId: principal.userId } }, () =>
    services.sketches.touch(principal, sketchId),
  )
}

function collapseSlashes(c: AppContext): Response {
  const url = new URL(c.req.url)
  return redirectPage(c, 308, url.pathname.replace(/^\/+/, '/') + url.search)
}

function toPattern(path: string): RegExp {
  const source = path.replace(/:\w+Id(?=\/)/g, '\\d+').replace(/:\w+/g, '[^/]+')
  return new RegExp(`^${source}$`)
}

function answerUnknown(c: AppContext, known: readonly { pattern: RegExp; method: Method }[]): Response {
  const url = new URL(c.req.url)
  const methods = known.filter(({ pattern }) => pattern.test(url.pathname)).map(({ method }) => method)
  if (methods.length > 0) {
    const allowed = [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))]
    c.header('Allow', [...allowed, 'OPTIONS'].join(', '))
    if (c.req.method === 'OPTIONS') return c.body(null, 200)
    return sendJson(c, { message: STANDARD_TEXT[405] }, 405)
  }
  const slashed = `${url.pathname}/`
  if (!url.pathname.endsWith('/') && known.some(({ pattern }) => pattern.test(slashed))) {
    return redirectPage(c, 308, slashed + url.search)
  }
  return sendJson(c, { message: STANDARD_TEXT[404], status: 404 }, 404)
}
