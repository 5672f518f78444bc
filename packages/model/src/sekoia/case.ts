import { z } from 'zod'
import { sekoiaAuthorshipSchema, sekoiaAuthorTypeSchema } from './page.ts'

/** How urgent a case is. */
export const SEKOIA_CASE_PRIORITIES = ['low', 'medium', 'high'] as const

/** Who is told of a case. */
const subscriberSchema = z.object({ avatar_uuid: z.string(), type: z.string() })

/** What a case is made of. */
export const sekoiaCaseDraftSchema = z.object({
  title: z.string().min(1).max(255),
  description: z.string().max(65_536).nullable().optional(),
  status_uuid: z.string().nullable().optional(),
  /** @default 'medium' */
  priority: z.enum(SEKOIA_CASE_PRIORITIES).nullable().optional(),
  tags: z.array(z.string().max(255)).max(100).nullable().optional(),
  subscribers: z.array(subscriberSchema).max(100).nullable().optional(),
  community_uuid: z.string().nullable().optional(),
  verdict_uuid: z.string().nullable().optional(),
  custom_status_uuid: z.string().nullable().optional(),
  custom_priority_uuid: z.string().nullable().optional(),
})
/** What a case is made of. */
export type SekoiaCaseDraft = z.input<typeof sekoiaCaseDraftSchema>

/** What is changed about a case. */
export const sekoiaCaseChangeSchema = sekoiaCaseDraftSchema.partial()
/** What is changed about a case. */
export type SekoiaCaseChange = z.input<typeof sekoiaCaseChangeSchema>

/** A case: alerts and events that somebody looks into together. Times are ISO 8601. */
export const sekoiaCaseSchema = sekoiaAuthorshipSchema.extend({
  uuid: z.string(),
  /** `CA` and ten letters or digits. */
  short_id: z.string(),
  title: z.string(),
  description: z.string(),
  priority: z.enum(SEKOIA_CASE_PRIORITIES),
  /** `opened`, `acknowledged`, `in progress`, `closed`, `rejected`. */
  status: z.string(),
  status_uuid: z.string(),
  community_uuid: z.string(),
  subscribers: z.array(subscriberSchema),
  tags: z.array(z.string()),
  number_of_comments: z.int(),
  number_of_alerts: z.int(),
  first_seen_at: z.string().nullable(),
  last_seen_at: z.string().nullable(),
  /** Made by somebody, not by the grouping of alerts. */
  manual: z.boolean(),
  is_supplied: z.boolean().nullable(),
  verdict_uuid: z.string().nullable(),
  verdict: z.unknown(),
  custom_status_uuid: z.string().nullable(),
  custom_status: z.unknown(),
  custom_priority_uuid: z.string().nullable(),
  custom_priority: z.unknown(),
  alerts: z.array(z.object({ uuid: z.string(), short_id: z.string(), title: z.string() })),
})
/** A case. */
export type SekoiaCase = z.infer<typeof sekoiaCaseSchema>

/** A remark on a case. Times are ISO 8601. */
export const sekoiaCaseCommentSchema = z.object({
  uuid: z.string(),
  content: z.string(),
  created_at: z.string(),
  created_by: z.string(),
  created_by_type: sekoiaAuthorTypeSchema,
  updated_at: z.string().nullable(),
})
/** A remark on a case. */
export type SekoiaCaseComment = z.infer<typeof sekoiaCaseCommentSchema>
