import { z } from 'zod'
import { elementsNamedSchema } from './page.ts'

/** A company, or a partner with companies below it. */
export const elementsOrganizationSchema = elementsNamedSchema.extend({ type: z.enum(['company', 'partner']) })
/** A company, or a partner with companies below it. */
export type ElementsOrganization = z.infer<typeof elementsOrganizationSchema>

/** Whose credentials those of a request are. */
export const elementsWhoAmISchema = z.object({ clientId: z.string(), organizationId: z.string() })
/** Whose credentials those of a request are. */
export type ElementsWhoAmI = z.infer<typeof elementsWhoAmISchema>

/** A set of settings that devices are given. */
export const elementsProfileSchema = elementsNamedSchema.extend({ type: z.string() })
/** A set of settings that devices are given. */
export type ElementsProfile = z.infer<typeof elementsProfileSchema>

/** Severities of updates. */
export const UPDATE_SEVERITIES = ['critical', 'important', 'moderate', 'low', 'unclassified'] as const
/** Categories of updates. */
export const UPDATE_CATEGORIES = ['security', 'nonSecurity', 'servicePack', 'securityTool', 'none'] as const

/** An update that a device lacks. */
export const elementsMissingUpdateSchema = z.looseObject({
  bulletinId: z.string(),
  name: z.string(),
  severity: z.enum(UPDATE_SEVERITIES),
  category: z.enum(UPDATE_CATEGORIES),
  software: z.object({ name: z.string(), vendor: z.string().optional() }).optional(),
  installedVersion: z.string().optional(),
  targetVersion: z.string().optional(),
  cve: z.array(z.object({ id: z.string() })).optional(),
})
/** An update that a device lacks. */
export type ElementsMissingUpdate = z.infer<typeof elementsMissingUpdateSchema>

/** An update that was installed on a device. The vendor's public description does not show it. */
export const elementsInstallationSchema = z.object({
  id: z.string(),
  deviceId: z.string(),
  bulletinId: z.string().optional(),
  severity: z.string().optional(),
  status: z.string(),
  installationTimestamp: z.string(),
})
/** An update that was installed on a device. */
export type ElementsInstallation = z.infer<typeof elementsInstallationSchema>

/** Something that somebody did in the platform. The vendor's public description does not show it. */
export const elementsAuditEntrySchema = z.object({
  id: z.string(),
  action: z.string(),
  serverTimestamp: z.string(),
  username: z.string().optional(),
  organization: elementsNamedSchema.optional(),
  details: z.record(z.string(), z.unknown()).optional(),
})
/** Something that somebody did in the platform. */
export type ElementsAuditEntry = z.infer<typeof elementsAuditEntrySchema>

/** Somebody who was asked to join. The vendor's public description does not show it. */
export const elementsInvitationSchema = z.object({
  id: z.string(),
  email: z.string(),
  role: z.string().optional(),
  status: z.string(),
  createdTimestamp: z.string(),
})
/** Somebody who was asked to join. */
export type ElementsInvitation = z.infer<typeof elementsInvitationSchema>

/** Somebody to ask to join. */
export const elementsInvitationDraftSchema = z.object({
  email: z.string().min(3).max(255),
  role: z.string().max(64).nullish(),
})
/** Somebody to ask to join. */
export type ElementsInvitationDraft = z.input<typeof elementsInvitationDraftSchema>

/** An account whose data was found in a breach. The vendor's public description does not show it. */
export const elementsExposureSchema = z.object({
  id: z.string(),
  identity: z.string(),
  exposureCount: z.int(),
})
/** An account whose data was found in a breach. */
export type ElementsExposure = z.infer<typeof elementsExposureSchema>

/** The newest version of a database of signatures. The vendor's public description does not show it. */
export const elementsDatabaseVersionSchema = z.object({
  id: z.string(),
  version: z.string(),
})
/** The newest version of a database of signatures. */
export type ElementsDatabaseVersion = z.infer<typeof elementsDatabaseVersionSchema>
