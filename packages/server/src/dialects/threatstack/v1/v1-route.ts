import type { ThreatStackPageQuery } from '@timeskein/model/threatstack'
import type { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import type { Organisation } from '../../../services/organisations/organisation-service.ts'
import { type PlatformInput, type PlatformRoute, platformRoute } from '../../platform/platform-route.ts'
import { requireOrganisation } from '../wire/organisation.ts'

const WEEK_MS = 7 * 86_400_000
/** Items of a page where nothing is asked for. */
const DEFAULT_COUNT = 20
/** More are not given in one page. */
const MAX_COUNT = 100

/** Which rows a page has. */
export function readPage({ page = '0', count, limit }: ThreatStackPageQuery): {
  readonly limit: number
  readonly offset: number
} {
  const asked = Number(count ?? limit ?? DEFAULT_COUNT)
  if (asked === 0) throw invalid('bad-count', 'count: a whole number from 1 was expected, found 0.')
  const size = Math.min(asked, MAX_COUNT)
  return { limit: size, offset: Number(page) * size }
}

/** The last week, which lists are about where nothing else is said. */
export function lastWeek(nowMs: number): { readonly startMs: number; readonly endMs: number } {
  return { startMs: nowMs - WEEK_MS, endMs: nowMs }
}

/** A route of version 1, which only reads; its handler gets the organisation that the call names. */
export function v1Route<Query extends z.ZodType, Path extends string>(
  at: Path,
  spec: {
    readonly summary: string
    readonly query: Query
    readonly answer: z.ZodType
    readonly handle: (
      call: UserCall & { readonly organisation: Organisation },
      input: Pick<PlatformInput<Query, undefined, Path>, 'params' | 'query'>,
    ) => Promise<unknown>
  },
): PlatformRoute {
  return platformRoute<Query, undefined, Path>({
    method: 'GET',
    // What stands before it names no parameters.
    path: `/api/v1${at}` as Path,
    alsoAt: [`/v1${at}`],
    summary: spec.summary,
    permission: 'user',
    query: spec.query,
    answers: { 200: spec.answer },
    handle: async (call, input, c) => {
      const organisation = await requireOrganisation(call, c)
      return await spec.handle({ ...call, organisation }, input)
    },
  })
}

/** A schema of which any members may be left out, since callers choose them. */
export function partly<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>): z.ZodType {
  return schema.partial()
}
