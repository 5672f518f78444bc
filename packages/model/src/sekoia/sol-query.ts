import { z } from 'zod'
import { sekoiaAuthorTypeSchema } from './page.ts'

/** The program of a query, and whose rows it is asked of. */
export const sekoiaQueryDefinitionSchema = z.object({
  /** SOL. */
  ql_query: z.string().min(1).max(1_000_000),
  community_uuids: z.array(z.string()).max(1000).nullable().optional(),
  /** Only events of these intakes. */
  intake_uuids: z.array(z.string()).max(1000).nullable().optional(),
  parent_community_uuid: z.string().nullable().optional(),
  is_shared_run: z.boolean().nullable().optional(),
})

/** What a saved query is made of. */
export const sekoiaSavedQueryDraftSchema = z.object({
  name: z.string().min(1).max(255),
  description: z.string().max(10_000).nullable().optional(),
  definition: sekoiaQueryDefinitionSchema,
  visualization: z.string().max(64).nullable().optional(),
  visualization_params: z.record(z.string(), z.unknown()).nullable().optional(),
  shared_with: z.unknown().optional(),
})
/** What a saved query is made of. */
export type SekoiaSavedQueryDraft = z.input<typeof sekoiaSavedQueryDraftSchema>

/** A query that somebody saved. */
export const sekoiaSavedQuerySchema = z.object({
  uuid: z.string(),
  community_uuid: z.string(),
  shared_with: z.unknown(),
  created_by: z.string(),
  created_by_type: sekoiaAuthorTypeSchema,
  created_at: z.string(),
  updated_at: z.string(),
  name: z.string(),
  description: z.string(),
  described_by_ai: z.unknown(),
  definition: sekoiaQueryDefinitionSchema,
  visualization: z.string(),
  visualization_params: z.record(z.string(), z.unknown()),
  last_run_uuid: z.string().nullable(),
  /** Names of what a run has to give; `time` for `?time.start` and `?time.end`. */
  parameters: z.array(z.string()),
  datasets: z.array(z.unknown()),
})
/** A query that somebody saved. */
export type SekoiaSavedQuery = z.infer<typeof sekoiaSavedQuerySchema>

/** What is to be run: a saved query, or a program. */
export const sekoiaQueryRunDraftSchema = z.object({
  query_uuid: z.string().nullable().optional(),
  query_definition: sekoiaQueryDefinitionSchema.nullable().optional(),
  /** By name: `{"time": {"start": "-7d", "end": "now"}, "name": 3}`. */
  query_parameters: z.record(z.string(), z.unknown()).nullable().optional(),
})
/** What is to be run. */
export type SekoiaQueryRunDraft = z.input<typeof sekoiaQueryRunDraftSchema>

/** A run that has begun. */
export const sekoiaQueryRunStartSchema = z.object({ task_id: z.string(), uuid: z.string() })

/** A run, and a page of its rows when it has ended. */
export const sekoiaQueryRunSchema = z.object({
  uuid: z.string(),
  /** `pending`, `running`; at its end `finished` (`done` is taken for it), or `error`. */
  status: z.string(),
  error: z.string().nullable(),
  results: z.array(z.record(z.string(), z.unknown())),
  /** Rows in all. */
  total: z.int(),
  /** What a reader has to know of the rows: a table gave only a part of itself. */
  warnings: z.array(z.string()).optional(),
})
/** A run, and a page of its rows when it has ended. */
export type SekoiaQueryRun = z.infer<typeof sekoiaQueryRunSchema>
