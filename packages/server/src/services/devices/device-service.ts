import type { Principal } from '../../auth/principal.ts'

/** A host that was seen in events, or that a platform knows. */
export interface Device {
  readonly id: number
  /** 32 hex digits. */
  readonly uid: string
  readonly organisationId: number
  readonly name: string
  /** `events`, or the platform it was pulled from. */
  readonly source: string
  /** What the platform says of it. */
  readonly details: Readonly<Record<string, unknown>>
  /** Of the events of all sketches that the caller may read; undefined where there is none. */
  readonly firstUs: bigint | undefined
  readonly lastUs: bigint | undefined
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** A device as its source tells it. */
export interface SeenDevice {
  readonly name: string
  readonly sketchId?: number
  readonly firstUs?: bigint
  readonly lastUs?: bigint
  /** @default 'events' */
  readonly source?: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** Hosts. Those seen in sketches are shown to who may read one of them, those that were pulled without one to everybody. */
export interface DeviceService {
  /** By name. @param filter.limit - @default 100, at most 1,000 */
  list(
    principal: Principal,
    filter?: {
      readonly sketchId?: number
      readonly text?: string
      readonly limit?: number
      readonly offset?: number
    },
  ): Promise<{ readonly items: readonly Device[]; readonly total: number }>
  /** @throws {DomainError} `not-found` (`device-not-found`). */
  get(principal: Principal, uid: string): Promise<Device>
}
