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
export type ApiProblem = z.infer<typeof problemSchema>

export const versionSchema = z.object({ version: z.string() })
export const findingSchema = z.object({
  severity: z.enum(['ok', 'warning', 'error']),
  subject: z.string(),
  message: z.string(),
})
export type ApiFinding = z.infer<typeof findingSchema>
export const findingsAnswerSchema = z.object({ findings: z.array(findingSchema) })
export const doneSchema = z.object({ done: z.literal(true) })
