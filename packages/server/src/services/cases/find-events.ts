import type { StoredEvent } from '@timeskein/model'
import { parseDork, type Query } from '@timeskein/query'
import type { Principal } from '../../auth/principal.ts'
import { notFound } from '../../errors/domain-error.ts'
import { chunk } from '../chunk.ts'
import { findReadableEvents } from '../search-jobs/find-readable-events.ts'
import { flattenEvent } from '../search-jobs/flatten-event.ts'
import type { ServiceContext } from '../service-context.ts'

/** Most events of one handle: as many as sketches have it. */
const MAX_COPIES = 1000
/** Handles of Sekoia.io that are looked for together. */
const FOREIGN_AT_ONCE = 100

/**
 * Events that somebody may read by their handles: as stores name them, or `__event_id` of those that came from Sekoia.io with one.
 *
 * @returns As stores name them, each once.
 * @throws {DomainError} `not-found` (`event-not-found`), with the first handle of which there is none.
 */
export async function findEvents(
  context: Pick<ServiceContext, 'db' | 'cache' | 'store'>,
  principal: Principal,
  handles: readonly string[],
): Promise<readonly string[]> {
  const { scope } = await findReadableEvents(context, principal)
  const search = async (query: Query, size: number): Promise<readonly StoredEvent[]> =>
    (await context.store.search({ scope, query, sort: 'desc', size })).events
  const asked = [...new Set(handles)]
  if (asked.length === 0) return []
  const own = await search({ kind: 'ids', values: asked }, asked.length)
  const ofStore = new Set(own.map(({ id }) => id))
  const foreign = asked.filter((handle) => !ofStore.has(handle))
  const found = new Map<string, readonly string[]>()
  for (const some of chunk(foreign, FOREIGN_AT_ONCE)) {
    const events = await search({ kind: 'or', of: some.map(ofForeignHandle) }, MAX_COPIES)
    // Where there are more than were read, each handle is asked for by itself.
    const byHandle = Map.groupBy(events.length < MAX_COPIES ? events : [], readForeignHandle)
    for (const handle of some) {
      const copies = byHandle.get(handle) ?? (await search(ofForeignHandle(handle), MAX_COPIES))
      if (copies.length === 0) throw notFound('event', handle.slice(0, 64))
      found.set(
        handle,
        copies.map(({ id }) => id),
      )
    }
  }
  return [...new Set(asked.flatMap((handle) => found.get(handle) ?? [handle]))]
}

function readForeignHandle(event: StoredEvent): unknown {
  return flattenEvent(event)['__event_id']
}

function ofForeignHandle(handle: string): Query {
  return parseDork(`__event_id:"${handle.replaceAll(/["\\]/g, '\\$&')}"`)
}
