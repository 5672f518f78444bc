import {
  alertDetailSchema,
  alertSchema,
  alertsAnswerSchema,
  deviceListParametersSchema,
  devicesAnswerSchema,
  doneSchema,
  findingCommentSchema,
  findingDecisionSchema,
  findingListParametersSchema,
  formatIsoTime,
  newSuppressionSchema,
  suppressionSchema,
  suppressionsAnswerSchema,
} from '@timeskein/model'
import { z } from 'zod'
import {
  readApiAlert,
  readNewSuppression,
  toApiAlert,
  toApiSuppression,
} from '../../../services/detection-api-rows.ts'
import { readDecision, readFindingWish } from '../../../services/findings/read-finding-wish.ts'
import { type Route, userRoute } from '../route.ts'

/** What is made when somebody comments on an alert or incident. */
export const commentAnswerSchema: z.ZodObject<{
  id: z.ZodString
  at: z.ZodString
  user: z.ZodString
  text: z.ZodString
}> = z.object({ id: z.string(), at: z.string(), user: z.string(), text: z.string() })

/** Alerts, what keeps hits from becoming some, and the hosts they are on. */
export const alertRoutes: readonly Route[] = [
  userRoute('user', {
    method: 'GET',
    path: '/alerts',
    summary:
      'Alerts of the sketches that the caller may read, and those without one; the latest event first.',
    query: findingListParametersSchema,
    answer: alertsAnswerSchema,
    handle: async (call, { query }) => {
      const { filter, page } = readFindingWish(query)
      const { items, total, next } = await call.services.alerts.list(call.principal, filter, page)
      return { alerts: items.map(toApiAlert), total, ...(next === undefined ? {} : { next }) }
    },
  }),
  userRoute('user', {
    method: 'GET',
    path: '/alerts/:alertId',
    summary: 'One alert, by number, uid or the beginning of it, with evidence, comments and history.',
    answer: alertDetailSchema,
    handle: async (call, { params }) => await readApiAlert(call.services, call.principal, params.alertId),
  }),
  userRoute('user', {
    method: 'PATCH',
    path: '/alerts/:alertId',
    summary: 'Close, reopen, assign …; needs write on its sketch.',
    body: findingDecisionSchema,
    answer: alertSchema,
    handle: async (call, { params, body }) =>
      toApiAlert(await call.services.alerts.decide(call.principal, params.alertId, readDecision(body))),
  }),
  userRoute('user', {
    method: 'POST',
    path: '/alerts/:alertId/comments',
    summary: 'Comment on an alert; needs write on its sketch.',
    body: findingCommentSchema,
    answer: commentAnswerSchema,
    handle: async (call, { params, body }) => {
      const { uid, atMs, username, text } = await call.services.alerts.comment(
        call.principal,
        params.alertId,
        body.text,
      )
      return { id: uid, at: new Date(atMs).toISOString(), user: username, text }
    },
  }),
  userRoute('user', {
    method: 'GET',
    path: '/suppressions',
    summary: 'What keeps hits from becoming alerts.',
    query: z.strictObject({ sketch: z.coerce.number().int().optional() }),
    answer: suppressionsAnswerSchema,
    handle: async (call, { query }) => ({
      suppressions: (await call.services.alerts.listSuppressions(call.principal, query.sketch)).map(
        toApiSuppression,
      ),
    }),
  }),
  userRoute('user', {
    method: 'POST',
    path: '/suppressions',
    summary:
      'Keep hits of a rule, on a host, or both from becoming alerts; needs write on the sketch, or an administrator for all sketches.',
    body: newSuppressionSchema,
    answer: suppressionSchema,
    handle: async (call, { body }) =>
      toApiSuppression(await call.services.alerts.suppress(call.principal, readNewSuppression(body))),
  }),
  userRoute('user', {
    method: 'DELETE',
    path: '/suppressions/:suppressionId',
    summary: 'Let hits become alerts again.',
    answer: doneSchema,
    handle: async (call, { params }) => {
      await call.services.alerts.unsuppress(call.principal, params.suppressionId)
      return { done: true }
    },
  }),
  userRoute('user', {
    method: 'GET',
    path: '/devices',
    summary:
      'Hosts that were seen: organisation by organisation, in the order of /organisations, those of each by name in any case.',
    query: deviceListParametersSchema,
    answer: devicesAnswerSchema,
    handle: async (call, { query }) => {
      const { sketch, text, offset, limit, total: isCounted } = query
      const filter = {
        ...(sketch === undefined ? {} : { sketchId: sketch }),
        ...(text === undefined ? {} : { text }),
      }
      const items = await call.services.devices.listUncounted(call.principal, { ...filter, offset, limit })
      const devices = items.map(({ uid, name, source, firstUs, lastUs, details }) => ({
        uid,
        name,
        source,
        ...(firstUs === undefined ? {} : { first: formatIsoTime(firstUs) }),
        ...(lastUs === undefined ? {} : { last: formatIsoTime(lastUs) }),
        details,
      }))
      if (!isCounted) return { devices }
      return { devices, total: await call.services.devices.count(call.principal, filter) }
    },
  }),
  userRoute('user', {
    method: 'GET',
    path: '/organisations',
    summary: 'Organisations; what names none belongs to the default one.',
    answer: z.object({
      organisations: z.array(z.object({ uid: z.string(), name: z.string(), isDefault: z.boolean() })),
    }),
    handle: async (call) => ({
      organisations: (await call.services.organisations.list(call.principal)).map(
        ({ uid, name, isDefault }) => ({ uid, name, isDefault }),
      ),
    }),
  }),
]
