import {
  elementsCommentDraftSchema,
  elementsCommentsSchema,
  elementsDetectionSchema,
  elementsIncidentChangeSchema,
  elementsIncidentSchema,
  elementsMultiStatusSchema,
  INCIDENT_RESOLUTIONS,
  INCIDENT_SOURCES,
  INCIDENT_STATUSES,
  RISK_LEVELS,
} from '@timeskein/model/elements'
import { z } from 'zod'
import { invalid, notFound } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import type { FindingDecision } from '../../../services/findings/finding.ts'
import type { Incident, IncidentFilter } from '../../../services/incidents/incident-service.ts'
import { type PlatformRoute, platformRoute } from '../../platform/platform-route.ts'
import { listRoute, type WantedPage } from '../lists/list-route.ts'
import {
  booleanParameter,
  listParameter,
  orderParameter,
  textParameter,
  textsParameter,
  timeParameter,
  toMsRange,
} from '../lists/parameters.ts'
import { withoutNulls } from '../lists/without-nulls.ts'
import { answerTargets } from '../multi-status.ts'
import { WRITE_SCOPE } from '../scopes.ts'
import {
  SOURCES_FACT,
  toElementsDetection,
  toElementsIncident,
  toOwnResolution,
  toOwnResolutions,
  toOwnStatuses,
} from '../shapes/incident.ts'
import { rangeOfRiskLevel } from '../shapes/levels.ts'
import { loadOrganizations, readOrganization } from '../shapes/organizations.ts'

const MAX_LIMIT = 50
const DEFAULT_LIMIT = 20
const MAX_DETECTIONS = 100

const valuesSchema = z.object({
  organizationId: textParameter,
  incidentId: textsParameter,
  archived: booleanParameter,
  status: listParameter(INCIDENT_STATUSES),
  resolution: listParameter(INCIDENT_RESOLUTIONS),
  riskLevel: listParameter(RISK_LEVELS),
  source: listParameter(INCIDENT_SOURCES),
  createdTimestampStart: timeParameter,
  createdTimestampEnd: timeParameter,
  updatedTimestampStart: timeParameter,
  updatedTimestampEnd: timeParameter,
  exclusiveStart: booleanParameter,
  order: orderParameter,
})
type Values = z.output<typeof valuesSchema>

/** Incidents, their detections and comments. */
export const incidentRoutes: readonly PlatformRoute[] = [
  listRoute({
    method: 'GET',
    path: '/incidents/v1/incidents',
    summary: 'Incidents by the time that is filtered by, else by when they were made.',
    values: valuesSchema,
    item: elementsIncidentSchema,
    maxLimit: MAX_LIMIT,
    defaultLimit: DEFAULT_LIMIT,
    find: findIncidents,
  }),
  platformRoute({
    method: 'PATCH',
    path: '/incidents/v1/incidents',
    summary: 'Change status and resolution of up to ten incidents.',
    permission: 'user',
    permissions: [WRITE_SCOPE],
    body: withoutNulls(elementsIncidentChangeSchema),
    answers: { 207: elementsMultiStatusSchema },
    handle: async (call, { body }, c) => {
      const { targets, status, resolution } = body
      if (status === undefined && resolution === undefined)
        throw invalid('bad-change', 'status or resolution was expected; found neither.')
      if (status === 'closed' && resolution === undefined)
        throw invalid('missing-resolution', 'To close an incident needs a resolution.')
      const decision: FindingDecision = {
        ...(status === undefined ? {} : { status: toOwnStatuses(status)[0]! }),
        ...(resolution === undefined ? {} : { resolution: toOwnResolution(resolution) }),
      }
      return await answerTargets(c, targets, async (target) => {
        for (const { uid } of await requireIncidents(call, target))
          await call.services.incidents.decide(call.principal, uid, decision)
        return { status: 200 }
      })
    },
  }),
  platformRoute({
    method: 'POST',
    path: '/incidents/v1/comments',
    summary: 'Comment on up to ten incidents.',
    permission: 'user',
    permissions: [WRITE_SCOPE],
    body: withoutNulls(elementsCommentDraftSchema),
    answers: { 200: elementsCommentsSchema },
    handle: async (call, { body }) => {
      const { targets, comment } = body
      // All of them are there, or none gets it.
      const incidents = []
      for (const target of targets) incidents.push(...(await requireIncidents(call, target)))
      for (const { uid } of incidents) await call.services.incidents.comment(call.principal, uid, comment)
      return { items: targets.map((incidentId) => ({ incidentId, comment })) }
    },
  }),
  listRoute({
    method: 'GET',
    path: '/incidents/v1/detections',
    summary: 'Detections of an incident, oldest first.',
    values: z.object({
      organizationId: textParameter,
      incidentId: textParameter,
      createdTimestampStart: timeParameter,
      createdTimestampEnd: timeParameter,
      exclusiveStart: booleanParameter,
    }),
    item: elementsDetectionSchema,
    maxLimit: MAX_DETECTIONS,
    find: async (call, values, { limit, after }) => {
      const incidents = await requireIncidents(call, values.incidentId)
      const { fromMs, toMs } = toMsRange({
        startUs: values.createdTimestampStart,
        endUs: values.createdTimestampEnd,
        isStartExclusive: values.exclusiveStart,
      })
      const { items, next } = await call.services.alerts.readPage(
        call.principal,
        {
          incidentIds: incidents.map(({ id }) => id),
          isOncePerItem: true,
          ...(fromMs === undefined ? {} : { createdFromMs: fromMs }),
          ...(toMs === undefined ? {} : { createdToMs: toMs }),
          // Security events of Elements that tell of an incident are none of its detections.
          facts: [{ path: 'engine', isTold: false }],
        },
        { sort: 'created', order: 'asc', limit, ...(after === undefined ? {} : { after }) },
      )
      return { items: items.map((alert) => toElementsDetection(alert, incidents[0]!)), next }
    },
  }),
]

async function findIncidents(
  call: UserCall,
  values: Values,
  { limit, after }: WantedPage,
): Promise<{ items: readonly unknown[]; next: string | undefined }> {
  const isByUpdate = isGiven(values.updatedTimestampStart) || isGiven(values.updatedTimestampEnd)
  if (isByUpdate && (isGiven(values.createdTimestampStart) || isGiven(values.createdTimestampEnd)))
    throw invalid('two-kinds-of-times', 'Times of creation or of the last update were expected; found both.')
  const { items, next } = await call.services.incidents.readPage(
    call.principal,
    await toFilter(call, values),
    {
      sort: isByUpdate ? 'updated' : 'created',
      order: values.order ?? 'desc',
      limit,
      ...(after === undefined ? {} : { after }),
    },
  )
  const nameOrganization = await loadOrganizations(call)
  return { items: items.map((incident) => toElementsIncident(incident, nameOrganization)), next }
}

async function toFilter(call: UserCall, values: Values): Promise<IncidentFilter> {
  const { incidentId, archived, status, resolution, riskLevel, source, exclusiveStart } = values
  const { organisationId, facts } = await readOrganization(call, values.organizationId, 'organizationId')
  const created = toMsRange({
    startUs: values.createdTimestampStart,
    endUs: values.createdTimestampEnd,
    isStartExclusive: exclusiveStart,
  })
  const updated = toMsRange({
    startUs: values.updatedTimestampStart,
    endUs: values.updatedTimestampEnd,
    isStartExclusive: exclusiveStart,
  })
  return {
    isOncePerItem: true,
    ...(organisationId === undefined ? {} : { organisationId }),
    ...(incidentId ? { ids: incidentId } : {}),
    ...(status ? { statuses: status.flatMap(toOwnStatuses) } : {}),
    ...(resolution ? { resolutions: resolution.flatMap(toOwnResolutions) } : {}),
    ...(riskLevel ? { risks: riskLevel.map(rangeOfRiskLevel) } : {}),
    ...(created.fromMs === undefined ? {} : { createdFromMs: created.fromMs }),
    ...(created.toMs === undefined ? {} : { createdToMs: created.toMs }),
    ...(updated.fromMs === undefined ? {} : { updatedFromMs: updated.fromMs }),
    ...(updated.toMs === undefined ? {} : { updatedToMs: updated.toMs }),
    facts: [
      ...facts,
      ...(archived === undefined || archived === null
        ? []
        : [{ path: 'archived', oneOf: [String(archived)], ifMissing: 'false' }]),
      ...(source ? [{ ...SOURCES_FACT, oneOf: source }] : []),
    ],
  }
}

/**
 * Incidents by an id of Elements or of ours; one that came into several sketches is several, the copy that changed last first.
 *
 * @throws {DomainError} `invalid` (`missing-incident`), `not-found` (`incident-not-found`).
 */
export async function requireIncidents(
  call: UserCall,
  id: string | null | undefined,
): Promise<readonly Incident[]> {
  if (id === undefined || id === null) throw invalid('missing-incident', 'incidentId is missing.')
  const { items } = await call.services.incidents.readPage(
    call.principal,
    { ids: [id] },
    { sort: 'updated', limit: 100 },
  )
  if (items.length === 0) throw notFound('incident', id.slice(0, 64))
  return items
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}
