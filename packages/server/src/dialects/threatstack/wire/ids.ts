import type { Principal } from '../../../auth/principal.ts'
import type { Alert } from '../../../services/alerts/alert-service.ts'
import type { Device } from '../../../services/devices/device-service.ts'
import { toShortUid, toUuid } from '../../../services/row-uid.ts'
import type { Services } from '../../../services/services.ts'
import { readOwnFacts, readText } from './facts.ts'

/** Most alerts of one id: as many as sketches have it. */
const MAX_COPIES = 1000

/** What Threat Stack itself says of an alert that was pulled from it; nothing of others. */
export function readOwnRecord({ source, details }: Alert): Readonly<Record<string, unknown>> {
  return source === 'threatstack' ? details : {}
}

/** The id that an alert has here: its own, where it came from Threat Stack. */
export function idOfAlert(alert: Alert): string {
  return readText(readOwnRecord(alert), 'id') ?? toShortUid(alert.uid)
}

/** The id that a host has here: its own, where it came from Threat Stack. @param version - Of the API, which writes ours as it does its own. */
export function idOfAgent(device: Device, version: 1 | 2): string {
  return readText(readOwnFacts(device), 'id') ?? (version === 1 ? toShortUid(device.uid) : toUuid(device.uid))
}

/** The id of the host of an alert; null where it is of none. */
export function idOfAlertAgent(alert: Alert, device: Device | undefined, version: 1 | 2): string | null {
  if (device) return idOfAgent(device, version)
  return readText(readOwnRecord(alert), 'agent_id', 'agentId') ?? null
}

/**
 * The alerts of an id, which are several where sketches have the same one from Threat Stack.
 *
 * @throws {DomainError} `not-found` (`alert-not-found`).
 */
export async function requireAlerts(
  services: Services,
  principal: Principal,
  id: string,
): Promise<readonly Alert[]> {
  const { items } = await services.alerts.readPage(
    principal,
    { item: { platform: 'threatstack', kind: 'threatstack-alert', id } },
    { limit: MAX_COPIES, sort: 'updated' },
  )
  return items.length > 0 ? items : [await services.alerts.get(principal, id)]
}

/** The alert of an id; of several, the one that changed last. @throws {DomainError} as `requireAlerts`. */
export async function requireAlert(services: Services, principal: Principal, id: string): Promise<Alert> {
  return (await requireAlerts(services, principal, id))[0]!
}
