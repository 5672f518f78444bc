import { Buffer } from 'node:buffer'
import { open, rm } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import type { ByteSource } from '../containers/byte-source.ts'
import type { EvidencePlace } from '../pipeline/evidence-plan.ts'

/** What ends a rollback journal that belongs to a transaction over several files (sqlite.org, "Atomic Commit", section 5.5). */
const SUPER_JOURNAL_MAGIC = Buffer.from('d9d505f920a163d7', 'hex')

/**
 * Takes what stands beside a database into a copy of it: committed pages of a write-ahead log, and the rollback of a transaction
 * that was under way.
 *
 * @param path - The copy; afterwards one file without journals.
 * @param copy - Copies bytes to a new file and tells how many there were.
 * @returns Sentences about what was done.
 */
export async function prepareJournals(
  path: string,
  place: EvidencePlace,
  copy: (source: ByteSource, path: string) => Promise<number>,
): Promise<readonly string[]> {
  const found: string[] = []
  for (const suffix of ['-wal', '-journal']) {
    const beside = await place.openBeside?.(suffix)
    if (beside === undefined) continue
    await using source = beside
    if ((await copy(source, path + suffix)) > 0) found.push(suffix)
  }
  if (found.includes('-journal')) await forgetSuperJournal(`${path}-journal`)
  if (found.length === 0) return []
  const remarks: string[] = []
  try {
    const pages = applyJournals(path)
    if (pages > 0)
      remarks.push(`${pages} pages of the write-ahead log beside the database (-wal) were taken in.`)
    if (found.includes('-journal'))
      remarks.push(
        'A rollback journal (-journal) stood beside the database and was applied where it was due.',
      )
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    remarks.push(`What stands beside the database (${found.join(', ')}) could not be taken in: ${problem}.`)
  }
  for (const suffix of ['-wal', '-shm', '-journal']) await rm(path + suffix, { force: true })
  return remarks
}

/** @returns Pages that came from the write-ahead log. */
function applyJournals(path: string): number {
  const database = new DatabaseSync(path)
  try {
    database.exec('PRAGMA trusted_schema = OFF')
    const result = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
    // With TRUNCATE the log is empty afterwards, so its pages are counted by a passive checkpoint before.
    const passive = database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()
    result.get()
    return Math.max(0, Number(passive?.['checkpointed'] ?? 0))
  } finally {
    database.close()
  }
}

/** SQLite deletes the file that a journal of several databases names: a journal that was made to harm names any file. */
async function forgetSuperJournal(path: string): Promise<void> {
  await using file = await open(path, 'r+')
  const { size } = await file.stat()
  if (size < SUPER_JOURNAL_MAGIC.length) return
  const end = Buffer.alloc(SUPER_JOURNAL_MAGIC.length)
  const at = size - end.length
  await file.read(end, 0, end.length, at)
  if (end.equals(SUPER_JOURNAL_MAGIC)) await file.write(Buffer.alloc(end.length), 0, end.length, at)
}
