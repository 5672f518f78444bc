import type { Principal } from '../../auth/principal.ts'

/** One act in the audit log. */
export interface AuditEntry {
  readonly id: number
  readonly atMs: number
  /** Undefined for the system itself and for failed logins. */
  readonly userId: number | undefined
  /** As the user is called, or as whoever failed to log in said. */
  readonly username: string
  readonly via: 'session' | 'api-key' | 'local' | 'system' | 'none'
  /** The API that was spoken; undefined in process and where it is not known yet. */
  readonly dialect: string | undefined
  /** The key that was used, also when it is gone since. */
  readonly apiKeyId: number | undefined
  readonly address: string
  readonly requestId: string | undefined
  /** Verb with its object's kind: `sketch.create`, `event.search`, `event.tag`, `login` … */
  readonly action: string
  /** What it was done to: `sketch/3`, `timeline/7` … */
  readonly subject: string
  readonly sketchId: number | undefined
  readonly result: AuditResult
  /** Facts about the act; never secrets, never event text. */
  readonly details: Readonly<Record<string, unknown>>
}

/** How an act ended. */
export type AuditResult = 'ok' | 'refused' | 'failed'

/** Who did it: somebody known, the system itself, or somebody who says so and could not prove it. */
export type Actor =
  | Principal
  | 'system'
  | { readonly username: string; readonly address: string; readonly requestId?: string }

/** What was done. */
export interface Act {
  readonly action: string
  readonly subject: string
  readonly sketchId?: number
  /** @default 'ok' */
  readonly result?: AuditResult
  readonly details?: Readonly<Record<string, unknown>>
}

/** Which entries; what is left out does not matter. */
export interface AuditFilter {
  readonly username?: string
  /** One action, or with `.*` at its end all of a kind: `event.*`. */
  readonly action?: string
  /** One of these. */
  readonly actions?: readonly string[]
  readonly sketchId?: number
  /** From this moment on. */
  readonly fromMs?: number
  /** Up to this moment, which belongs to it. */
  readonly toMs?: number
  /** Part of the action, subject, name or address, in any case. */
  readonly text?: string
  /** Entries before this one, for the next page. */
  readonly beforeId?: number
  /** Entries after this one. */
  readonly afterId?: number
  /** `asc`: the oldest first. @default 'desc' */
  readonly order?: 'asc' | 'desc'
  /** @default 0 */
  readonly offset?: number
  /** At most 1,000. @default 100 */
  readonly limit?: number
}

/** The audit log: entries are only ever added, in the order of the acts. */
export interface AuditService {
  /** Enters what changed something. Durable when it resolves. */
  record(who: Actor, act: Act): Promise<void>
  /**
   * Enters what only read something, without making it wait: it is on the disk within a second, or at a stop. A crash may
   * lose it (docs/decisions). Waits for the disk only when many are waiting already.
   */
  note(who: Actor, act: Act): Promise<void>
  /** Newest first where nothing else is said. Administrators only. @throws {DomainError} `forbidden` (`not-an-admin`). */
  list(principal: Principal, filter?: AuditFilter): Promise<readonly AuditEntry[]>
  /** As `list`, for everybody: administrators see all entries, others their own. */
  listVisible(principal: Principal, filter?: AuditFilter): Promise<readonly AuditEntry[]>
  /** Writes what waits; what cannot be written goes to the server's log. For the stop: nothing may be noted after it. */
  close(): Promise<void>
}
