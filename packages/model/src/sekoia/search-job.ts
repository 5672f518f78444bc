import { z } from 'zod'
import { sekoiaAuthorTypeSchema } from './page.ts'

/** What a search job is at, by its number. */
export const SEKOIA_JOB_STATUSES = {
  notStarted: 0,
  inProgress: 1,
  done: 2,
  cancelled: 3,
  failed: 4,
} as const

/** A moment: ISO 8601 (without a zone: UTC), `now`, `-30d`, `now-1h`, or seconds or milliseconds since 1970. */
const momentSchema = z.union([z.string().max(64), z.number()])

/** One condition beside the term; all of them hold. */
export const sekoiaEventFilterSchema = z.object({
  field: z.string().max(1000),
  /** `=`, `exists`, `starts with`, `ends with`, `contains`, `>`, `>=`, `<`, `<=`. */
  operator: z.string().max(32),
  value: z.unknown().optional(),
  /** Left out of the question. */
  disabled: z.boolean().nullable().optional(),
  /** Turned over. */
  excluded: z.boolean().nullable().optional(),
})

/** What a search job is to look for. */
export const sekoiaSearchJobDraftSchema = z.object({
  /** The question in `term_lang`; empty or `*`: all events. */
  term: z.string().max(1_000_000),
  /** `dork` or `es-query-string`. @default 'es-query-string' */
  term_lang: z.string().nullable().optional(),
  earliest_time: momentSchema,
  latest_time: momentSchema,
  filters: z.array(sekoiaEventFilterSchema).max(1000).nullable().optional(),
  /** Shown in the history of searches. @default true */
  visible: z.boolean().nullable().optional(),
  /** Only so many of the newest. */
  max_last_events: z.int().min(1).nullable().optional(),
  community_uuids: z.array(z.string()).max(1000).nullable().optional(),
  /** Only events that belong to alerts or cases. */
  only_eternal: z.boolean().nullable().optional(),
  /** A term that cannot be read makes the job fail instead of the call. */
  lenient: z.boolean().nullable().optional(),
  view_uuid: z.string().nullable().optional(),
  date_field: z.string().nullable().optional(),
})
/** What a search job is to look for. */
export type SekoiaSearchJobDraft = z.input<typeof sekoiaSearchJobDraftSchema>

/** A search that runs by itself. */
export const sekoiaSearchJobSchema = z.object({
  uuid: z.string(),
  /** 0 not started, 1 in progress, 2 done, 3 cancelled, 4 failed. */
  status: z.int().min(0).max(4),
  /** Events found. */
  total: z.int(),
  term: z.string(),
  term_lang: z.string(),
  filters: z.array(sekoiaEventFilterSchema),
  created_by: z.string(),
  created_by_type: sekoiaAuthorTypeSchema,
  created_at: z.string(),
  started_at: z.string().nullable(),
  ended_at: z.string().nullable(),
  canceled_by: z.string().nullable(),
  canceled_by_type: sekoiaAuthorTypeSchema.nullable(),
  canceled_at: z.string().nullable(),
  /** As they were sent. */
  earliest_time: momentSchema,
  latest_time: momentSchema,
  /** Seconds for which the results of a job that has ended are kept. */
  results_ttl: z.int(),
  expiration_date: z.string().nullable(),
  expired: z.boolean(),
  view_uuid: z.string().nullable(),
  community_uuids: z.array(z.string()),
  only_eternal: z.boolean(),
  max_last_events: z.int().nullable(),
  date_field: z.string().nullable(),
  /** Why it failed; not known of Sekoia.io's own. */
  error: z.string().nullable().optional(),
})
/** A search that runs by itself. */
export type SekoiaSearchJob = z.infer<typeof sekoiaSearchJobSchema>

/** An event: dotted names, with values or lists of them. `__event_id` is its handle, `event.id` a field like others. */
export const sekoiaEventSchema = z.looseObject({ __event_id: z.string(), timestamp: z.string() })
/** An event: dotted names, with values or lists of them. */
export type SekoiaEvent = z.infer<typeof sekoiaEventSchema>

/** A field of the events that a job found. */
export const sekoiaEventFieldSchema = z.object({
  name: z.string(),
  value_type: z.enum(['string', 'number']),
  description: z.string(),
  display_name: z.string(),
  /** `value` is the share in percent of the events that have the field. */
  most_common_values: z.array(z.object({ name: z.string(), value: z.number() })).optional(),
})
/** A field of the events that a job found. */
export type SekoiaEventField = z.infer<typeof sekoiaEventFieldSchema>

/** What of a job's events is to be written to a file. */
export const sekoiaExportDraftSchema = z.object({
  /** No wildcards; `@timestamp` is the event's `timestamp`. @default all */
  fields: z.array(z.string().max(1000)).max(1000).nullable().optional(),
  /** A bucket of the caller's own. */
  s3: z.record(z.string(), z.unknown()).nullable().optional(),
})
/** What of a job's events is to be written to a file. */
export type SekoiaExportDraft = z.input<typeof sekoiaExportDraftSchema>

/** Work that goes on behind an answer. */
export const sekoiaTaskSchema = z.object({
  uuid: z.string(),
  status: z.enum(['PENDING', 'RUNNING', 'FINISHED', 'FAILED', 'CANCELED']),
  total: z.int(),
  progress: z.int(),
  message: z.string().nullable(),
  attributes: z.object({ download_url: z.string().nullable(), error: z.string().nullable() }),
})
/** Work that goes on behind an answer. */
export type SekoiaTask = z.infer<typeof sekoiaTaskSchema>

/** The file of a job's latest export. */
export const sekoiaExportSchema = z.object({
  download_url: z.string(),
  expire_at: z.string(),
  exported_events_count: z.int(),
  export_size_compressed: z.int(),
  format: z.literal('json'),
})
/** The file of a job's latest export. */
export type SekoiaExport = z.infer<typeof sekoiaExportSchema>
