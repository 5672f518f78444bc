import { rm } from 'node:fs/promises'
import type { PackedSources } from '../../value-reading.ts'
import { attachFile, completeLayout, removeOtherSources, schemaOf, sourcePath } from './attach-file.ts'
import type { ByteCache } from './byte-cache.ts'
import type { Database } from './database.ts'
import type { IndexHandle, SegmentTimes, SourceRun, SqlChunk, SqlValue } from './index-handle.ts'
import { loadBlockPlaces } from './load-block-places.ts'
import { loadMarks, loadNewMarks } from './marks/load-marks.ts'
import { MarkGroups } from './marks/mark-groups.ts'
import type { MarkList } from './marks/mark-list.ts'
import { type NewMark, writeMarks } from './marks/write-marks.ts'
import { SegmentReader } from './segment-reader.ts'
import { loadSnapshot, type SegmentPlace, type SegmentReads, type StoredSnapshot } from './snapshot.ts'
import type { UnpackedBlock } from './sources/block-codec.ts'
import { unpackHashes } from './sources/segment-data.ts'
import { SourceFile } from './sources/source-file.ts'
import { SourceReader } from './sources/source-reader.ts'
import { type OpenTerms, termsAt } from './sources/term-reader.ts'
import { inTransaction } from './sql-session.ts'
import { TaskQueue } from './task-queue.ts'

/** Caches that all indexes of a store share. */
export interface StoreCaches {
  readonly blocks: ByteCache<string, UnpackedBlock>
  readonly times: ByteCache<string, SegmentTimes>
  readonly terms: ByteCache<string, OpenTerms>
}

/** What attaching found. */
interface OpenedIndex {
  readonly reads: SegmentReads
  readonly snapshot: StoredSnapshot
  readonly sourceFile: SourceFile
}

/**
 * One attached index file with its source file.
 *
 * Two queues keep writers apart: `importQueue` those that change events (imports, drops, merging of segments), an inner
 * one those that write marks. The two kinds touch different tables, so marks need not wait for a long import.
 */
export class IndexFile implements IndexHandle {
  readonly index: string
  readonly schema: string
  readonly importQueue: TaskQueue = new TaskQueue()
  readonly sources: SourceReader
  readonly #database: Database
  readonly #directory: string
  readonly #caches: StoreCaches
  readonly #reads: SegmentReads
  readonly #markQueue = new TaskQueue()
  readonly #newMarks = new MarkGroups((marks) => this.#writeMarks(marks))
  readonly #refreshQueue = new TaskQueue()
  #snapshot: StoredSnapshot
  /** A commit was not followed by a snapshot of what it made. */
  #isStale = false
  /** By generation: the one that the snapshot names, and while events are moved to a newer one that one too. */
  readonly #sourceFiles: Map<number, SourceFile>

  private constructor(
    database: Database,
    directory: string,
    index: string,
    caches: StoreCaches,
    { reads, snapshot, sourceFile }: OpenedIndex,
  ) {
    this.#database = database
    this.#directory = directory
    this.index = index
    this.schema = schemaOf(index)
    this.#caches = caches
    this.#reads = reads
    this.#snapshot = snapshot
    this.#sourceFiles = new Map([[snapshot.sourceGeneration, sourceFile]])
    this.sources = new SourceReader(() => ({
      index,
      fileOf: (generation) => this.#sourceFiles.get(generation),
      cache: caches.blocks,
      segments: this.#snapshot.segments,
      loadBlockPlaces: (segments) =>
        database.withSession((session) => loadBlockPlaces(session, this.schema, segments)),
    }))
  }

  /**
   * Attaches an index file; makes it when there is none.
   *
   * @throws {StoreError} `in-use` when another process has it open; `corrupt` or `wrong-format` when it is no index of ours.
   */
  static async attach(
    database: Database,
    directory: string,
    index: string,
    caches: StoreCaches,
  ): Promise<IndexFile> {
    const schema = schemaOf(index)
    await database.withSession((session) => attachFile(session, directory, index))
    try {
      let file: IndexFile | undefined
      const reads = new SegmentReader(index, caches, () => ({
        fileOf: (generation) => (file ? file.#sourceFiles.get(generation) : undefined),
        segments: file?.snapshot.segments ?? [],
      }))
      const { snapshot, sourceEnd } = await database.withSession(async (session) => {
        await completeLayout(session, index)
        const end = await session.rows(`SELECT value FROM ${schema}.meta WHERE key = 'source_end'`)
        return {
          snapshot: await loadSnapshot(session, schema, reads),
          sourceEnd: Number(end[0]?.[0]),
        }
      })
      const sourceFile = await SourceFile.open(
        sourcePath(directory, index, snapshot.sourceGeneration),
        sourceEnd,
      )
      // Only once the one that counts is known to be whole: a backup may have been put back in part.
      await removeOtherSources(directory, index, snapshot.sourceGeneration)
      file = new IndexFile(database, directory, index, caches, { reads, snapshot, sourceFile })
      return file
    } catch (error) {
      await database.withSession((session) => session.run(`DETACH ${schema}`))
      throw error
    }
  }

  get snapshot(): StoredSnapshot {
    return this.#snapshot
  }

  get database(): Database {
    return this.#database
  }

  get sourceFile(): SourceFile {
    return this.#sourceFiles.get(this.#snapshot.sourceGeneration)!
  }

  async *query(
    sql: string,
    parameters: readonly SqlValue[] = [],
    signal?: AbortSignal,
  ): AsyncGenerator<SqlChunk, void, undefined> {
    const session = await this.#database.take()
    try {
      yield* session.query(sql, parameters, signal)
    } finally {
      this.#database.giveBack(session)
    }
  }

  readSources(seqs: ArrayLike<number>, signal?: AbortSignal): Promise<readonly string[]> {
    return this.sources.readSources(seqs, signal)
  }

  packedSources(seqs: Uint32Array, signal?: AbortSignal): AsyncIterable<PackedSources> {
    return this.sources.readPacked(seqs, signal)
  }

  scanSources(seqStart: number, seqEnd: number, signal?: AbortSignal): AsyncIterable<SourceRun> {
    return this.sources.scanSources(seqStart, seqEnd, signal)
  }

  /** A segment's packed terms and the numbers of their fields; for writers, whose turn it is. */
  async readTerms({ sizes, ...place }: SegmentPlace): Promise<{ fieldIds: Uint32Array; packed: Buffer }> {
    const packed = await this.sourceFile.read(
      termsAt({ sizes, ...place }) - sizes.fieldIds,
      sizes.fieldIds + sizes.terms,
    )
    return {
      fieldIds: new Uint32Array(new Uint8Array(packed.subarray(0, sizes.fieldIds)).buffer),
      packed: packed.subarray(sizes.fieldIds),
    }
  }

  /** Hashes of a segment's rows; for writers, whose turn it is. */
  async readHashes({ dataAt, sizes }: SegmentPlace): Promise<BigUint64Array> {
    const frame = await this.sourceFile.read(dataAt + sizes.times + sizes.nanos + sizes.order, sizes.hashes)
    return unpackHashes(frame)
  }

  write<T>(
    work: (run: (sql: string, parameters?: readonly SqlValue[]) => Promise<void>) => Promise<T>,
  ): Promise<T> {
    return this.#markQueue.run(() =>
      this.#database.withSession(async (session) => {
        const result = await inTransaction(session, () =>
          work((sql, parameters) => session.run(sql, parameters)),
        )
        await this.#refreshMarks((known) => loadMarks(session, this.schema, known))
        return result
      }),
    )
  }

  addMarks(marks: readonly NewMark[]): Promise<void> {
    return this.#newMarks.add(marks)
  }

  #writeMarks(marks: readonly NewMark[]): Promise<void> {
    return this.#markQueue.run(() =>
      this.#database.withSession(async (session) => {
        await writeMarks(session, this.schema, marks)
        await this.#refreshMarks((known) => loadNewMarks(session, this.schema, known))
      }),
    )
  }

  async #refreshMarks(load: (known: MarkList) => Promise<MarkList>): Promise<void> {
    await this.#refreshQueue.run(async () => {
      try {
        const marks = await load(this.#snapshot.marks)
        this.#snapshot = { ...this.#snapshot, marks }
      } catch (error) {
        // What was committed stands: whoever uses the index next reads all of it anew.
        this.#isStale = true
        throw error
      }
    })
  }

  /**
   * Replaces the snapshot after a commit. When that fails the commit stands all the same, so this does not throw: the next use
   * of the index reads the snapshot anew, or says why it cannot.
   */
  async refreshAfterCommit(): Promise<void> {
    this.#isStale = true
    await this.refresh().catch(() => {
      // `#isStale` stays set: whoever uses the index next hears of it.
    })
  }

  /** Replaces a snapshot that is known to be out of date. */
  async refreshIfStale(): Promise<void> {
    if (this.#isStale) await this.refresh()
  }

  /** Replaces the snapshot by what the file says now. */
  async refresh(): Promise<void> {
    await this.#refreshQueue.run(() =>
      this.#database.withSession(async (session) => {
        this.#snapshot = await loadSnapshot(session, this.schema, this.#reads, this.#snapshot)
      }),
    )
    this.#isStale = false
  }

  /**
   * Cuts off what a transaction that did not commit has added to the source file.
   *
   * @throws {StoreError} `gave-up` when the engine has failed: what it committed is known only when it is opened anew, and until
   *   then no source file may be shortened or deleted.
   */
  async discardUncommitted(): Promise<void> {
    if (this.#database.failure) throw this.#database.failure
    await this.sourceFile.rollback()
  }

  /** Makes the source file of the next generation, empty. Readers find it from now on; `dropSourceFile` ends the old one. */
  async addSourceFile(): Promise<{ file: SourceFile; generation: number }> {
    const generation = this.#snapshot.sourceGeneration + 1
    const path = sourcePath(this.#directory, this.index, generation)
    await rm(path, { force: true })
    const file = await SourceFile.open(path, 0)
    this.#sourceFiles.set(generation, file)
    return { file, generation }
  }

  /**
   * Deletes a source file that the snapshot does not name; reads from it that are under way go on to their end. Does nothing
   * when the engine has failed: whoever opens the index next finds out which file counts.
   */
  async dropSourceFile(generation: number): Promise<void> {
    const file = this.#sourceFiles.get(generation)
    if (!file || this.#database.failure) return
    this.#sourceFiles.delete(generation)
    await rm(file.path, { force: true })
    await file.close()
  }

  /** Waits for writers, then detaches the file. */
  async detach(): Promise<void> {
    await this.importQueue.drain()
    await this.#markQueue.drain()
    await this.#refreshQueue.drain()
    try {
      await this.#database.withSession((session) => session.run(`DETACH ${this.schema}`))
    } finally {
      await this.abandon()
    }
  }

  /** Closes what is this file's own; for when the engine that it is attached to is no more. */
  async abandon(): Promise<void> {
    for (const file of this.#sourceFiles.values()) await file.close()
    const prefix = `${this.index}/`
    this.#caches.blocks.deleteWhere((key) => key.startsWith(prefix))
    this.#caches.times.deleteWhere((key) => key.startsWith(prefix))
    this.#caches.terms.deleteWhere((key) => key.startsWith(prefix))
  }
}
