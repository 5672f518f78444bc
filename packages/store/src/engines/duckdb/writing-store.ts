import { join } from 'node:path'
import type {
  ImportTarget,
  ImportTransaction,
  IndexInfo,
  StoreFinding,
  TimelineInfo,
} from '../../event-store.ts'
import { isStoreError } from '../../store-error.ts'
import { assertDistinctEventIds } from './ask/page/event-id.ts'
import { ByteCache } from './byte-cache.ts'
import { checkIndex, INDEX_REMEDY } from './check-index.ts'
import { Database } from './database.ts'
import { IndexFiles, type IndexLease } from './index-files.ts'
import { dropTimeline } from './write/drop-timeline.ts'
import { beginImport } from './write/import-transaction.ts'
import { mergeSegments } from './write/merge-segments.ts'

const BLOCK_CACHE_BYTES = 48 * 1024 * 1024
const TIMES_CACHE_BYTES = 128 * 1024 * 1024
const TERMS_CACHE_BYTES = 32 * 1024 * 1024
/**
 * For questions, and most that one large import has: with 400 wide columns, the most there are, 240 MiB were too little and 288 enough.
 */
const DEFAULT_MEMORY_BYTES = 320 * 1024 * 1024

/** Where the embedded store is and what it may use; the memory named here is beside what a question holds for itself. */
export interface DuckDbStoreOptions {
  /** Where the index files are, or will be. */
  readonly directory: string
  /** Threads of DuckDB. @default 2 */
  readonly threads?: number
  /** Memory that DuckDB may use before it writes to temporary files; large imports have less, by their columns, and each at most as much. @default 320 MiB */
  readonly memoryLimitBytes?: number
  /** Memory for what questions found, so that paging does not ask again; 0: every question is answered anew. @default 64 MiB */
  readonly resultCacheBytes?: number
  /** Told of what the store does without, and goes on. @default nobody */
  readonly onTrouble?: (message: string, cause: unknown) => void
}

/** The writing half of the embedded store: indexes and what is imported into them. */
export class WritingStore implements AsyncDisposable {
  readonly files: IndexFiles
  readonly #database: Database
  readonly #merging = new Map<string, Promise<void>>()
  #isClosed = false

  private constructor(database: Database, files: IndexFiles) {
    this.#database = database
    this.files = files
  }

  static async open(options: DuckDbStoreOptions): Promise<WritingStore> {
    const { directory } = options
    const database = await Database.open({
      threads: options.threads ?? 2,
      memoryLimitBytes: options.memoryLimitBytes ?? DEFAULT_MEMORY_BYTES,
      tempDirectory: join(directory, 'tmp'),
      onTrouble: options.onTrouble,
    })
    const files = new IndexFiles(database, directory, {
      blocks: new ByteCache(BLOCK_CACHE_BYTES),
      times: new ByteCache(TIMES_CACHE_BYTES),
      terms: new ByteCache(TERMS_CACHE_BYTES),
    })
    return new WritingStore(database, files)
  }

  lease(index: string): Promise<IndexLease> {
    return this.files.lease(index)
  }

  async createIndex(index: string): Promise<void> {
    assertDistinctEventIds(index, await this.files.list())
    await this.files.create(index)
  }

  async listIndexes(): Promise<IndexInfo[]> {
    const infos: IndexInfo[] = []
    for (const index of await this.files.list()) {
      using lease = await this.files.lease(index)
      let eventCount = 0
      for (const segment of lease.file.snapshot.segments) eventCount += segment.rowCount
      infos.push({ index, eventCount, sizeBytes: await this.files.measure(index) })
    }
    return infos
  }

  async describeTimelines(index: string): Promise<TimelineInfo[]> {
    using lease = await this.files.lease(index)
    const infos = new Map<
      number,
      { timelineId: number; eventCount: number; firstUs: bigint; lastUs: bigint }
    >()
    for (const { timelineId, rowCount, minUs, maxUs } of lease.file.snapshot.segments) {
      const info = infos.get(timelineId)
      if (!info) {
        infos.set(timelineId, { timelineId, eventCount: rowCount, firstUs: minUs, lastUs: maxUs })
        continue
      }
      info.eventCount += rowCount
      if (minUs < info.firstUs) info.firstUs = minUs
      if (maxUs > info.lastUs) info.lastUs = maxUs
    }
    return [...infos.values()].sort((a, b) => a.timelineId - b.timelineId)
  }

  async dropTimeline(index: string, timelineId: number): Promise<number> {
    using lease = await this.files.lease(index)
    return await dropTimeline(lease.file, timelineId)
  }

  async check(): Promise<StoreFinding[]> {
    const findings: StoreFinding[] = []
    for (const index of await this.files.list()) {
      try {
        using lease = await this.files.lease(index)
        findings.push(...(await checkIndex(lease.file)))
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        // Of what is in use, or of another format, the message says what to do.
        const remedy = isStoreError(error) && error.code !== 'corrupt' ? '' : `; ${INDEX_REMEDY}`
        findings.push({
          severity: 'error',
          subject: `index ${index}`,
          message: `cannot be read: ${message}${remedy}`,
        })
      }
    }
    return findings
  }

  async hasImport(index: string, importId: string): Promise<boolean> {
    using lease = await this.files.lease(index)
    return lease.file.snapshot.imports.has(importId)
  }

  async beginImport(target: ImportTarget): Promise<ImportTransaction> {
    const lease = await this.files.lease(target.index)
    try {
      return await beginImport(lease, target, () => this.#mergeLater(target.index))
    } catch (error) {
      lease[Symbol.dispose]()
      throw error
    }
  }

  /** Merges small segments of an index, if there are many, behind the back of whoever imported the last one. */
  #mergeLater(index: string): void {
    if (this.#merging.has(index) || this.#isClosed) return
    const merge = async (): Promise<void> => {
      try {
        using lease = await this.files.lease(index)
        await mergeSegments(lease)
      } catch {
        // Nothing is lost: segments stay as they are, and the next import tries again.
      } finally {
        this.#merging.delete(index)
      }
    }
    this.#merging.set(index, merge())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    try {
      await Promise.all(this.#merging.values())
      await this.files.close()
    } finally {
      await this.#database.close()
    }
  }
}
