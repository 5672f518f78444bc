import { z } from 'zod'

/** Most entries of the audit log in one answer. */
export const MAX_AUDIT_ENTRIES = 1000

/** Which entries of the audit log: the query string of `GET /audit`. What is left out does not matter. */
export const auditParametersSchema = z.strictObject({
  /** Name of who did it; of failed logins the name that was tried. */
  user: z.string().optional(),
  /** One action (`event.search`), or all of a kind (`event.*`). */
  action: z.string().optional(),
  /** Id of the sketch it was done in. */
  sketch: z.coerce.number().int().optional(),
  /** Not before: a date, a date with time, or date maths such as `now-7d`; UTC. */
  from: z.string().optional(),
  /** Not after: a day means its end. */
  to: z.string().optional(),
  /** The `next` of a page: begins behind it. */
  before: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(MAX_AUDIT_ENTRIES).default(100),
})

/** Which entries a client asks for; what has a default may be left out. */
export type ApiAuditFilter = Omit<z.input<typeof auditParametersSchema>, 'sketch' | 'before' | 'limit'> & {
  readonly sketch?: number | undefined
  readonly before?: number | undefined
  readonly limit?: number | undefined
}

/** One act of somebody. `at` is ISO 8601. */
export const auditEntrySchema = z.object({
  id: z.int(),
  at: z.string(),
  user: z.string(),
  /** How they came in: `session`, `api-key`, `local` (the command line on a data directory), `system`, or `none` (nobody known). */
  via: z.string(),
  /** The API that was spoken: `skein`, `timesketch`. */
  dialect: z.string().optional(),
  /** Id of the API key. */
  key: z.int().optional(),
  address: z.string(),
  /** Finds the request in the server's log. */
  requestId: z.string().optional(),
  action: z.string(),
  subject: z.string(),
  sketch: z.int().optional(),
  result: z.enum(['ok', 'refused', 'failed']),
  /** Facts about the act, such as the question that was asked; never what was found. */
  details: z.record(z.string(), z.unknown()),
})

/** A line of `skein audit`. */
export type ApiAuditEntry = z.infer<typeof auditEntrySchema>

/** The answer of `GET /audit`: newest first; `next` goes back as `before` for the page behind, and is left out at the end. */
export const auditAnswerSchema = z.object({ entries: z.array(auditEntrySchema), next: z.int().optional() })

/** A page of the audit log. */
export type ApiAuditPage = z.infer<typeof auditAnswerSchema>
