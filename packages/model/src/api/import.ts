import { z } from 'zod'
import { fileAccountSchema, refusedFileSchema } from '../import-account.ts'
import { flagWordSchema } from './flag-word.ts'

/** How the bytes of an upload are to be read, in the request's query string. */
export const importParametersSchema = z.strictObject({
  /** Name of the timeline; made when there is none. */
  timeline: z.string().min(1).max(255),
  /** Files found in an archive or a folder go to a timeline for each kind and host instead, named after these. */
  bySource: flagWordSchema.optional(),
  /** The file's name, for the account. The body of a folder is a tar archive of what is in it, its name one that ends in a slash. */
  name: z.string().min(1).default('upload'),
  /** Pairs such as `time=EventTime,message=Message`. */
  map: z.string().optional(),
  timeZone: z.string().optional(),
  encoding: z.string().optional(),
  dayFirst: flagWordSchema.optional(),
  /** Search space of binary files that is not in use for records that are left there. */
  carve: flagWordSchema.optional(),
  /** Keep the XML of each Windows event, as `xml_string`. */
  keepXml: flagWordSchema.optional(),
  /** Year in which the first line of a log was written whose times have none. */
  year: z.coerce.number().int().min(1970).max(9999).optional(),
  allTimes: flagWordSchema.optional(),
  /** An event filter of Plaso, for storage files. */
  plasoFilter: z.string().max(10_000).optional(),
})

/** How far an import is; the change feed tells the same, with `importId` and `timelineId`, as `import-progress`. */
export const importProgressSchema = z.object({
  phase: z.enum(['queued', 'reading', 'committing', 'ended']),
  /** Bytes of the input as it came that have been read. */
  bytesDone: z.int(),
  /** Left out when the size of an input is not known. */
  bytesTotal: z.int().optional(),
  rowsStored: z.int(),
  rowsRejected: z.int(),
  rowsDuplicate: z.int(),
  /** What is being read: the name of a file, or `archive!entry`. */
  file: z.string(),
  elapsedMs: z.number(),
})

/** How far an import is. */
export type ApiImportProgress = z.infer<typeof importProgressSchema>

/** One import and what became of it. */
export const importJobSchema = z.object({
  id: z.string(),
  sketchId: z.int(),
  timelineId: z.int(),
  status: z.enum(['queued', 'running', 'done', 'failed', 'rolled-back']),
  files: z.array(fileAccountSchema),
  /** While it is queued or running. */
  progress: importProgressSchema.optional(),
  /** Everything below in sentences, a line each. */
  error: z.string().optional(),
  /** Inputs that could not be read, or what else went wrong; told with the answer to the import only. */
  problems: z.array(z.string()).optional(),
  /** Files of archives and folders that are not in; told with the answer to the import only. */
  refused: z.array(refusedFileSchema).optional(),
  /** The system's code (`ENOSPC`) when it failed over a call of the system; told with the answer to the import only. */
  errorCode: z.string().optional(),
  hasRejects: z.boolean(),
  searchableSeconds: z.number().optional(),
  indexedSeconds: z.number().optional(),
})

/** The answer of `POST /sketches/{id}/imports` and `GET /imports/{id}`, and what `skein import --json` is made from. */
export type ApiImportJob = z.infer<typeof importJobSchema>

/** The answer of `GET /sketches/{id}/imports`: newest first. */
export const importsAnswerSchema = z.object({ imports: z.array(importJobSchema) })

/** One row as it would be stored. `source` is the event's JSON text; what else is there stands for fields it lacks. */
export const previewRowSchema = z.object({
  line: z.int(),
  datetime: z.string(),
  message: z.string().optional(),
  timestampDesc: z.string().optional(),
  source: z.string(),
})

/** What an import would do with one file, or one entry of an archive. */
export const filePreviewSchema = z.object({
  path: z.string(),
  format: z.string(),
  /** Why it is read so, in sentences. */
  reason: z.string(),
  timeFields: z.array(z.string()),
  messageField: z.string().optional(),
  constants: z.record(z.string(), z.string()),
  rows: z.array(previewRowSchema),
  rejects: z.array(z.object({ line: z.int(), reason: z.string(), detail: z.string() })),
})

/** What an import of these bytes would do; `refused` are entries of an archive that would not be read. */
export const importPreviewSchema = z.object({
  files: z.array(filePreviewSchema),
  refused: z.array(refusedFileSchema),
})

/** The answer of `POST /imports/preview`, and what `skein import --dry-run --json` prints. */
export type ApiImportPreview = z.infer<typeof importPreviewSchema>
