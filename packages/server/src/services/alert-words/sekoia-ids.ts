import type { Principal } from '../../auth/principal.ts'
import { isDomainError, notFound } from '../../errors/domain-error.ts'
import type { Alert, AlertFilter, AlertService } from '../alerts/alert-service.ts'
import { toUuid } from '../row-uid.ts'
import { isShortId, makeShortId, readUidOrShortId } from '../short-id.ts'

/** Most alerts of one id: as many as sketches have it. */
const MAX_COPIES = 1000
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** The ids by which Sekoia.io's API knows an alert: its own where it came from there, ours for all others. */
export function tellSekoiaIds({ uid, source, details }: Pick<Alert, 'uid' | 'source' | 'details'>): {
  readonly uuid: string
  readonly shortId: string
} {
  const { uuid, short_id: shortId } = source === 'sekoia' ? details : {}
  return {
    uuid: typeof uuid === 'string' ? uuid : toUuid(uid),
    shortId: typeof shortId === 'string' ? shortId : makeShortId('AL', uid),
  }
}

/**
 * The alert of a UUID or short id; of one that several sketches have from Sekoia.io, the copy that changed last.
 *
 * @throws {DomainError} `not-found` (`alert-not-found`), `invalid` (`bad-id`, `ambiguous-id`).
 */
export async function getAlertBySekoiaId(
  alerts: Pick<AlertService, 'get' | 'readPage'>,
  principal: Principal,
  id: string,
): Promise<Alert> {
  const [copy] = await listCopies(alerts, principal, id)
  if (copy) return copy
  try {
    return await alerts.get(principal, readUidOrShortId('AL', id))
  } catch (error) {
    // By the id that was asked for, and not by what it stands for here.
    if (isDomainError(error) && error.kind === 'not-found') throw notFound('alert', id.slice(0, 64))
    throw error
  }
}

/** All copies of the alert that a UUID or short id names, which are several where sketches have the same one; the one that changed last first. */
export async function listCopies(
  alerts: Pick<AlertService, 'readPage'>,
  principal: Principal,
  id: string,
): Promise<readonly Alert[]> {
  const filter = toFilter(id)
  if (!filter) return []
  const { items } = await alerts.readPage(principal, filter, { limit: MAX_COPIES, sort: 'updated' })
  return items
}

function toFilter(id: string): AlertFilter | undefined {
  const member = UUID.test(id) ? 'uuid' : isShortId('AL', id) ? 'short_id' : undefined
  return member && { platformId: { platform: 'sekoia', member, id } }
}
