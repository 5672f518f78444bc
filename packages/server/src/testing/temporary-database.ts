import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { migrate } from '../db/migrate.ts'
import { type MetadataDatabase, openSqliteDatabase } from '../db/sqlite-database.ts'
import { makeTemporaryDirectory } from './temporary-system.ts'

/** A metadata database in a directory of its own that goes with it. For tests. */
export interface TemporaryDatabase extends AsyncDisposable, Pick<MetadataDatabase, 'db'> {}

export interface TemporaryDatabaseOptions {
  /** Whether rows may name only what is there. @default true */
  readonly hasForeignKeys?: boolean
}

/** Opens a database of this program's version, without any rows. */
export async function openTemporaryDatabase({
  hasForeignKeys = true,
}: TemporaryDatabaseOptions = {}): Promise<TemporaryDatabase> {
  const directory = await makeTemporaryDirectory()
  const database = openSqliteDatabase(join(directory, 'metadata.sqlite'))
  await migrate(database, directory)
  if (!hasForeignKeys) await sql`pragma foreign_keys = off`.execute(database.db)
  return {
    db: database.db,
    async [Symbol.asyncDispose]() {
      await database.close()
      await rm(directory, { recursive: true })
    },
  }
}
