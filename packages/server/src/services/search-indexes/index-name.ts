import { randomBytes } from 'node:crypto'
import { invalid } from '../../errors/domain-error.ts'

const INDEX_NAME = /^[0-9a-f]{32}$/

/** A new name for an index: 32 random hex digits. */
export function makeIndexName(): string {
  return randomBytes(16).toString('hex')
}

/** Returns an index name that is well formed. @throws {DomainError} `invalid` (`bad-index-name`). */
export function requireIndexName(indexName: string): string {
  if (!INDEX_NAME.test(indexName)) {
    throw invalid('bad-index-name', 'The name of an index is 32 hex digits (0-9, a-f).', {
      found: indexName.slice(0, 64),
    })
  }
  return indexName
}
