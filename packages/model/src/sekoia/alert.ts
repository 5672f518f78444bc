import { z } from 'zod'
import { sekoiaAuthorTypeSchema, sekoiaReferenceSchema } from './page.ts'

/** A remark on an alert. */
export const sekoiaAlertCommentSchema = z.object({
  uuid: z.string(),
  content: z.string(),
  author: z.string(),
  /** Seconds since 1970. */
  date: z.int(),
  created_by: z.string(),
  created_by_type: sekoiaAuthorTypeSchema,
  unseen: z.boolean(),
})
/** A remark on an alert. */
export type SekoiaAlertComment = z.infer<typeof sekoiaAlertCommentSchema>

/** Something that happened to an alert. */
export const sekoiaAlertHistorySchema = z.object({
  uuid: z.string(),
  /** Seconds since 1970. */
  created_at: z.int(),
  created_by: z.string(),
  created_by_type: sekoiaAuthorTypeSchema,
  /** `alert`, `urgency`, `alert_type`, `comment`, `countermeasure`, `countermeasure_action_step`. */
  entry_type: z.string(),
  alert: z.record(z.string(), z.unknown()).nullable(),
  history_comments: z.array(z.unknown()),
})

/** An alert. `created_at` and `updated_at` are seconds since 1970, `first_seen_at` and `last_seen_at` ISO 8601. */
export const sekoiaAlertSchema = z.object({
  uuid: z.string(),
  /** `AL` and ten letters or digits. */
  short_id: z.string(),
  title: z.string(),
  created_at: z.int(),
  created_by: z.string(),
  created_by_type: sekoiaAuthorTypeSchema,
  updated_at: z.int(),
  updated_by: z.string(),
  updated_by_type: sekoiaAuthorTypeSchema,
  community_uuid: z.string(),
  entity: sekoiaReferenceSchema.nullable(),
  urgency: z.object({
    current_value: z.int(),
    value: z.int(),
    severity: z.int(),
    criticity: z.int(),
    /** `Low`, `Moderate`, `High`, `Major`, `Urgent`. */
    display: z.string(),
  }),
  alert_type: z.object({ category: z.string(), value: z.string() }),
  status: sekoiaReferenceSchema.extend({ description: z.string() }),
  rule: z
    .object({
      uuid: z.string(),
      name: z.string(),
      description: z.string(),
      severity: z.int(),
      type: z.string(),
      pattern: z.string(),
    })
    .nullable(),
  /** `Sigma`, `Sigma Correlation`, `CTI`, … */
  detection_type: z.string(),
  source: z.string().nullable(),
  target: z.string().nullable(),
  /** How many times it was found. */
  similar: z.int(),
  details: z.string(),
  assignee: z.string().nullable(),
  verdict_uuid: z.string().nullable(),
  custom_status_uuid: z.string().nullable(),
  ttps: z.array(z.object({ name: z.string() })),
  adversaries: z.array(z.unknown()),
  stix: z.record(z.string(), z.unknown()),
  kill_chain_short_id: z.string().nullable(),
  number_of_unseen_comments: z.int(),
  number_of_total_comments: z.int(),
  first_seen_at: z.string(),
  last_seen_at: z.string(),
  assets: z.array(z.string()),
  event_uuids: z.array(z.string()),
  is_incident: z.boolean(),
  /** Seconds. */
  time_to_detect: z.int().nullable(),
  time_to_acknowledge: z.int().nullable(),
  time_to_respond: z.int().nullable(),
  time_to_resolve: z.int().nullable(),
  intake_uuids: z.array(z.string()),
  cases: z.array(z.object({ uuid: z.string(), short_id: z.string(), title: z.string() })),
  similarity_strategy: z.array(z.unknown()).nullable(),
  /** These three only where one alert is asked for. */
  comments: z.array(sekoiaAlertCommentSchema).optional(),
  history: z.array(sekoiaAlertHistorySchema).optional(),
  countermeasures: z.array(z.unknown()).optional(),
})
/** An alert. */
export type SekoiaAlert = z.infer<typeof sekoiaAlertSchema>

/** What is changed about an alert. */
export const sekoiaAlertChangeSchema = z.object({
  alert_type_category: z.string().max(100).optional(),
  alert_type_value: z.string().max(100).optional(),
  details: z.string().max(65_536).optional(),
  urgency: z.int().min(0).max(100).optional(),
  kill_chain_short_id: z.string().max(100).nullable().optional(),
  title: z.string().min(1).max(255).optional(),
})
/** What is changed about an alert. */
export type SekoiaAlertChange = z.input<typeof sekoiaAlertChangeSchema>

/** Moves an alert on: the id of an action, or of a status. */
export const sekoiaWorkflowChangeSchema = z.object({
  action_uuid: z.string(),
  comment: z.string().max(65_536).nullable().optional(),
})
/** What can be done with an alert now. */
export const sekoiaWorkflowSchema = z.object({
  actions: z.array(z.object({ id: z.string(), name: z.string(), description: z.string() })),
})
/** What can be done with an alert now. */
export type SekoiaWorkflow = z.infer<typeof sekoiaWorkflowSchema>

/** A remark that is to be made. */
export const sekoiaCommentDraftSchema = z.object({
  content: z.string().min(1).max(65_536),
  author: z.string().max(32).nullable().optional(),
})
/** A remark that is to be made. */
export type SekoiaCommentDraft = z.input<typeof sekoiaCommentDraftSchema>
