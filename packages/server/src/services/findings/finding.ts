import type { FINDING_RESOLUTIONS, FINDING_STATUSES } from '@timeskein/model'
import type { FactFilter } from '../json-facts.ts'
import type { User } from '../users/user-service.ts'

/** An alert, or an incident made of alerts: both are found, looked into and closed in the same way. */
export type FindingKind = 'alert' | 'incident'

/** Every one may follow every other; new evidence opens a closed one again. */
export type FindingStatus = (typeof FINDING_STATUSES)[number]
/** What a finding turned out to be. */
export type Resolution = (typeof FINDING_RESOLUTIONS)[number]

/** What alerts and incidents have in common. */
export interface Finding {
  readonly id: number
  /** 32 hex digits; other platforms show it as a UUID or by its first 24 digits. */
  readonly uid: string
  readonly organisationId: number
  /** Undefined for what was pulled without one. */
  readonly sketchId: number | undefined
  readonly title: string
  /** 0 to 100. */
  readonly severity: number
  /** In lower case. */
  readonly host: string | undefined
  readonly account: string | undefined
  /** Of the first and the last event, microseconds since 1970. */
  readonly firstUs: bigint
  readonly lastUs: bigint
  readonly status: FindingStatus
  readonly resolution: Resolution | undefined
  /** Why it was closed, in words. */
  readonly reason: string
  readonly assignee: User | undefined
  readonly createdAtMs: number
  /** Grows with every change, new evidence and comment. */
  readonly updatedAtMs: number
  readonly closedAtMs: number | undefined
  readonly closedBy: User | undefined
}

/** What somebody decides about a finding; what is left out stays as it is. */
export interface FindingDecision {
  readonly status?: FindingStatus
  /** Undefined takes it away. */
  readonly resolution?: Resolution | undefined
  readonly reason?: string
  /** Name of a user; null: nobody. */
  readonly assignee?: string | null
  readonly severity?: number
  readonly title?: string
}

/** One thing that happened to a finding. */
export interface FindingChange {
  readonly id: number
  readonly atMs: number
  /** Empty for the program itself. */
  readonly username: string
  /** `created`, `evidence`, `reopened`, `status`, `resolution`, `assignee`, `severity`, `title`, `comment`, `grouped`, `merged`. */
  readonly action: string
  /** Such as `from` and `to`. */
  readonly details: Readonly<Record<string, unknown>>
}

/** A remark on a finding. */
export interface FindingComment {
  /** UUID. */
  readonly uid: string
  readonly atMs: number
  readonly username: string
  readonly text: string
}

/** Which findings; what is left out does not matter. */
export interface FindingFilter {
  /** Of an item of a platform that several of the caller's sketches have, only the copy that changed last. */
  readonly isOncePerItem?: boolean
  /** Of copies of an item only the one that changed last, of all there are or of those of its organisation, whoever may see them. */
  readonly lastCopyOf?: 'all' | 'organisation'
  readonly sketchId?: number
  readonly organisationId?: number
  /** By the record of the platform it came from. */
  readonly facts?: readonly FactFilter[]
  readonly statuses?: readonly FindingStatus[]
  /** None of these. */
  readonly notStatuses?: readonly FindingStatus[]
  /** Undefined among them: those without one. */
  readonly resolutions?: readonly (Resolution | undefined)[]
  /** In one of these ranges, both ends of which belong to them. */
  readonly severities?: readonly { readonly from: number; readonly to: number }[]
  readonly minSeverity?: number
  readonly maxSeverity?: number
  /** In any case. */
  readonly host?: string
  /** Name of a user. */
  readonly assignee?: string
  /** Part of the title, in any case. */
  readonly text?: string
  /** Those with an event from this moment on, and not only after that one. */
  readonly fromUs?: bigint
  readonly toUs?: bigint
  /** From this moment on. */
  readonly createdFromMs?: number
  /** Up to this moment, which belongs to it. */
  readonly createdToMs?: number
  readonly updatedFromMs?: number
  readonly updatedToMs?: number
}

/** Which page of a list. */
export interface FindingPageOptions {
  /** `last`: of the last event. @default 'last' */
  readonly sort?: 'last' | 'created' | 'updated'
  /** @default 'desc' */
  readonly order?: 'asc' | 'desc'
  /** At most 1,000. @default 100 */
  readonly limit?: number
  /** `next` of the page before. */
  readonly after?: string
  /** @default 0 */
  readonly offset?: number
}

/** A page of findings, without how many there are in all. */
export interface FindingSlice<Of> {
  readonly items: readonly Of[]
  /** Undefined at the end. */
  readonly next: string | undefined
}

/** A page of findings. */
export interface FindingPage<Of> extends FindingSlice<Of> {
  /** All that answer. */
  readonly total: number
}

/** True for a status that ends the work on a finding. */
export function isEnded(status: FindingStatus): boolean {
  return status === 'closed' || status === 'rejected'
}
