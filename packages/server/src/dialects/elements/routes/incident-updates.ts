import {
  type ElementsIncidentUpdate,
  elementsIncidentUpdateSchema,
  INCIDENT_UPDATE_TYPES,
} from '@timeskein/model/elements'
import { z } from 'zod'
import type { UserCall } from '../../../http/app-types.ts'
import type { FindingChange } from '../../../services/findings/finding.ts'
import type { Incident } from '../../../services/incidents/incident-service.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { listRoute } from '../lists/list-route.ts'
import { listParameter, textParameter, toTimestamp } from '../lists/parameters.ts'
import { sliceList } from '../lists/slice-list.ts'
import { incidentIdOf, nameInElements } from '../shapes/incident.ts'
import { requireIncidents } from './incidents.ts'

/** What Elements calls what happens to an incident here. */
const TYPES: Readonly<Record<string, (typeof INCIDENT_UPDATE_TYPES)[number]>> = {
  comment: 'comment',
  created: 'detection',
  evidence: 'detection',
  grouped: 'detection',
  merged: 'merge',
  severity: 'risk',
}

/** The history of an incident. */
export const incidentUpdateRoutes: readonly PlatformRoute[] = [
  listRoute({
    method: 'GET',
    path: '/incidents/v1/updates',
    summary: 'What happened to an incident, oldest first.',
    values: z.object({
      organizationId: textParameter,
      incidentId: textParameter,
      type: listParameter(INCIDENT_UPDATE_TYPES),
    }),
    item: elementsIncidentUpdateSchema,
    maxLimit: 100,
    find: async (call, { incidentId, type }, page) => {
      const [incident] = await requireIncidents(call, incidentId)
      const updates = await listUpdates(call, incident!)
      return sliceList(
        updates.filter((update) => !type || type.some((one) => one === update.type)),
        page,
      )
    },
  }),
]

async function listUpdates(call: UserCall, incident: Incident): Promise<readonly ElementsIncidentUpdate[]> {
  const { services, principal } = call
  const comments = new Map(
    (await services.incidents.listComments(principal, incident.uid)).map(({ uid, text }) => [uid, text]),
  )
  const changes = await services.incidents.listChanges(principal, incident.uid)
  const incidentId = incidentIdOf(incident)
  return changes.map((change) => ({
    incidentId,
    type: TYPES[change.action] ?? 'patch',
    createdTimestamp: toTimestamp(change.atMs),
    ...(change.username === '' ? {} : { author: change.username }),
    content: toContent(change, comments),
  }))
}

function toContent({ action, details }: FindingChange, comments: ReadonlyMap<string, string>): unknown {
  if (action === 'comment') return { comment: comments.get(String(details['uid'])) ?? '' }
  const words = Object.entries(details).map(([name, value]) => [name, nameInElements(action, value)] as const)
  return { field: action, ...Object.fromEntries(words) }
}
