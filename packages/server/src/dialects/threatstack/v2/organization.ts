import {
  type ThreatStackAuditRecord,
  type ThreatStackMember,
  threatStackAuditRecordSchema,
  threatStackFlagSchema,
  threatStackInviteSchema,
  threatStackMemberSchema,
  threatStackS3ExportSchema,
  threatStackTokenQuerySchema,
} from '@timeskein/model/threatstack'
import { z } from 'zod'
import { invalid, notFound } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import type { AuditEntry, AuditFilter } from '../../../services/audit/audit-service.ts'
import { makeRowUid, readRowUid, toShortUid } from '../../../services/row-uid.ts'
import type { User } from '../../../services/users/user-service.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { describeAct } from '../wire/acts.ts'
import { toIso } from '../wire/facts.ts'
import { makeToken, readQuestion } from '../wire/page-token.ts'
import { roleOf } from '../wire/roles.ts'
import { readFromUntil } from '../wire/times.ts'
import { defaultOrganisation, listAnswer, v2Route } from './v2-route.ts'

const AUDIT_PAGE_SIZE = 50
const MONTH_MS = 30 * 86_400_000

const auditQuestion = z.object({
  operation: z.string().optional(),
  userEmail: z.string().optional(),
  from: z.string().optional(),
  until: z.string().optional(),
})
const roleSchema = z.enum(['owner', 'user', 'reader'])
const inviteSchema = z.object({ email: z.string(), role: z.enum(['user', 'reader']) })

/** Members, invitations, and what was done by whom. */
export const organizationRoutes: readonly PlatformRoute[] = [
  v2Route({
    method: 'GET',
    path: '/auditlogs',
    summary:
      'What was done, newest first, by default of 30 days: everything for administrators, their own acts for others.',
    query: auditQuestion.extend(threatStackTokenQuerySchema.shape),
    answers: { 200: listAnswer('recs', threatStackAuditRecordSchema) },
    handle: async (call, { query }) => {
      const { question, after } = readQuestion('recs', auditQuestion, query)
      const filter = await toAuditFilter(call, question)
      if (!filter) return { recs: [], token: null }
      const entries = await call.services.audit.listVisible(call.principal, {
        ...filter,
        limit: AUDIT_PAGE_SIZE + 1,
        ...(after === undefined ? {} : { beforeId: Number(after) }),
      })
      const page = entries.slice(0, AUDIT_PAGE_SIZE)
      const users = new Map((await call.services.users.list()).map((user) => [user.id, user]))
      const organisationId = toShortUid((await defaultOrganisation(call)).uid)
      return {
        recs: page.map((entry) => toAuditRecord(entry, users, organisationId)),
        token: entries.length > page.length ? makeToken('recs', question, page.at(-1)!.id) : null,
      }
    },
  }),
  v2Route({
    method: 'GET',
    path: '/organizations/members',
    summary: 'Everybody with an account.',
    query: z.object({ enabledOnly: threatStackFlagSchema, token: z.string().optional() }),
    answers: { 200: listAnswer('members', threatStackMemberSchema) },
    handle: async ({ services }, { query }) => {
      const lastSignIns = await services.users.lastSignIns()
      const users = (await services.users.list()).filter(({ isActive }) => isActive || !query.enabledOnly)
      return { members: users.map((user) => toMember(user, lastSignIns.get(user.id))), token: null }
    },
  }),
  v2Route({
    method: 'POST',
    path: '/organizations/members',
    summary: 'Change the role of somebody: owners are administrators.',
    permission: 'admin',
    body: z.object({ id: z.string(), role: roleSchema }),
    answers: { 200: threatStackMemberSchema },
    handle: async ({ services, principal }, { body }) => {
      const { id } = await requireUser(services.users, body.id)
      const user = await services.users.setAdmin(principal, id, body.role === 'owner')
      return toMember(user, (await services.users.lastSignIns()).get(id))
    },
  }),
  v2Route({
    method: 'DELETE',
    path: '/organizations/members/:memberId',
    summary: 'Disable an account; what it did stays.',
    permission: 'admin',
    answers: { 204: null },
    handle: async ({ services, principal }, { params }) => {
      const { id } = await requireUser(services.users, params.memberId)
      await services.users.setActive(principal, id, false)
    },
  }),
  ...(['POST', 'PUT'] as const).map((method) =>
    v2Route({
      method,
      path: '/organizations/invites',
      summary: 'Invite somebody. No mail is sent: an administrator makes the account.',
      permission: 'admin',
      body: inviteSchema,
      answers: { 200: threatStackInviteSchema },
      handle: async ({ services, principal }, { body }) => {
        const { email, role, status } = await services.invitations.create(principal, body)
        return { sentToEmail: email, role, status }
      },
    }),
  ),
]

/** Undefined where nobody has the address. */
async function toAuditFilter(
  { services }: UserCall,
  question: z.output<typeof auditQuestion>,
): Promise<AuditFilter | undefined> {
  const { fromMs, untilMs } = readFromUntil(question)
  const { operation, userEmail } = question
  const user =
    userEmail &&
    (await services.users.list()).find(({ email, username }) => email === userEmail || username === userEmail)
  if (userEmail && !user) return undefined
  return {
    fromMs: fromMs ?? (untilMs ?? Date.now()) - MONTH_MS,
    ...(untilMs === undefined ? {} : { toMs: untilMs - 1 }),
    ...(operation === undefined ? {} : { action: operation.replace('-', '.') }),
    ...(user ? { username: user.username } : {}),
  }
}

function toAuditRecord(
  entry: AuditEntry,
  users: ReadonlyMap<number, User>,
  organizationId: string,
): ThreatStackAuditRecord {
  const user = entry.userId === undefined ? undefined : users.get(entry.userId)
  return {
    id: makeRowUid('audit-entry', entry.id).slice(0, 24),
    userEmail: user?.email || entry.username,
    userId: entry.userId === undefined ? null : toShortUid(makeRowUid('user', entry.userId)),
    organizationId,
    result: entry.result === 'ok' ? 'success' : 'failure',
    crud: describeAct(entry).crud,
    action: entry.action.replace('.', '-'),
    source: entry.dialect ?? entry.via,
    description: `${entry.action} ${entry.subject}`,
    eventTime: toIso(entry.atMs),
    context: { ...entry.details, subject: entry.subject },
  }
}

function toMember(user: User, lastSignInMs: number | undefined): ThreatStackMember {
  return {
    id: toShortUid(makeRowUid('user', user.id)),
    displayName: user.name || user.username,
    email: user.email,
    role: roleOf(user),
    lastAuthenticatedAt: lastSignInMs ?? null,
    ssoEnabled: false,
    mfaEnabled: false,
    userEnabled: user.isActive,
  }
}

async function requireUser(users: UserCall['services']['users'], id: string): Promise<User> {
  const number = readRowUid('user', id)
  const user = number === undefined ? undefined : await users.get(number)
  if (!user) throw notFound('member', id.slice(0, 64))
  return user
}

const KIND = 'threatstack.s3-export'
const s3DraftSchema = z.object({
  s3Bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket was expected'),
  iamRoleArn: z.string().min(1).max(2048),
  iamRoleArnExternalId: z.string().max(1224).default(''),
  region: z.string().min(1).max(64),
  prefix: z.string().max(1024).default(''),
  enabled: z.boolean().default(true),
})

/** Where events are to be written to; Timeskein keeps the settings for who reads them. */
export const s3ExportRoutes: readonly PlatformRoute[] = [
  v2Route({
    method: 'GET',
    path: '/integrations/s3export',
    summary: 'Settings of exports to buckets.',
    answers: { 200: z.array(threatStackS3ExportSchema) },
    handle: async (call) => {
      const { id, uid } = await defaultOrganisation(call)
      const settings = await call.services.organisationSettings.list(call.principal, id, KIND)
      return settings.map(({ value, createdAtMs }) => toS3Export(value, uid, createdAtMs))
    },
  }),
  v2Route({
    method: 'PUT',
    path: '/integrations/s3export',
    summary: 'Set up the export to a bucket, or change it.',
    permission: 'admin',
    body: s3DraftSchema,
    answers: { 200: threatStackS3ExportSchema },
    handle: async (call, { body }) => {
      const { id, uid } = await defaultOrganisation(call)
      const setting = { key: body.s3Bucket, value: body }
      const { value, createdAtMs } = await call.services.organisationSettings.put(
        call.principal,
        id,
        KIND,
        setting,
      )
      return toS3Export(value, uid, createdAtMs)
    },
  }),
  v2Route({
    method: 'DELETE',
    path: '/integrations/s3export',
    summary: 'End the export to a bucket.',
    permission: 'admin',
    body: z.object({ s3Bucket: z.string() }),
    answers: { 204: null },
    handle: async (call, { body }) => {
      const { id } = await defaultOrganisation(call)
      if (!(await call.services.organisationSettings.delete(call.principal, id, KIND, body.s3Bucket)))
        throw notFound('export', body.s3Bucket.slice(0, 64))
    },
  }),
]

function toS3Export(
  value: Readonly<Record<string, unknown>>,
  organisationUid: string,
  createdAtMs: number,
): z.output<typeof threatStackS3ExportSchema> {
  const draft = s3DraftSchema.safeParse(value).data
  if (!draft) throw invalid('bad-setting', 'The settings of an export cannot be read.')
  return { organization_id: toShortUid(organisationUid), ...draft, enrolledAt: toIso(createdAtMs) }
}
