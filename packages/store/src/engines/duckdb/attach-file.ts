import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreError } from '../../store-error.ts'
import { LAYOUT_FORMAT, LAYOUT_SQL } from './layout.ts'
import { inTransaction, type SqlSession } from './sql-session.ts'

/** Quoted name an index is attached under. Index names are hex digits, so nothing needs escaping. */
export function schemaOf(index: string): string {
  return `"idx_${index}"`
}

/** Where an index has the source file of a generation. */
export function sourcePath(directory: string, index: string, generation: number): string {
  return join(directory, `${index}.${generation}.source`)
}

/**
 * Attaches an index file under its name; one that does not exist yet is made, without tables.
 *
 * @throws {StoreError} `in-use` when another process has it open; `corrupt` when it cannot be read.
 */
export async function attachFile(session: SqlSession, directory: string, index: string): Promise<void> {
  const path = join(directory, `${index}.duckdb`)
  try {
    await session.run(`ATTACH '${path.replaceAll("'", "''")}' AS ${schemaOf(index)}`)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (/could not set lock|conflicting lock|being used by another process/i.test(message)) {
      const holder = /PID (\d+)/.exec(message)?.[1]
      const who = holder === undefined ? 'another process' : `process ${holder}`
      throw new StoreError('in-use', `cannot open ${path}: ${who} has it open`, { cause: error })
    }
    throw new StoreError('corrupt', `cannot open ${path}: ${message}`, { cause: error })
  }
}

/** Makes the tables of an index that was just made; does nothing in others. */
export async function completeLayout(session: SqlSession, index: string): Promise<void> {
  const schema = schemaOf(index)
  const tables = await session.rows(`SELECT count(*)::INTEGER FROM duckdb_tables() WHERE database_name = ?`, [
    schema.slice(1, -1),
  ])
  if (tables[0]?.[0] !== 0) return
  await inTransaction(session, async () => {
    for (const sql of LAYOUT_SQL) await session.run(sql.replace('CREATE TABLE ', `CREATE TABLE ${schema}.`))
    const meta = {
      format: LAYOUT_FORMAT,
      next_seq: 0,
      next_segment: 1,
      source_generation: 1,
      source_end: 0,
    }
    for (const [key, value] of Object.entries(meta)) {
      await session.run(`INSERT INTO ${schema}.meta VALUES (?, ?)`, [key, String(value)])
    }
  })
}

/** Deletes the source files of all generations but one. */
export async function removeOtherSources(
  directory: string,
  index: string,
  generation: number,
): Promise<void> {
  const kept = `${index}.${generation}.source`
  for (const name of await readdir(directory)) {
    if (name.startsWith(`${index}.`) && name.endsWith('.source') && name !== kept) {
      await rm(join(directory, name), { force: true })
    }
  }
}
