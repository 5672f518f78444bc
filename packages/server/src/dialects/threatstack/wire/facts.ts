import type { Device } from '../../../services/devices/device-service.ts'

type Facts = Readonly<Record<string, unknown>>

/** What Threat Stack itself says of a device, in either version of its API; nothing where it does not know it. */
export function readOwnFacts(device: Device): Facts {
  return readObject(device.details['threatstack'])
}

/** What platforms say of a device, Threat Stack first. */
export function readAllFacts(device: Device): Facts {
  const others = Object.values(device.details).map(readObject)
  return Object.assign({}, ...others, readOwnFacts(device)) as Facts
}

/** The first of the members that is a text with something in it. */
export function readText(facts: Facts, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = facts[name]
    if (typeof value === 'string' && value !== '') return value
  }
  return undefined
}

/** The first of the members that is a time, as ISO 8601 in UTC. */
export function readTime(facts: Facts, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = facts[name]
    const ms = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN
    if (!Number.isNaN(ms)) return new Date(ms).toISOString()
  }
  return undefined
}

/** An object's members; none of anything else. */
export function readObject(value: unknown): Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Facts) : {}
}

/** Texts of a list. */
export function readTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

/** Whether a platform says that the device is connected. */
export function isOnline(device: Device): boolean {
  return Object.values(device.details).some((facts) => {
    const { online, status } = readObject(facts)
    return online === true || status === 'online'
  })
}

/** When a device was seen last, or else became known, as ISO 8601. */
export function lastSeen(device: Device): string {
  return (
    readTime(readAllFacts(device), 'last_reported_at', 'lastReportedAt', 'statusUpdateTimestamp') ??
    toIso(device.lastUs === undefined ? device.createdAtMs : Number(device.lastUs / 1000n))
  )
}

/** Milliseconds since 1970 as ISO 8601. */
export function toIso(ms: number): string {
  return new Date(ms).toISOString()
}
