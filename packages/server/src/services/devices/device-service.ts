import type { Principal } from '../../auth/principal.ts'
import type { FactFilter } from '../json-facts.ts'

/** A host that was seen in events, or that a platform knows. */
export interface Device {
  readonly id: number
  /** 32 hex digits. */
  readonly uid: string
  readonly organisationId: number
  readonly name: string
  /** `events`, or the platform it was pulled from. */
  readonly source: string
  /** Platform -> what it says of the device, of those records that the caller may see: of sketches they may read. */
  readonly details: Readonly<Record<string, unknown>>
  /** What was decided of it here; it stands above what platforms say. */
  readonly decided: DeviceDecision
  /** Of the events of all sketches that the caller may read; undefined where there is none. */
  readonly firstUs: bigint | undefined
  readonly lastUs: bigint | undefined
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** What somebody decides of a device, by the names that WithSecure Elements has for it. */
export interface DeviceDecision {
  readonly state?: string
  readonly alias?: string
  readonly importance?: string
  readonly businessContext?: string
  readonly labels?: readonly string[]
  readonly subscription?: { readonly key: string }
  readonly profileName?: string
  readonly protectionStatusOverview?: string
  /** Updates that it still lacks. */
  readonly missingUpdates?: readonly unknown[]
}

/** Which devices; what is left out does not matter. */
export interface DeviceFilter {
  readonly sketchId?: number
  readonly organisationId?: number
  /** Part of the name, in any case. */
  readonly text?: string
  /** The whole name, in any case. */
  readonly name?: string
  /** Ids of ours (UUIDs, 32 hex digits or the first 24 of them) or of a platform, also one that only alerts name: the host of the latest. */
  readonly ids?: readonly string[]
  readonly rowIds?: readonly number[]
  /** What a platform says of it last: that it is connected. Of hosts of events nobody says so. */
  readonly isOnline?: boolean
  /** Seen last, or else known since, from this moment to that, which belong to it; those that are online always are. */
  readonly seen?: { readonly fromUs?: bigint; readonly toUs?: bigint }
  /** By what was decided here, or else what a platform says of it. */
  readonly facts?: { readonly platform: string; readonly all: readonly FactFilter[] }
}

/** A device as its source tells it. */
export interface SeenDevice {
  readonly name: string
  /** Which it is, where its source knows it by more than its name: the key that it has, or that it is to get. */
  readonly nameKey?: string
  readonly sketchId?: number
  readonly firstUs?: bigint
  readonly lastUs?: bigint
  /** @default 'events' */
  readonly source?: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** Hosts. Those seen in sketches are shown to who may read one of them, those that were pulled without one to everybody. */
export interface DeviceService {
  /**
   * Organisation by organisation, in the order in which these are listed, the devices of each by name in any case; with how many there are, which costs a look at every one.
   *
   * @param filter.limit - @default 100, at most 1,000
   */
  list(
    principal: Principal,
    filter?: DeviceFilter & { readonly limit?: number; readonly offset?: number },
  ): Promise<{ readonly items: readonly Device[]; readonly total: number }>
  /** The same without a look at others than the page has. */
  listUncounted(
    principal: Principal,
    filter?: DeviceFilter & { readonly limit?: number; readonly offset?: number },
  ): Promise<readonly Device[]>
  /**
   * In the order they became known. @param page.after - Row id of the last one of the page before. @param page.limit - At most 1,000.
   * @param page.offset - @default 0
   */
  readPage(
    principal: Principal,
    filter: DeviceFilter,
    page: { readonly after?: number; readonly limit: number; readonly offset?: number },
  ): Promise<{ readonly items: readonly Device[]; readonly next: number | undefined }>
  /** How many there are. */
  count(principal: Principal, filter?: DeviceFilter): Promise<number>
  /** How many devices have each value of a fact, most first. @param fact.ifMissing - Counts for those that tell nothing. */
  countBy(
    principal: Principal,
    filter: DeviceFilter,
    fact: { readonly platform: string; readonly path: string; readonly ifMissing?: string },
  ): Promise<readonly { readonly value: string; readonly count: number }[]>
  /** By an id of ours or of a platform. @throws {DomainError} `not-found` (`device-not-found`). */
  get(principal: Principal, id: string): Promise<Device>
  /**
   * Decides something of a device. Needs write on every sketch in which it was seen.
   *
   * @throws {DomainError} as `get`; `forbidden`.
   */
  decide(principal: Principal, id: string, decision: DeviceDecision): Promise<Device>
  /** Takes a device out; its events and alerts stay, and it is in again, with nothing decided of it, when it is seen later than that. @throws {DomainError} as `decide`. */
  delete(principal: Principal, id: string): Promise<void>
}
