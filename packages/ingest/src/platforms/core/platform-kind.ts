import type { FINDING_RESOLUTIONS, FINDING_STATUSES } from '@timeskein/model'

/** The platforms whose items are read. */
export const PLATFORMS = ['elements', 'threatstack', 'sekoia'] as const

/** A platform by its short name, which is also the member of an event that has the platform's own record. */
export type Platform = (typeof PLATFORMS)[number]

/** One item as the platform's API gives it. */
export type PlatformRecord = Readonly<Record<string, unknown>>

/** An item as an event: names of the Elastic Common Schema with dots, and the platform's own record whole. */
export type PlatformEvent = Readonly<Record<string, unknown>>

/** A sort of item that a platform has, and what it is to us. */
export interface PlatformKind {
  /** As in an import's format: `elements-incident`. */
  readonly name: string
  readonly platform: Platform
  /** What people call it. */
  readonly title: string
  /** What is at the time of its events. */
  readonly timeDescription: string
  /** `data_type` of its events. */
  readonly dataType: string
  /** Members that an item has, as paths with dots; an inner list has several of which one is enough. */
  readonly required: readonly (string | readonly string[])[]
  /** Members that an item does not have. */
  readonly without?: readonly string[]
  /** Members of which a change is none of the item: clocks and counters that move all the time. */
  readonly volatile?: readonly string[]
  /** The platform's name of the item: one and the same for as long as it lives. */
  identify(record: PlatformRecord): string | undefined
  /** @returns The event's own fields, without those that every event of a platform has. */
  toEvent(record: PlatformRecord): PlatformEvent
  /** What the item is beside an event. */
  toEntries(record: PlatformRecord): PlatformEntries
}

/** What an item of a platform is in the domain. */
export interface PlatformEntries {
  readonly alert?: PlatformAlert
  readonly incident?: PlatformIncident
  readonly device?: PlatformDevice
}

/** State of an alert or incident on its platform, in our words. */
export interface PlatformState {
  readonly status: (typeof FINDING_STATUSES)[number]
  readonly resolution?: (typeof FINDING_RESOLUTIONS)[number]
  /** Why it was closed, in the platform's words. */
  readonly reason?: string
}

/** What alerts and incidents have in common. */
export interface PlatformFinding {
  readonly title: string
  /** 0 to 100. */
  readonly severity: number
  readonly state: PlatformState
  /** When the platform last changed it, ISO 8601: an older state never takes the place of a newer one. */
  readonly changedAt?: string
  readonly account?: string
  /** ISO 8601. */
  readonly createdAt?: string
  /** Of the first and the last event; ISO 8601. @default when it was created */
  readonly first?: string
  readonly last?: string
}

/** An alert of a platform. */
export interface PlatformAlert extends PlatformFinding {
  readonly description?: string
  readonly host?: string
  /** The platform's id of the device, for where the alert does not name it. */
  readonly deviceId?: string
  /** What of the platform found it, by its name; null for what is only a part of an incident. @default as of alerts of our own */
  readonly engine?: string | null
  /** The platform's id of what it is about: a device, a mailbox, an account. */
  readonly targetId?: string
  /** The platform's id of the incident that it belongs to. */
  readonly incidentId?: string
  /** The platform's id of the rule. */
  readonly ruleId?: string
  readonly tags?: readonly string[]
  /** Events that it stands for. @default 1 */
  readonly count?: number
}

/** An incident of a platform. */
export interface PlatformIncident extends PlatformFinding {
  /** 0 to 100. @default its severity */
  readonly risk?: number
}

/** A device of a platform. */
export interface PlatformDevice {
  readonly name: string
  /** When the platform last heard of it, and when it first knew it; ISO 8601. */
  readonly lastSeen?: string
  readonly firstSeen?: string
}
