import {
  findingCommentSchema,
  findingDecisionSchema,
  findingListParametersSchema,
  incidentDetailSchema,
  incidentSchema,
  incidentsAnswerSchema,
} from '@timeskein/model'
import { readApiIncident, toApiIncident } from '../../../services/detection-api-rows.ts'
import { readDecision, readFindingWish } from '../../../services/findings/read-finding-wish.ts'
import { type Route, userRoute } from '../route.ts'
import { commentAnswerSchema } from './alerts.ts'

/** Incidents: alerts of one host or account that are near in time. */
export const incidentRoutes: readonly Route[] = [
  userRoute('user', {
    method: 'GET',
    path: '/incidents',
    summary: 'Incidents of the sketches that the caller may read; the latest event first.',
    query: findingListParametersSchema.omit({ rule: true }),
    answer: incidentsAnswerSchema,
    handle: async (call, { query }) => {
      const { filter, page } = readFindingWish(query)
      const { items, total, next } = await call.services.incidents.list(call.principal, filter, page)
      return { incidents: items.map(toApiIncident), total, ...(next === undefined ? {} : { next }) }
    },
  }),
  userRoute('user', {
    method: 'GET',
    path: '/incidents/:incidentId',
    summary:
      'One incident, by number, uid or the beginning of it, with its detections, comments and history.',
    answer: incidentDetailSchema,
    handle: async (call, { params }) =>
      await readApiIncident(call.services, call.principal, params.incidentId),
  }),
  userRoute('user', {
    method: 'PATCH',
    path: '/incidents/:incidentId',
    summary: 'Close (with its alerts), reopen, assign …; needs write on its sketch.',
    body: findingDecisionSchema,
    answer: incidentSchema,
    handle: async (call, { params, body }) =>
      toApiIncident(
        await call.services.incidents.decide(call.principal, params.incidentId, readDecision(body)),
      ),
  }),
  userRoute('user', {
    method: 'POST',
    path: '/incidents/:incidentId/comments',
    summary: 'Comment on an incident; needs write on its sketch.',
    body: findingCommentSchema,
    answer: commentAnswerSchema,
    handle: async (call, { params, body }) => {
      const { uid, atMs, username, text } = await call.services.incidents.comment(
        call.principal,
        params.incidentId,
        body.text,
      )
      return { id: uid, at: new Date(atMs).toISOString(), user: username, text }
    },
  }),
]
