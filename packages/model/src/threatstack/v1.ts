import { z } from 'zod'

// Shapes of version 1 of the API, established from the vendor's Python package and public pollers. Times are ISO 8601 in UTC where
// they are texts, and milliseconds since 1970 where they are numbers.

/** A host with the platform's agent on it. */
export const threatStackAgentSchema = z.object({
  id: z.string(),
  agent_id: z.string(),
  organization_id: z.string(),
  policy_id: z.string().nullable(),
  name: z.string(),
  description: z.string(),
  hostname: z.string(),
  ip_address: z.string(),
  version: z.string(),
  status: z.string(),
  online: z.boolean(),
  enabled: z.boolean(),
  pause: z.boolean(),
  activated_at: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  last_reported_at: z.string(),
})
/** A host with the platform's agent on it. */
export type ThreatStackAgent = z.infer<typeof threatStackAgentSchema>

/** An alert as lists tell it. */
export const threatStackAlertSchema = z.object({
  id: z.string(),
  active: z.boolean(),
  agent_id: z.string().nullable(),
  alert_policy_id: z.string().nullable(),
  count: z.int(),
  created_at: z.int(),
  expires_at: z.int(),
  dismissed: z.boolean(),
  unread: z.boolean(),
  key: z.string(),
  last_notified_at: z.string(),
  last_updated_at: z.string(),
  rule_id: z.string().nullable(),
  /** 1 is the highest, 3 the lowest. */
  severity: z.int().min(1).max(3),
  title: z.string(),
  type: z.string(),
})
/** An alert as lists tell it. */
export type ThreatStackAlert = z.infer<typeof threatStackAlertSchema>

/** The rule of an alert. */
export const threatStackAlertRuleSchema = z.object({
  id: z.string(),
  title: z.string(),
  severity: z.int(),
  filter: z.string(),
  enabled: z.boolean(),
})

/** An alert by itself, with its newest events, whose members are those of the events. */
export const threatStackAlertDetailSchema = threatStackAlertSchema.extend({
  latest_events: z.array(z.record(z.string(), z.unknown())),
  rule: threatStackAlertRuleSchema.nullable(),
})
/** An alert by itself, with its newest events. */
export type ThreatStackAlertDetail = z.infer<typeof threatStackAlertDetailSchema>

/** Something that somebody did. */
export const threatStackLogSchema = z.object({
  timestamp: z.int(),
  user: z.string(),
  user_id: z.string().nullable(),
  organization_id: z.string(),
  type: z.string(),
  action: z.string(),
  source: z.string(),
  description: z.string(),
  context: z.array(z.record(z.string(), z.unknown())),
})
/** Something that somebody did. */
export type ThreatStackLog = z.infer<typeof threatStackLogSchema>

/** An organization that the key's owner belongs to, and as what. */
export const threatStackOrganizationSchema = z.object({ id: z.string(), name: z.string(), role: z.string() })
/** An organization that the key's owner belongs to, and as what. */
export type ThreatStackOrganization = z.infer<typeof threatStackOrganizationSchema>

/** A member of an organization. */
export const threatStackUserSchema = z.object({
  id: z.string(),
  display_name: z.string(),
  name: z.object({ first: z.string(), last: z.string() }),
  email: z.string(),
  role: z.string(),
  organization_id: z.string(),
  updated_at: z.string(),
})
/** A member of an organization. */
export type ThreatStackUser = z.infer<typeof threatStackUserSchema>

/** A policy: rules under a name. */
export const threatStackPolicySchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  organization_id: z.string(),
  alert_policy_id: z.string(),
  enabled: z.boolean(),
  read_only: z.boolean(),
  firewall_enabled: z.boolean(),
  agent_count: z.int(),
  alert_rule_count: z.int(),
  firewall_rule_count: z.int(),
  file_integrity_rules: z.array(z.unknown()),
  created_at: z.string(),
  updated_at: z.string(),
})
/** A policy: rules under a name. */
export type ThreatStackPolicy = z.infer<typeof threatStackPolicySchema>

/** A policy by itself, with its rules in short. */
export const threatStackPolicyDetailSchema = threatStackPolicySchema.extend({
  alert_policy: z.array(
    z.object({
      title: z.string(),
      description: z.string(),
      enabled: z.boolean(),
      severity: z.int(),
      filter: z.string(),
      exclusions: z.array(z.string()),
    }),
  ),
})
/** A policy by itself, with its rules in short. */
export type ThreatStackPolicyDetail = z.infer<typeof threatStackPolicyDetailSchema>

/** A refusal of version 1. */
export const threatStackRefusalSchema = z.object({ status: z.literal('error'), message: z.string() })
