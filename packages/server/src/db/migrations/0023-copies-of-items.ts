import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema.ts'

/** Version 23: which alerts and incidents are of an item that other sketches have too, noted as they come. */
export async function noteCopiesOfItems(db: Kysely<Schema>): Promise<void> {
  for (const name of ['alerts', 'incidents'] as const) {
    const table = sql.table(name)
    await db.schema
      .alterTable(name)
      .addColumn('has_copies', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    // Keys of items end with the sketch: what stands before it is the item's.
    const item = (row: string): ReturnType<typeof sql> => sql.raw(`rtrim(${row}.source_key, '0123456789]')`)
    const isOfPlatform = (row: string): ReturnType<typeof sql> =>
      sql.raw(
        `${row}.source <> 'detection' and substr(${row}.source_key, 1, length(${row}.source) + 3) = '["' || ${row}.source || '"'`,
      )
    await sql`update ${table} set has_copies = 1 where ${isOfPlatform(name)} and exists (
      select 1 from ${table} as other where other.id <> ${sql.ref(`${name}.id`)}
      and other.source_key > ${item(name)} and other.source_key < ${item(name)} || ':')`.execute(db)
    const others = sql`source_key > ${item('new')} and source_key < ${item('new')} || ':'`
    await sql`create trigger ${sql.ref(`${name}_copied`)} after insert on ${table}
      when ${isOfPlatform('new')} and exists (select 1 from ${table} where ${others} and id <> new.id)
      begin update ${table} set has_copies = 1 where ${others}; end`.execute(db)
    await sql`create index ${sql.ref(`${name}_with_copies`)} on ${table} (created_at_ms, id)
      where has_copies = 1`.execute(db)
  }
}
