import { z } from 'zod'

/** Kinds of assets. */
export const SEKOIA_ASSET_TYPES = ['host', 'account', 'network'] as const

/** What an asset is made of. */
export const sekoiaAssetDraftSchema = z.object({
  community_uuid: z.string().optional(),
  name: z.string().min(2).max(255),
  type: z.enum(SEKOIA_ASSET_TYPES),
  entity_uuid: z.string().nullable().optional(),
  description: z.string().max(10_000).nullable().optional(),
  category: z.string().max(255).nullable().optional(),
  /** 0 to 100. */
  criticality: z.int().min(0).max(100).nullable().optional(),
  props: z.record(z.string(), z.unknown()).nullable().optional(),
  atoms: z.record(z.string(), z.unknown()).nullable().optional(),
  tags: z.array(z.string().max(255)).max(1000).nullable().optional(),
  reviewed: z.boolean().nullable().optional(),
  source: z.enum(['manual', 'automatic', 'import']).nullable().optional(),
})
/** What an asset is made of. */
export type SekoiaAssetDraft = z.input<typeof sekoiaAssetDraftSchema>

/** A host, an account or a network, as the second version of the API tells it. */
export const sekoiaAssetSchema = z.object({
  uuid: z.string(),
  community_uuid: z.string(),
  entity_uuid: z.string().nullable(),
  name: z.string(),
  type: z.enum(SEKOIA_ASSET_TYPES),
  category: z.string().nullable(),
  description: z.string(),
  criticality: z.int(),
  source: z.string(),
  props: z.record(z.string(), z.unknown()),
  atoms: z.record(z.string(), z.unknown()),
  tags: z.array(z.string()),
  first_seen: z.string().nullable(),
  last_seen: z.string().nullable(),
  nb_events: z.int(),
  nb_alerts: z.int(),
  nb_atoms: z.int(),
  created_at: z.string(),
  updated_at: z.string(),
  revoked: z.boolean(),
  revoked_at: z.string().nullable(),
  reviewed: z.boolean(),
  reviewed_at: z.string().nullable(),
})
/** A host, an account or a network. */
export type SekoiaAsset = z.infer<typeof sekoiaAssetSchema>

/** Something known of an asset. */
export const sekoiaAssetAttributeSchema = z.object({ uuid: z.string(), name: z.string(), value: z.string() })

/** The same as the first version of the API tells it. */
export const sekoiaAssetV1Schema = z.object({
  uuid: z.string(),
  name: z.string(),
  description: z.string(),
  category: z.object({ uuid: z.string(), name: z.string() }),
  asset_type: z.object({ uuid: z.string(), name: z.string() }),
  criticity: z.object({ value: z.int(), display: z.string() }),
  community_uuid: z.string(),
  owners: z.array(z.string()),
  keys: z.array(sekoiaAssetAttributeSchema),
  attributes: z.array(sekoiaAssetAttributeSchema),
  created_at: z.string(),
  updated_at: z.string(),
})
/** An asset as the first version of the API tells it. */
export type SekoiaAssetV1 = z.infer<typeof sekoiaAssetV1Schema>
