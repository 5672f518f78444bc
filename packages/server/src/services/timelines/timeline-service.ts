import type { Principal } from '../../auth/principal.ts'
import type { SearchIndex } from '../search-indexes/search-index-service.ts'
import type { User } from '../users/user-service.ts'
import type { DataSource } from './data-source-service.ts'

/** `ready` ones answer questions; `processing` ones are being imported to. */
export type TimelineStatus = 'new' | 'processing' | 'ready' | 'fail' | 'timeout' | 'archived' | 'deleted'

/** Events of one origin, in one index, in one sketch. */
export interface Timeline {
  readonly id: number
  /** Undefined when the timeline was removed from its sketch. */
  readonly sketchId: number | undefined
  readonly name: string
  readonly description: string
  /** Six hex digits. */
  readonly color: string
  readonly owner: User | undefined
  readonly status: TimelineStatus
  readonly statusChangedAtMs: number
  readonly labels: readonly string[]
  readonly searchIndex: SearchIndex
  readonly dataSources: readonly DataSource[]
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

const INACTIVE: ReadonlySet<TimelineStatus> = new Set(['processing', 'fail', 'archived', 'deleted'])

/** Whether questions may be asked of a timeline, as Timesketch's clients see it. */
export function isActiveTimeline({ status }: Pick<Timeline, 'status'>): boolean {
  return !INACTIVE.has(status)
}

/** Whether a timeline only uses an index of somebody else: what becomes of it is no matter of that index's record. */
export function isAttachedTimeline({ owner, searchIndex }: Pick<Timeline, 'owner' | 'searchIndex'>): boolean {
  return owner?.id !== searchIndex.owner?.id
}

/** What the store holds of a timeline. */
export interface TimelineStats {
  readonly eventCount: number
  readonly firstUs: bigint | undefined
  readonly lastUs: bigint | undefined
}

/** Timelines of sketches. */
export interface TimelineService {
  /** Needs read; in the order they were made. */
  list(principal: Principal, sketchId: number): Promise<readonly Timeline[]>
  /** Needs read. @throws {DomainError} `not-found` (`timeline-not-found`), also when it belongs to another sketch. */
  get(principal: Principal, sketchId: number, timelineId: number): Promise<Timeline>
  /** Without any check, also of removed timelines. */
  find(timelineId: number): Promise<Timeline | undefined>
  /** Timelines that questions may be asked of: not processing, failed, archived or deleted. Without any check. */
  listActive(sketchId: number): Promise<readonly Timeline[]>
  /** Needs write on the sketch and read on the index. The same index a second time returns what is there. */
  attach(
    principal: Principal,
    sketchId: number,
    input: { searchIndexId: number; name?: string },
  ): Promise<{ timeline: Timeline; created: boolean }>
  /**
   * The timeline an import goes to, made when there is none. Needs write. In order: the index named, if the caller may
   * write to it; an index of the sketch that carries the data label, or, without one, that has a timeline of that name, or the first
   * without labels; a new one. A timeline of that name in that index is used again; the same name in another index gives `name_xxxxx`.
   *
   * @throws {DomainError} `invalid` (`bad-name`, `bad-index-name`), `conflict` (`sketch-archived`).
   */
  chooseForImport(
    principal: Principal,
    sketchId: number,
    input: { name: string; indexName?: string; dataLabel?: string; sizeBytes?: number },
  ): Promise<Timeline>
  /** Needs write. @throws {DomainError} `invalid` (`bad-name`, `bad-color`). */
  update(
    principal: Principal,
    sketchId: number,
    timelineId: number,
    change: { name?: string; description?: string; color?: string },
  ): Promise<Timeline>
  /** Needs write. `changed` is false when every label was there (or gone) already. */
  addLabels(
    principal: Principal,
    sketchId: number,
    timelineId: number,
    labels: readonly string[],
  ): Promise<{ timeline: Timeline; changed: boolean }>
  removeLabels(
    principal: Principal,
    sketchId: number,
    timelineId: number,
    labels: readonly string[],
  ): Promise<{ timeline: Timeline; changed: boolean }>
  /**
   * Needs write, or an administrator. The timeline leaves the sketch; its events leave the store when no other timeline
   * record needs them.
   *
   * @throws {DomainError} `forbidden` (`protected-label` with details.label).
   */
  delete(principal: Principal, sketchId: number, timelineId: number): Promise<void>
  /** Needs write. */
  setStatus(
    principal: Principal,
    sketchId: number,
    timelineId: number,
    status: TimelineStatus,
  ): Promise<Timeline>
  /** Counts and first and last times from the store, by timeline id; without any check. */
  stats(timelines: readonly Timeline[]): Promise<ReadonlyMap<number, TimelineStats>>
  /** Events and bytes of the indexes of these timelines. */
  size(timelines: readonly Timeline[]): Promise<{ eventCount: number; sizeBytes: number }>
}
