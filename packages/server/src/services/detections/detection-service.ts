import type { DetectProgress } from '@timeskein/analyze'
import type { ApiDetectionReport } from '@timeskein/model'
import type { SigmaSource } from '@timeskein/query/sigma'
import type { Principal } from '../../auth/principal.ts'
import type { TimelineSelection } from '../explore/explore-service.ts'

/** A run of detection somebody asks for. */
export interface DetectionRequest {
  readonly sketchId: number
  /** @default all timelines of the sketch */
  readonly selection?: TimelineSelection
  /** Rules to run instead of those of the library. */
  readonly sources?: readonly SigmaSource[]
  /** Only those rules of the library that this policy names. */
  readonly policyUuid?: string
  /** Used for this run, beside those of the library; for administrators. */
  readonly pipelines?: readonly SigmaSource[]
  /** Report only: no tags, no alerts. Needs read instead of write. */
  readonly isDryRun?: boolean
  /** Abort leaves what was stored. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: DetectProgress) => void
}

/** A run that was kept. */
export interface DetectionRun {
  /** UUID. */
  readonly uid: string
  readonly mode: 'run' | 'live'
  readonly atMs: number
  readonly username: string | undefined
  readonly report: ApiDetectionReport
}

/**
 * Runs rules over the events of sketches. Hits tag their events (title and level of the rule, its tags of ATT&CK) and become
 * alerts and incidents; run again, the same makes no difference. Runs over one sketch follow each other.
 */
export interface DetectionService {
  /** Needs write. @throws {DomainError} `not-found` (`policy-not-found`), `forbidden` (also `pipelines-need-admin`), `conflict` (`sketch-archived`). */
  run(principal: Principal, request: DetectionRequest): Promise<ApiDetectionReport>
  /** Needs read: newest first; of each sketch the last ones are kept. */
  listRuns(principal: Principal, sketchId: number): Promise<readonly DetectionRun[]>
  /** Needs read. @param uid - `latest`: the newest. @throws {DomainError} `not-found` (`detection-run-not-found`). */
  getRun(principal: Principal, sketchId: number, uid: string): Promise<DetectionRun>
  /** Needs read: whether events are looked at as they come, which they are unless somebody turned it off. */
  isLive(principal: Principal, sketchId: number): Promise<boolean>
  /** Needs write. */
  setLive(principal: Principal, sketchId: number, isLive: boolean): Promise<void>
  /** Needs read: waits for what looks at events that came; the report of its last run, undefined when there was none. */
  waitForLive(
    principal: Principal,
    sketchId: number,
    signal?: AbortSignal,
  ): Promise<ApiDetectionReport | undefined>
}
