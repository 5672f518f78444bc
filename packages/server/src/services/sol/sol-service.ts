import type { SolRow } from '@timeskein/analyze/sol'
import type { Principal } from '../../auth/principal.ts'

/** What is to be run. */
export interface SolRunDraft {
  readonly program: string
  /** By their full names, `time.start`. */
  readonly parameters: ReadonlyMap<string, unknown>
  /** Only events of these intakes. */
  readonly intakeUids?: readonly string[] | undefined
  /** Nothing answers where it is false: the caller asks for another organisation's rows. */
  readonly isOfOrganisation: boolean
  /** Whether the caller's key allows for a table; a run that needs another fails. @default all of them */
  readonly mayRead?: (table: string) => boolean
}

/** A run and what it found. */
export interface SolRun {
  /** UUID. */
  readonly uid: string
  readonly status: 'running' | 'done' | 'failed' | 'expired'
  readonly problem: string | undefined
  readonly rows: readonly SolRow[]
  readonly warnings: readonly string[]
}

/** A program that somebody saved; everybody may read and run it. */
export interface SavedQuery {
  readonly uid: string
  readonly name: string
  readonly description: string
  readonly program: string
  /** What else its maker said; told back as it is. */
  readonly details: Readonly<Record<string, unknown>>
  /** Names of what a run has to give. */
  readonly parameters: readonly string[]
  readonly userId: number
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** What a saved query says. */
export type SavedQueryDraft = Pick<SavedQuery, 'name' | 'description' | 'program' | 'details'>

/** Rows of one run at most. */
export const MAX_SOL_ROWS = 10_000
/** How long the rows of a run are kept after its end. */
export const SOL_RESULTS_TTL_MS: number = 1800 * 1000

/** Programs in SOL, run on what the caller may read. A run is its maker's; nobody else finds it. */
export interface SolService {
  /**
   * Begins a run; it goes on behind the call.
   *
   * @throws {QueryError} For a program that cannot be read. @throws {DomainError} `invalid` (`missing-parameters`), `too-many`
   *   (`too-many-runs`).
   */
  start(principal: Principal, draft: SolRunDraft): Promise<SolRun>
  /** A run of sketches that its maker may not read any more has expired. @throws {DomainError} `not-found` (`run-not-found`). */
  get(principal: Principal, uid: string): Promise<SolRun>

  /** By name. */
  listSaved(principal: Principal): Promise<readonly SavedQuery[]>
  /** @throws {DomainError} `not-found` (`saved-query-not-found`). */
  getSaved(principal: Principal, uid: string): Promise<SavedQuery>
  /** @throws {QueryError} For a program that cannot be read. */
  save(principal: Principal, draft: SavedQueryDraft): Promise<SavedQuery>
  /** Their makers, and administrators. @throws {DomainError} `forbidden` (`not-own-query`). */
  updateSaved(principal: Principal, uid: string, draft: SavedQueryDraft): Promise<SavedQuery>
  deleteSaved(principal: Principal, uid: string): Promise<void>
}
