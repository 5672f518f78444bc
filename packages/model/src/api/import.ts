import { z } from 'zod'
import { fileAccountSchema } from '../import-account.ts'

/** How the bytes of an upload are to be read, in the request's query string. */
export const importParametersSchema = z.object({
  /** Name of the timeline; made when there is none. */
  timeline: z.string().min(1).max(255),
  /** The file's name, for the account. */
  name: z.string().min(1).default('upload'),
  /** Pairs such as `time=EventTime,message=Message`. */
  map: z.string().optional(),
  timeZone: z.string().optional(),
  encoding: z.string().optional(),
  dayFirst: z.stringbool().optional(),
  allTimes: z.stringbool().optional(),
})

/** One import and what became of it. */
export const importJobSchema = z.object({
  id: z.string(),
  sketchId: z.int(),
  timelineId: z.int(),
  status: z.enum(['queued', 'running', 'done', 'failed', 'rolled-back']),
  files: z.array(fileAccountSchema),
  error: z.string().optional(),
  hasRejects: z.boolean(),
  searchableSeconds: z.number().optional(),
  indexedSeconds: z.number().optional(),
})
export type ApiImportJob = z.infer<typeof importJobSchema>
export const importsAnswerSchema = z.object({ imports: z.array(importJobSchema) })

/** What an import of these bytes would do. */
export const importPreviewSchema = z.object({
  path: z.string(),
  format: z.string(),
  reason: z.string(),
  timeFields: z.array(z.string()),
  messageField: z.string().optional(),
  constants: z.record(z.string(), z.string()),
  /** First rows as they would be stored: JSON texts. */
  rows: z.array(z.string()),
  rejects: z.array(z.object({ line: z.int(), reason: z.string(), detail: z.string() })),
})
export type ApiImportPreview = z.infer<typeof importPreviewSchema>
