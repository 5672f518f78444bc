import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Schema } from '../schema.ts'

const DAY_MS = 86_400_000

/**
 * Version 28: of which items another copy changed later, kept by triggers, and how many alerts of a day these are: lists that tell
 * items once pass them over without a look at the other copies.
 */
export async function noteLaterCopies(db: Kysely<Schema>): Promise<void> {
  for (const name of ['alerts', 'incidents'] as const) {
    await db.schema
      .alterTable(name)
      .addColumn('later_copy', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    const table = sql.table(name)
    await sql`update ${table} set later_copy = ${laterCopyOf(name)} where has_copies = 1`.execute(db)
    await keepLaterCopies(db, name)
    await sql`drop index ${sql.ref(`${name}_with_copies`)}`.execute(db)
    await sql`create index ${sql.ref(`${name}_with_copies`)} on ${table} (sketch_id, organisation_id)
      where has_copies = 1`.execute(db)
    await sql`create index ${sql.ref(`${name}_with_later_copy`)} on ${table} (created_at_ms, id)
      where later_copy > 0`.execute(db)
  }
  await countEarlierCopies(db)
}

type Sql = RawBuilder<unknown>

/** Keys of items end with the sketch: what stands before it is the item's. */
function isOfItem(key: string, row: string): Sql {
  const item = `rtrim(${row}.source_key, '0123456789]')`
  return sql.raw(`${key} > ${item} and ${key} < ${item} || ':'`)
}

/** 2 where a copy of the row's organisation changed later, 1 where only those of others did; for statements that name the table. */
function laterCopyOf(name: string): Sql {
  const table = sql.table(name)
  // By their key: any other index would go through far more than the copies of one item.
  const later = sql`select 1 from ${table} as other where ${isOfItem('other.source_key', name)}
    and +other.has_copies = 1
    and (+other.updated_at_ms, other.id) > (${table}.updated_at_ms, ${table}.id)`
  return sql`case when exists (${later} and +other.organisation_id = ${table}.organisation_id) then 2
    when exists (${later}) then 1 else 0 end`
}

async function keepLaterCopies(db: Kysely<Schema>, name: 'alerts' | 'incidents'): Promise<void> {
  const table = sql.table(name)
  const copies = isOfItem('source_key', 'new')
  const isNowEarlier = sql`(+updated_at_ms, id) < (new.updated_at_ms, new.id) and has_copies = 1`
  const stand = sql`case when organisation_id = new.organisation_id then 2 else 1 end`
  const standBefore = sql`update ${table} set later_copy = ${stand}
    where ${copies} and ${isNowEarlier} and later_copy < ${stand};`
  const standItself = sql`update ${table} set later_copy = ${laterCopyOf(name)}
    where id = new.id and later_copy <> ${laterCopyOf(name)};`
  await sql`drop trigger ${sql.ref(`${name}_copied`)}`.execute(db)
  await sql`create trigger ${sql.ref(`${name}_copied`)} after insert on ${table}
    when new.source <> 'detection'
    and substr(new.source_key, 1, length(new.source) + 3) = '["' || new.source || '"'
    and exists (select 1 from ${table} where ${copies} and id <> new.id)
    begin
      update ${table} set has_copies = 1 where ${copies} and has_copies = 0;
      ${standBefore} ${standItself}
    end`.execute(db)
  await sql`create trigger ${sql.ref(`${name}_copy_changed`)} after update of updated_at_ms, organisation_id
    on ${table} when new.has_copies = 1
    and (new.updated_at_ms <> old.updated_at_ms or new.organisation_id <> old.organisation_id)
    begin
      ${standBefore} ${standItself}
      update ${table} set later_copy = ${laterCopyOf(name)}
      where (new.updated_at_ms < old.updated_at_ms or new.organisation_id <> old.organisation_id)
      and ${copies} and has_copies = 1 and later_copy <> ${laterCopyOf(name)};
    end`.execute(db)
  // Where one of its own organisation is later still, nothing changes for those before it.
  await sql`create trigger ${sql.ref(`${name}_copy_removed`)} after delete on ${table}
    when old.has_copies = 1 and old.later_copy < 2
    begin
      update ${table} set later_copy = ${laterCopyOf(name)}
      where ${isOfItem('source_key', 'old')} and later_copy > 0 and later_copy <> ${laterCopyOf(name)};
    end`.execute(db)
}

/**
 * A change of an alert and that of its standing among copies are two statements, whose triggers come in no known order: what is taken
 * away before it was added is less than none meanwhile.
 */
async function countEarlierCopies(db: Kysely<Schema>): Promise<void> {
  await sql`create table earlier_copy_counts (
    day integer not null, sketch_id integer, organisation_id integer not null,
    severity integer not null, status text not null, later_copy integer not null,
    alerts integer not null)`.execute(db)
  const others = ['organisation_id', 'severity', 'status', 'later_copy'] as const
  const key = sql.raw(`day, coalesce(sketch_id, 0), ${others.join(', ')}`)
  await sql`create unique index earlier_copy_counts_key on earlier_copy_counts (${key})`.execute(db)
  await sql`insert into earlier_copy_counts
    select ${dayOf('alerts')}, sketch_id, organisation_id, severity, status, later_copy, count(*)
    from alerts where later_copy > 0 group by 1, 2, 3, 4, 5, 6`.execute(db)
  const add = (row: 'old' | 'new', count: 1 | -1): Sql => {
    const values = sql.raw(['sketch_id', ...others].map((column) => `${row}.${column}`).join(', '))
    const isSame = sql.raw(others.map((column) => `${column} = ${row}.${column}`).join(' and '))
    return sql`insert into earlier_copy_counts
      select ${dayOf(row)}, ${values}, ${sql.lit(count)} where ${sql.ref(`${row}.later_copy`)} > 0
      on conflict (${key}) do update set alerts = alerts + ${sql.lit(count)};
      delete from earlier_copy_counts where day = ${dayOf(row)}
      and coalesce(sketch_id, 0) = coalesce(${sql.ref(`${row}.sketch_id`)}, 0) and ${isSame} and alerts = 0;`
  }
  await sql`create trigger earlier_copies_recounted
    after update of created_at_ms, sketch_id, organisation_id, severity, status, later_copy on alerts
    when old.later_copy > 0 or new.later_copy > 0
    begin ${add('old', -1)} ${add('new', 1)} end`.execute(db)
  await sql`create trigger earlier_copies_uncounted after delete on alerts when old.later_copy > 0
    begin ${add('old', -1)} end`.execute(db)
}

/** Whole days since 1970; division of integers would round towards 1970. */
function dayOf(row: string): Sql {
  const ms = `${row}.created_at_ms`
  return sql.raw(`(${ms} - ((${ms} % ${DAY_MS}) + ${DAY_MS}) % ${DAY_MS}) / ${DAY_MS}`)
}
