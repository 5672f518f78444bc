import type { Analyzer } from '@timeskein/analyze'
import type { EventStore } from '@timeskein/store'
import type { Logger } from 'pino'
import type { Metrics } from './metrics.ts'
import type { Services } from './services/services.ts'

/** What the start of a system found and did. */
export interface RecoveryNote {
  readonly severity: 'info' | 'warning'
  /** `stale-lock`, `import-rolled-back`, `import-recognised`, `import-due`, `items-entered`, `items-due`, `mark-reconciled`, `analysis-cut-off`, `migrated`, `cleaned-up`, `upload-removed`, `upload-kept`, `no-room`, `recovery-put-off`. */
  readonly code: string
  readonly message: string
}

/** An open data directory. */
export interface System extends AsyncDisposable {
  readonly dataDirectory: string
  readonly version: string
  readonly services: Services
  readonly log: Logger
  readonly metrics: Metrics
  /** What recovery found and did at this start; empty after a clean stop, unless imports that were accepted wait. */
  readonly recovery: readonly RecoveryNote[]
  /** The administrator made on the first run, with the password that is told this once. */
  readonly firstAdmin: { readonly username: string; readonly password: string } | undefined
  /** Resolves when the metadata database answers. */
  checkHealth(): Promise<void>
  /** What is wrong with the metadata database; empty when nothing is. */
  checkDatabase(): readonly string[]
  /** Ends the pulls that are running, each at its next stretch, and takes no more: whoever waits for one hears of it before the close. */
  endPulls(): void
  /**
   * Stops: no new imports, running ones get until the deadline and are then rolled back or, where they were
   * accepted, left to the next process that stays; files are closed, the lock goes.
   *
   * @param options.deadlineMs - Default 10,000.
   */
  close(options?: { deadlineMs?: number }): Promise<void>
}

/** How to open a system. */
export interface SystemOptions {
  /** Where everything is kept; made when it is not there. */
  readonly dataDirectory: string
  /** @default silent */
  readonly logger?: Logger
  /** Opens the event store. @default the embedded store, in `indexes` under the data directory */
  readonly openStore?: (directory: string, log?: Logger) => Promise<EventStore>
  /** What can be run over timelines. @default every analyzer there is */
  readonly analyzers?: readonly Analyzer[]
  /** Whether the starter set of rules is brought into the library. @default true */
  readonly starterRules?: boolean
  /**
   * Whether what an earlier process left to be done is done now, behind what is asked for: events that came are looked at, imports that were
   * accepted are carried out. For processes that stay.
   *
   * @default false
   */
  readonly looksAtUnseenEvents?: boolean
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number
}
