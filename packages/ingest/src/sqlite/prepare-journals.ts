import { Buffer } from 'node:buffer'
import { existsSync, readFileSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { endianness } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { isOfEntry } from '../containers/archive-limits.ts'
import type { ByteSource } from '../containers/byte-source.ts'
import type { EvidencePlace } from '../pipeline/evidence-plan.ts'
import { findWalRest, type WalRest } from './wal-rest.ts'

/** What ends a rollback journal that belongs to a transaction over several files (sqlite.org, "Atomic Commit", section 5.5). */
const SUPER_JOURNAL_MAGIC = Buffer.from('d9d505f920a163d7', 'hex')

/** What was done with the journals of a database. */
export interface PreparedJournals {
  /** Sentences about what was done. */
  readonly remarks: readonly string[]
  /** Those of them that tell of something lost. */
  readonly losses: readonly string[]
}

/**
 * Takes what stands beside a database into a copy of it: committed pages of a write-ahead log, and the rollback of a transaction
 * that was under way.
 *
 * @param path - The copy; afterwards one file without journals.
 * @param copy - Copies bytes to a new file and tells how many there were.
 */
export async function prepareJournals(
  path: string,
  place: EvidencePlace,
  copy: (source: ByteSource, path: string) => Promise<number>,
): Promise<PreparedJournals> {
  const found: string[] = []
  const remarks: string[] = []
  const losses: string[] = []
  const lose = (sentence: string): void => {
    remarks.push(sentence)
    losses.push(sentence)
  }
  for (const suffix of ['-wal', '-journal']) {
    try {
      const beside = await place.openBeside?.(suffix)
      if (beside === undefined) continue
      await using source = beside
      if ((await copy(source, path + suffix)) > 0) found.push(suffix)
      if (source.truncation !== undefined)
        lose(`What stands beside the database (${suffix}) is damaged: ${source.truncation}.`)
    } catch (error) {
      if (!isOfEntry(error)) throw error
      lose(`What stands beside the database (${suffix}) could not be read: ${error.message}.`)
      await rm(path + suffix, { force: true })
    }
  }
  if (found.length === 0) return { remarks, losses }
  try {
    if (found.includes('-journal')) await forgetSuperJournal(`${path}-journal`)
    const { pages, rest } = applyJournals(path, found.includes('-wal'))
    if (pages > 0)
      remarks.push(`${pages} pages of the write-ahead log beside the database (-wal) were taken in.`)
    if (rest?.isDamaged) lose(rest.sentence)
    else if (rest) remarks.push(rest.sentence)
    if (found.includes('-journal'))
      remarks.push(
        'A rollback journal (-journal) stood beside the database and was applied where it was due.',
      )
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    lose(`What stands beside the database (${found.join(', ')}) could not be taken in: ${problem}.`)
  }
  for (const suffix of ['-wal', '-shm', '-journal']) await rm(path + suffix, { force: true })
  return { remarks, losses }
}

/**
 * Has SQLite take in what stands beside a database. Its first look at the header does so, without a look at the schema, which may be
 * made to be read without end; the last connection that closes writes the pages of a write-ahead log into the database.
 *
 * @returns Pages that came from the write-ahead log, and what it has besides.
 */
function applyJournals(path: string, hasLog: boolean): { pages: number; rest: WalRest | undefined } {
  const database = new DatabaseSync(path)
  try {
    database.prepare('PRAGMA schema_version').get()
    const pages = countLoggedPages(`${path}-shm`)
    return {
      pages,
      rest: hasLog && existsSync(`${path}-wal`) ? findWalRest(`${path}-wal`, pages) : undefined,
    }
  } finally {
    database.close()
  }
}

/** Where the index of a write-ahead log has the number of its valid frames (sqlite.org, "WAL-mode File Format", section 2.1), in the machine's byte order. */
const FRAME_COUNT_OFFSET = 16

function countLoggedPages(path: string): number {
  if (!existsSync(path)) return 0
  const header = readFileSync(path).subarray(0, FRAME_COUNT_OFFSET + 4)
  return new DataView(header.buffer, header.byteOffset).getUint32(FRAME_COUNT_OFFSET, endianness() === 'LE')
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
