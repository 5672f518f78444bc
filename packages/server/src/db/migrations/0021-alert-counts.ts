import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema.ts'

const DAY_MS = 86_400_000

/** Version 21: how many alerts each day has, kept by triggers, and indexes that answer what lists of alerts and devices ask for. */
export async function createAlertCounts(db: Kysely<Schema>): Promise<void> {
  await countAlertsByDay(db)
  await indexAlerts(db)
  await indexDevices(db)
}

async function countAlertsByDay(db: Kysely<Schema>): Promise<void> {
  await sql`create table alert_counts (
    day integer not null, sketch_id integer, organisation_id integer not null,
    severity integer not null, status text not null, alerts integer not null)`.execute(db)
  const key = sql.raw('day, coalesce(sketch_id, 0), organisation_id, severity, status')
  await sql`create unique index alert_counts_key on alert_counts (${key})`.execute(db)
  await sql`insert into alert_counts
    select ${dayOf('alerts')}, sketch_id, organisation_id, severity, status, count(*)
    from alerts group by 1, 2, 3, 4, 5`.execute(db)
  const values = (row: string): ReturnType<typeof sql> =>
    sql.raw(
      ['sketch_id', 'organisation_id', 'severity', 'status'].map((column) => `${row}.${column}`).join(', '),
    )
  const add = sql`insert into alert_counts values (${dayOf('new')}, ${values('new')}, 1)
    on conflict (${key}) do update set alerts = alerts + 1;`
  const isOld = sql`day = ${dayOf('old')} and coalesce(sketch_id, 0) = coalesce(old.sketch_id, 0)
    and organisation_id = old.organisation_id and severity = old.severity and status = old.status`
  const take = sql`update alert_counts set alerts = alerts - 1 where ${isOld};
    delete from alert_counts where ${isOld} and alerts = 0;`
  await sql`create trigger alerts_counted after insert on alerts begin ${add} end`.execute(db)
  await sql`create trigger alerts_uncounted after delete on alerts begin ${take} end`.execute(db)
  await sql`create trigger alerts_recounted
    after update of created_at_ms, sketch_id, organisation_id, severity, status on alerts
    begin ${take} ${add} end`.execute(db)
}

/** Whole days since 1970; division of integers would round towards 1970. */
function dayOf(row: string): ReturnType<typeof sql> {
  const ms = `${row}.created_at_ms`
  return sql.raw(`(${ms} - ((${ms} % ${DAY_MS}) + ${DAY_MS}) % ${DAY_MS}) / ${DAY_MS}`)
}

/** Those of an order have all that filters ask for, so that what does not answer is passed over in the index alone. */
async function indexAlerts(db: Kysely<Schema>): Promise<void> {
  const asked = sql.raw('sketch_id, organisation_id, severity, status')
  for (const name of [
    'alerts_by_creation',
    'alerts_by_time',
    'alerts_by_update',
    'alerts_by_rule',
    'alerts_by_rule_creation',
    'alerts_by_incident',
    'alerts_by_target',
    'alerts_by_device',
  ])
    await db.schema.dropIndex(name).execute()
  await sql`create index alerts_by_time on alerts (last_us, id, ${asked})`.execute(db)
  await sql`create index alerts_by_update on alerts (updated_at_ms, id, ${asked})`.execute(db)
  await sql`create index alerts_by_creation on alerts (created_at_ms, id, ${asked})`.execute(db)
  // Most alerts have none of these, or not all.
  await sql`create index alerts_by_rule on alerts (rule_uuid, created_at_ms, id, ${asked})
    where rule_uuid is not null`.execute(db)
  await sql`create index alerts_by_incident on alerts (incident_id, first_us)
    where incident_id is not null`.execute(db)
  await sql`create index alerts_by_target on alerts (target_id, created_at_ms, id)
    where target_id is not null`.execute(db)
  await sql`create index alerts_by_device on alerts (device_id, created_at_ms, id)
    where device_id is not null`.execute(db)
}

async function indexDevices(db: Kysely<Schema>): Promise<void> {
  await sql`alter table devices add column is_online integer not null default 0`.execute(db)
  await sql`update devices set is_online = 1
    where instr(details_json, '"online":true') > 0 or instr(details_json, '"status":"online"') > 0`.execute(
    db,
  )
  await sql`create index devices_by_connection on devices (is_online, id)`.execute(db)
  // All that a look at who is there asks for, in the order of lists.
  await sql`create index devices_by_presence on devices (
    id, is_online, organisation_id, source, removed_at_ms, created_at_ms)`.execute(db)
  await sql`create index device_names_by_sketch on device_names (platform, sketch_id)`.execute(db)
  await sql`create index devices_by_sighting on device_sketches (device_id, sketch_id, last_us)`.execute(db)
}
