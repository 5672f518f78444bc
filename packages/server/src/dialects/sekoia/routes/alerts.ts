import {
  SEKOIA_ALERT_ACTIONS,
  SEKOIA_ALERT_STATUSES,
  type SekoiaAlert,
  sekoiaAlertChangeSchema,
  sekoiaAlertCommentSchema,
  sekoiaAlertSchema,
  sekoiaCommentDraftSchema,
  sekoiaPageSchema,
  sekoiaWorkflowChangeSchema,
  sekoiaWorkflowSchema,
} from '@timeskein/model/sekoia'
import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import { STATUS_NAMES } from '../../../services/alert-words/alert-status-names.ts'
import { getAlertBySekoiaId } from '../../../services/alert-words/sekoia-ids.ts'
import type { Alert } from '../../../services/alerts/alert-service.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { ALERT_RULES, listAlerts } from '../list-alerts.ts'
import { type ListRules, listSchema, readListRequest } from '../request/list-request.ts'
import { pageItems } from '../request/narrow-list.ts'
import { sekoiaRoute } from '../sekoia-route.ts'
import { FINDING_STATUS, STATUS_DESCRIPTIONS } from '../shapes/alert-status.ts'
import { toSekoiaComment, toSekoiaHistory } from '../shapes/to-alert.ts'
import { showAlerts } from '../show-alerts.ts'

const PATH = '/v1/sic/alerts'
const READ = ['SIC_READ_ALERTS']
const COMMENT_PAGES: ListRules = { defaultLimit: 100, maxLimit: 1000 }

/** Alerts. */
export const alertRoutes: readonly PlatformRoute[] = [
  sekoiaRoute({
    method: 'GET',
    path: PATH,
    summary: 'Alerts.',
    permission: 'user',
    permissions: READ,
    query: listSchema(ALERT_RULES, {
      similar_to: z.string().optional(),
      is_assigned_to_case: z.string().optional(),
      visible: z.string().optional(),
      stix: z.string().optional(),
      cases: z.string().optional(),
      with_count: z.string().optional(),
    }),
    answers: { 200: sekoiaPageSchema(sekoiaAlertSchema) },
    handle: async (call, { query }) => await listAlerts(call, query),
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${PATH}/:alertId`,
    summary: 'An alert with its remarks and history.',
    permission: 'user',
    permissions: READ,
    query: z.object(
      Object.fromEntries(
        ['stix', 'cases', 'comments', 'history', 'countermeasures'].map((name) => [
          name,
          z.string().optional(),
        ]),
      ),
    ),
    answers: { 200: sekoiaAlertSchema },
    handle: async (call, { params }) => await showDetail(call, await findAlert(call, params.alertId)),
  }),
  sekoiaRoute({
    method: 'PATCH',
    path: `${PATH}/:alertId`,
    summary: 'Changes what an alert says.',
    permission: 'user',
    permissions: ['SIC_WRITE_ALERTS'],
    body: sekoiaAlertChangeSchema,
    answers: { 200: sekoiaAlertSchema },
    handle: async (call, { params, body }) => {
      const { services, principal } = call
      const { alert_type_category, alert_type_value, details, kill_chain_short_id, urgency, title } = body
      if (alert_type_category !== undefined && alert_type_value === undefined)
        throw invalid('bad-request', 'alert_type_value is expected with alert_type_category, found none.')
      const { uid } = await findAlert(call, params.alertId)
      const facts = {
        ...(alert_type_category === undefined ? {} : { category: alert_type_category }),
        ...(alert_type_value === undefined ? {} : { type: alert_type_value }),
        ...(details === undefined ? {} : { details }),
        ...(kill_chain_short_id === undefined ? {} : { killChain: kill_chain_short_id }),
      }
      if (Object.keys(facts).length > 0) await services.alertContext.note(principal, uid, facts)
      const alert = await services.alerts.decide(principal, uid, {
        ...(urgency === undefined ? {} : { severity: urgency }),
        ...(title === undefined ? {} : { title }),
      })
      return await showDetail(call, alert)
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${PATH}/:alertId/workflow`,
    summary: 'What can be done with an alert now.',
    permission: 'user',
    permissions: READ,
    answers: { 200: sekoiaWorkflowSchema },
    handle: async (call, { params }) => listActions(await findAlert(call, params.alertId)),
  }),
  sekoiaRoute({
    method: 'PATCH',
    path: `${PATH}/:alertId/workflow`,
    summary: 'Moves an alert on, by an action or a status.',
    permission: 'user',
    permissions: ['SIC_WRITE_ALERTS_WORKFLOW', 'SIC_WRITE_ALERTS'],
    body: sekoiaWorkflowChangeSchema,
    answers: { 200: sekoiaWorkflowSchema },
    handle: async (call, { params, body }) => {
      const { services, principal } = call
      const { uid } = await findAlert(call, params.alertId)
      const status = readAction(body.action_uuid)
      const comment = body.comment ?? ''
      if (comment.trim() !== '') await services.alerts.comment(principal, uid, comment)
      return listActions(await services.alerts.decide(principal, uid, { status }))
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${PATH}/:alertId/comments`,
    summary: 'Remarks on an alert, oldest first.',
    permission: 'user',
    permissions: READ,
    query: listSchema(COMMENT_PAGES),
    answers: { 200: sekoiaPageSchema(sekoiaAlertCommentSchema) },
    handle: async (call, { params, query }) => {
      const { uid } = await findAlert(call, params.alertId)
      return pageItems(await listComments(call, uid), readListRequest(query, COMMENT_PAGES, Date.now()), {})
    },
  }),
  sekoiaRoute({
    method: 'POST',
    path: `${PATH}/:alertId/comments`,
    summary: 'Adds a remark to an alert.',
    permission: 'user',
    permissions: ['SIC_WRITE_ALERTS_COMMENT', 'SIC_WRITE_ALERTS'],
    body: sekoiaCommentDraftSchema,
    answers: { 200: sekoiaAlertCommentSchema },
    handle: async (call, { params, body }) => {
      const { services, principal } = call
      const { uid } = await findAlert(call, params.alertId)
      const comment = await services.alerts.comment(principal, uid, body.content)
      if (body.author) await services.alertContext.signComment(comment.uid, body.author)
      return toSekoiaComment(comment, principal.userId, body.author ?? undefined)
    },
  }),
]

/** @throws {DomainError} `not-found` (`alert-not-found`), `invalid` (`bad-id`). */
async function findAlert({ services, principal }: UserCall, id: string | undefined): Promise<Alert> {
  return await getAlertBySekoiaId(services.alerts, principal, id ?? '')
}

async function showDetail(call: UserCall, alert: Alert): Promise<SekoiaAlert> {
  const { services, principal } = call
  const [shown] = await showAlerts(call, [alert])
  const changes = await services.alerts.listChanges(principal, alert.uid)
  const history = toSekoiaHistory(alert, changes, await findAuthors(call))
  const comments = await listComments(call, alert.uid)
  return { ...shown!, comments: [...comments], history, countermeasures: [] }
}

async function listComments(
  call: UserCall,
  uid: string,
): Promise<readonly NonNullable<SekoiaAlert['comments']>[number][]> {
  const authors = await findAuthors(call)
  const comments = await call.services.alerts.listComments(call.principal, uid)
  const signatures = await call.services.alertContext.loadSignatures(comments.map((one) => one.uid))
  return comments.map((comment) =>
    toSekoiaComment(comment, authors.get(comment.username), signatures.get(comment.uid)),
  )
}

async function findAuthors({ services }: UserCall): Promise<ReadonlyMap<string, number>> {
  return new Map((await services.users.list()).map(({ id, username }) => [username, id]))
}

function listActions({ status }: Alert): z.output<typeof sekoiaWorkflowSchema> {
  const now = STATUS_NAMES[status]
  return {
    actions: Object.entries(SEKOIA_ALERT_ACTIONS)
      .filter(([, action]) => action.status !== now)
      .map(([name, action]) => ({ id: action.id, name, description: STATUS_DESCRIPTIONS[action.status] })),
  }
}

function readAction(uuid: string): Alert['status'] {
  const wanted = uuid.toLowerCase()
  const action = Object.values(SEKOIA_ALERT_ACTIONS).find(({ id }) => id === wanted)
  if (action) return FINDING_STATUS[action.status]
  const status = Object.entries(SEKOIA_ALERT_STATUSES).find(([, id]) => id === wanted)
  if (status) return FINDING_STATUS[status[0] as keyof typeof FINDING_STATUS]
  throw invalid(
    'unknown-action',
    `action_uuid: the id of an action (GET …/workflow lists them) or of a status was expected, found ${JSON.stringify(uuid.slice(0, 64))}.`,
  )
}
