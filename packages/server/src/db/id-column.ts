import type { CreateTableBuilder } from 'kysely'

/**
 * Adds an integer key that counts up and is never used twice: SQLite's `autoincrement`. Databases write this differently,
 * so migrations call this and say nothing themselves.
 */
export function addIdColumn<Table extends string>(
  table: CreateTableBuilder<Table, never>,
  name: string,
): CreateTableBuilder<Table, string> {
  return table.addColumn(name, 'integer', (column) => column.primaryKey().autoIncrement())
}
