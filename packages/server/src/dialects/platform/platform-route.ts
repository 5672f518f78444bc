import type { z } from 'zod'
import { forbidden, invalid } from '../../errors/domain-error.ts'
import type { AppContext, Method, RouteOptions, UserCall } from '../../http/app-types.ts'
import { check, readJson } from '../../http/check-input.ts'
import type { PathParameters } from '../../http/path-parameters.ts'
import { readMultiValues } from './multi-values.ts'

type Schema = z.ZodType

/** A request as its route's schemas understood it. */
export type PlatformInput<
  Query extends Schema | undefined,
  Body extends Schema | undefined,
  Path extends string = string,
> = {
  readonly params: PathParameters<Path>
  readonly query: Query extends Schema ? z.output<Query> : undefined
  readonly body: Body extends Schema ? z.output<Body> : undefined
}

/** Media types a body may have: a form's fields are read like a query string's. */
export type BodyType = 'application/json' | 'application/x-www-form-urlencoded'

/** What a route of another platform's API says of itself. */
export interface PlatformRouteSpec<
  Query extends Schema | undefined,
  Body extends Schema | undefined,
  Path extends string = string,
> {
  readonly method: Method
  /** Below the platform's prefix, in Hono's syntax. */
  readonly path: Path
  /** One sentence. */
  readonly summary: string
  /** Who may call it: anybody, anybody known, administrators. What a caller may see of it is the services' to say. */
  readonly permission: 'public' | 'user' | 'admin'
  /** In the platform's words: a key that names permissions needs one of these. */
  readonly permissions?: readonly string[]
  /** Values are strings; a name that comes several times has a list of them. Names that it does not have are left out. */
  readonly query?: Query
  readonly body?: Body
  /** @default ['application/json'] */
  readonly bodyTypes?: readonly BodyType[]
  /** Status -> what is answered with it; null: nothing. The first is that of a plain value. */
  readonly answers: Readonly<Record<number, Schema | null>>
  /** Media types of the first answer where it is a file. */
  readonly fileTypes?: readonly string[]
  /** What refusals look like where they are not the platform's. */
  readonly refusal?: Schema
  readonly options?: Omit<RouteOptions, 'alsoAt'>
  /** Other paths below the prefix, with the same parameters. */
  readonly alsoAt?: readonly string[]
  /** A plain value is sent as JSON, undefined as nothing. */
  readonly handle: (
    call: UserCall,
    input: PlatformInput<Query, Body, Path>,
    c: AppContext,
  ) => Promise<unknown>
}

/** A route with its schemas; see `PlatformRouteSpec`. */
export interface PlatformRoute
  extends Omit<PlatformRouteSpec<Schema | undefined, Schema | undefined>, 'handle'> {
  answer(c: AppContext, call: UserCall): Promise<Response>
}

/**
 * Makes a route. On routes that are `public` the call's principal may be missing: they ask for it themselves.
 *
 * Refusals of the input are `invalid` (`bad-request`), of the key's permissions `forbidden` (`missing-permission`).
 */
export function platformRoute<
  Query extends Schema | undefined = undefined,
  Body extends Schema | undefined = undefined,
  Path extends string = string,
>(spec: PlatformRouteSpec<Query, Body, Path>): PlatformRoute {
  const { handle, ...rest } = spec
  const status = Number(Object.keys(spec.answers)[0])
  return {
    ...rest,
    async answer(c, call) {
      requirePermission(call, spec.permissions)
      // The input's type follows from the path and from which schemas the route has; what was parsed is what those gave.
      const input = {
        params: c.req.param(),
        query: spec.query && check(spec.query, readQuery(c), 'query string'),
        body: spec.body && check(spec.body, await readBody(c, spec.bodyTypes), 'body'),
      } as unknown as PlatformInput<Query, Body, Path>
      const value = await handle(call, input, c)
      if (value instanceof Response) return value
      if (value === undefined) return c.body(null, status as 204)
      return c.json(value as object, status as 200)
    },
  }
}

function requirePermission({ principal }: UserCall, needed: readonly string[] | undefined): void {
  const held = principal?.permissions
  if (!held || !needed || needed.some((permission) => held.has(permission))) return
  throw forbidden('missing-permission', `This needs a key with the permission ${needed.join(' or ')}.`, {
    permissions: needed,
  })
}

/** The query of a request as it was sent, names with their one value or list of values. */
export function readQuery(c: AppContext): Record<string, string | string[]> {
  const at = c.req.url.indexOf('?')
  return readMultiValues(at < 0 ? '' : c.req.url.slice(at + 1))
}

/** The body of a request, a form's fields as `readQuery` gives a query's. @throws {DomainError} `invalid` (`bad-content-type`, `bad-json`). */
export async function readBody(
  c: AppContext,
  types: readonly BodyType[] = ['application/json'],
): Promise<unknown> {
  const sent = (c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
  if (sent === 'application/x-www-form-urlencoded' && types.includes(sent))
    return readMultiValues(await c.req.text())
  if (!types.includes('application/json'))
    throw invalid(
      'bad-content-type',
      `The body is expected as ${types.join(' or ')}; found "${sent.slice(0, 100)}".`,
    )
  return await readJson(c)
}
