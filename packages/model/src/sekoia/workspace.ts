import { z } from 'zod'
import { sekoiaReferenceSchema } from './page.ts'

/** Who calls. */
export const sekoiaMeSchema = z.object({
  uuid: z.string(),
  email: z.string(),
  firstname: z.string(),
  lastname: z.string(),
  /** Id of the community. */
  community: z.string(),
})
/** Who calls. */
export type SekoiaMe = z.infer<typeof sekoiaMeSchema>

/** What a key is. */
export const sekoiaTokenSchema = z.object({
  csrf: z.string(),
  fresh: z.boolean(),
  /** Seconds since 1970. */
  iat: z.int(),
  /** `apikey:` and its id. */
  identity: z.string(),
  jti: z.string(),
  nbf: z.int(),
  type: z.literal('access'),
  user_claims: z.unknown(),
})
/** What a key is. */
export type SekoiaToken = z.infer<typeof sekoiaTokenSchema>

/** An organisation. */
export const sekoiaCommunitySchema = sekoiaReferenceSchema.extend({
  description: z.string(),
  homepage_url: z.string(),
  created_at: z.string(),
  created_by: z.string(),
  created_by_type: z.string(),
  updated_at: z.string().nullable(),
  is_parent: z.boolean(),
  parent_community_uuid: z.string().nullable(),
  subcommunities: z.array(z.string()),
  is_mfa_enforced: z.boolean(),
  session_timeout: z.int().nullable(),
  disable_inactive_avatars: z.boolean(),
  disabled: z.boolean(),
})
/** An organisation. */
export type SekoiaCommunity = z.infer<typeof sekoiaCommunitySchema>

/** What somebody may do in a community. */
export const sekoiaRoleSchema = sekoiaReferenceSchema.extend({
  description: z.string(),
  permissions: z.array(z.string()),
})
/** What somebody may do in a community. */
export type SekoiaRole = z.infer<typeof sekoiaRoleSchema>

/** Somebody with an account. */
export const sekoiaUserSchema = z.object({
  uuid: z.string(),
  firstname: z.string(),
  lastname: z.string(),
  company_name: z.string().nullable(),
  email: z.string(),
  picture_mode: z.string(),
  created_at: z.string(),
  updated_at: z.string().nullable(),
  invitation_v2: z.boolean(),
  mfa_enabled: z.boolean(),
  last_activity: z.string().nullable(),
  auth_provider: z.string(),
  communities: z.array(sekoiaReferenceSchema.extend({ avatar_uuid: z.string(), disabled: z.boolean() })),
})
/** Somebody with an account. */
export type SekoiaUser = z.infer<typeof sekoiaUserSchema>

/** Whom to invite: communities, and in each the ids of roles. */
export const sekoiaInvitationDraftSchema = z.object({
  email: z.email().max(254),
  communities: z.record(z.string(), z.array(z.string()).min(1)),
})
/** Whom to invite. */
export type SekoiaInvitationDraft = z.input<typeof sekoiaInvitationDraftSchema>

/** An invitation that was made. */
export const sekoiaInvitationSchema = sekoiaInvitationDraftSchema.extend({
  uuid: z.string(),
  created_at: z.string(),
})
/** An invitation that was made. */
export type SekoiaInvitation = z.infer<typeof sekoiaInvitationSchema>
