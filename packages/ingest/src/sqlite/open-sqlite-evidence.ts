import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { ArchiveLimitError, MAX_SPOOLED_BYTES } from '../containers/archive-limits.ts'
import { type ByteSource, readChunks } from '../containers/byte-source.ts'
import type { EvidencePlace } from '../pipeline/evidence-plan.ts'
import { checkSchemaTree } from './check-schema-tree.ts'
import { MAX_SQLITE_VALUE_BYTES, SQLITE_CACHE_KIB } from './limits.ts'
import { prepareJournals } from './prepare-journals.ts'
import { PAGE_COUNT_OFFSET, readSqliteSize, SQLITE_HEADER_BYTES } from './sqlite-header.ts'

/** An SQLite database that is read as evidence. Disposing of it closes it and removes the copy, where there is one. */
export interface SqliteEvidence extends AsyncDisposable {
  /** Only reads; follows nothing that the database's own schema could do. */
  readonly database: DatabaseSync
  /** The file itself or a copy of it with its journals applied: others may open it with `openImmutable`. */
  readonly path: string
  /** Sentences about what was done to read it. */
  readonly remarks: readonly string[]
  /** Those of them that tell of something lost beside the database; what is lost in it fails when it is read. */
  readonly losses: readonly string[]
}

/** How a database is opened; all may be left out. */
export interface SqliteOptions {
  /** Read a file that is on the disk where it stands, when nothing stands beside it: for large files that nobody writes. @default false */
  readonly inPlace?: boolean
  /** Folder for the copy. @default the system's for temporary files */
  readonly spoolDirectory?: string
  /** The longest value, in bytes. @default MAX_SQLITE_VALUE_BYTES */
  readonly maxValueBytes?: number
}

/**
 * Opens an SQLite file as evidence: nothing is written to it, nothing waits for its locks, and what stands beside it
 * (`-wal`, `-journal`) is taken in, in a copy.
 *
 * A file that ends before the end its header tells of is opened all the same; rows in the part that is missing fail when they are read.
 *
 * @param source - The file's bytes, from the first one; untouched where it is read in place.
 * @throws {ArchiveLimitError} When the copy would be more than `MAX_SPOOLED_BYTES`.
 * @throws {SchemaTreeError} When its schema could be read without end.
 * @throws {Error} Of `node:sqlite`, when it is no database.
 */
export async function openSqliteEvidence(
  name: string,
  source: ByteSource,
  place: EvidencePlace,
  options: SqliteOptions = {},
): Promise<SqliteEvidence> {
  const { maxValueBytes } = options
  const { filePath } = place
  if (options.inPlace && filePath !== undefined && (await isWholeAndAlone(filePath, place))) {
    const database = openImmutable(filePath, maxValueBytes)
    return {
      database,
      path: filePath,
      remarks: [],
      losses: [],
      [Symbol.asyncDispose]: async () => closeOnce(database),
    }
  }
  const folder = await mkdtemp(join(options.spoolDirectory ?? tmpdir(), 'timeskein-'))
  try {
    const path = join(folder, randomUUID())
    const remarks: string[] = []
    await copySource(source, path, name)
    const remark = await mendPageCount(path)
    if (remark !== undefined) remarks.push(remark)
    const journals = await prepareJournals(path, place, (from, to) => copySource(from, to, name))
    remarks.push(...journals.remarks)
    const database = openImmutable(path, maxValueBytes)
    return {
      database,
      path,
      remarks,
      losses: journals.losses,
      [Symbol.asyncDispose]: async () => {
        closeOnce(database)
        await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/**
 * Opens a database that nobody writes, in any thread: it is never locked and never changed.
 *
 * @param maxValueBytes - A longer value makes its row fail. @default MAX_SQLITE_VALUE_BYTES
 * @throws {SchemaTreeError} When its schema could be read without end.
 */
export function openImmutable(path: string, maxValueBytes: number = MAX_SQLITE_VALUE_BYTES): DatabaseSync {
  checkSchemaTree(path)
  const url = pathToFileURL(path)
  url.searchParams.set('immutable', '1')
  const database = new DatabaseSync(url, {
    readOnly: true,
    limits: { length: maxValueBytes },
    // Else the next line does nothing; what it would allow to be written cannot be written here.
    defensive: false,
  })
  try {
    // With it, tables of a file that was cut off are read though the first page of another table is missing.
    database.exec('PRAGMA writable_schema = ON')
    database.exec(
      `PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -${SQLITE_CACHE_KIB}`,
    )
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function closeOnce(database: DatabaseSync): void {
  if (database.isOpen) database.close()
}

async function isWholeAndAlone(path: string, place: EvidencePlace): Promise<boolean> {
  for (const suffix of ['-wal', '-journal']) {
    const beside = await place.openBeside?.(suffix)
    if (beside === undefined) continue
    await beside[Symbol.asyncDispose]()
    return false
  }
  await using file = await open(path, 'r')
  return (await countMissingPages(file)) === undefined
}

/** Pages that the file has, where the header tells of more. */
async function countMissingPages(file: FileHandle): Promise<{ told: number; found: number } | undefined> {
  const header = Buffer.alloc(SQLITE_HEADER_BYTES)
  await file.read(header, 0, header.length, 0)
  const size = readSqliteSize(header)
  if (size?.pages === undefined) return undefined
  const found = Math.floor((await file.stat()).size / size.pageBytes)
  return found < size.pages ? { told: size.pages, found } : undefined
}

/** SQLite refuses a file of fewer pages than its header tells of: the copy's header is made to tell what is there. */
async function mendPageCount(path: string): Promise<string | undefined> {
  await using file = await open(path, 'r+')
  const missing = await countMissingPages(file)
  if (missing === undefined) return undefined
  const count = Buffer.alloc(4)
  count.writeUInt32BE(missing.found)
  await file.write(count, 0, 4, PAGE_COUNT_OFFSET)
  return `The database is cut off: its header tells of ${missing.told} pages, found ${missing.found}; rows in those that are missing are lost.`
}

async function copySource(source: ByteSource, path: string, name: string): Promise<number> {
  await using file = await open(path, 'wx', 0o600)
  let sizeBytes = 0
  for await (const chunk of readChunks(source, 1 << 20)) {
    sizeBytes += chunk.length
    if (sizeBytes > MAX_SPOOLED_BYTES) {
      const detail = `expected at most ${MAX_SPOOLED_BYTES} bytes, found more`
      throw new ArchiveLimitError(name, 'MAX_SPOOLED_BYTES', detail)
    }
    // Unlike `write`, this goes on after a short write.
    await file.appendFile(chunk)
  }
  return sizeBytes
}
