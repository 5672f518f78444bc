import type { FieldInfo } from '@timeskein/store'
import type { Principal } from '../../auth/principal.ts'
import type { User } from '../users/user-service.ts'

/** `archived` ones answer no question; `deleted` ones are gone from the store. */
export type SearchIndexStatus = 'new' | 'processing' | 'ready' | 'fail' | 'timeout' | 'archived' | 'deleted'

/** The record of an index of the event store. Several records may name the same index. */
export interface SearchIndex {
  readonly id: number
  readonly name: string
  /** The store's name of the index: 32 hex digits. */
  readonly indexName: string
  readonly description: string
  readonly owner: User | undefined
  readonly status: SearchIndexStatus
  readonly statusChangedAtMs: number
  readonly labels: readonly string[]
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** Records of indexes. */
export interface SearchIndexService {
  /** Readable and not deleted ones. */
  list(principal: Principal): Promise<readonly SearchIndex[]>
  /** Needs read. */
  get(principal: Principal, searchIndexId: number): Promise<SearchIndex>
  /** Fields of the events that live in timelines of sketches the caller may read. Needs read on the record too. */
  listFields(principal: Principal, searchIndexId: number): Promise<readonly FieldInfo[]>
  /** Without any check. */
  find(searchIndexId: number): Promise<SearchIndex | undefined>
  /** Without any check; the first record of that index name that is not deleted, else a deleted one. */
  findByIndexName(indexName: string): Promise<SearchIndex | undefined>
  /**
   * Makes record and index, or returns the record that has the index name already.
   *
   * @param input.indexName - 32 hex digits; made up when left out.
   * @throws {DomainError} `invalid` (`bad-index-name`, `bad-name`).
   */
  create(
    principal: Principal,
    input: {
      name: string
      indexName?: string
      description?: string
      isPublic?: boolean
      labels?: readonly string[]
    },
  ): Promise<{ searchIndex: SearchIndex; created: boolean }>
  /** Needs write. @throws {DomainError} `conflict` (`searchindex-deleted`). */
  update(
    principal: Principal,
    searchIndexId: number,
    change: { status?: SearchIndexStatus; description?: string },
  ): Promise<SearchIndex>
  /**
   * Needs delete, or an administrator. Marks the record deleted; the events go when nobody else uses the index.
   *
   * @throws {DomainError} `forbidden` (`searchindex-in-use` with details.sketches: {id, name}[]).
   */
  delete(principal: Principal, searchIndexId: number): Promise<void>
  /** True when a timeline of another, not deleted sketch lives in the index. */
  isShared(indexName: string, exceptSketchId: number): Promise<boolean>
}
