import { Listing } from '../../paging/listing.ts'
import { type TimeInput, toTimestamp } from '../../paging/time-input.ts'
import type { ExactJson } from '../../transport/exact-json.ts'
import type { QueryValues } from '../../transport/transport.ts'
import type { CallOptions } from '../call-options.ts'
import type { Connection } from '../connection.ts'

/** A stretch of time. */
export interface TimeSpan {
  /** The first moment. */
  readonly from?: TimeInput | undefined
  /** The first moment after it. */
  readonly until?: TimeInput | undefined
}

/** A list over the platform's tokens. @param key - The member of the answers that has the items. */
export function listByToken<Item>(
  connection: Connection,
  at: string,
  key: string,
  { signal, ...values }: CallOptions & TimeSpan & { readonly [name: string]: unknown },
): Listing<Item> {
  // Options of lists are texts, numbers, booleans and times.
  const query = { ...values, ...toSpan(values) } as QueryValues
  return new Listing(`GET ${at}`, async (token) => {
    const asked = { method: 'GET', path: at, query: { ...query, token } } as const
    const answer = await connection.send<{ readonly [name: string]: ExactJson }>(asked, { signal })
    const next = answer?.['token']
    return {
      items: connection.readList<Item>(asked, answer, key),
      next: typeof next === 'string' && next !== '' ? next : undefined,
    }
  })
}

/** A stretch of time as it is sent. */
export function toSpan({ from, until }: TimeSpan): QueryValues {
  return {
    from: from === undefined ? undefined : toTimestamp(from),
    until: until === undefined ? undefined : toTimestamp(until),
  }
}
