import { z } from 'zod'
import { sekoiaAuthorTypeSchema, sekoiaReferenceSchema } from './page.ts'

/** What an entity is made of: part of an organisation whose events are told apart. */
export const sekoiaEntityDraftSchema = z.object({
  name: z.string().min(1).max(255),
  entity_id: z.string().max(255).nullable().optional(),
  /** Id of a generation mode. */
  alerts_generation: z.string().max(64).nullable().optional(),
  description: z.string().max(10_000).nullable().optional(),
  community_uuid: z.string().nullable().optional(),
})
/** What an entity is made of. */
export type SekoiaEntityDraft = z.input<typeof sekoiaEntityDraftSchema>

/** Part of an organisation whose events are told apart. */
export const sekoiaEntitySchema = sekoiaReferenceSchema.extend({
  entity_id: z.string(),
  community_uuid: z.string(),
  description: z.string(),
  alerts_generation: z.string(),
  number_of_intakes: z.int(),
})
/** Part of an organisation whose events are told apart. */
export type SekoiaEntity = z.infer<typeof sekoiaEntitySchema>

/** When alerts are made of what the rules find. */
export const sekoiaGenerationModeSchema = sekoiaReferenceSchema.extend({ description: z.string() })

/** What an intake is made of: a way in for events of one kind. */
export const sekoiaIntakeDraftSchema = z.object({
  name: z.string().min(1).max(255),
  entity_uuid: z.string(),
  format_uuid: z.string(),
  community_uuid: z.string().nullable().optional(),
  connector_configuration: z.unknown().optional(),
  connector_module_configuration_uuid: z.string().nullable().optional(),
})
/** What an intake is made of. */
export type SekoiaIntakeDraft = z.input<typeof sekoiaIntakeDraftSchema>

/** What is changed about an intake. */
export const sekoiaIntakeChangeSchema = sekoiaIntakeDraftSchema.partial()

/** A way in for events of one kind. */
export const sekoiaIntakeSchema = sekoiaReferenceSchema.extend({
  community_uuid: z.string(),
  format_uuid: z.string(),
  intake_key: z.string(),
  status: z.string(),
  entity: sekoiaReferenceSchema,
  is_custom_format: z.boolean(),
  connector_configuration_uuid: z.string().nullable(),
  created_at: z.string(),
  created_by: z.string(),
  created_by_type: sekoiaAuthorTypeSchema,
  updated_at: z.string().nullable(),
  updated_by: z.string().nullable(),
  updated_by_type: sekoiaAuthorTypeSchema.nullable(),
})
/** A way in for events of one kind. */
export type SekoiaIntake = z.infer<typeof sekoiaIntakeSchema>

/** What a format is made of. */
export const sekoiaFormatDraftSchema = z.object({
  format_uuid: z.string().optional(),
  name: z.string().min(1).max(255),
  datasources: z.array(z.string()).nullable().optional(),
  description: z.string().max(10_000).nullable().optional(),
  /** Kept; texts are not parsed by it. */
  parser: z.unknown().optional(),
  slug: z.string().max(255).nullable().optional(),
  taxonomy: z.unknown().optional(),
  automation_module_uuid: z.string().nullable().optional(),
  automation_connector_uuid: z.string().nullable().optional(),
})

/** How the events of an intake are written; built in where it is of no community. */
export const sekoiaFormatSchema = sekoiaReferenceSchema.extend({
  community_uuid: z.string().nullable(),
  slug: z.string(),
  description: z.string(),
  datasources: z.array(z.string()),
  automation_module_uuid: z.string().nullable(),
  automation_connector_uuid: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string().nullable(),
})
/** How the events of an intake are written. */
export type SekoiaFormat = z.infer<typeof sekoiaFormatSchema>
