import { z } from 'zod'
import { questionSchema } from './question.ts'

/** One act of marking: by ids, or all events that answer a question. */
export const markRequestSchema = z.object({
  kind: z.enum(['tag', 'untag', 'star', 'unstar', 'label', 'unlabel', 'comment']),
  /** Tag, label or comment; empty for stars. */
  value: z.string().default(''),
  target: z.union([z.object({ ids: z.array(z.string()).min(1) }), z.object({ question: questionSchema })]),
  /** Refuse when the sketch has changed since this revision. */
  atRevision: z.int().optional(),
})
export type ApiMarkRequest = z.input<typeof markRequestSchema>

/** What it did; `operationId` can be taken back. */
export const markReportSchema = z.object({
  operationId: z.string(),
  matched: z.int(),
  changed: z.int(),
  unknownIds: z.array(z.string()),
})
export type ApiMarkReport = z.infer<typeof markReportSchema>

/** One operation of the log. Times are ISO 8601. */
export const operationSchema = z.object({
  id: z.string(),
  at: z.string(),
  user: z.string(),
  kind: z.string(),
  value: z.string(),
  query: z.string().optional(),
  matched: z.int(),
  changed: z.int(),
  state: z.string(),
})
export type ApiOperation = z.infer<typeof operationSchema>
export const operationsAnswerSchema = z.object({ operations: z.array(operationSchema) })
