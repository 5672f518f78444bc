import type { Principal } from '../../auth/principal.ts'
import type { Timeline } from '../timelines/timeline-service.ts'
import type { User } from '../users/user-service.ts'

/** An analyzer that can be run. */
export interface AnalyzerInfo {
  readonly name: string
  readonly displayName: string
  readonly description: string
  /** It runs once for each of several sets of parameters, which files say. */
  readonly isMulti: boolean
}

/** What becomes of an analysis; `ERROR` also of one that was cancelled or cut off. */
export type AnalysisStatus = 'PENDING' | 'STARTED' | 'DONE' | 'ERROR'

/** One analyzer with one set of parameters over one timeline. */
export interface Analysis {
  readonly id: number
  readonly sessionId: number
  readonly sketchId: number
  readonly timeline: Timeline
  readonly owner: User | undefined
  readonly analyzer: string
  /** JSON text of an object. */
  readonly parametersJson: string
  readonly status: AnalysisStatus
  readonly statusChangedAtMs: number
  /** What the analyzer says it found, or why it ended in an error; undefined before the end. */
  readonly result: string | undefined
  /** What else is to be known, a sentence a line. */
  readonly log: string | undefined
  /** The group of the marks it made (`MarkOptions.groupId`). */
  readonly markGroup: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** Analyses of one timeline that were started together; they run one after the other. */
export interface AnalysisSession {
  readonly id: number
  readonly sketchId: number
  readonly owner: User | undefined
  /** In the order in which they run. */
  readonly analyses: readonly Analysis[]
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** What to run. */
export interface AnalyzerRequest {
  readonly timelineIds: readonly number[]
  /** Names, with `*` and `?` as in a shell. */
  readonly names: readonly string[]
  /** Parameters by analyzer, beside those that files say: one set, or several. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined
  /** Run again what has been run with the same parameters since the timeline changed last. @default false */
  readonly force?: boolean
}

/** Analyses that may wait or run at once, over all sketches. */
export const MAX_OPEN_ANALYSES = 10_000

/** Analyzers and what they have been asked to do. They act for whoever starts them. */
export interface AnalyzerService {
  /** In the order of lists. */
  list(): Promise<readonly AnalyzerInfo[]>
  /**
   * Starts analyzers, with those whose marks they read: one session for each timeline that is ready and for which something is to
   * be run. Resolves when they are queued. Needs write.
   *
   * @throws {DomainError} `invalid` (`no-timeline`, `no-analyzer`, `bad-parameters`), `forbidden` (`timeline-not-of-sketch`),
   *   `conflict` (`sketch-archived`), `too-many` (`too-many-analyses`), `unavailable` (`stopping`).
   */
  run(principal: Principal, sketchId: number, request: AnalyzerRequest): Promise<readonly AnalysisSession[]>
  /** Starts what is configured to run over a timeline into which evidence has been imported. */
  runAfterImport(
    principal: Principal,
    sketchId: number,
    timelineId: number,
  ): Promise<readonly AnalysisSession[]>
  /** Needs read. @throws {DomainError} `not-found` (`analysis-session-not-found`), also when it is another sketch's. */
  getSession(principal: Principal, sketchId: number, sessionId: number): Promise<AnalysisSession>
  /** Sessions of which something waits or runs, oldest first. Needs read. */
  listActive(principal: Principal, sketchId: number): Promise<readonly AnalysisSession[]>
  /** All analyses of a timeline, oldest first. Needs read. @throws {DomainError} `not-found` (`timeline-not-found`). */
  listOfTimeline(principal: Principal, sketchId: number, timelineId: number): Promise<readonly Analysis[]>
  /**
   * Resolves with the session when all of it has ended. An abort ends the waiting and nothing else.
   *
   * @throws {DomainError} As `getSession`.
   */
  wait(
    principal: Principal,
    sketchId: number,
    sessionId: number,
    signal?: AbortSignal,
  ): Promise<AnalysisSession>
  /** Ends what waits and what runs of a session, of which nothing is kept; what has ended stays. Needs write. */
  cancel(principal: Principal, sketchId: number, sessionId: number): Promise<AnalysisSession>
  /**
   * Takes the marks of an analysis back; saved searches, aggregations and stories stay. Needs write.
   *
   * @returns How many operations were taken back.
   * @throws {DomainError} `not-found` (`analysis-not-found`), `conflict` (`analysis-not-ended`).
   */
  undo(principal: Principal, sketchId: number, analysisId: number): Promise<number>
}
