import { resolve } from 'node:path'
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
import { StoreError } from '../../store-error.ts'
import type { ValueReading } from '../../value-reading.ts'
import { claimDirectory } from './claimed-directories.ts'
import type { Engine } from './engine.ts'
import type { DuckDbStoreOptions } from './writing-store.ts'

/**
 * Opens the embedded store: one DuckDB file and one source file for each index, attached when first asked for. DuckDB itself
 * is loaded with the first question: a process at rest does without its memory.
 *
 * @throws {StoreError} `in-use` when a store of this process has the directory open.
 */
export async function openDuckDbStore(options: DuckDbStoreOptions): Promise<EventStore> {
  return new DuckDbStore(options)
}

/** Both halves of the engine as one store. */
class DuckDbStore implements EventStore {
  readonly capabilities: StoreCapabilities = { takesPreparedSegments: true, cursors: true }
  readonly #options: DuckDbStoreOptions
  readonly #claim: Disposable
  #opening: Promise<Engine> | undefined
  #closing: Promise<void> | undefined

  constructor(options: DuckDbStoreOptions) {
    this.#options = { ...options, directory: resolve(options.directory) }
    this.#claim = claimDirectory(this.#options.directory)
  }

  async createIndex(index: string): Promise<void> {
    await (await this.#engine()).writing.createIndex(index)
  }

  async dropIndex(index: string): Promise<void> {
    await (await this.#engine()).writing.files.drop(index)
  }

  async listIndexes(): Promise<readonly IndexInfo[]> {
    return await (await this.#engine()).writing.listIndexes()
  }

  async describeTimelines(index: string): Promise<readonly TimelineInfo[]> {
    return await (await this.#engine()).writing.describeTimelines(index)
  }

  async beginImport(target: ImportTarget): Promise<ImportTransaction> {
    return await (await this.#engine()).writing.beginImport(target)
  }

  async hasImport(index: string, importId: string): Promise<boolean> {
    return await (await this.#engine()).writing.hasImport(index, importId)
  }

  async dropTimeline(index: string, timelineId: number): Promise<number> {
    return await (await this.#engine()).writing.dropTimeline(index, timelineId)
  }

  async search(request: SearchRequest): Promise<SearchResult> {
    return await (await this.#engine()).asker.search(request)
  }

  async *scan(request: ScanRequest): AsyncGenerator<readonly StoredEvent[], void, undefined> {
    yield* (await this.#engine()).asker.scan(request)
  }

  async count(request: CountRequest): Promise<number> {
    return await (await this.#engine()).asker.count(request)
  }

  async listFields(scope: Scope, wanted?: { readonly cardinality?: boolean }): Promise<readonly FieldInfo[]> {
    return await (await this.#engine()).asker.listFields(scope, wanted)
  }

  async getEvents(scope: Scope, ids: readonly string[]): Promise<readonly (StoredEvent | undefined)[]> {
    return await (await this.#engine()).asker.getEvents(scope, ids)
  }

  async readValues(scope: Scope, signal?: AbortSignal): Promise<ValueReading> {
    return await (await this.#engine()).asker.readValues(scope, signal)
  }

  async explain(request: SearchRequest): Promise<readonly string[]> {
    return await (await this.#engine()).asker.explain(request)
  }

  async mark(operation: MarkOperation): Promise<MarkOutcome> {
    return await (await this.#engine()).asker.mark(operation)
  }

  async markAll(operations: readonly MarkOperation[]): Promise<readonly MarkOutcome[]> {
    return await (await this.#engine()).asker.markAll(operations)
  }

  async setMarkActive(operationId: string, active: boolean, indexes?: readonly string[]): Promise<boolean> {
    return await (await this.#engine()).asker.setMarkActive(operationId, active, indexes)
  }

  async listMarkOperations(index: string): Promise<readonly string[]> {
    return await (await this.#engine()).asker.listMarkOperations(index)
  }

  async check(): Promise<readonly StoreFinding[]> {
    return await (await this.#engine()).writing.check()
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    using _claim = this.#claim
    // An engine that could not be opened has nothing to close.
    const engine = await this.#opening?.catch(() => undefined)
    await engine?.writing[Symbol.asyncDispose]()
  }

  async #engine(): Promise<Engine> {
    this.#refuseIfClosed()
    this.#opening ??= import('./engine.ts')
      .then(async ({ openEngine }) => await openEngine(this.#options))
      .catch((error: unknown) => {
        // What kept it from being opened may be gone at the next question.
        this.#opening = undefined
        throw error
      })
    const engine = await this.#opening
    this.#refuseIfClosed()
    return engine
  }

  #refuseIfClosed(): void {
    if (this.#closing) throw new StoreError('closed', `the store in ${this.#options.directory} is closed`)
  }
}
