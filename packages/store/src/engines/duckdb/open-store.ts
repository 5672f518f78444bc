import type { StoredEvent } from '@timeskein/model'
import type {
  CountRequest,
  EventStore,
  FieldInfo,
  ImportTarget,
  ImportTransaction,
  IndexInfo,
  MarkOperation,
  MarkOutcome,
  ScanRequest,
  Scope,
  SearchRequest,
  SearchResult,
  StoreCapabilities,
  StoreFinding,
  TimelineInfo,
} from '../../event-store.ts'
import { Asker } from './ask/asker.ts'
import { assertDistinctEventIds } from './ask/page/event-id.ts'
import { checkIndex } from './check-index.ts'
import { dropTimeline } from './write/drop-timeline.ts'
import { type DuckDbStoreOptions, WritingStore } from './writing-store.ts'

/**
 * Opens the embedded store: one DuckDB file and one source file for each index, attached when first asked for.
 *
 * @throws {StoreError} `in-use` when a store of this process has the directory open.
 */
export async function openDuckDbStore(options: DuckDbStoreOptions): Promise<EventStore> {
  return new DuckDbStore(await WritingStore.open(options), options.resultCacheBytes)
}

/** Both halves of the engine as one store. */
class DuckDbStore implements EventStore {
  readonly capabilities: StoreCapabilities = { takesPreparedSegments: true, cursors: true }
  readonly #writing: WritingStore
  readonly #asker: Asker

  constructor(writing: WritingStore, resultCacheBytes: number | undefined) {
    this.#writing = writing
    this.#asker = new Asker(writing.files, resultCacheBytes === undefined ? {} : { resultCacheBytes })
  }

  async createIndex(index: string): Promise<void> {
    assertDistinctEventIds(index, await this.#writing.files.list())
    await this.#writing.files.create(index)
  }

  async dropIndex(index: string): Promise<void> {
    await this.#writing.files.drop(index)
  }

  async listIndexes(): Promise<readonly IndexInfo[]> {
    return await this.#writing.listIndexes()
  }

  async describeTimelines(index: string): Promise<readonly TimelineInfo[]> {
    return await this.#writing.describeTimelines(index)
  }

  async beginImport(target: ImportTarget): Promise<ImportTransaction> {
    return await this.#writing.beginImport(target)
  }

  async hasImport(index: string, importId: string): Promise<boolean> {
    return await this.#writing.hasImport(index, importId)
  }

  async dropTimeline(index: string, timelineId: number): Promise<number> {
    using lease = await this.#writing.lease(index)
    return await dropTimeline(lease.file, timelineId)
  }

  async search(request: SearchRequest): Promise<SearchResult> {
    return await this.#asker.search(request)
  }

  scan(request: ScanRequest): AsyncIterable<readonly StoredEvent[]> {
    return this.#asker.scan(request)
  }

  async count(request: CountRequest): Promise<number> {
    return await this.#asker.count(request)
  }

  async listFields(scope: Scope): Promise<readonly FieldInfo[]> {
    return await this.#asker.listFields(scope)
  }

  async getEvents(scope: Scope, ids: readonly string[]): Promise<readonly (StoredEvent | undefined)[]> {
    return await this.#asker.getEvents(scope, ids)
  }

  async explain(request: SearchRequest): Promise<readonly string[]> {
    return await this.#asker.explain(request)
  }

  async mark(operation: MarkOperation): Promise<MarkOutcome> {
    return await this.#asker.mark(operation)
  }

  async setMarkActive(operationId: string, active: boolean, indexes?: readonly string[]): Promise<boolean> {
    return await this.#asker.setMarkActive(operationId, active, indexes)
  }

  async listMarkOperations(index: string): Promise<readonly string[]> {
    return await this.#asker.listMarkOperations(index)
  }

  async check(): Promise<readonly StoreFinding[]> {
    const findings: StoreFinding[] = []
    for (const index of await this.#writing.files.list()) {
      try {
        using lease = await this.#writing.lease(index)
        findings.push(...(await checkIndex(lease.file)))
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        findings.push({ severity: 'error', subject: `index ${index}`, message: `cannot be read: ${message}` })
      }
    }
    return findings
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing[Symbol.asyncDispose]()
  }
}
