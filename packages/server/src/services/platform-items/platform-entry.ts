import type {
  PlatformAlert,
  PlatformDevice,
  PlatformIncident,
  PlatformItem,
} from '@timeskein/ingest/platforms'
import type { Evidence } from '../alerts/alert-service.ts'

/** An item of a platform with the event that it became. */
export interface PlatformEntry extends PlatformItem {
  /** Undefined where it could not become one. */
  readonly event?: Evidence | undefined
}

/** Where items belong. */
export interface EntryPlace {
  readonly sketchId: number
  /** The timeline of their events. */
  readonly timelineId: number
  readonly organisationId: number
  readonly nowMs: number
}

/** What became of the items of one sort in the domain. */
export interface EntryCounts {
  created: number
  updated: number
  unchanged: number
}

/** What became of items in the domain. */
export interface EntryReport {
  readonly alerts: EntryCounts
  readonly incidents: EntryCounts
  readonly devices: EntryCounts
}

/** The key of an alert or incident that an item is: the same however often and from wherever it comes into a sketch. */
export function makeEntryKey({ kind, id }: Pick<PlatformItem, 'kind' | 'id'>, sketchId: number): string {
  return JSON.stringify([kind.platform, kind.name, id, sketchId])
}

/** Clocks of platforms may be so much ahead of ours; what says that it was changed later still says nothing of when. */
const MAX_AHEAD_US = 86_400_000_000n

/**
 * Says whether a platform told this before that: an export of last week, read after one of today. What claims to be of the future
 * counts as older than all that can be believed, so that it neither keeps another out nor stands between two.
 */
export function isOlder(
  { changedAt: own }: Pick<PlatformAlert | PlatformIncident, 'changedAt'>,
  { changedAt: other }: Pick<PlatformAlert | PlatformIncident, 'changedAt'>,
  nowMs: number,
): boolean {
  const [ownUs, otherUs] = [toMicros(own), toMicros(other)]
  if (ownUs === undefined || otherUs === undefined) return false
  const latestUs = BigInt(nowMs) * 1000n + MAX_AHEAD_US
  return otherUs <= latestUs && (ownUs < otherUs || ownUs > latestUs)
}

/** As `isOlder`, of devices: platforms say when they heard of one last, and of nothing else when it changed. */
export function isToldEarlier(
  { lastSeen: own }: Pick<PlatformDevice, 'lastSeen'>,
  { lastSeen: other }: Pick<PlatformDevice, 'lastSeen'>,
  nowMs: number,
): boolean {
  return isOlder(toChange(own), toChange(other), nowMs)
}

function toChange(changedAt: string | undefined): { readonly changedAt?: string } {
  return changedAt === undefined ? {} : { changedAt }
}

/** Digits of a time in ISO 8601 that are beyond its milliseconds. */
const BEYOND_MS = /\.\d{3}(\d{1,3})/

/** Microseconds since 1970 of a time in ISO 8601, rounded down; undefined where it is none. */
export function toMicros(time: string | undefined): bigint | undefined {
  if (time === undefined) return undefined
  const ms = Date.parse(time)
  if (Number.isNaN(ms)) return undefined
  const [, micros = ''] = BEYOND_MS.exec(time) ?? []
  return BigInt(ms) * 1000n + BigInt(micros.padEnd(3, '0'))
}
