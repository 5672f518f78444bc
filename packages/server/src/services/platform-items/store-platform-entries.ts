import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import type { EntryPlace, EntryReport, PlatformEntry } from './platform-entry.ts'
import { storePlatformAlerts } from './store-platform-alerts.ts'
import { storePlatformDevices } from './store-platform-devices.ts'
import { storePlatformIncidents } from './store-platform-incidents.ts'

/**
 * Makes alerts, incidents and devices of items of platforms, or brings those that are there up to date: what the platform has
 * changed is changed with a note in their history; what somebody decided here stays until the platform changes it. Stored again,
 * the same items make no difference. To be called in a transaction.
 */
export async function storePlatformEntries(
  db: Kysely<Schema>,
  entries: readonly PlatformEntry[],
  place: EntryPlace,
): Promise<EntryReport> {
  // Devices and incidents first: alerts name both.
  const devices = await storePlatformDevices(db, entries, place)
  const incidents = await storePlatformIncidents(db, entries, place)
  const alerts = await storePlatformAlerts(db, entries, place)
  return { alerts, incidents, devices }
}
