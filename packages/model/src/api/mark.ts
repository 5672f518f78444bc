import { z } from 'zod'
import { questionSchema } from './question.ts'

/** One act of marking: by ids, or all events that answer a question. */
export const markRequestSchema = z.strictObject({
  kind: z.enum(['tag', 'untag', 'star', 'unstar', 'label', 'unlabel', 'comment']),
  /** Tag, label or comment; empty for stars. */
  value: z.string().default(''),
  target: z.union([
    z.strictObject({ ids: z.array(z.string()).min(1) }),
    z.strictObject({ question: questionSchema }),
  ]),
  /** Refuse when the sketch has changed since this revision. */
  atRevision: z.int().optional(),
})

/** A mark as a client sends it, the body of `POST /sketches/{id}/marks`: what has a default may be left out. */
export type ApiMarkRequest = z.input<typeof markRequestSchema>

/** What it did; `operationId` can be taken back. */
export const markReportSchema = z.object({
  operationId: z.string(),
  matched: z.int(),
  changed: z.int(),
  unknownIds: z.array(z.string()),
})

/** The answer of `POST /sketches/{id}/marks`. `matched` counts the events that were meant, `changed` those that were not so already. */
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

/** One line of `skein history`; `kind` in the words of `markRequestSchema`, `state` says whether it is in force or was undone. */
export type ApiOperation = z.infer<typeof operationSchema>

/** The answer of `GET /sketches/{id}/marks`: newest first. */
export const operationsAnswerSchema = z.object({ operations: z.array(operationSchema) })

/** The body of `POST /marks/{operationId}/undo` and `…/redo`. */
export const takeBackRequestSchema = z.strictObject({
  /** Refuse the operation of another sketch. */
  sketchId: z.int().optional(),
})
