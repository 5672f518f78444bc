import type { Principal } from '../../auth/principal.ts'
import { notFound } from '../../errors/domain-error.ts'
import { findReadableEvents } from '../search-jobs/find-readable-events.ts'
import type { ServiceContext } from '../service-context.ts'

/**
 * Refuses ids of which there is no event that somebody may read.
 *
 * @throws {DomainError} `not-found` (`event-not-found`), with the first of them.
 */
export async function requireEvents(
  context: Pick<ServiceContext, 'db' | 'cache' | 'store'>,
  principal: Principal,
  ids: readonly string[],
): Promise<void> {
  const { scope } = await findReadableEvents(context, principal)
  const isThere = async (values: readonly string[]): Promise<boolean> =>
    (await context.store.count({ scope, query: { kind: 'ids', values } })) === values.length
  const asked = [...new Set(ids)]
  if (asked.length === 0 || (await isThere(asked))) return
  for (const id of asked) if (!(await isThere([id]))) throw notFound('event', id.slice(0, 64))
}
