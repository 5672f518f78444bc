import { z } from 'zod'

/** States of the work on an incident. */
export const INCIDENT_STATUSES = [
  'new',
  'acknowledged',
  'inProgress',
  'monitoring',
  'closed',
  'waitingForCustomer',
] as const
/** What an incident can turn out to be. */
export const INCIDENT_RESOLUTIONS = [
  'unconfirmed',
  'confirmed',
  'incident',
  'falsePositive',
  'merged',
  'autoUnconfirmed',
  'autoFalsePositive',
  'securityTest',
  'acceptedRisk',
  'acceptedBehavior',
  'inconclusive',
] as const
/** How grave an incident is. */
export const RISK_LEVELS = ['info', 'low', 'medium', 'high', 'severe'] as const
/** Where incidents are found. */
export const INCIDENT_SOURCES = [
  'endpoint',
  'cloud',
  'customer',
  'endpointExpert',
  'identityAzure',
  'workloadAzure',
  'workloadAws',
] as const
/** What happens to incidents. */
export const INCIDENT_UPDATE_TYPES = [
  'capabilityNeeds',
  'categories',
  'closeElevationMessage',
  'comment',
  'detection',
  'elevateIncidentMessage',
  'elevationMessage',
  'merge',
  'patch',
  'responseAction',
  'risk',
  'threatInvestigationResult',
  'threatValidationResult',
] as const

/** Detections that belong together. Times are RFC 3339 in UTC. */
export const elementsIncidentSchema = z.looseObject({
  incidentId: z.string(),
  /** What people call it: `3599-4F9929A4`. */
  incidentPublicId: z.string().optional(),
  organizationId: z.string().optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  status: z.enum(INCIDENT_STATUSES),
  severity: z.string().optional(),
  riskLevel: z.enum(RISK_LEVELS).optional(),
  /** 0 to 100. */
  riskScore: z.number().optional(),
  resolution: z.enum(INCIDENT_RESOLUTIONS).optional(),
  archived: z.boolean().optional(),
  categories: z.array(z.string()).optional(),
  sources: z.array(z.string()).optional(),
  createdTimestamp: z.string(),
  /** Moves with every change, comment and new detection. */
  updatedTimestamp: z.string(),
  initialReceivedTimestamp: z.string().optional(),
})
/** Detections that belong together. Times are RFC 3339 in UTC. */
export type ElementsIncident = z.infer<typeof elementsIncidentSchema>
/** State of the work on an incident. */
export type ElementsIncidentStatus = ElementsIncident['status']
/** What an incident turned out to be. */
export type ElementsIncidentResolution = NonNullable<ElementsIncident['resolution']>

/** Something suspicious that a device did. It never changes. */
export const elementsDetectionSchema = z.looseObject({
  detectionId: z.string(),
  incidentId: z.string(),
  deviceId: z.string().optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  detectionClass: z.string().optional(),
  severity: z.string().optional(),
  riskLevel: z.enum(RISK_LEVELS).optional(),
  createdTimestamp: z.string(),
  /** When the platform first received it. */
  initialReceivedTimestamp: z.string().optional(),
  exePath: z.string().optional(),
  exeName: z.string().optional(),
  /** SHA-1. */
  exeHash: z.string().optional(),
  cmdl: z.string().optional(),
  pid: z.number().optional(),
  username: z.string().optional(),
  privileges: z.string().optional(),
  activityContext: z.array(z.object({ type: z.string() }).catchall(z.unknown())).optional(),
})
/** Something suspicious that a device did. It never changes. */
export type ElementsDetection = z.infer<typeof elementsDetectionSchema>

/** Something that happened to an incident. */
export const elementsIncidentUpdateSchema = z.object({
  incidentId: z.string(),
  /** `comment`, `detection`, `patch`, `risk`, `merge`, `responseAction` … */
  type: z.string(),
  createdTimestamp: z.string(),
  author: z.string().optional(),
  content: z.unknown(),
})
/** Something that happened to an incident. */
export type ElementsIncidentUpdate = z.infer<typeof elementsIncidentUpdateSchema>

/** A change of incidents; a resolution is needed to close. */
export const elementsIncidentChangeSchema = z.object({
  targets: z.array(z.string()).min(1).max(10),
  status: z.enum(INCIDENT_STATUSES).optional(),
  resolution: z.enum(INCIDENT_RESOLUTIONS).optional(),
})

/** A comment on incidents. */
export const elementsCommentDraftSchema = z.object({
  targets: z.array(z.string()).min(1).max(10),
  comment: z.string().min(1).max(1000),
})
/** Comments that were made. */
export const elementsCommentsSchema = z.object({
  items: z.array(z.object({ incidentId: z.string(), comment: z.string() })),
})
