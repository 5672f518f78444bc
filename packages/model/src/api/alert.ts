import { z } from 'zod'
import { flagWordSchema } from './flag-word.ts'

/** Where somebody is with an alert or incident; `closed` and `rejected` (it was none) end the work on it. */
export const FINDING_STATUSES = [
  'open',
  'acknowledged',
  'in-progress',
  'monitoring',
  'waiting',
  'closed',
  'rejected',
] as const

/** What an alert or incident turned out to be. */
export const FINDING_RESOLUTIONS = [
  'unconfirmed',
  'confirmed',
  'false-positive',
  'accepted-risk',
  'accepted-behaviour',
  'business-operation',
  'company-policy',
  'maintenance',
  'security-test',
  'inconclusive',
  'merged',
  'other',
] as const

const statusSchema = z.enum(FINDING_STATUSES)
const resolutionSchema = z.enum(FINDING_RESOLUTIONS)

/** What alerts and incidents have in common. Times are ISO 8601. */
const findingSchema = z.object({
  id: z.int(),
  /** 32 hex digits, for ever the same. */
  uid: z.string(),
  sketchId: z.int().optional(),
  title: z.string(),
  /** 0 to 100. */
  severity: z.int(),
  status: statusSchema,
  resolution: resolutionSchema.optional(),
  reason: z.string(),
  assignee: z.string().optional(),
  host: z.string().optional(),
  account: z.string().optional(),
  /** Of the first and the last event. */
  first: z.string(),
  last: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  closedAt: z.string().optional(),
  closedBy: z.string().optional(),
})

/** Events that a rule found on one host in one day, or an alert of another platform. */
export const alertSchema = findingSchema.extend({
  /** `detection`, or the platform it was pulled from. */
  source: z.string(),
  /** Id of the rule. */
  rule: z.string().optional(),
  timelineId: z.int().optional(),
  /** Uid of the incident it belongs to. */
  incident: z.string().optional(),
  /** All of its events, also where fewer are kept as evidence. */
  count: z.int(),
  tags: z.array(z.string()),
  /** Values that the events have in common. */
  group: z.record(z.string(), z.string()),
})

/** A line of `skein alert list --json`. */
export type ApiAlert = z.infer<typeof alertSchema>

/** Alerts of one host or account that are near in time. */
export const incidentSchema = findingSchema.extend({
  /** 0 to 100. */
  risk: z.int(),
  alerts: z.int(),
  /** Number of the incident that took this one in. */
  mergedInto: z.int().optional(),
})

/** A line of `skein incident list --json`. */
export type ApiIncident = z.infer<typeof incidentSchema>

const historySchema = {
  comments: z.array(z.object({ id: z.string(), at: z.string(), user: z.string(), text: z.string() })),
  /** Oldest first; `user` is empty for the program itself. */
  history: z.array(
    z.object({
      at: z.string(),
      user: z.string(),
      action: z.string(),
      details: z.record(z.string(), z.unknown()),
    }),
  ),
}

/** An alert with all that is known of it. */
export const alertDetailSchema = alertSchema.extend({
  description: z.string(),
  /** The first of its events. */
  evidence: z.array(z.object({ index: z.string(), id: z.string() })),
  /** The record of the platform it came from. */
  details: z.record(z.string(), z.unknown()),
  ...historySchema,
})

/** The answer of `GET /alerts/{id}`. */
export type ApiAlertDetail = z.infer<typeof alertDetailSchema>

/** An incident with its detections by the time of their first event. */
export const incidentDetailSchema = incidentSchema.extend({
  detections: z.array(alertSchema),
  ...historySchema,
})

/** The answer of `GET /incidents/{id}`. */
export type ApiIncidentDetail = z.infer<typeof incidentDetailSchema>

/** Which alerts or incidents: the query string of `GET /alerts` and `GET /incidents`. */
export const findingListParametersSchema = z.strictObject({
  sketch: z.coerce.number().int().optional(),
  /** One or several, with commas between. */
  status: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(statusSchema))
    .optional(),
  /** At least so severe. */
  severity: z.coerce.number().int().min(0).max(100).optional(),
  host: z.string().optional(),
  assignee: z.string().optional(),
  /** Part of the title. */
  text: z.string().optional(),
  /** Id of a rule; alerts only. */
  rule: z.string().optional(),
  /** The `next` of a page: begins behind it. */
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})

/** Which alerts or incidents a client asks for. */
export type ApiFindingFilter = {
  readonly sketch?: number | undefined
  readonly status?: string | undefined
  readonly severity?: number | undefined
  readonly host?: string | undefined
  readonly assignee?: string | undefined
  readonly text?: string | undefined
  readonly rule?: string | undefined
  readonly after?: string | undefined
  readonly limit?: number | undefined
}

/** A page, that with the latest event first; `next` is left out at the end. */
export const alertsAnswerSchema = z.object({
  alerts: z.array(alertSchema),
  total: z.int(),
  next: z.string().optional(),
})
/** A page, that with the latest event first; `next` is left out at the end. */
export const incidentsAnswerSchema = z.object({
  incidents: z.array(incidentSchema),
  total: z.int(),
  next: z.string().optional(),
})

/** What somebody decides about an alert or incident: the body of `PATCH`. What is left out stays as it is. */
export const findingDecisionSchema = z.strictObject({
  status: statusSchema.optional(),
  resolution: resolutionSchema.optional(),
  reason: z.string().max(65_536).optional(),
  /** Name of a user; null: nobody. */
  assignee: z.string().nullable().optional(),
  severity: z.int().min(0).max(100).optional(),
  title: z.string().min(1).max(255).optional(),
})

/** A decision as a client sends it. */
export type ApiFindingDecision = z.input<typeof findingDecisionSchema>

/** The body of `POST /alerts/{id}/comments` and `POST /incidents/{id}/comments`. */
export const findingCommentSchema = z.strictObject({ text: z.string().min(1).max(65_536) })

/** A host that was seen in events, or that a platform knows. */
export const deviceSchema = z.object({
  uid: z.string(),
  name: z.string(),
  source: z.string(),
  first: z.string().optional(),
  last: z.string().optional(),
  details: z.record(z.string(), z.unknown()),
})

/** The query string of `GET /devices`. */
export const deviceListParametersSchema = z.strictObject({
  sketch: z.coerce.number().int().optional(),
  text: z.string().optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  total: flagWordSchema
    .prefault('true')
    .meta({ description: 'Whether all are counted, which costs a look at every one.' }),
})
/** Devices, organisation by organisation, those of each by name in any case; `total` is left out where they were not to be counted. */
export const devicesAnswerSchema = z.object({ devices: z.array(deviceSchema), total: z.int().optional() })

/** Hits that are not to become alerts. */
export const suppressionSchema = z.object({
  id: z.string(),
  sketchId: z.int().optional(),
  rule: z.string().optional(),
  host: z.string().optional(),
  reason: z.string(),
  createdAt: z.string(),
  /** It holds before this moment; left out: for ever. */
  until: z.string().optional(),
})
/** A suppression as our API sends it. */
export type ApiSuppression = z.infer<typeof suppressionSchema>

/** The body of `POST /suppressions`: names a rule, a host, or both. */
export const newSuppressionSchema = z.strictObject({
  sketchId: z.int().optional(),
  rule: z.string().optional(),
  host: z.string().optional(),
  reason: z.string().default(''),
  until: z.iso.datetime({ offset: true }).optional(),
})
/** What a suppression is made of, as callers write it. */
export type ApiNewSuppression = z.input<typeof newSuppressionSchema>

/** Suppressions in the order they were made. */
export const suppressionsAnswerSchema = z.object({ suppressions: z.array(suppressionSchema) })
