import {
  type SekoiaCase,
  type SekoiaCaseComment,
  sekoiaAlertSchema,
  sekoiaCaseChangeSchema,
  sekoiaCaseCommentSchema,
  sekoiaCaseDraftSchema,
  sekoiaCaseSchema,
  sekoiaPageSchema,
} from '@timeskein/model/sekoia'
import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import type { Case, CaseChange } from '../../../services/cases/case-service.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { findCommunity } from '../find-community.ts'
import { type ListRules, listSchema, readListRequest } from '../request/list-request.ts'
import { type FieldReaders, pageItems, readMembers } from '../request/narrow-list.ts'
import { sekoiaRoute } from '../sekoia-route.ts'
import { findCaseStatus, toSekoiaCase, toSekoiaCaseComment } from '../shapes/to-case.ts'
import { showAlerts } from '../show-alerts.ts'

const PATH = '/v1/sic/cases'
const READ = ['SIC_READ_INCIDENTS', 'SIC_READ_CASES']
const WRITE = ['SIC_WRITE_INCIDENTS', 'SIC_WRITE_CASES']
/** Alerts or events of one request. */
const MAX_IDS = 1000

const CASE_RULES: ListRules = {
  match: [
    'uuid',
    'community_uuid',
    'status_uuid',
    'status_name',
    'created_by',
    'tags',
    'assignees',
    'alert_uuid',
    'short_id',
    'priority',
  ],
  date: ['created_at', 'updated_at'],
  sort: ['created_at', 'updated_at', 'title', 'priority'],
  defaultLimit: 20,
  maxLimit: 100,
}
const CASE_READERS: FieldReaders<SekoiaCase> = {
  ...readMembers<SekoiaCase>([
    'uuid',
    'community_uuid',
    'status_uuid',
    'created_by',
    'tags',
    'short_id',
    'priority',
    'created_at',
    'updated_at',
    'title',
  ]),
  status_name: (one) => one.status,
  assignees: (one) => one.subscribers.map(({ avatar_uuid }) => avatar_uuid),
  alert_uuid: (one) => one.alerts.map(({ uuid }) => uuid),
}
const COMMENT_RULES: ListRules = {
  match: ['created_by'],
  date: ['created_at'],
  sort: ['created_at', 'created_by', 'updated_at'],
  defaultLimit: 20,
  maxLimit: 100,
}
const COMMENT_READERS = readMembers<SekoiaCaseComment>(['created_by', 'created_at', 'updated_at'])
const ALERT_PAGES: ListRules = { defaultLimit: 20, maxLimit: 100 }

const alertsSchema = z.object({ alerts: z.array(z.string()).max(MAX_IDS) })
const contentSchema = z.object({ content: z.string() })
const statusSchema = z.object({ status: z.string() })

/** Cases. */
export const caseRoutes: readonly PlatformRoute[] = [
  sekoiaRoute({
    method: 'GET',
    path: PATH,
    summary: 'Cases.',
    permission: 'user',
    permissions: READ,
    query: listSchema(CASE_RULES),
    answers: { 200: sekoiaPageSchema(sekoiaCaseSchema) },
    handle: async ({ services, principal }, { query }) => {
      const { uid } = await findCommunity(services, principal)
      const cases = (await services.cases.list(principal)).map((one) => toSekoiaCase(one, uid))
      return pageItems(cases, readListRequest(query, CASE_RULES, Date.now()), CASE_READERS)
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${PATH}/tags`,
    summary: 'All tags that cases have.',
    permission: 'user',
    permissions: READ,
    answers: { 200: sekoiaPageSchema(z.string()) },
    handle: async ({ services, principal }) => {
      const tags = new Set((await services.cases.list(principal)).flatMap((one) => one.tags))
      return { items: [...tags].sort(), total: tags.size }
    },
  }),
  sekoiaRoute({
    method: 'POST',
    path: PATH,
    summary: 'Opens a case.',
    permission: 'user',
    permissions: WRITE,
    body: sekoiaCaseDraftSchema,
    answers: { 200: sekoiaCaseSchema },
    handle: async (call, { body }) =>
      await show(
        call,
        await call.services.cases.create(call.principal, { ...toChange(body), title: body.title }),
      ),
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${PATH}/:caseId`,
    summary: 'A case.',
    permission: 'user',
    permissions: READ,
    query: z.object({ community_uuid: z.string().optional(), render: z.string().optional() }),
    answers: { 200: sekoiaCaseSchema },
    handle: async (call, { params }) =>
      await show(call, await call.services.cases.get(call.principal, params.caseId)),
  }),
  sekoiaRoute({
    method: 'PATCH',
    path: `${PATH}/:caseId`,
    summary: 'Changes a case.',
    permission: 'user',
    permissions: WRITE,
    body: sekoiaCaseChangeSchema,
    answers: { 200: sekoiaCaseSchema },
    handle: async (call, { params, body }) =>
      await show(call, await call.services.cases.update(call.principal, params.caseId, toChange(body))),
  }),
  sekoiaRoute({
    method: 'DELETE',
    path: `${PATH}/:caseId`,
    summary: 'Deletes a case; its alerts and events stay.',
    permission: 'user',
    permissions: WRITE,
    answers: { 204: null },
    handle: async ({ services, principal }, { params }) =>
      await services.cases.delete(principal, params.caseId),
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${PATH}/:caseId/alerts`,
    summary: 'The alerts of a case.',
    permission: 'user',
    permissions: READ,
    query: listSchema(ALERT_PAGES),
    answers: { 200: sekoiaPageSchema(sekoiaAlertSchema) },
    handle: async (call, { params, query }) => {
      const { services, principal } = call
      const { alerts } = await services.cases.get(principal, params.caseId)
      const page = pageItems(alerts, readListRequest(query, ALERT_PAGES, Date.now()), {})
      const found = await Promise.all(page.items.map(({ uid }) => services.alerts.get(principal, uid)))
      return { ...page, items: await showAlerts(call, found) }
    },
  }),
  ...(['PATCH', 'POST'] as const).map((method) =>
    sekoiaRoute({
      method,
      path: `${PATH}/:caseId/alerts`,
      summary: 'Puts alerts into a case.',
      permission: 'user',
      permissions: WRITE,
      body: alertsSchema,
      answers: { 200: statusSchema },
      handle: async ({ services, principal }, { params, body }) => {
        await services.cases.addAlerts(principal, params.caseId, body.alerts)
        return { status: 'ok' }
      },
    }),
  ),
  sekoiaRoute({
    method: 'POST',
    path: `${PATH}/:caseId/events`,
    summary: 'Puts events into a case, by their handles.',
    permission: 'user',
    permissions: WRITE,
    body: z.object({ event_ids: z.array(z.string().min(1).max(200)).max(MAX_IDS) }),
    answers: { 200: statusSchema },
    handle: async ({ services, principal }, { params, body }) => {
      await services.cases.addEvents(principal, params.caseId, body.event_ids)
      return { status: 'ok' }
    },
  }),
  sekoiaRoute({
    method: 'DELETE',
    path: `${PATH}/:caseId/events/:eventId`,
    summary: 'Takes an event out of a case.',
    permission: 'user',
    permissions: WRITE,
    answers: { 204: null },
    handle: async ({ services, principal }, { params }) =>
      await services.cases.removeEvent(principal, params.caseId, params.eventId),
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${PATH}/:caseId/comments`,
    summary: 'Remarks on a case.',
    permission: 'user',
    permissions: READ,
    query: listSchema(COMMENT_RULES),
    answers: { 200: sekoiaPageSchema(sekoiaCaseCommentSchema) },
    handle: async ({ services, principal }, { params, query }) => {
      const comments = await services.cases.listComments(principal, params.caseId)
      const request = readListRequest(query, COMMENT_RULES, Date.now())
      return pageItems(comments.map(toSekoiaCaseComment), request, COMMENT_READERS)
    },
  }),
  sekoiaRoute({
    method: 'POST',
    path: `${PATH}/:caseId/comments`,
    summary: 'Adds a remark to a case.',
    permission: 'user',
    permissions: WRITE,
    body: contentSchema,
    answers: { 200: sekoiaCaseCommentSchema },
    handle: async ({ services, principal }, { params, body }) =>
      toSekoiaCaseComment(await services.cases.comment(principal, params.caseId, body.content)),
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${PATH}/:caseId/comments/:commentId`,
    summary: 'A remark on a case.',
    permission: 'user',
    permissions: READ,
    answers: { 200: sekoiaCaseCommentSchema },
    handle: async ({ services, principal }, { params }) =>
      toSekoiaCaseComment(await services.cases.getComment(principal, params.caseId, params.commentId)),
  }),
  sekoiaRoute({
    method: 'PATCH',
    path: `${PATH}/:caseId/comments/:commentId`,
    summary: 'Changes a remark of one’s own.',
    permission: 'user',
    permissions: WRITE,
    body: contentSchema,
    answers: { 200: sekoiaCaseCommentSchema },
    handle: async ({ services, principal }, { params, body }) =>
      toSekoiaCaseComment(
        await services.cases.changeComment(principal, params.caseId, params.commentId, body.content),
      ),
  }),
  sekoiaRoute({
    method: 'DELETE',
    path: `${PATH}/:caseId/comments/:commentId`,
    summary: 'Deletes a remark of one’s own.',
    permission: 'user',
    permissions: WRITE,
    answers: { 204: null },
    handle: async ({ services, principal }, { params }) =>
      await services.cases.deleteComment(principal, params.caseId, params.commentId),
  }),
]

async function show({ services, principal }: UserCall, one: Case): Promise<SekoiaCase> {
  return toSekoiaCase(one, (await findCommunity(services, principal)).uid)
}

function toChange(body: z.output<typeof sekoiaCaseChangeSchema>): CaseChange {
  const { title, description, priority, tags, status_uuid } = body
  const status = status_uuid ? findCaseStatus(status_uuid) : undefined
  if (status_uuid && !status)
    throw invalid(
      'unknown-status',
      `status_uuid: the id of a status of cases was expected (status_uuid of another case), found ${JSON.stringify(status_uuid.slice(0, 64))}.`,
    )
  const kept = Object.fromEntries(
    (['subscribers', 'verdict_uuid', 'custom_status_uuid', 'custom_priority_uuid'] as const).flatMap(
      (name) => (body[name] === undefined ? [] : [[name, body[name]]]),
    ),
  )
  return {
    ...(title === undefined ? {} : { title }),
    ...(typeof description === 'string' ? { description } : {}),
    ...(priority ? { priority } : {}),
    ...(tags ? { tags } : {}),
    ...(status ? { status } : {}),
    details: kept,
  }
}
