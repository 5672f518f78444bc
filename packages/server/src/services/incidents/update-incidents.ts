import { createHash } from 'node:crypto'
import type { Kysely, Selectable } from 'kysely'
import type { AlertRow, IncidentRow } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { type AlertChanges, opensAgain, REOPENED } from '../alerts/store-alerts.ts'
import { chunk } from '../chunk.ts'
import { type FindingNote, noteFindingChanges } from '../findings/finding-notes.ts'
import { type AlertGroup, type GroupedAlert, groupAlerts, scoreRisk } from './group-alerts.ts'

/** What became of incidents. */
export interface IncidentChanges {
  readonly created: number
  readonly updated: number
  readonly reopened: number
}

type Row = Selectable<AlertRow>

interface Member extends GroupedAlert {
  readonly row: Row
}

/**
 * Groups the alerts of the hosts and accounts that have new or grown ones. An incident that is there grows; where several turn
 * out to be one, the oldest takes the others in; new evidence opens a closed one again. Rejected ones, and those that were merged
 * into others, stay as they are. To be called in a transaction.
 */
export async function updateIncidents(
  db: Kysely<Schema>,
  changes: Pick<AlertChanges, 'created' | 'grown'>,
  nowMs: number,
): Promise<IncidentChanges> {
  const changed = new Set([...changes.created, ...changes.grown])
  const sums = { created: 0, updated: 0, reopened: 0 }
  for (const subject of await findSubjects(db, [...changed])) {
    for (const group of groupAlerts((await loadAlerts(db, subject)).map(toMember))) {
      if (!group.alerts.some(({ id }) => changed.has(id))) continue
      const outcome = await storeGroup(db, group, changed, nowMs)
      if (outcome) sums[outcome]++
    }
  }
  return sums
}

/** Whose alerts are looked at together. */
type Subject = Pick<Row, 'organisation_id' | 'sketch_id' | 'host' | 'account'>

/** The hosts of alerts, and the accounts of those without a host. */
async function findSubjects(db: Kysely<Schema>, alertIds: readonly number[]): Promise<readonly Subject[]> {
  const subjects = new Map<string, Subject>()
  for (const some of chunk(alertIds)) {
    const rows = await db
      .selectFrom('alerts')
      .select(['organisation_id', 'sketch_id', 'host', 'account'])
      .where('id', 'in', some)
      .execute()
    for (const row of rows) {
      if (row.host === null && row.account === null) continue
      const subject = row.host === null ? row : { ...row, account: null }
      const { organisation_id, sketch_id, host, account } = subject
      subjects.set(JSON.stringify([organisation_id, sketch_id, host, account]), subject)
    }
  }
  return [...subjects.values()]
}

/** Alerts that count: neither rejected nor closed with a rejected incident. */
async function loadAlerts(db: Kysely<Schema>, subject: Subject): Promise<readonly Row[]> {
  const { organisation_id, sketch_id, host, account } = subject
  let query = db
    .selectFrom('alerts')
    .selectAll()
    .where('organisation_id', '=', organisation_id)
    .where('sketch_id', sketch_id === null ? 'is' : '=', sketch_id)
    .where('host', host === null ? 'is' : '=', host)
    .where('status', '!=', 'rejected')
    .where(({ eb, or, selectFrom }) =>
      or([
        eb('status', '!=', 'closed'),
        eb('incident_id', 'is', null),
        eb('incident_id', 'not in', selectFrom('incidents').select('id').where('status', '=', 'rejected')),
      ]),
    )
    // Which alerts belong to a platform's incident is for the platform to say.
    .where(({ eb, or, selectFrom }) =>
      or([
        eb('incident_id', 'is', null),
        eb('incident_id', 'not in', selectFrom('incidents').select('id').where('source', '!=', 'detection')),
      ]),
    )
  if (host === null) query = query.where('account', '=', account)
  return await query.execute()
}

function toMember(row: Row): Member {
  return {
    id: row.id,
    firstUs: row.first_us,
    lastUs: row.last_us,
    severity: row.severity,
    rule: row.rule_uuid ?? row.title,
    tags: JSON.parse(row.tags_json) as string[],
    row,
  }
}

async function storeGroup(
  db: Kysely<Schema>,
  group: AlertGroup<Member>,
  changed: ReadonlySet<number>,
  nowMs: number,
): Promise<keyof IncidentChanges | undefined> {
  const known = await findIncidents(db, group)
  const [oldest, ...others] = known
  const columns = describeGroup(group)
  if (!oldest) {
    const { row } = group.alerts[0]!
    const { id } = await db
      .insertInto('incidents')
      .values({
        ...columns,
        ...(await nameIncident(db, row)),
        organisation_id: row.organisation_id,
        sketch_id: row.sketch_id,
        host: row.host,
        account: row.host === null ? row.account : null,
        ...REOPENED,
        assignee_id: null,
        merged_into_id: null,
        created_at_ms: nowMs,
        updated_at_ms: nowMs,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await join(db, id, group)
    await noteFindingChanges(
      db,
      undefined,
      [{ kind: 'incident', findingId: id, action: 'created', details: { alerts: group.alerts.length } }],
      nowMs,
    )
    return 'created'
  }
  const joined = group.alerts.filter(({ row }) => row.incident_id !== oldest.id)
  const isReopened = opensAgain(oldest.status)
  await db
    .updateTable('incidents')
    .set({
      ...columns,
      title: (await isChosen(db, oldest.id, 'title')) ? oldest.title : columns.title,
      severity: (await isChosen(db, oldest.id, 'severity'))
        ? oldest.severity
        : Math.max(oldest.severity, columns.severity),
      merged_into_id: null,
      updated_at_ms: nowMs,
      ...(isReopened ? REOPENED : {}),
    })
    .where('id', '=', oldest.id)
    .execute()
  await join(db, oldest.id, group)
  await noteFindingChanges(
    db,
    undefined,
    [
      {
        kind: 'incident',
        findingId: oldest.id,
        action: isReopened ? 'reopened' : 'evidence',
        details: {
          newAlerts: joined.length,
          grownAlerts: group.alerts.filter(({ id, row }) => changed.has(id) && row.incident_id === oldest.id)
            .length,
        },
      },
      ...(await mergeInto(db, oldest, others, nowMs)),
    ],
    nowMs,
  )
  return isReopened ? 'reopened' : 'updated'
}

/** Whether somebody said how severe an incident is, or gave it a title. */
async function isChosen(
  db: Kysely<Schema>,
  incidentId: number,
  what: 'severity' | 'title',
): Promise<boolean> {
  const change = await db
    .selectFrom('finding_changes')
    .select('id')
    .where('kind', '=', 'incident')
    .where('finding_id', '=', incidentId)
    .where('action', '=', what)
    .limit(1)
    .executeTakeFirst()
  return change !== undefined
}

/** Incidents of alerts that may grow, the oldest first. */
async function findIncidents(
  db: Kysely<Schema>,
  { alerts }: AlertGroup<Member>,
): Promise<readonly Selectable<IncidentRow>[]> {
  const ids = new Set(alerts.flatMap(({ row }) => (row.incident_id === null ? [] : [row.incident_id])))
  const rows: Selectable<IncidentRow>[] = []
  for (const some of chunk([...ids]))
    rows.push(...(await db.selectFrom('incidents').selectAll().where('id', 'in', some).execute()))
  const isMerged = ({ status, merged_into_id }: Selectable<IncidentRow>): boolean =>
    status === 'closed' && merged_into_id !== null
  return rows.filter((row) => row.status !== 'rejected' && !isMerged(row)).toSorted((a, b) => a.id - b.id)
}

function describeGroup({
  alerts,
  firstUs,
  lastUs,
}: AlertGroup<Member>): Pick<
  Selectable<IncidentRow>,
  'title' | 'severity' | 'risk' | 'first_us' | 'last_us'
> {
  const gravest = alerts.toSorted((a, b) => b.severity - a.severity)[0]!
  const others = new Set(alerts.map(({ rule }) => rule)).size - 1
  const { host, account } = gravest.row
  const more = others > 0 ? ` and ${others} more` : ''
  return {
    title: `${gravest.row.title}${more} on ${host ?? account}`,
    severity: gravest.severity,
    risk: scoreRisk(alerts),
    first_us: firstUs,
    last_us: lastUs,
  }
}

/**
 * Made of its first alert: found again on a new database it has the same name. One whose alert made others before, which were
 * rejected or merged, is numbered.
 */
async function nameIncident(
  db: Kysely<Schema>,
  first: Row,
): Promise<Pick<Selectable<IncidentRow>, 'uid' | 'source_key'>> {
  const name = `incident ${first.uid} ${first.id}`
  const { before } = await db
    .selectFrom('incidents')
    .select(({ fn }) => fn.countAll<number>().as('before'))
    .where(({ eb, or }) => or([eb('source_key', '=', name), eb('source_key', 'like', `${name} %`)]))
    .executeTakeFirstOrThrow()
  const key = before === 0 ? name : `${name} ${before + 1}`
  return { source_key: key, uid: createHash('sha256').update(key).digest('hex').slice(0, 32) }
}

async function join(db: Kysely<Schema>, incidentId: number, { alerts }: AlertGroup<Member>): Promise<void> {
  for (const some of chunk(alerts))
    await db
      .updateTable('alerts')
      .set({ incident_id: incidentId })
      .where(
        'id',
        'in',
        some.map(({ id }) => id),
      )
      .execute()
}

async function mergeInto(
  db: Kysely<Schema>,
  oldest: Selectable<IncidentRow>,
  others: readonly Selectable<IncidentRow>[],
  nowMs: number,
): Promise<readonly FindingNote[]> {
  for (const other of others)
    await db
      .updateTable('incidents')
      .set({
        status: 'closed',
        resolution: 'merged',
        merged_into_id: oldest.id,
        updated_at_ms: nowMs,
        closed_at_ms: nowMs,
      })
      .where('id', '=', other.id)
      .execute()
  return others.map((other) => ({
    kind: 'incident',
    findingId: other.id,
    action: 'merged',
    details: { into: oldest.uid },
  }))
}
