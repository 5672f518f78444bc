import { z } from 'zod'

/** A refusal (RFC 9457, `application/problem+json`). `code` is stable, for scripts. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  requestId: z.string().optional(),
  /** For a query that cannot be read: where, 1-based. */
  column: z.int().optional(),
  query: z.string().optional(),
})

/** The body of every answer of our API with a status of 400 or more. */
export type ApiProblem = z.infer<typeof problemSchema>

/** The answer of `GET /version`; a semantic version. */
export const versionSchema = z.object({ version: z.string() })

/** One thing that `skein doctor` looked at: `subject` names it, `message` says what was found and, where it is no `ok`, how to mend it. */
export const findingSchema = z.object({
  severity: z.enum(['ok', 'warning', 'error']),
  subject: z.string(),
  message: z.string(),
})

/** A finding as our API sends it and `skein doctor --json` prints it. */
export type ApiFinding = z.infer<typeof findingSchema>

/** The answer of `GET /doctor`, for administrators. */
export const findingsAnswerSchema = z.object({ findings: z.array(findingSchema) })

/** The answer of calls that have nothing to tell but that they were carried out. */
export const doneSchema = z.object({ done: z.literal(true) })
