import {
  type SekoiaSavedQuery,
  sekoiaPageSchema,
  sekoiaQueryRunDraftSchema,
  sekoiaQueryRunSchema,
  sekoiaQueryRunStartSchema,
  sekoiaSavedQueryDraftSchema,
  sekoiaSavedQuerySchema,
} from '@timeskein/model/sekoia'
import { z } from 'zod'
import { DomainError, invalid } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import type { SavedQuery, SavedQueryDraft, SolRun } from '../../../services/sol/sol-service.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { findCommunity, namesCommunity } from '../find-community.ts'
import { holds } from '../holds.ts'
import { type ListRules, listSchema, readListRequest } from '../request/list-request.ts'
import { type FieldReaders, pageItems, readMembers } from '../request/narrow-list.ts'
import { readMoment } from '../request/read-moment.ts'
import { sekoiaRoute } from '../sekoia-route.ts'
import { tellAuthor, writeTime } from '../shapes/authorship.ts'
import { writeCsv } from '../write-csv.ts'

const PATH = '/v1/notebooks/queries'
const READ = ['SIC_READ_INTAKES', 'EVENTS_READ_DATASETS']
const LIST: ListRules = {
  match: ['uuid', 'name', 'visualization', 'is_shared', 'created_by'],
  sort: ['name', 'created_at', 'updated_at'],
  defaultLimit: 100,
  maxLimit: 1000,
}
const READERS: FieldReaders<SekoiaSavedQuery> = {
  ...readMembers<SekoiaSavedQuery>([
    'uuid',
    'name',
    'visualization',
    'created_by',
    'created_at',
    'updated_at',
  ]),
  is_shared: () => true,
}
const ROW_PAGES: ListRules = { defaultLimit: 100, maxLimit: 10_000 }
const STATUSES: Readonly<Record<SolRun['status'], string>> = {
  running: 'running',
  done: 'finished',
  failed: 'error',
  expired: 'error',
}

/** What the calls for the same things need; for tables that are not named here what events need. */
const TABLE_PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  alerts: ['SIC_READ_ALERTS'],
  cases: ['SIC_READ_INCIDENTS', 'SIC_READ_CASES'],
  entities: ['SIC_READ_ENTITIES', 'SIC_READ_INTAKES'],
  assets: ['ASSETMANAGEMENT_READ_ASSETS', 'SIC_READ_ASSETS'],
  rule_definitions: ['SIC_READ_RULES', 'SIC_READ_CONF'],
  rule_instances: ['SIC_READ_RULES', 'SIC_READ_CONF'],
}

/** Programs in SOL. A key that only reads may run them. */
export const queryRoutes: readonly PlatformRoute[] = [
  sekoiaRoute({
    method: 'POST',
    path: `${PATH}/runs`,
    summary: 'Begins a run of a program, or of a saved query.',
    permission: 'user',
    permissions: READ,
    options: { keyScope: 'read' },
    body: sekoiaQueryRunDraftSchema,
    answers: { 200: sekoiaQueryRunStartSchema },
    handle: async ({ services, principal }, { body }) => {
      const { query_uuid, query_definition, query_parameters } = body
      const saved = query_uuid ? await services.sol.getSaved(principal, query_uuid) : undefined
      const definition = query_definition ?? (saved?.details['definition'] as typeof query_definition)
      const program = query_definition?.ql_query ?? saved?.program
      if (program === undefined)
        throw invalid(
          'bad-request',
          'query_definition with ql_query, or query_uuid, was expected; found neither.',
        )
      const { uid } = await services.sol.start(principal, {
        program,
        parameters: flattenParameters(query_parameters ?? {}),
        intakeUids: definition?.intake_uuids ?? undefined,
        isOfOrganisation: await namesCommunity(services, principal, definition?.community_uuids),
        mayRead: (table) => holds(principal, TABLE_PERMISSIONS[table] ?? READ),
      })
      return { task_id: uid, uuid: uid }
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${PATH}/runs/:runId`,
    summary: 'A run, and a page of its rows when it has ended.',
    permission: 'user',
    permissions: READ,
    query: listSchema(ROW_PAGES),
    answers: { 200: sekoiaQueryRunSchema },
    handle: async ({ services, principal }, { params, query }) => {
      const run = requireKept(await services.sol.get(principal, params.runId))
      const { offset, limit } = readListRequest(query, ROW_PAGES, Date.now())
      return {
        uuid: run.uid,
        status: STATUSES[run.status],
        error: run.problem ?? null,
        results: run.rows.slice(offset, offset + limit),
        total: run.rows.length,
        warnings: [...run.warnings],
      }
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${PATH}/runs/:runId/download`,
    summary: 'All rows of a run, as JSON lines or CSV.',
    permission: 'user',
    permissions: READ,
    query: z.object({ download_format: z.enum(['jsonl', 'csv']).default('jsonl') }),
    answers: { 200: null },
    fileTypes: ['application/x-ndjson', 'text/csv'],
    handle: async ({ services, principal }, { params, query }, c) => {
      const { rows } = requireKept(await services.sol.get(principal, params.runId))
      if (rows.length === 0)
        throw new DomainError('not-found', 'no-results', 'There is no results to download')
      const isCsv = query.download_format === 'csv'
      const text = isCsv ? writeCsv(rows) : rows.map((row) => `${JSON.stringify(row)}\n`).join('')
      return c.body(text, 200, { 'content-type': isCsv ? 'text/csv; charset=utf-8' : 'application/x-ndjson' })
    },
  }),
  sekoiaRoute({
    method: 'GET',
    path: PATH,
    summary: 'Saved queries.',
    permission: 'user',
    permissions: READ,
    query: listSchema(LIST, { parameters: z.string().optional() }),
    answers: { 200: sekoiaPageSchema(sekoiaSavedQuerySchema) },
    handle: async (call, { query }) => {
      const { uid } = await findCommunity(call.services, call.principal)
      const saved = (await call.services.sol.listSaved(call.principal)).map((one) => toSaved(one, uid))
      return pageItems(saved, readListRequest(query, LIST, Date.now()), READERS)
    },
  }),
  sekoiaRoute({
    method: 'POST',
    path: PATH,
    summary: 'Saves a query.',
    permission: 'user',
    permissions: READ,
    body: sekoiaSavedQueryDraftSchema,
    answers: { 200: sekoiaSavedQuerySchema },
    handle: async (call, { body }) =>
      await showSaved(call, await call.services.sol.save(call.principal, toDraft(body))),
  }),
  sekoiaRoute({
    method: 'GET',
    path: `${PATH}/:queryId`,
    summary: 'A saved query.',
    permission: 'user',
    permissions: READ,
    answers: { 200: sekoiaSavedQuerySchema },
    handle: async (call, { params }) =>
      await showSaved(call, await call.services.sol.getSaved(call.principal, params.queryId)),
  }),
  sekoiaRoute({
    method: 'PUT',
    path: `${PATH}/:queryId`,
    summary: 'Sets a saved query of one’s own.',
    permission: 'user',
    permissions: READ,
    body: sekoiaSavedQueryDraftSchema,
    answers: { 200: sekoiaSavedQuerySchema },
    handle: async (call, { params, body }) =>
      await showSaved(
        call,
        await call.services.sol.updateSaved(call.principal, params.queryId, toDraft(body)),
      ),
  }),
  sekoiaRoute({
    method: 'DELETE',
    path: `${PATH}/:queryId`,
    summary: 'Deletes a saved query of one’s own.',
    permission: 'user',
    permissions: READ,
    answers: { 204: null },
    handle: async ({ services, principal }, { params }) =>
      await services.sol.deleteSaved(principal, params.queryId),
  }),
]

function requireKept(run: SolRun): SolRun {
  if (run.status !== 'expired') return run
  throw new DomainError(
    'not-found',
    'results-expired',
    'The rows of this run are no longer kept; run it once more.',
  )
}

/** `{"time": {"start": …}}` gives `time.start`; moments of `time` may be relative. */
function flattenParameters(parameters: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  const flat = new Map<string, unknown>()
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) flat.set(name, value)
    else
      for (const [member, inner] of Object.entries(value))
        flat.set(`${name}.${member}`, name === 'time' ? toTime(inner, `time.${member}`) : inner)
  }
  return flat
}

function toTime(value: unknown, what: string): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return value
  return new Date(Number(readMoment(value, what, Date.now()) / 1000n)).toISOString()
}

async function showSaved({ services, principal }: UserCall, saved: SavedQuery): Promise<SekoiaSavedQuery> {
  return toSaved(saved, (await findCommunity(services, principal)).uid)
}

function toSaved(saved: SavedQuery, community: string): SekoiaSavedQuery {
  const { by, type } = tellAuthor(saved.userId)
  const kept = saved.details as Partial<SekoiaSavedQuery>
  return {
    uuid: saved.uid,
    community_uuid: community,
    shared_with: kept.shared_with ?? null,
    created_by: by,
    created_by_type: type,
    created_at: writeTime(saved.createdAtMs),
    updated_at: writeTime(saved.updatedAtMs),
    name: saved.name,
    description: saved.description,
    described_by_ai: null,
    definition: { ...kept.definition, ql_query: saved.program },
    visualization: kept.visualization ?? 'table',
    visualization_params: kept.visualization_params ?? {},
    last_run_uuid: null,
    parameters: [...new Set(saved.parameters.map((name) => name.split('.')[0]!))],
    datasets: [],
  }
}

function toDraft(body: z.output<typeof sekoiaSavedQueryDraftSchema>): SavedQueryDraft {
  const { name, description, definition, ...rest } = body
  const { ql_query: program, ...others } = definition
  return { name, description: description ?? '', program, details: { ...rest, definition: others } }
}
