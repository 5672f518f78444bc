import { z } from 'zod'
import { sekoiaAuthorTypeSchema, sekoiaReferenceSchema } from './page.ts'

/** Kinds of rules; names beyond `sigma`, `cti` and `anomaly` are ours (see `docs/decisions`). */
export const SEKOIA_RULE_TYPES = ['sigma', 'correlation', 'cti', 'anomaly', 'sol', 'event_drop'] as const

const parameterSchema = z.object({ uuid: z.string(), name: z.string(), value: z.unknown() })
const eventFieldSchema = z.object({ field: z.string(), description: z.string() })
/** Fields by which hits are put together; those in a list of their own are interchangeable. */
const similaritySchema = z.array(z.union([z.string(), z.array(z.string())]))

/** What a rule of the catalogue is made of, and set to (`PUT` takes all of it). */
export const sekoiaRuleDraftSchema = z.object({
  name: z.string().min(5).max(100),
  type: z.enum(SEKOIA_RULE_TYPES),
  description: z.string().max(1000),
  /** Sigma as YAML, of which the detection is enough; SOL … */
  payload: z.string().min(1).max(1_000_000),
  /** 0 to 100. */
  severity: z.int().min(0).max(100),
  /** 1 elementary, 2 intermediate, 3 advanced, 4 master. */
  effort: z.int().min(1).max(5),
  alert_type_uuid: z.guid(),
  enabled: z.boolean(),
  community_uuid: z.string().nullable().optional(),
  tags: z.array(z.string()).optional(),
  related_object_refs: z.array(z.string()).optional(),
  datasources: z.array(z.string()).optional(),
  event_fields: z.array(eventFieldSchema).optional(),
  parameters: z.array(parameterSchema).optional(),
  all_entities: z.boolean().optional(),
  entities: z.array(z.string()).optional(),
  all_assets: z.boolean().optional(),
  assets: z.array(z.string()).optional(),
  goal: z.string().nullable().optional(),
  false_positives: z.string().nullable().optional(),
  similarity_strategy: similaritySchema.nullable().optional(),
  available_for_subcommunities: z.boolean().optional(),
})
/** What a rule is made of. */
export type SekoiaRuleDraft = z.input<typeof sekoiaRuleDraftSchema>

/** What an alert of a rule is called. */
export const sekoiaAlertTypeSchema = z.object({
  uuid: z.string(),
  category_uuid: z.string(),
  value: z.string(),
  detail: z.string(),
  description: z.string(),
})

/** A rule of the catalogue. Times are ISO 8601 with microseconds. */
export const sekoiaRuleSchema = z.object({
  uuid: z.string(),
  instance_uuid: z.string(),
  community_uuid: z.string(),
  name: z.string(),
  type: z.enum(SEKOIA_RULE_TYPES),
  description: z.string(),
  payload: z.string(),
  severity: z.int(),
  effort: z.int(),
  enabled: z.boolean(),
  alert_type_uuid: z.string(),
  alert_type: sekoiaAlertTypeSchema,
  alert_category: sekoiaReferenceSchema,
  tags: z.array(sekoiaReferenceSchema),
  datasources: z.array(sekoiaReferenceSchema),
  event_fields: z.array(eventFieldSchema),
  parameters: z.array(parameterSchema),
  related_object_refs: z.array(z.string()).optional(),
  similarity_strategy: similaritySchema,
  all_entities: z.boolean(),
  entities: z.array(sekoiaReferenceSchema),
  all_assets: z.boolean(),
  assets: z.array(z.string()),
  goal: z.string(),
  false_positives: z.string(),
  references: z.string(),
  private: z.boolean(),
  is_private: z.boolean(),
  verified: z.boolean(),
  /** `custom`, or where it comes from. */
  source: z.string(),
  available_for_subcommunities: z.boolean(),
  last_compilation_success: z.boolean(),
  last_compilation_message: z.string(),
  last_compilation_at: z.string(),
  created_at: z.string(),
  created_by: z.string(),
  created_by_type: sekoiaAuthorTypeSchema,
  updated_at: z.string(),
  updated_by: z.string(),
  updated_by_type: sekoiaAuthorTypeSchema,
})
/** A rule of the catalogue. */
export type SekoiaRule = z.infer<typeof sekoiaRuleSchema>
