import type { Principal } from '../../auth/principal.ts'

/** One act in the audit log. */
export interface AuditEntry {
  readonly id: number
  readonly atMs: number
  /** Undefined for the system itself and for failed logins of unknown names. */
  readonly userId: number | undefined
  readonly username: string
  readonly via: 'session' | 'api-key' | 'local' | 'system' | 'none'
  readonly address: string
  readonly requestId: string | undefined
  /** Verb with its object's kind: `sketch.create`, `event.tag`, `login` … */
  readonly action: string
  /** What it was done to: `sketch/3`, `timeline/7` … */
  readonly subject: string
  readonly sketchId: number | undefined
  readonly result: 'ok' | 'refused' | 'failed'
  /** Facts about the act; never secrets, never event text. */
  readonly details: Readonly<Record<string, unknown>>
}

/** The audit log: entries are only ever added. */
export interface AuditService {
  record(
    principal:
      | Principal
      | 'system'
      | { readonly username: string; readonly address: string; readonly requestId?: string },
    entry: {
      action: string
      subject: string
      sketchId?: number
      result?: 'ok' | 'refused' | 'failed'
      details?: Record<string, unknown>
    },
  ): Promise<void>
  /** Newest first. Administrators see all; others what was done in sketches they can read (`sketchId` needed). */
  list(
    principal: Principal,
    options?: { sketchId?: number; userId?: number; beforeId?: number; limit?: number },
  ): Promise<readonly AuditEntry[]>
}
