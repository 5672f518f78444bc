import { parseDork, type Query } from '@timeskein/query'
import type { Principal } from '../../auth/principal.ts'
import { notFound } from '../../errors/domain-error.ts'
import { findReadableEvents } from '../search-jobs/find-readable-events.ts'
import type { ServiceContext } from '../service-context.ts'

/** Most events of one handle: as many as sketches have it. */
const MAX_COPIES = 1000

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
  const count = async (values: readonly string[]): Promise<number> =>
    await context.store.count({ scope, query: { kind: 'ids', values } })
  const asked = [...new Set(handles)]
  if (asked.length === 0 || (await count(asked)) === asked.length) return asked
  const found = new Set<string>()
  for (const handle of asked) {
    const ids = (await count([handle])) > 0 ? [handle] : await findByForeignHandle(handle)
    if (ids.length === 0) throw notFound('event', handle.slice(0, 64))
    for (const id of ids) found.add(id)
  }
  return [...found]

  async function findByForeignHandle(handle: string): Promise<readonly string[]> {
    const { events } = await context.store.search({
      scope,
      query: ofForeignHandle(handle),
      sort: 'desc',
      size: MAX_COPIES,
    })
    return events.map(({ id }) => id)
  }
}

function ofForeignHandle(handle: string): Query {
  return parseDork(`__event_id:"${handle.replaceAll(/["\\]/g, '\\$&')}"`)
}
