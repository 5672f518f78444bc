import type { Principal } from '../../auth/principal.ts'
import type { User } from '../users/user-service.ts'

/** How far an upload is; `fail` has an error message. */
export type DataSourceStatus = 'queueing' | 'processing' | 'ready' | 'fail'

/** Where events of a timeline came from: one upload or one import. */
export interface DataSource {
  readonly id: number
  readonly timelineId: number
  readonly owner: User | undefined
  readonly provider: string
  readonly context: string
  readonly fileOnDisk: string
  readonly fileSizeBytes: number
  readonly originalFilename: string
  readonly dataLabel: string
  /** Why rows or all were not taken; empty when nothing is wrong. */
  readonly errorMessage: string
  /** Rows read; 0 until known. */
  readonly totalFileEvents: number
  readonly status: DataSourceStatus
  readonly statusChangedAtMs: number
  /** The import that filled it; undefined when it was only described. */
  readonly importId: string | undefined
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** What an import or a client says about an origin. */
export interface DataSourceInput {
  readonly timelineId: number
  /** @default 'N/A' */
  readonly provider?: string
  /** @default 'N/A' */
  readonly context?: string
  readonly originalFilename?: string
  readonly dataLabel?: string
  readonly fileSizeBytes?: number
}

/** Data sources of timelines. */
export interface DataSourceService {
  /** Needs read. */
  list(principal: Principal, sketchId: number): Promise<readonly DataSource[]>
  get(principal: Principal, sketchId: number, dataSourceId: number): Promise<DataSource>
  /** Needs write. @throws {DomainError} `not-found` (`timeline-not-found`). */
  create(principal: Principal, sketchId: number, input: DataSourceInput): Promise<DataSource>
  update(
    principal: Principal,
    sketchId: number,
    dataSourceId: number,
    change: { provider?: string; context?: string },
  ): Promise<DataSource>
}
