import type { z } from 'zod'
import { invalid, isDomainError } from '../../errors/domain-error.ts'
import type {
  AppContext,
  DialectRouter,
  Method,
  RouteOptions,
  SketchCall,
  UserCall,
} from '../../http/app-types.ts'
import { parseJson } from '../../http/read-json.ts'

/** Where our own API lives. */
export const SKEIN_PREFIX = '/api/skein/v1'

type Schema = z.ZodType

/** What a handler gets: the checked request. */
export type Input<Query extends Schema | undefined, Body extends Schema | undefined> = {
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

interface RouteSpec<Query extends Schema | undefined, Body extends Schema | undefined, Call> {
  readonly method: Method
  readonly path: string
  readonly summary: string
  readonly query?: Query
  readonly body?: Body
  readonly answer?: Schema
  readonly answerType?: string
  readonly options?: RouteOptions
  /** A plain value is sent as JSON. */
  readonly handle: (call: Call, input: Input<Query, Body>, c: AppContext) => Promise<unknown>
}

/** A route for anyone logged in, or for administrators. */
export function userRoute<
  Query extends Schema | undefined = undefined,
  Body extends Schema | undefined = undefined,
>(permission: 'user' | 'admin', spec: RouteSpec<Query, Body, UserCall>): Route {
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
>(permission: 'read' | 'write' | 'delete', spec: RouteSpec<Query, Body, SketchCall>): Route {
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

function describe<Query extends Schema | undefined, Body extends Schema | undefined, Call>(
  permission: RouteDescription['permission'],
  spec: RouteSpec<Query, Body, Call>,
): RouteDescription {
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

async function answer<Query extends Schema | undefined, Body extends Schema | undefined, Call>(
  c: AppContext,
  call: Call,
  spec: RouteSpec<Query, Body, Call>,
): Promise<Response> {
  // The input's type follows from which schemas the spec has; what was parsed is what those schemas gave.
  const input = {
    query: spec.query ? check(spec.query, c.req.query(), 'query string') : undefined,
    body: spec.body ? check(spec.body, await readJson(c), 'body') : undefined,
  } as Input<Query, Body>
  const value = await spec.handle(call, input, c)
  return value instanceof Response ? value : c.json(value as object)
}

/**
 * The JSON of a request; no body at all is an empty object.
 *
 * @throws {DomainError} `invalid`: `bad-json`, `json-too-deep`.
 */
export async function readJson(c: AppContext): Promise<unknown> {
  const text = await c.req.text()
  return readJsonText(text === '' ? '{}' : text)
}

/** As `readJson`, of a text. @throws {DomainError} as that. */
export function readJsonText(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    if (isDomainError(error)) throw error
    throw invalid(
      'bad-json',
      `The body is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`,
    )
  }
}

/**
 * What a schema makes of a part of a request.
 *
 * @throws {DomainError} `invalid` (`bad-request`) with the first issues.
 */
export function check<Of extends Schema>(schema: Of, value: unknown, place: string): z.output<Of> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues = listIssues(result.error.issues)
    // A member that nobody knows is the likelier mistake than the one that is missing in its place.
    .toSorted((a, b) => Number(b.isUnknownMember) - Number(a.isUnknownMember))
    .slice(0, 5)
    .map(({ path, message }) => ({ path: path.join('.'), message }))
  const found = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')
  throw invalid('bad-request', `The ${place} cannot be accepted: ${found}`, { issues })
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly isUnknownMember: boolean
}

/** What is wrong, place by place; of alternatives the one that comes closest. */
function listIssues(issues: readonly z.core.$ZodIssue[], parent: readonly PropertyKey[] = []): Issue[] {
  return issues.flatMap((issue): Issue[] => {
    const path = [...parent, ...issue.path]
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const [closest = []] = issue.errors
        .map((errors) => listIssues(errors, path))
        .toSorted((a, b) => a.length - b.length)
      if (closest.length > 0) return closest
    }
    return [{ path, message: issue.message, isUnknownMember: issue.code === 'unrecognized_keys' }]
  })
}
