import { type Kysely, type Selectable, sql } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { IncidentRow } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { toAlerts } from '../alerts/alert-rows.ts'
import { chunk } from '../chunk.ts'
import { settleOnce } from '../findings/copies.ts'
import { commentFinding, type MadeDecision, tellDecision, writeDecision } from '../findings/decide-finding.ts'
import { type FindingDecision, isEnded } from '../findings/finding.ts'
import { listFindingChanges, listFindingComments } from '../findings/finding-notes.ts'
import {
  FINDING_FACTS,
  type FindingCondition,
  findFindingRows,
  loadFindingUsers,
  readFindingPage,
  requireFindingRow,
  requireOwnFindingRow,
  toFinding,
} from '../findings/finding-rows.ts'
import { factExpression } from '../json-facts.ts'
import type { ServiceContext } from '../service-context.ts'
import type { Incident, IncidentFilter, IncidentService } from './incident-service.ts'

/** Incidents, kept in the metadata database. */
export function createIncidentService(context: ServiceContext): IncidentService {
  const { db, access } = context
  const getAlone = async (...given: Parameters<IncidentService['get']>): Promise<Incident> => {
    const { id } = await requireFindingRow(db, given[0], 'incident', given[1])
    return (await toIncidents(db, await findRows(db, [id])))[0]!
  }
  /** What is asked of what the caller may read. */
  const open = async (principal: Principal, filter: IncidentFilter): Promise<IncidentFilter> => {
    if (filter.sketchId !== undefined) await access.requireSketch(principal, filter.sketchId, 'read')
    return await settleOnce(db, principal, 'incident', filter)
  }
  return {
    async list(principal, given = {}, page = {}) {
      const filter = await open(principal, given)
      const { rows, total, next } = await findFindingRows(
        db,
        principal,
        'incident',
        filter,
        page,
        conditionsOf(filter),
      )
      return { items: await loadIncidents(db, rows), total, next }
    },
    async readPage(principal, given, page) {
      const filter = await open(principal, given)
      const { rows, next } = await readFindingPage(
        db,
        principal,
        'incident',
        filter,
        page,
        conditionsOf(filter),
      )
      return { items: await loadIncidents(db, rows), next }
    },
    async get(principal, id) {
      const incident = await getAlone(principal, id)
      const alerts = await db
        .selectFrom('alerts')
        .selectAll()
        .where('incident_id', '=', incident.id)
        .orderBy('first_us')
        .orderBy('id')
        .execute()
      return { ...incident, alerts: await toAlerts(db, alerts) }
    },
    async decide(principal, id, decision) {
      const row = await requireOwnFindingRow(context, principal, 'incident', id)
      const made = await db
        .transaction()
        .execute((transaction) => decideIncident(transaction, principal, row, decision, context.now()))
      for (const one of made) await tellDecision(context, principal, one)
      return await getAlone(principal, row.uid)
    },
    async comment(principal, id, text) {
      const row = await requireOwnFindingRow(context, principal, 'incident', id)
      return await commentFinding(context, principal, 'incident', row, text)
    },
    async listComments(principal, id) {
      const { id: findingId } = await requireFindingRow(db, principal, 'incident', id)
      return await listFindingComments(db, 'incident', findingId)
    },
    async listChanges(principal, id) {
      const { id: findingId } = await requireFindingRow(db, principal, 'incident', id)
      return await listFindingChanges(db, 'incident', findingId)
    },
  }
}

/** Decides about an incident, and ends the alerts of one that ends. */
async function decideIncident(
  db: Kysely<Schema>,
  principal: Principal,
  row: MadeDecision['row'],
  decision: FindingDecision,
  now: number,
): Promise<readonly MadeDecision[]> {
  const { status, resolution, reason } = decision
  const made = [await writeDecision(db, principal, { kind: 'incident', row }, decision, now)]
  if (status !== undefined && isEnded(status)) {
    const ending: FindingDecision = {
      status,
      ...(resolution === undefined ? {} : { resolution }),
      ...(reason === undefined ? {} : { reason }),
    }
    const open = await db
      .selectFrom('alerts')
      .selectAll()
      .where('incident_id', '=', row.id)
      .where('status', 'not in', ['closed', 'rejected'])
      .execute()
    for (const alert of open)
      made.push(await writeDecision(db, principal, { kind: 'alert', row: alert }, ending, now))
  } else if (status !== undefined)
    // One that is taken up again is no part of another any more.
    await db.updateTable('incidents').set({ merged_into_id: null }).where('id', '=', row.id).execute()
  return made.filter((one) => one !== undefined)
}

function conditionsOf({ ids, risks }: IncidentFilter): FindingCondition {
  return (where) =>
    where.and([
      ...(ids === undefined
        ? []
        : [
            where.or([
              where(
                'uid',
                'in',
                ids.map((id) => id.replaceAll('-', '').toLowerCase()),
              ),
              where(factExpression(FINDING_FACTS, 'incidentId'), 'in', [...ids]),
            ]),
          ]),
      // The table is that of incidents, which has this column.
      ...(risks === undefined
        ? []
        : [where.or(risks.map(({ from, to }) => where.between(sql<number>`risk`, from, to)))]),
    ])
}

/** Incidents of rows, in their order. */
async function loadIncidents(
  db: Kysely<Schema>,
  rows: readonly { readonly id: number }[],
): Promise<readonly Incident[]> {
  const found = await findRows(
    db,
    rows.map(({ id }) => id),
  )
  const byId = new Map((await toIncidents(db, found)).map((one) => [one.id, one]))
  return rows.map(({ id }) => byId.get(id)!)
}

async function findRows(
  db: Kysely<Schema>,
  ids: readonly number[],
): Promise<readonly Selectable<IncidentRow>[]> {
  const rows: Selectable<IncidentRow>[] = []
  for (const some of chunk(ids))
    rows.push(...(await db.selectFrom('incidents').selectAll().where('id', 'in', some).execute()))
  return rows
}

async function toIncidents(
  db: Kysely<Schema>,
  rows: readonly Selectable<IncidentRow>[],
): Promise<readonly Incident[]> {
  const users = await loadFindingUsers(db, rows)
  const counts = new Map<number, number>()
  for (const some of chunk(rows)) {
    const found = await db
      .selectFrom('alerts')
      .select(({ fn }) => ['incident_id', fn.countAll<number>().as('count')])
      .where(
        'incident_id',
        'in',
        some.map(({ id }) => id),
      )
      .groupBy('incident_id')
      .execute()
    for (const { incident_id, count } of found) counts.set(incident_id!, count)
  }
  return rows.map((row) => ({
    ...toFinding(row, users),
    risk: row.risk,
    alertCount: counts.get(row.id) ?? 0,
    mergedIntoId: row.merged_into_id ?? undefined,
    source: row.source,
    details: JSON.parse(row.details_json) as Record<string, unknown>,
  }))
}
