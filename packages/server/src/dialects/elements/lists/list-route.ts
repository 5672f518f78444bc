import { elementsPageSchema } from '@timeskein/model/elements'
import { z } from 'zod'
import type { UserCall } from '../../../http/app-types.ts'
import { check } from '../../../http/check-input.ts'
import { type PlatformRoute, platformRoute, readBody, readQuery } from '../../platform/platform-route.ts'
import { READ_SCOPE } from '../scopes.ts'
import { makeAnchor, readAnchor } from './anchor.ts'
import { limitParameter, textParameter } from './parameters.ts'

/** Asks for counts instead of a list. */
const AGGREGATION_TYPE = 'application/vnd.withsecure.aggr+json'

/** A page that a list's handler found. */
export interface FoundPage {
  readonly items: readonly unknown[]
  /** Where the next page begins; undefined on the last one. */
  readonly next: string | undefined
}

/** Which page is wanted. */
export interface WantedPage {
  readonly limit: number
  readonly after: string | undefined
}

/** A list of Elements. */
export interface ListSpec<Values extends z.ZodObject> {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly summary: string
  /** @default 'user' */
  readonly permission?: 'user' | 'admin'
  /** What is asked for, without `limit` and `anchor`. */
  readonly values: Values
  readonly item: z.ZodType
  readonly maxLimit: number
  /** @default maxLimit */
  readonly defaultLimit?: number
  /** Larger limits are taken for the largest. @default false: refused */
  readonly clampsLimit?: boolean
  readonly find: (call: UserCall, values: z.output<Values>, page: WantedPage) => Promise<FoundPage>
  /** Counts, where the list can be counted. */
  readonly count?: {
    readonly row: z.ZodType
    readonly find: (call: UserCall, values: z.output<Values>) => Promise<readonly unknown[]>
  }
}

/**
 * A route that answers pages. The anchor of a page has all that was asked for: what a caller sends beside it does not count, but for
 * `limit`. Of a POST the values are its form, or members of its JSON.
 */
export function listRoute<Values extends z.ZodObject>(spec: ListSpec<Values>): PlatformRoute {
  const { method, path, summary, maxLimit, defaultLimit = maxLimit, count } = spec
  const sent = spec.values.extend({
    limit: limitParameter(maxLimit, spec.clampsLimit),
    anchor: textParameter,
  })
  const page = elementsPageSchema(spec.item)
  const answerPage = async (call: UserCall, raw: Raw): Promise<unknown> => {
    const { anchor } = check(anchorSchema, raw, PLACE)
    const state = anchor === undefined || anchor === null ? undefined : readAnchor(path, anchor)
    const own: Raw = state?.values ?? raw
    // What the route's schema gives is what the list's gives, and the limit.
    const values = check(
      sent,
      { ...own, anchor: undefined, limit: raw['limit'] ?? own['limit'] },
      PLACE,
    ) as z.output<Values> & {
      readonly limit?: number | null
    }
    const found = await spec.find(call, values, { limit: values.limit ?? defaultLimit, after: state?.after })
    if (found.next === undefined) return { items: found.items }
    const known = Object.entries(own).filter(
      ([name, value]) => name !== 'anchor' && Object.hasOwn(sent.shape, name) && value !== null,
    )
    return {
      items: found.items,
      nextAnchor: makeAnchor(path, { values: Object.fromEntries(known), after: found.next }),
    }
  }
  return platformRoute({
    method,
    path,
    summary,
    permission: spec.permission ?? 'user',
    permissions: [READ_SCOPE],
    ...(method === 'GET' ? { query: sent } : { body: sent, bodyTypes: BODY_TYPES }),
    answers: { 200: count ? z.union([page, z.object({ items: z.array(count.row) })]) : page },
    options: { keyScope: spec.permission === 'admin' ? 'admin' : 'read', csrf: false },
    handle: async (call, _input, c) => {
      const raw = readObject(method === 'GET' ? readQuery(c) : await readBody(c, BODY_TYPES))
      if (!count || !c.req.header('accept')?.includes(AGGREGATION_TYPE)) return await answerPage(call, raw)
      return { items: await count.find(call, check(sent, raw, PLACE) as z.output<Values>) }
    },
  })
}

type Raw = Readonly<Record<string, unknown>>

const PLACE = 'request'
const BODY_TYPES = ['application/x-www-form-urlencoded', 'application/json'] as const
const anchorSchema = z.looseObject({ anchor: textParameter })

/** The schema of the route has seen to it that there is an object. What was sent without a value is as left out. */
function readObject(value: unknown): Raw {
  return Object.fromEntries(Object.entries(value as Raw).filter(([, member]) => member !== ''))
}
