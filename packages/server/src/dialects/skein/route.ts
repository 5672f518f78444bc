import type { z } from 'zod'
import type {
  AppContext,
  DialectRouter,
  Method,
  RouteOptions,
  SketchCall,
  UserCall,
} from '../../http/app-types.ts'
import { check, readJson } from '../../http/check-input.ts'
import type { PathParameters } from '../../http/path-parameters.ts'

/** Where our own API lives. */
export const SKEIN_PREFIX = '/api/skein/v1'

type Schema = z.ZodType

/** What a handler gets: the checked request. */
export type Input<Query extends Schema | undefined, Body extends Schema | undefined, Path extends string> = {
  readonly params: PathParameters<Path>
  readonly query: Query extends Schema ? z.output<Query> : undefined
  readonly body: Body extends Schema ? z.output<Body> : undefined
}

/** What a route says of itself, beside what it does: the OpenAPI document is made from it. */
export interface RouteDescription {
  readonly method: Method
  /** Below the prefix, in Hono's syntax. */
  readonly path: string
  readonly permission: 'public' | 'user' | 'admin' | 'sketch:read' | 'sketch:write' | 'sketch:delete'
  /** One sentence. */
  readonly summary: string
  readonly query: Schema | undefined
  readonly body: Schema | undefined
  readonly answer: Schema | undefined
  /** @default 'application/json' */
  readonly answerType: string
}

/** A route that can be put onto the router. */
export interface Route {
  readonly description: RouteDescription
  mount(router: DialectRouter): void
}

interface RouteSpec<
  Query extends Schema | undefined,
  Body extends Schema | undefined,
  Path extends string,
  Call,
> {
  readonly method: Method
  readonly path: Path
  readonly summary: string
  readonly query?: Query
  readonly body?: Body
  readonly answer?: Schema
  readonly answerType?: string
  readonly options?: RouteOptions
  /** A plain value is sent as JSON. */
  readonly handle: (call: Call, input: Input<Query, Body, Path>, c: AppContext) => Promise<unknown>
}

/** A route for anyone logged in, or for administrators. */
export function userRoute<
  Query extends Schema | undefined = undefined,
  Body extends Schema | undefined = undefined,
  Path extends string = string,
>(permission: 'user' | 'admin', spec: RouteSpec<Query, Body, Path, UserCall>): Route {
  return {
    description: describe(permission, spec),
    mount: (router) =>
      router[permission](
        spec.method,
        SKEIN_PREFIX + spec.path,
        async (c, call) => await answer(c, call, spec),
        spec.options,
      ),
  }
}

/** A route about one sketch: its path has `:sketchId`. */
export function sketchRoute<
  Query extends Schema | undefined = undefined,
  Body extends Schema | undefined = undefined,
  Path extends string = string,
>(permission: 'read' | 'write' | 'delete', spec: RouteSpec<Query, Body, Path, SketchCall>): Route {
  return {
    description: describe(`sketch:${permission}`, spec),
    mount: (router) =>
      router.sketch(
        spec.method,
        SKEIN_PREFIX + spec.path,
        permission,
        async (c, call) => await answer(c, call, spec),
        spec.options,
      ),
  }
}

function describe<
  Query extends Schema | undefined,
  Body extends Schema | undefined,
  Path extends string,
  Call,
>(permission: RouteDescription['permission'], spec: RouteSpec<Query, Body, Path, Call>): RouteDescription {
  return {
    method: spec.method,
    path: spec.path,
    permission,
    summary: spec.summary,
    query: spec.query,
    body: spec.body,
    answer: spec.answer,
    answerType: spec.answerType ?? 'application/json',
  }
}

async function answer<
  Query extends Schema | undefined,
  Body extends Schema | undefined,
  Path extends string,
  Call,
>(c: AppContext, call: Call, spec: RouteSpec<Query, Body, Path, Call>): Promise<Response> {
  // The input's type follows from the path and from which schemas the spec has; what was parsed is what those schemas gave.
  const input = {
    params: c.req.param(),
    query: spec.query ? check(spec.query, c.req.query(), 'query string') : undefined,
    body: spec.body ? check(spec.body, await readJson(c), 'body') : undefined,
  } as unknown as Input<Query, Body, Path>
  const value = await spec.handle(call, input, c)
  return value instanceof Response ? value : c.json(value as object)
}
