import { isStoreError } from '../../../store-error.ts'
import type { IndexHandle } from '../index-handle.ts'

/** Where the asking side gets open indexes from; the store's index files are one. */
export interface IndexSource {
  /**
   * Opens an index for use until the lease is disposed of.
   *
   * @throws {StoreError} `no-index` when there is none of that name.
   */
  lease(index: string): Promise<HandleLease>
  /** Names of all indexes. */
  list(): Promise<readonly string[]>
}

/** An index in use. */
export interface HandleLease extends Disposable {
  readonly file: IndexHandle
}

/** Opens an index; undefined when there is none of that name, which is no error to those who search. */
export async function leaseIfPresent(source: IndexSource, index: string): Promise<HandleLease | undefined> {
  try {
    return await source.lease(index)
  } catch (error) {
    if (isStoreError(error) && (error.code === 'no-index' || error.code === 'bad-name')) return undefined
    throw error
  }
}
