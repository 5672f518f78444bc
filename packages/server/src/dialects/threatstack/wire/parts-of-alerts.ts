import type { Principal } from '../../../auth/principal.ts'
import type { Alert } from '../../../services/alerts/alert-service.ts'
import type { Device } from '../../../services/devices/device-service.ts'
import type { Services } from '../../../services/services.ts'

const MAX_DEVICES = 1000

/** The devices that alerts are about, by row id; those that the caller may not see are left out. */
export async function loadDevicesOf(
  services: Services,
  principal: Principal,
  alerts: readonly Alert[],
): Promise<ReadonlyMap<number, Device>> {
  const rowIds = [...new Set(alerts.flatMap(({ deviceId }) => deviceId ?? []))]
  if (rowIds.length === 0) return new Map()
  const { items } = await services.devices.readPage(principal, { rowIds }, { limit: MAX_DEVICES })
  return new Map(items.map((device) => [device.id, device]))
}

/** The events that an alert is about, newest first, with their members; none where they are gone or not to be read. */
export async function loadEventsOf(
  services: Services,
  principal: Principal,
  alert: Alert,
): Promise<readonly Record<string, unknown>[]> {
  const told = alert.details['latest_events']
  if (Array.isArray(told)) return told as Record<string, unknown>[]
  if (alert.sketchId === undefined || alert.evidence.length === 0) return []
  const events = await services.explore.getEvents(
    principal,
    alert.sketchId,
    alert.evidence.map(({ id }) => id),
  )
  return events
    .filter((event) => event !== undefined)
    .toSorted((a, b) => (a.timeUs === b.timeUs ? 0 : a.timeUs < b.timeUs ? 1 : -1))
    .map((event) => ({ ...event.toObject(), id: event.id }))
}
