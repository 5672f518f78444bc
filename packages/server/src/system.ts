import type { Logger } from 'pino'
import type { Services } from './services/services.ts'

/** What the start of a system found and did. */
export interface RecoveryNote {
  readonly severity: 'info' | 'warning'
  /** `stale-lock`, `import-rolled-back`, `import-recognised`, `mark-reconciled`, `migrated` … */
  readonly code: string
  readonly message: string
}

/** An open data directory. */
export interface System extends AsyncDisposable {
  readonly dataDirectory: string
  readonly version: string
  readonly services: Services
  readonly log: Logger
  /** What recovery did at this start; empty after a clean stop. */
  readonly recovery: readonly RecoveryNote[]
  /** The administrator made on the first run, with the password that is told this once. */
  readonly firstAdmin: { readonly username: string; readonly password: string } | undefined
  /**
   * Stops: no new imports, running ones get until the deadline and are then rolled back, files are closed, the lock goes.
   *
   * @param options.deadlineMs - Default 10,000.
   */
  close(options?: { deadlineMs?: number }): Promise<void>
}
