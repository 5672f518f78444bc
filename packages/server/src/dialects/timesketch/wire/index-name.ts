import { createHash } from 'node:crypto'

/** What names of indexes look like in the store. */
const STORE_NAME = /^[0-9a-f]{32}$/

/**
 * The store's name for an index that a client names.
 *
 * Timesketch's clients may name an index as OpenSearch allows (`my-index-2024`); ours are 32 hex digits. Any other name
 * stands for the beginning of its SHA-256, so that naming it again means the same index.
 */
export function toIndexName(name: string): string {
  return STORE_NAME.test(name) ? name : createHash('sha256').update(name, 'utf8').digest('hex').slice(0, 32)
}
