import type { EventBatch, ImportProfile } from '@timeskein/model'
import type { ImportTarget, ImportTransaction } from '../../../event-store.ts'
import { prepareSegment } from '../../../prepare-segment.ts'
import type { PreparedSegment } from '../../../prepared-segment.ts'
import { StoreError } from '../../../store-error.ts'
import type { IndexLease } from '../index-files.ts'
import { LAYOUT_FORMAT } from '../layout.ts'
import type { SqlSession } from '../sql-session.ts'
import { TaskQueue } from '../task-queue.ts'
import { FieldRegistry } from './field-registry.ts'
import { KnownRows } from './known-rows.ts'
import { writeSegment } from './segment-writer.ts'
import { selectRows } from './select-rows.ts'

/** Row numbers are 32-bit in row sets and postings. */
const MAX_SEQ = 2 ** 32 - 1
/** Rows that make an import worth changing DuckDB's threads and memory for. */
const LARGE_IMPORT_ROWS = 4096
/** … or so much source text: rows with hundreds of fields are few. */
const LARGE_IMPORT_BYTES: number = 2 * 1024 * 1024

/**
 * Opens an import into a leased index when its turn comes; the lease is disposed of at the end of the import.
 *
 * @param onCommitted - Called after a commit, when the next import may begin.
 * @throws {StoreError} When the index cannot be written.
 */
export async function beginImport(
  lease: IndexLease,
  target: ImportTarget,
  onCommitted: () => void = () => {},
): Promise<ImportTransaction> {
  const release = await lease.file.importQueue.take()
  try {
    await lease.file.refreshIfStale()
    await lease.file.discardUncommitted()
    const session = await lease.file.database.take()
    try {
      await session.run('BEGIN TRANSACTION')
      return new DuckDbImport(lease, target, session, release, onCommitted)
    } catch (error) {
      session.close()
      throw error
    }
  } catch (error) {
    release()
    throw error
  }
}

/** One import: a DuckDB transaction, what was added to the source file since it began, and a turn in the index's queue. */
class DuckDbImport implements ImportTransaction {
  readonly #lease: IndexLease
  #target: ImportTarget
  readonly #session: SqlSession
  readonly #release: () => void
  readonly #onCommitted: () => void
  readonly #fields: FieldRegistry
  readonly #steps = new TaskQueue()
  #known: KnownRows | undefined
  /** Rows were matched with known ones: for another import these are to be had again. */
  #hasMatched = false
  #nextSeq: number
  #nextSegment: number
  #failure: unknown
  /** Of the batches so far, which may be small and many. */
  #rows = 0
  #bytes = 0
  #ended = false

  constructor(
    lease: IndexLease,
    target: ImportTarget,
    session: SqlSession,
    release: () => void,
    onCommitted: () => void,
  ) {
    this.#onCommitted = onCommitted
    this.#lease = lease
    this.#target = target
    this.#session = session
    this.#release = release
    const { snapshot } = lease.file
    this.#fields = new FieldRegistry(snapshot.fields)
    this.#nextSeq = snapshot.nextSeq
    this.#nextSegment = snapshot.nextSegment
  }

  get nextSeq(): number {
    return this.#nextSeq
  }

  append(batch: EventBatch, prepared?: PreparedSegment): Promise<{ stored: number; duplicates: number }> {
    return this.#steps.run(async () => {
      this.#checkOpen()
      try {
        return await this.#append(batch, prepared)
      } catch (error) {
        // DuckDB has given the transaction up by now: nothing but a rollback can follow.
        this.#failure = error
        throw error
      }
    })
  }

  nextImport(importId: string, profile: ImportProfile): Promise<void> {
    return this.#steps.run(async () => {
      this.#checkOpen()
      try {
        await this.#writeImport()
      } catch (error) {
        this.#failure = error
        throw error
      }
      const { profile: before, tellApartBy = [] } = this.#target
      this.#target = { ...this.#target, importId, profile }
      const isApart = tellApartBy.some((name) => before.constants[name] !== profile.constants[name])
      if (this.#hasMatched || isApart) this.#known = undefined
      this.#hasMatched = false
    })
  }

  commit(): Promise<void> {
    return this.#steps.run(async () => {
      this.#checkOpen()
      const { file } = this.#lease
      try {
        await this.#writeImport()
        await this.#writeMeta()
        await file.sourceFile.sync()
        await file.database.enterCommit(this)
        await this.#commitTables()
        file.sourceFile.markCommitted()
      } catch (error) {
        await this.#end(true)
        throw error
      }
      try {
        await file.refreshAfterCommit()
      } finally {
        await this.#end(false)
      }
      this.#onCommitted()
    })
  }

  rollback(): Promise<void> {
    return this.#steps.run(async () => {
      if (!this.#ended) await this.#end(true)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rollback()
  }

  async #append(
    given: EventBatch,
    givenPrepared: PreparedSegment | undefined,
  ): Promise<{ stored: number; duplicates: number }> {
    if (given.rowCount === 0) return { stored: 0, duplicates: 0 }
    let batch = given
    let prepared = givenPrepared ?? prepareSegment(batch)
    if (this.#target.skipKnownRows) {
      this.#known ??= await KnownRows.load(this.#lease.file, this.#target)
      const kept = await this.#known.findNewRows(batch, prepared.hashes)
      if (kept.length < given.rowCount) this.#hasMatched = true
      if (kept.length === 0) return { stored: 0, duplicates: given.rowCount }
      if (kept.length < given.rowCount) {
        batch = selectRows(batch, kept)
        prepared = prepareSegment(batch)
      }
    }
    if (this.#nextSeq + batch.rowCount > MAX_SEQ) {
      throw new StoreError(
        'bad-batch',
        `index ${this.#target.index} can hold ${MAX_SEQ} rows; it has ${this.#nextSeq}`,
      )
    }
    const { file } = this.#lease
    this.#rows += batch.rowCount
    this.#bytes += batch.source.offsets[batch.rowCount]!
    const isLarge = this.#rows >= LARGE_IMPORT_ROWS || this.#bytes >= LARGE_IMPORT_BYTES
    await writeSegment(
      {
        session: this.#session,
        feed: file.database.feed,
        schema: file.schema,
        file: file.sourceFile,
        fields: this.#fields,
        segmentId: this.#nextSegment,
        firstSeq: this.#nextSeq,
        rowsBefore: this.#nextSeq - file.snapshot.nextSeq,
        timelineId: this.#target.timelineId,
        importId: this.#target.importId,
        onColumns: async (columns) => {
          if (isLarge) await file.database.enterImport(this, columns)
        },
      },
      batch,
      prepared,
    )
    this.#nextSegment++
    this.#nextSeq += batch.rowCount
    return { stored: batch.rowCount, duplicates: given.rowCount - batch.rowCount }
  }

  async #writeImport(): Promise<void> {
    const { file } = this.#lease
    const { importId, timelineId, profile } = this.#target
    const session = this.#session
    if (!file.snapshot.imports.has(importId)) {
      await session.run(`INSERT INTO ${file.schema}.imports VALUES (?, ?, ?)`, [
        importId,
        timelineId,
        JSON.stringify(profile),
      ])
    }
  }

  async #writeMeta(): Promise<void> {
    const { file } = this.#lease
    const session = this.#session
    const meta = {
      format: LAYOUT_FORMAT,
      next_seq: this.#nextSeq,
      next_segment: this.#nextSegment,
      source_end: file.sourceFile.end,
    }
    for (const [key, value] of Object.entries(meta)) {
      await session.run(`UPDATE ${file.schema}.meta SET value = ? WHERE key = ?`, [String(value), key])
    }
  }

  // DuckDB may fail after the commit has become durable (at a checkpoint): what the file says then counts.
  async #commitTables(): Promise<void> {
    const { file } = this.#lease
    try {
      await this.#session.run('COMMIT')
    } catch (error) {
      if (file.database.failure) throw error
      const rows = await file.database.withSession(
        async (session) =>
          await session.rows(`SELECT value FROM ${file.schema}.meta WHERE key = 'next_segment'`),
      )
      if (Number(rows[0]?.[0]) !== this.#nextSegment) throw error
    }
  }

  async #end(undo: boolean): Promise<void> {
    this.#ended = true
    this.#known = undefined
    const { file } = this.#lease
    try {
      if (undo) {
        await this.#session.run('ROLLBACK').catch(() => {
          // A COMMIT that failed has ended the transaction already.
        })
        if (!file.database.failure) await file.discardUncommitted()
      }
    } finally {
      file.database.giveBack(this.#session)
      file.database.leaveImport(this)
      this.#release()
      this.#lease[Symbol.dispose]()
    }
  }

  #checkOpen(): void {
    const { index } = this.#target
    if (this.#ended)
      throw new StoreError('import-ended', `the import into ${index} has ended: nothing can be added to it`)
    if (this.#failure !== undefined) {
      throw new StoreError(
        'import-ended',
        `the import into ${index} has failed and can only be rolled back`,
        {
          cause: this.#failure,
        },
      )
    }
  }
}
