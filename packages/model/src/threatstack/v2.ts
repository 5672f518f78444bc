import { z } from 'zod'

// Shapes of version 2 of the API, established from the vendor's public scripts and clients. Times are ISO 8601 in UTC.

/** Where an agent's addresses are seen from, with the length of the network: `10.0.1.5/24`. */
const addressesSchema = z.object({
  private: z.array(z.string()),
  link_local: z.array(z.string()),
  public: z.array(z.string()),
})

/** A tag of a cloud's machine. */
export const threatStackTagSchema = z.object({ source: z.string(), key: z.string(), value: z.string() })
/** A tag of a cloud's machine. */
export type ThreatStackTag = z.infer<typeof threatStackTagSchema>

/** A host with the platform's agent on it. The vendor's own script warns of any member more. */
export const threatStackAgentV2Schema = z.object({
  id: z.string(),
  instanceId: z.string().nullable(),
  status: z.enum(['online', 'offline']),
  createdAt: z.string(),
  lastReportedAt: z.string(),
  version: z.string(),
  name: z.string(),
  description: z.string(),
  hostname: z.string(),
  ipAddresses: addressesSchema,
  tags: z.array(threatStackTagSchema),
  agentType: z.string(),
  osVersion: z.string().nullable(),
  kernel: z.string().nullable(),
  agentModuleHealth: z.record(z.string(), z.unknown()).nullable(),
})
/** A host with the platform's agent on it. */
export type ThreatStackAgentV2 = z.infer<typeof threatStackAgentV2Schema>

/** Why an alert may be dismissed; OTHER needs a text, the others take none. */
export const THREAT_STACK_DISMISS_REASONS = ['BUSINESS_OP', 'COMPANY_POLICY', 'MAINTENANCE', 'OTHER'] as const
/** Why an alert may be dismissed. */
export type ThreatStackDismissReason = (typeof THREAT_STACK_DISMISS_REASONS)[number]

/** An alert. */
export const threatStackAlertV2Schema = z.object({
  id: z.string(),
  title: z.string(),
  dataSource: z.string(),
  createdAt: z.string(),
  isDismissed: z.boolean(),
  dismissedAt: z.string().nullable(),
  dismissReason: z.enum(THREAT_STACK_DISMISS_REASONS).nullable(),
  dismissReasonText: z.string().nullable(),
  dismissedBy: z.string().nullable(),
  /** 1 is the highest, 3 the lowest. */
  severity: z.int().min(1).max(3),
  agentId: z.string().nullable(),
  ruleId: z.string().nullable(),
  rulesetId: z.string().nullable(),
  aggregates: z.array(z.object({ fieldName: z.string(), value: z.string() })),
})
/** An alert. */
export type ThreatStackAlertV2 = z.infer<typeof threatStackAlertV2Schema>

/** How many active alerts each severity has. */
export const threatStackSeverityCountsSchema = z.object({
  severityCounts: z.array(z.object({ severity: z.int(), count: z.int() })),
})

const dismissalSchema = z.object({
  dismissReason: z.enum(THREAT_STACK_DISMISS_REASONS),
  dismissReasonText: z.string().max(2000).optional(),
})
/** What dismisses alerts: by their ids, or all active ones of a stretch of time that answer. */
export const threatStackDismissalSchema = z.union([
  dismissalSchema.extend({ ids: z.array(z.string()).min(1).max(512) }),
  dismissalSchema.extend({
    ids: z.undefined().optional(),
    from: z.string().optional(),
    until: z.string().optional(),
    severity: z.coerce.number().int().min(1).max(3).optional(),
    ruleID: z.string().optional(),
    agentID: z.string().optional(),
  }),
])

/** What rules look at. */
export const THREAT_STACK_RULE_TYPES = [
  'File',
  'Host',
  'CloudTrail',
  'ThreatIntel',
  'Winsec',
  'KubernetesAudit',
  'KubernetesConfig',
] as const

/** What somebody says of a rule. */
export const threatStackRuleDraftSchema = z.object({
  name: z.string().min(1).max(200),
  type: z.enum(THREAT_STACK_RULE_TYPES),
  title: z.string().min(1).max(500),
  /** 1 is the highest, 3 the lowest. */
  severityOfAlerts: z.int().min(1).max(3),
  alertDescription: z.string().max(10_000).default(''),
  aggregateFields: z.array(z.string().max(200)).max(50).default([]),
  filter: z.string().max(20_000).default(''),
  /** Seconds. */
  window: z.int().min(0).max(31_536_000).default(86_400),
  threshold: z.int().min(1).default(1),
  suppressions: z.array(z.string().max(20_000)).max(500).default([]),
  enabled: z.boolean().default(true),
  /** Of `File` rules. */
  fileIntegrityPaths: z
    .array(z.object({ path: z.string().max(4096), recursive: z.boolean().default(false) }))
    .max(1000)
    .optional(),
  ignoreFiles: z.array(z.string().max(4096)).max(1000).optional(),
  eventsToMonitor: z.array(z.string().max(100)).max(100).optional(),
})
/** What somebody says of a rule; what has a default may be left out. */
export type ThreatStackRuleDraft = z.input<typeof threatStackRuleDraftSchema>

/** A rule. */
export const threatStackRuleSchema = z.object({
  id: z.string(),
  rulesetId: z.string(),
  ...threatStackRuleDraftSchema.shape,
  // What the library has from elsewhere keeps its own lengths.
  name: z.string(),
  title: z.string(),
  filter: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
})
/** A rule. */
export type ThreatStackRule = z.output<typeof threatStackRuleSchema>

/** Rules under a name; `rules` has their ids. */
export const threatStackRulesetSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  rules: z.array(z.string()),
})
/** Rules under a name; `rules` has their ids. */
export type ThreatStackRuleset = z.infer<typeof threatStackRulesetSchema>

/** What somebody says of a ruleset. */
export const threatStackRulesetDraftSchema = z.object({
  name: z.string().min(1).max(200),
  description: z.string().max(10_000).optional(),
  ruleIds: z.array(z.string()).max(10_000).optional(),
})

/** Which machines a rule is for, by their tags. */
export const threatStackRuleTagsSchema = z.object({
  inclusion: z.array(threatStackTagSchema),
  exclusion: z.array(threatStackTagSchema),
})
/** Which machines a rule is for, by their tags. */
export type ThreatStackRuleTags = z.infer<typeof threatStackRuleTagsSchema>

/** A weakness that is on hosts. */
export const threatStackVulnerabilitySchema = z.object({
  cveNumber: z.string(),
  reportedPackage: z.string(),
  systemPackage: z.string(),
  vectorType: z.enum(['network', 'local']),
  severity: z.enum(['low', 'medium', 'high']),
  isSuppressed: z.boolean(),
  agents: z.array(z.object({ agentId: z.string() })),
})
/** A weakness that is on hosts. */
export type ThreatStackVulnerability = z.infer<typeof threatStackVulnerabilitySchema>

/** A weakness that is not to be told. */
export const threatStackVulnerabilitySuppressionSchema = z.object({
  id: z.string(),
  cveNumber: z.string(),
  systemPackage: z.string(),
  agentId: z.string().nullable(),
  reason: z.string(),
  createdBy: z.string(),
  createdAt: z.string(),
  active: z.boolean(),
})

/** A machine of Amazon's cloud. */
export const threatStackServerSchema = z.object({
  id: z.string(),
  kernelId: z.string().nullable(),
  instanceType: z.string().nullable(),
  privateDnsName: z.string().nullable(),
  privateIpAddress: z.string().nullable(),
  groups: z.array(z.object({ groupId: z.string(), groupName: z.string() })),
  subnetId: z.string().nullable(),
  keyName: z.string().nullable(),
  region: z.string().nullable(),
  launchTime: z.string().nullable(),
  imageId: z.string().nullable(),
  architecture: z.string().nullable(),
  publicDnsName: z.string().nullable(),
  publicIpAddress: z.string().nullable(),
  vpcId: z.string().nullable(),
  awsProfile: z.string().nullable(),
  monitored: z.boolean(),
  tags: z.array(z.object({ key: z.string(), value: z.string() })),
  state: z.string(),
  stateCode: z.int(),
  agents: z.array(
    threatStackAgentV2Schema
      .pick({
        id: true,
        status: true,
        createdAt: true,
        lastReportedAt: true,
        version: true,
        name: true,
        description: true,
        hostname: true,
        kernel: true,
        osVersion: true,
      })
      .extend({ isContainerAgent: z.boolean() }),
  ),
})
/** A machine of Amazon's cloud. */
export type ThreatStackServer = z.infer<typeof threatStackServerSchema>

/** Something that somebody did. */
export const threatStackAuditRecordSchema = z.object({
  id: z.string(),
  userEmail: z.string(),
  userId: z.string().nullable(),
  organizationId: z.string(),
  result: z.string(),
  crud: z.string(),
  action: z.string(),
  source: z.string(),
  description: z.string(),
  eventTime: z.string(),
  context: z.record(z.string(), z.unknown()),
})
/** Something that somebody did. */
export type ThreatStackAuditRecord = z.infer<typeof threatStackAuditRecordSchema>

/** A member of the organization. */
export const threatStackMemberSchema = z.object({
  id: z.string(),
  displayName: z.string(),
  email: z.string(),
  role: z.string(),
  /** Milliseconds since 1970. */
  lastAuthenticatedAt: z.int().nullable(),
  ssoEnabled: z.boolean(),
  mfaEnabled: z.boolean(),
  userEnabled: z.boolean(),
})
/** A member of the organization. */
export type ThreatStackMember = z.infer<typeof threatStackMemberSchema>

/** An invitation that was sent. */
export const threatStackInviteSchema = z.object({
  sentToEmail: z.string(),
  role: z.string(),
  status: z.string(),
})

/** Where the platform writes events to. */
export const threatStackS3ExportSchema = z.object({
  organization_id: z.string(),
  s3Bucket: z.string(),
  iamRoleArn: z.string(),
  iamRoleArnExternalId: z.string(),
  region: z.string(),
  prefix: z.string(),
  enrolledAt: z.string(),
  enabled: z.boolean(),
})
/** Where the platform writes events to. */
export type ThreatStackS3Export = z.infer<typeof threatStackS3ExportSchema>

/** What somebody says of a webhook. */
export const threatStackWebhookDraftSchema = z.object({
  url: z.string().max(2048),
  enabled: z.boolean().default(true),
  /** Alerts of this severity and those above are sent: 1 is the highest, 3 the lowest. */
  severity: z.int().min(1).max(3).default(3),
})
/** An address that new alerts are sent to. */
export const threatStackWebhookSchema = z.object({
  id: z.string(),
  ...threatStackWebhookDraftSchema.shape,
  createdAt: z.string(),
  lastSentAt: z.string().nullable(),
  /** Why the last try failed. */
  problem: z.string().nullable(),
})
/** An address that new alerts are sent to. */
export type ThreatStackWebhook = z.output<typeof threatStackWebhookSchema>

/** A refusal of version 2. */
export const threatStackErrorsSchema = z.object({ errors: z.array(z.string()) })
